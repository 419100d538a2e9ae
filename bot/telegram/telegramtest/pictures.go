package telegramtest

import (
	"context"
	"strings"
)

// sendPhoto sends a picture by its address, with words under it.
func (s *Server) sendPhoto(_ context.Context, p params) (any, error) {
	m, err := content(p, "caption")
	if err != nil {
		return nil, err
	}
	if m.Photo = p.text("photo"); !strings.HasPrefix(m.Photo, "https://") {
		return nil, bad("wrong remote file identifier specified: can't unserialize it")
	}
	return s.send(p, m)
}

// sendDocument takes a file that is in the call itself.
func (s *Server) sendDocument(_ context.Context, p params) (any, error) {
	m := Message{File: p.text("document")}
	if !strings.Contains(m.File, "\n") {
		return nil, bad("wrong remote file identifier specified: can't unserialize it")
	}
	return s.send(p, m)
}

func (s *Server) editMessageCaption(_ context.Context, p params) (any, error) {
	return s.edit(p, "caption", "message to edit not found", func(c *chat) *Message { return c.find(p.number("message_id")) })
}

// pinMessage needs a right in groups.
func (s *Server) pinMessage(_ context.Context, p params) (any, error) {
	var err error
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		switch m := c.find(p.number("message_id")); {
		case m == nil:
			err = bad("message to pin not found")
		case c.kind != "private" && !c.admin:
			err = bad("not enough rights to manage pinned messages in the chat")
		default:
			m.Pinned = true
		}
	})
	return err == nil, err
}

// Sent are the bot's messages in the chat as they stand now.
func (p *Place) Sent() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	var all []Message
	for _, m := range p.chat.messages {
		if m.FromBot && !m.gone {
			all = append(all, *m)
		}
	}
	return all
}
