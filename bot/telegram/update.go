package telegram

import "errors"

// An update holds the few fields that an event is made of.
type update struct {
	id      int64
	message *message // also a channel's post
	press   *press
	member  *member
}

type message struct {
	id        int64
	whisper   int64 // the id of a message that only its receiver sees
	thread    int64
	topic     bool // thread is a topic, not a chain of replies
	date      int64
	from      user
	byChat    int64 // written in the name of this chat
	automatic bool  // a channel's post that arrived in its discussion group by itself
	forwarded bool  // somebody else's message, passed on
	chat      chat
	text      string
	entities  []entity
	media     bool
	album     string // the same for all pictures sent at once
	odd       bool   // holds something of a kind that is not known here
	repliedTo int64  // who wrote the message this one replies to
	movedTo   int64  // the group went on under this id
	movedFrom int64  // the group was known by this id
}

type user struct {
	id   int64
	bot  bool
	lang string
}

type chat struct {
	id   int64
	kind string
}

// An entity is a marked part of a text, counted in UTF-16 units.
type entity struct {
	kind           string
	offset, length int
	user           int64
}

// A press is a tap on a button.
type press struct {
	id      string
	from    user
	message *message // nil for messages sent through inline mode
	data    string
}

// A member change tells what became of the bot in a chat.
type member struct {
	from   user
	chat   chat
	before string
	status string
}

var errUpdate = errors.New("an update that is not of the known form")

// parseUpdate reads one update. The id is returned even for a bad one if it
// stands before the fault, as it does in all that Telegram sends.
func parseUpdate(raw []byte) (update, error) {
	s := scanner{data: raw}
	u := update{}
	s.update(&u)
	if s.bad || u.id == 0 {
		return update{id: u.id}, errUpdate
	}
	return u, nil
}

func (s *scanner) update(u *update) {
	s.object(func(key []byte) {
		switch string(key) {
		case "update_id":
			u.id = s.number()
		case "message", "channel_post":
			u.message = s.message(true)
		case "callback_query":
			u.press = s.press()
		case "my_chat_member":
			u.member = s.member()
		default:
			s.skip()
		}
	})
}

// message reads a message; without words it passes over what was said.
func (s *scanner) message(words bool) *message {
	if s.null() {
		return nil
	}
	m := &message{}
	s.object(func(key []byte) {
		switch string(key) {
		case "message_id":
			m.id = s.number()
		case "ephemeral_message_id":
			m.whisper = s.number()
		case "message_thread_id":
			m.thread = s.number()
		case "is_topic_message":
			m.topic = s.flag()
		case "date":
			m.date = s.number()
		case "from":
			m.from = s.user()
		case "chat":
			m.chat = s.chat()
		default:
			if !words || !s.said(m, key) {
				s.skip()
			}
		}
	})
	return m
}

// said reads what a person sent and reports whether the key was one of it.
func (s *scanner) said(m *message, key []byte) bool {
	switch string(key) {
	case "text":
		m.text = s.text()
	case "entities", "caption_entities":
		m.entities = s.entities()
	case "caption":
		m.text = s.text()
	case "sender_chat":
		m.byChat = s.chat().id
	case "is_automatic_forward":
		m.automatic = s.flag()
	case "forward_origin", "forward_date", "forward_from", "forward_from_chat", "forward_sender_name":
		if !s.null() {
			m.forwarded = true
			s.skip()
		}
	case "reply_to_message":
		if replied := s.message(false); replied != nil {
			m.repliedTo = replied.from.id
		}
	case "migrate_to_chat_id":
		m.movedTo = s.number()
	case "migrate_from_chat_id":
		m.movedFrom = s.number()
	case "photo", "voice", "audio", "video", "video_note", "animation", "document", "sticker", "location", "venue",
		"contact", "poll", "dice", "story", "game", "paid_media", "checklist", "live_photo":
		m.media = true
		s.skip()
	case "media_group_id":
		m.album = s.text()
	case "rich_message":
		m.odd, m.text = true, s.rich()
	default:
		m.odd = m.odd || !aside(string(key))
		return false
	}
	return true
}

func (s *scanner) user() user {
	var u user
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			u.id = s.number()
		case "is_bot":
			u.bot = s.flag()
		case "language_code":
			u.lang = s.text()
		default:
			s.skip()
		}
	})
	return u
}

func (s *scanner) chat() chat {
	var c chat
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			c.id = s.number()
		case "type":
			c.kind = s.text()
		default:
			s.skip()
		}
	})
	return c
}

func (s *scanner) entities() []entity {
	var all []entity
	s.array(func() {
		var e entity
		s.object(func(key []byte) {
			switch string(key) {
			case "type":
				e.kind = s.text()
			case "offset":
				e.offset = int(s.number())
			case "length":
				e.length = int(s.number())
			case "user":
				e.user = s.user().id
			default:
				s.skip()
			}
		})
		all = append(all, e)
	})
	return all
}

func (s *scanner) press() *press {
	if s.null() {
		return nil
	}
	p := &press{}
	s.object(func(key []byte) {
		switch string(key) {
		case "id":
			p.id = s.text()
		case "from":
			p.from = s.user()
		case "message":
			p.message = s.message(false)
		case "data":
			p.data = s.text()
		default:
			s.skip()
		}
	})
	return p
}

func (s *scanner) member() *member {
	if s.null() {
		return nil
	}
	m := &member{}
	s.object(func(key []byte) {
		switch string(key) {
		case "from":
			m.from = s.user()
		case "chat":
			m.chat = s.chat()
		case "old_chat_member":
			m.before = s.status()
		case "new_chat_member":
			m.status = s.status()
		default:
			s.skip()
		}
	})
	return m
}

func (s *scanner) status() (status string) {
	s.object(func(key []byte) {
		if string(key) == "status" {
			status = s.text()
			return
		}
		s.skip()
	})
	return status
}
