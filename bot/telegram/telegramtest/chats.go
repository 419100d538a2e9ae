package telegramtest

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// chat is the server's side of a chat.
type chat struct {
	id       int64
	kind     string
	forum    bool
	admin    bool             // the bot is an administrator
	out      bool             // the bot was blocked or removed
	muted    bool             // the bot may not write
	noPolls  bool             // nor send polls
	threads  map[int64]string // what Telegram says to a message for a topic that is not open
	movedTo  int64
	managers map[int64]bool
	next     int64
	messages []*Message
	answers  []Message // what the bot sent or edited, in order
}

func (c *chat) wire() map[string]any {
	w := map[string]any{"id": c.id, "type": c.kind}
	if c.kind == "private" {
		w["first_name"] = "Person"
		return w
	}
	w["title"] = "Class"
	if c.forum {
		w["is_forum"] = true
	}
	return w
}

func (c *chat) find(id int64) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.ID == id && id != 0 && !m.gone })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

func (c *chat) findWhisper(id int64) *Message {
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.Whisper == id && id != 0 && !m.gone })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

func (c *chat) add(s *Server, m *Message) {
	if m.Whisper == 0 {
		c.next++
		m.ID = c.next
	}
	c.messages = append(c.messages, m)
	if m.FromBot {
		c.answers = append(c.answers, *m)
		s.script.said(m, false)
	}
}

// open finds the chat of a call, unless the bot cannot write there.
func (s *Server) open(p params) (*chat, error) {
	id, err := p.chatID()
	if err != nil {
		return nil, err
	}
	c := s.chats[id]
	switch {
	case c == nil:
		return nil, bad("chat not found")
	case c.movedTo != 0:
		return nil, &refusal{code: 400, description: "Bad Request: group chat was upgraded to a supergroup chat", movedTo: c.movedTo}
	case c.out && c.kind == "private":
		return nil, refuse(403, "Forbidden: bot was blocked by the user")
	case c.out:
		return nil, refuse(403, "Forbidden: bot was kicked from the %s chat", c.kind)
	}
	return c, nil
}

// A Place is somebody in a chat: the hand a test plays.
type Place struct {
	s      *Server
	chat   *chat
	person int64
	thread int64
	read   int // answers taken by Answer
}

// Private is somebody's own chat with the bot.
func (s *Server) Private(person int64, lang string) *Place {
	return s.place(person, person, lang, chat{kind: "private"})
}

// Group is a chat that the bot belongs to; its id is negative. Set admin to make
// the bot an administrator there.
func (s *Server) Group(id int64, admin bool) *Place {
	return s.place(id, 0, "", chat{kind: "supergroup", admin: admin})
}

// Forum is a group with topics.
func (s *Server) Forum(id int64) *Place {
	return s.place(id, 0, "", chat{kind: "supergroup", forum: true})
}

// Channel is a channel that the bot may post to.
func (s *Server) Channel(id int64) *Place {
	return s.place(id, 0, "", chat{kind: "channel", admin: true})
}

func (s *Server) place(id, person int64, lang string, fresh chat) *Place {
	p := &Place{s: s, person: person}
	s.change(func() {
		if s.chats[id] == nil {
			fresh.id, fresh.next = id, 100
			s.chats[id] = &fresh
		}
		p.chat = s.chats[id]
		p.read = len(p.chat.answers)
		if lang != "" {
			s.langs[person] = lang
		}
	})
	return p
}

// As is another person in the same chat.
func (p *Place) As(person int64, lang string) *Place {
	other := p.s.place(p.chat.id, person, lang, chat{})
	other.thread = p.thread
	return other
}

// In is the same person in a topic.
func (p *Place) In(thread int64) *Place {
	other := *p
	other.thread = thread
	return &other
}

// name is how a person is called in transcripts.
func (s *Server) name(person int64) string { return "person " + strconv.FormatInt(person%1000, 10) }

func (p *Place) from() map[string]any {
	return map[string]any{"id": p.person, "is_bot": false, "first_name": "Person", "username": "person" + strconv.FormatInt(p.person, 10), "language_code": p.s.langs[p.person]}
}

// message is what every message of a person begins with.
func (p *Place) message(text string) (*Message, map[string]any) {
	m := &Message{Chat: p.chat.id, Thread: p.thread, Text: text}
	var w map[string]any
	p.s.change(func() {
		p.chat.add(p.s, m)
		w = map[string]any{"message_id": m.ID, "from": p.from(), "chat": p.chat.wire(), "date": time.Now().Unix()}
		if p.thread != 0 {
			w["message_thread_id"], w["is_topic_message"] = p.thread, true
		}
		if text != "" {
			w["text"] = text
			if e := entities(text); len(e) > 0 {
				w["entities"] = e
			}
		}
		p.s.script.person(text)
	})
	return m, w
}

// Say writes words and returns the id of the update.
func (p *Place) Say(text string) int64 {
	_, w := p.message(text)
	return p.s.push("message", w)
}

// Whisper writes a command that only the bot sees.
func (p *Place) Whisper(text string) int64 {
	m, w := p.message(text)
	p.s.change(func() {
		p.s.nextID++
		m.Whisper, m.ID, m.Receiver = p.s.nextID, 0, p.person
		w["message_id"], w["ephemeral_message_id"] = 0, m.Whisper
		w["receiver_user"] = map[string]any{"id": BotID, "is_bot": true, "first_name": "Not Alone"}
	})
	return p.s.push("message", w)
}

// Reply answers a message, the bot's or another's, with words.
func (p *Place) Reply(to Message, text string) int64 {
	_, w := p.message(text)
	author := map[string]any{"id": 4242, "is_bot": false, "first_name": "Somebody"}
	if to.FromBot {
		author = map[string]any{"id": BotID, "is_bot": true, "first_name": "Not Alone", "username": Username}
	}
	w["reply_to_message"] = map[string]any{"message_id": to.ID, "date": 1, "chat": p.chat.wire(), "from": author, "text": to.Text}
	return p.s.push("message", w)
}

// Send sends something that is not words: "photo", "voice", "sticker" …
func (p *Place) Send(kind string) int64 {
	_, w := p.message("")
	file := map[string]any{"file_id": "AgACAgIAAxkBAAIB", "file_unique_id": "AQADu7", "file_size": 1024}
	w[kind] = file
	if kind == "photo" {
		w[kind] = []any{file}
	}
	return p.s.push("message", w)
}

// Push sends a message with fields of your own making added.
func (p *Place) Push(text string, fields map[string]any) int64 {
	_, w := p.message(text)
	for name, value := range fields {
		w[name] = value
	}
	return p.s.push("message", w)
}

// entities marks commands and mentions, as the server does.
func entities(text string) []map[string]any {
	var all []map[string]any
	units := 0
	for i, word := range strings.SplitAfter(text, " ") {
		bare := strings.TrimRight(word, " ")
		length := len(utf16.Encode([]rune(bare)))
		switch {
		case strings.HasPrefix(bare, "/") && i == 0:
			all = append(all, map[string]any{"type": "bot_command", "offset": units, "length": length})
		case strings.HasPrefix(bare, "@") && length > 1:
			all = append(all, map[string]any{"type": "mention", "offset": units, "length": length})
		}
		units += len(utf16.Encode([]rune(word)))
	}
	return all
}

// Block makes writing fail without telling the bot beforehand.
func (p *Place) Block() { p.s.change(func() { p.chat.out = true }) }

// Forget makes every message so far one that can be neither edited nor deleted.
func (p *Place) Forget() {
	p.s.change(func() {
		for _, m := range p.chat.messages {
			m.Old = true
		}
	})
}
