package telegram

import (
	"context"
	"strconv"
	"sync"
	"unicode/utf16"

	"notalone/bot"
	"notalone/flows"
)

// Answer implements bot.Adapter. A press is acknowledged and its message edited
// at the same time, so that it costs one round trip.
func (a *Adapter) Answer(ctx context.Context, ev *bot.Event, page *flows.Page) (bot.Sent, error) {
	r, _ := ev.Reply.(*reply)
	if r == nil {
		r = &reply{}
	}
	switch {
	case page == nil:
		a.acknowledge(ctx, r, nil)
		return bot.Sent{}, nil
	case page.Note:
		a.acknowledge(ctx, r, note(page))
		return bot.Sent{}, nil
	}
	if link := a.apart(ev, r, page); link != "" && a.acknowledge(ctx, r, appendJSON([]byte(`,"url":"`), link)) {
		return bot.Sent{}, nil
	}
	var beside sync.WaitGroup
	if r.query != "" && !r.acked {
		beside.Go(func() { a.acknowledge(ctx, r, nil) })
	}
	sent, f := a.show(ctx, ev, r, page)
	beside.Wait()
	return sent, f.err()
}

// maxNote is how long a passing note may be, in UTF-16 units.
const maxNote = 200

// note is a page as a window that only who pressed sees.
func note(page *flows.Page) []byte {
	text := []rune(page.Text.Plain())
	for len(utf16.Encode(text)) > maxNote {
		text = append(text[:len(text)-2], '…')
	}
	return appendJSON([]byte(`,"show_alert":true,"text":"`), string(text))
}

// acknowledge ends the waiting sign on a button; with the open end of a further
// parameter it opens a link or shows a note to whoever pressed it. It fails when
// the press is some time ago; nobody looks at the sign any more then.
func (a *Adapter) acknowledge(ctx context.Context, r *reply, more []byte) bool {
	if r.query == "" || r.acked {
		return false
	}
	body := append(appendJSON([]byte(`{"callback_query_id":"`), r.query), '"')
	if more != nil {
		body = append(append(body, more...), '"')
	}
	_, f := a.api.call(ctx, "answerCallbackQuery", append(body, '}'))
	r.acked = f == nil || f.Kind == bot.Refused
	return f == nil
}

// apart is the link into the private chat of a page that leads there, if it
// answers a press on what others look at too: the message stays as it is, and
// only the presser is taken along.
func (a *Adapter) apart(ev *bot.Event, r *reply, page *flows.Page) string {
	if !ev.Shared || r.query == "" || r.whisper != 0 {
		return ""
	}
	for _, row := range page.Rows {
		for _, button := range row {
			if button.Apart {
				return privateLink(a.me.Load().Name, button.Path)
			}
		}
	}
	return ""
}

// show edits what can be edited and sends a new message otherwise. In a shared
// place the asker alone is answered wherever that is known to work.
func (a *Adapter) show(ctx context.Context, ev *bot.Event, r *reply, page *flows.Page) (bot.Sent, *fault) {
	var f *fault
	switch {
	case ev.Pressed == "" || r.replaced:
		return a.send(ctx, ev, r, page)
	case r.whisper != 0:
		f = a.editWhisper(ctx, ev, r, page)
	case secret(ev, page) || a.whisper.works(ev):
		return a.send(ctx, ev, r, page)
	default:
		f = a.edit(ctx, ev, page)
	}
	if f.unchanged() {
		return bot.Sent{}, nil
	}
	if !f.uneditable() {
		return bot.Sent{}, f
	}
	sent, f := a.send(ctx, ev, r, page)
	if f != nil && f.Kind == bot.Uncertain {
		f.Kind = bot.Refused // the shell repeats an uncertain edit, and this may already stand there
	}
	r.replaced = f == nil
	return sent, f
}

func secret(ev *bot.Event, page *flows.Page) bool { return ev.Shared && page.Sensitive }

func (a *Adapter) edit(ctx context.Context, ev *bot.Event, page *flows.Page) *fault {
	which := append(appendID([]byte(`"message_id":`), ev.Pressed), ',')
	_, f := a.callAt(ctx, "editMessageText", bot.NewAddress(Name, ev.Place.Chat(), ""), which, a.tail(page))
	return f
}

// send posts a new message, for the asker alone where that can be.
func (a *Adapter) send(ctx context.Context, ev *bot.Event, r *reply, page *flows.Page) (bot.Sent, *fault) {
	hidden := secret(ev, page)
	if hidden && !a.whisper.works(ev) {
		return bot.Sent{}, &fault{SendError: refusal("sendMessage")}
	}
	if !a.whisper.mayWork(ev, r) {
		return a.post(ctx, ev, r, page)
	}
	sent, f := a.sendWhisper(ctx, ev, r, page)
	if hidden || f == nil || f.Kind != bot.Refused {
		return sent, f
	}
	sent, f = a.post(ctx, ev, r, page)
	if f == nil {
		a.whisper.refused(ev, r)
	}
	return sent, f
}

// post sends a message that everybody in the chat sees.
func (a *Adapter) post(ctx context.Context, ev *bot.Event, r *reply, page *flows.Page) (bot.Sent, *fault) {
	s, f := a.callAt(ctx, "sendMessage", ev.Place, appendReply(nil, ev, r, false), a.tail(page))
	if f != nil {
		return bot.Sent{}, f
	}
	return sentMessage(&s), nil
}

// sentMessage names a message that was sent; it has no name if the answer is odd.
func sentMessage(s *scanner) bot.Sent {
	id, _ := s.sentIDs()
	if s.bad || id == 0 {
		return bot.Sent{}
	}
	return bot.Sent{Message: strconv.FormatInt(id, 10)}
}

// appendReply links an answer in a shared place to the words it answers.
func appendReply(b []byte, ev *bot.Event, r *reply, whispered bool) []byte {
	switch {
	case !ev.Shared || r.query != "":
		return b
	case whispered && r.whisper != 0:
		b = strconv.AppendInt(append(b, `"reply_parameters":{"ephemeral_message_id":`...), r.whisper, 10)
		return append(b, `},`...)
	case r.message == 0 || r.whisper != 0:
		return b
	default:
		b = strconv.AppendInt(append(b, `"reply_parameters":{"message_id":`...), r.message, 10)
		return append(b, `,"allow_sending_without_reply":true},`...)
	}
}

// callAt calls a method for a chat, under its new id if the group has moved.
func (a *Adapter) callAt(ctx context.Context, method string, place bot.Address, body ...[]byte) (scanner, *fault) {
	with := append([][]byte{appendPlace(make([]byte, 0, 64), place)}, body...)
	s, f := a.api.call(ctx, method, with...)
	if !f.moved() {
		return s, f
	}
	f.keepThread(place)
	with[0] = appendPlace(nil, f.MovedTo)
	return a.api.call(ctx, method, with...)
}

// sentIDs reads the ids off a message that was sent.
func (s *scanner) sentIDs() (id, whisper int64) {
	s.object(func(key []byte) {
		switch string(key) {
		case "message_id":
			id = s.number()
		case "ephemeral_message_id":
			whisper = s.number()
		default:
			s.skip()
		}
	})
	return id, whisper
}
