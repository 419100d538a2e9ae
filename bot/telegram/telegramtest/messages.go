package telegramtest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Message as people see it.
type Message struct {
	Chat, ID int64
	Thread   int64
	ReplyTo  int64
	Whisper  int64 // its id if only Receiver sees it; ID is 0 then
	Receiver int64
	FromBot  bool
	Text     string // without markup
	HTML     string // as the bot sent it
	Rows     [][]Button
	Photo    string // address of the picture above the text
	File     string // its name and, from the next line on, what is in it
	Pinned   bool
	Silent   bool
	Edits    int
	Old      bool // out of reach: it can be neither edited nor deleted
	gone     bool
	poll     *poll
}

// A Button under a message.
type Button struct {
	Label string `json:"text"`
	Data  string `json:"callback_data,omitempty"`
	URL   string `json:"url,omitempty"`
}

// wire is the message as the Bot API returns it.
func (s *Server) wire(m *Message) map[string]any {
	c := s.chats[m.Chat]
	w := map[string]any{
		"message_id": m.ID, "date": time.Now().Unix(), "chat": c.wire(), "text": m.Text,
		"from": map[string]any{"id": BotID, "is_bot": true, "first_name": "Not Alone", "username": Username},
	}
	if m.Photo != "" {
		delete(w, "text")
		w["caption"], w["photo"] = m.Text, []any{map[string]any{"file_id": "AgACAgIAAxkBAAIB", "file_unique_id": "AQADu7", "width": 640, "height": 480}}
	}
	if m.File != "" {
		delete(w, "text")
		w["document"] = map[string]any{"file_id": "BQACAgIAAxkBAAIC", "file_unique_id": "AgADv8"}
	}
	if m.Thread != 0 {
		w["message_thread_id"], w["is_topic_message"] = m.Thread, c.forum
	}
	if len(m.Rows) > 0 {
		w["reply_markup"] = map[string]any{"inline_keyboard": m.Rows}
	}
	if m.Whisper != 0 {
		w["ephemeral_message_id"] = m.Whisper
		w["receiver_user"] = map[string]any{"id": m.Receiver, "is_bot": false, "first_name": "Person"}
	}
	return w
}

func (s *Server) sendMessage(_ context.Context, p params) (result any, err error) {
	m, err := content(p, "text")
	if err != nil {
		return nil, err
	}
	return s.send(p, m)
}

func (s *Server) send(p params, m Message) (result any, err error) {
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		if err = c.mayWrite(p.number("message_thread_id"), false); err != nil {
			return
		}
		m.Chat, m.FromBot, m.Thread = c.id, true, p.number("message_thread_id")
		if m.Thread != 0 && !c.forum {
			err = bad("message thread not found")
			return
		}
		var to struct {
			Message int64 `json:"message_id"`
			Whisper int64 `json:"ephemeral_message_id"`
			Anyway  bool  `json:"allow_sending_without_reply"`
		}
		if err = p.object("reply_parameters", &to); err != nil {
			return
		}
		if to.Message != 0 && c.find(to.Message) == nil && !to.Anyway {
			err = bad("message to be replied not found")
			return
		}
		m.ReplyTo = to.Message
		if err = s.address(c, &m, p, to.Whisper); err != nil {
			return
		}
		c.add(s, &m)
		result = s.wire(&m)
	})
	return result, err
}

// address makes a message a whisper if it is one, and the server knows them.
func (s *Server) address(c *chat, m *Message, p params, replyTo int64) error {
	var to struct {
		Receiver int64  `json:"receiver_user_id"`
		Query    string `json:"callback_query_id"`
	}
	if err := p.object("ephemeral_message_parameters", &to); err != nil {
		return err
	}
	if to.Receiver == 0 {
		to.Receiver, to.Query = p.number("receiver_user_id"), p.text("callback_query_id")
	}
	if !s.whispers || to.Receiver == 0 {
		if replyTo != 0 {
			return bad("message to be replied not found")
		}
		return nil
	}
	asked := false
	if q := s.queries[to.Query]; q != nil {
		asked = q.person == to.Receiver && time.Since(q.made) < 15*time.Second
	}
	if w := c.findWhisper(replyTo); w != nil && !w.FromBot {
		asked = true
	}
	switch {
	case c.kind == "private" || c.kind == "channel":
		return bad("PEER_ID_INVALID")
	case !c.admin && !asked:
		return bad("MESSAGE_NOT_COMMAND")
	}
	s.nextID++
	m.Whisper, m.Receiver = s.nextID, to.Receiver
	return nil
}

