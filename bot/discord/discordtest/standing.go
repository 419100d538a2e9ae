package discordtest

import (
	"errors"
	"net/http"
	"net/url"
)

// editMessage changes what is the bot's own.
func (s *Server) editMessage(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, answer := s.standing(c)
	if m == nil {
		return answer
	}
	if m.Author != Bot {
		return refused(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
	}
	if err := s.edit(m, c.json); err != nil {
		return invalid(err)
	}
	return reply{http.StatusOK, m.wire()}
}

func (s *Server) pinMessage(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, answer := s.standing(c)
	if m == nil {
		return answer
	}
	m.Pinned = true
	return reply{http.StatusNoContent, nil}
}

// spreadMessage works in channels of announcements only.
func (s *Server) spreadMessage(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, answer := s.standing(c)
	switch {
	case m == nil:
		return answer
	case !s.channels[m.Channel].news:
		return refused(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	}
	m.Spread = true
	return reply{http.StatusOK, m.wire()}
}

// standing finds the message of a call. Callers hold the lock.
func (s *Server) standing(c call) (*Message, reply) {
	if s.channels[c.PathValue("channel")] == nil {
		return nil, refused(http.StatusNotFound, 10003, "Unknown Channel")
	}
	m := s.messages[c.PathValue("message")]
	if m == nil || m.Deleted || m.Channel != c.PathValue("channel") || m.Only != "" {
		return nil, refused(http.StatusNotFound, 10008, "Unknown Message")
	}
	return m, reply{}
}

// News makes a channel one that others follow.
func (s *Server) News(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].news = true
}

// Open makes a person's private chat with the bot.
func (s *Server) Open(user string) Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := Private(user)
	s.in(p)
	return p
}

// In lists the bot's messages that stand in a channel.
func (s *Server) In(channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Message
	if c := s.channels[channel]; c != nil {
		for _, m := range c.messages {
			if m.Author == Bot && !m.Deleted {
				all = append(all, *m)
			}
		}
	}
	return all
}

// readPicture takes the one picture that the bot embeds.
func (m *Message) readPicture(raw any) error {
	list, _ := raw.([]any)
	if len(list) == 0 {
		return nil
	}
	embed, _ := list[0].(map[string]any)
	image, _ := embed["image"].(map[string]any)
	address, _ := image["url"].(string)
	if u, err := url.Parse(address); len(list) > 1 || err != nil || u.Scheme != "https" {
		return errors.New("embeds: one picture with an https address is expected")
	}
	m.Picture = address
	return nil
}
