package telegramtest

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// Press taps a button, named by its label or path, of the latest message that
// has it and that this person sees.
func (p *Place) Press(button string) int64 {
	for _, m := range slices.Backward(p.Messages()) {
		for _, row := range m.Rows {
			for _, b := range row {
				if b.Data != "" && (b.Label == button || b.Data == button) {
					return p.PressOn(m, b.Data)
				}
			}
		}
	}
	p.s.tb.Fatalf("no message has a button %q", button)
	return 0
}

// PressOn taps a button with data of your own choice.
func (p *Place) PressOn(m Message, data string) int64 {
	var w map[string]any
	p.s.change(func() {
		p.s.nextID++
		id := strconv.FormatInt(43e11+p.s.nextID, 10)
		p.s.queries[id] = &query{chat: p.chat.id, person: p.person, made: time.Now()}
		message := p.s.wire(&m)
		if m.Old { // an inaccessible message has three fields, and the date 0
			message = map[string]any{"chat": p.chat.wire(), "message_id": m.ID, "date": 0}
		}
		w = map[string]any{"id": id, "from": p.from(), "chat_instance": "-345", "data": data, "message": message}
		p.s.script.person("[" + data + "]")
	})
	return p.s.push("callback_query", w)
}

// Messages are those that the person sees.
func (p *Place) Messages() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	var seen []Message
	for _, m := range p.chat.messages {
		if !m.gone && (m.Whisper == 0 || m.Receiver == p.person) {
			seen = append(seen, *m)
		}
	}
	return seen
}

// Answer waits for the next thing that the bot sends to the chat or edits there.
func (p *Place) Answer() Message {
	p.s.tb.Helper()
	if !p.s.await(context.Background(), 20*time.Second, func() bool { return len(p.chat.answers) > p.read }) {
		p.s.tb.Fatal("the bot did not answer")
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.read++
	return p.chat.answers[p.read-1]
}

// Silent reports that no answer came that Answer has not returned.
func (p *Place) Silent() bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return len(p.chat.answers) == p.read
}

// Answers are all that the bot has sent to the chat or edited there.
func (p *Place) Answers() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.chat.answers)
}