func (s *Server) editMessageText(_ context.Context, p params) (any, error) {
	return s.edit(p, "text", "message to edit not found", func(c *chat) *Message { return c.find(p.number("message_id")) })
}

func (s *Server) editWhisper(_ context.Context, p params) (any, error) {
	result, err := s.edit(p, "text", "MESSAGE_ID_INVALID", func(c *chat) *Message {
		m := c.findWhisper(p.number("ephemeral_message_id"))
		if m == nil || m.Receiver != p.number("receiver_user_id") {
			return nil
		}
		return m
	})
	if err != nil {
		return nil, err
	}
	return result != nil, nil
}

func (s *Server) edit(p params, words, missing string, find func(*chat) *Message) (result any, err error) {
	with, err := content(p, words)
	if err != nil {
		return nil, err
	}
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		m := find(c)
		switch {
		case m == nil:
			err = bad("%s", missing)
		case m.Old || !m.FromBot:
			err = bad("message can't be edited")
		case words == "text" && m.Photo != "":
			err = bad("there is no text in the message to edit")
		case words == "caption" && m.Photo == "":
			err = bad("there is no caption in the message to edit")
		case m.HTML == with.HTML && slices.EqualFunc(m.Rows, with.Rows, slices.Equal):
			err = bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
		default:
			m.HTML, m.Text, m.Rows = with.HTML, with.Text, with.Rows
			m.Edits++
			c.answers = append(c.answers, *m)
			s.script.said(m, true)
			result = s.wire(m)
		}
	})
	return result, err
}

// content reads and checks words and buttons.
func content(p params, words string) (Message, error) {
	m := Message{HTML: p.text(words), Silent: p.truth("disable_notification")}
	m.Text = m.HTML
	if p.text("parse_mode") == "HTML" {
		var err error
		if m.Text, err = plainText(m.HTML); err != nil {
			return m, err
		}
	}
	switch m.Text = strings.TrimSpace(m.Text); {
	case m.Text == "" && words == "text":
		return m, bad("message text is empty")
	case utf16Len(m.Text) > 4096:
		return m, bad("message is too long")
	case words == "caption" && utf16Len(m.Text) > 1024:
		return m, bad("message caption is too long")
	}
	var markup struct {
		Rows [][]map[string]any `json:"inline_keyboard"`
	}
	if err := p.object("reply_markup", &markup); err != nil {
		return m, err
	}
	for _, row := range markup.Rows {
		var buttons []Button
		for _, raw := range row {
			b, err := button(raw)
			if err != nil {
				return m, err
			}
			buttons = append(buttons, b)
		}
		m.Rows = append(m.Rows, buttons)
	}
	return m, nil
}

func button(raw map[string]any) (Button, error) {
	label, _ := raw["text"].(string)
	b := Button{Label: strings.TrimSpace(label)}
	b.Data, _ = raw["callback_data"].(string)
	b.URL, _ = raw["url"].(string)
	switch {
	case b.Label == "":
		return b, bad("can't parse inline keyboard button: text is empty")
	case (b.Data == "") == (b.URL == ""):
		return b, bad("can't parse inline keyboard button: exactly one kind of button is needed")
	case len(b.Data) > 64:
		return b, bad("BUTTON_DATA_INVALID")
	case b.URL != "" && !strings.HasPrefix(b.URL, "https://") && !strings.HasPrefix(b.URL, "http://") && !strings.HasPrefix(b.URL, "tg://"):
		return b, bad("inline keyboard button URL '%s' is invalid: wrong HTTP URL", b.URL)
	}
	return b, nil
}

func (s *Server) deleteMessages(_ context.Context, p params) (any, error) {
	var ids []int64
	if err := p.object("message_ids", &ids); err != nil {
		return nil, err
	}
	single := ids == nil
	if single {
		ids = []int64{p.number("message_id")}
	}
	if len(ids) == 0 || len(ids) > 100 {
		return nil, bad("message identifiers are not specified")
	}
	var err error
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		for _, id := range ids {
			switch m := c.find(id); {
			case m == nil && single:
				err = bad("message to delete not found")
			case m != nil && m.Old:
				err = bad("message can't be deleted")
			}
		}
		for _, id := range ids {
			if m := c.find(id); m != nil && err == nil {
				m.gone = true
				s.script.add("< deletes %s", strconv.Quote(m.Text))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return true, nil
}

func (s *Server) deleteWhisper(_ context.Context, p params) (any, error) {
	var err error
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		m := c.findWhisper(p.number("ephemeral_message_id"))
		if m == nil || m.Receiver != p.number("receiver_user_id") {
			err = bad("MESSAGE_ID_INVALID")
			return
		}
		m.gone = true
	})
	return err == nil, err
}
