package telegramtest

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// A poll is a native quiz.
type poll struct {
	options []string
	votes   []int
	closed  bool
}

func (s *Server) wirePoll(p *poll) map[string]any {
	var options []map[string]any
	total := 0
	for i, text := range p.options {
		options = append(options, map[string]any{"text": text, "voter_count": p.votes[i]})
		total += p.votes[i]
	}
	return map[string]any{"id": "1", "type": "quiz", "options": options, "total_voter_count": total, "is_closed": p.closed, "is_anonymous": true}
}

func (s *Server) sendPoll(_ context.Context, p params) (result any, err error) {
	var options []struct{ Text string }
	var right []int
	if err := p.object("options", &options); err != nil {
		return nil, err
	}
	if err := p.object("correct_option_ids", &right); err != nil {
		return nil, err
	}
	closes := time.Until(time.Unix(p.number("close_date"), 0))
	switch {
	case utf16Len(p.text("question")) < 1 || utf16Len(p.text("question")) > 300:
		return nil, bad("poll question length must not exceed 300")
	case len(options) < 2 || len(options) > 12:
		return nil, bad("poll must have at least 2 options")
	case p.text("type") == "quiz" && (len(right) == 0 || right[0] < 0 || right[0] >= len(options)):
		return nil, bad("wrong correct option ID specified")
	case utf16Len(p.text("explanation")) > 200 || strings.Count(p.text("explanation"), "\n") > 2:
		return nil, bad("poll explanation is too long")
	case p.number("close_date") != 0 && (closes < 5*time.Second || closes > 2628000*time.Second):
		return nil, bad("QUIZ_CLOSE_DATE_INVALID")
	}
	made := &poll{votes: make([]int, len(options))}
	for _, o := range options {
		if utf16Len(o.Text) < 1 || utf16Len(o.Text) > 100 {
			return nil, bad("poll options length must not exceed 100")
		}
		made.options = append(made.options, o.Text)
	}
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		if err = c.mayWrite(p.number("message_thread_id"), true); err != nil {
			return
		}
		m := &Message{Chat: c.id, Thread: p.number("message_thread_id"), FromBot: true, Text: p.text("question"), poll: made}
		c.add(s, m)
		w := s.wire(m)
		delete(w, "text")
		w["poll"] = s.wirePoll(made)
		result = w
	})
	return result, err
}

func utf16Len(text string) int { return len(utf16.Encode([]rune(text))) }

func (s *Server) stopPoll(_ context.Context, p params) (result any, err error) {
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		m := c.find(p.number("message_id"))
		switch {
		case m == nil || m.poll == nil:
			err = bad("message with poll to stop not found")
		case m.poll.closed:
			err = bad("poll has already been closed")
		default:
			m.poll.closed = true
			result = s.wirePoll(m.poll)
		}
	})
	return result, err
}

// Vote answers a native poll.
func (p *Place) Vote(m Message, choice int) {
	p.s.change(func() { p.chat.find(m.ID).poll.votes[choice]++ })
}

// Promote makes the person an administrator of the group.
func (p *Place) Promote() {
	p.s.change(func() {
		if p.chat.managers == nil {
			p.chat.managers = map[int64]bool{}
		}
		p.chat.managers[p.person] = true
	})
}

func (s *Server) getChatMember(_ context.Context, p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.open(p)
	if err != nil {
		return nil, err
	}
	if p.number("user_id") == BotID {
		return c.wireBot(), nil
	}
	return c.wirePerson(p.number("user_id")), nil
}

func (c *chat) wirePerson(id int64) map[string]any {
	status := "member"
	if c.managers[id] {
		status = "administrator"
	}
	return map[string]any{"status": status, "user": map[string]any{"id": id, "is_bot": false, "first_name": "Person"}}
}

func (c *chat) wireBot() map[string]any {
	w := map[string]any{"status": "member", "user": map[string]any{"id": BotID, "is_bot": true, "first_name": "Not Alone", "username": Username}}
	switch {
	case c.kind == "channel":
		w["status"], w["can_post_messages"] = "administrator", !c.muted
	case c.admin:
		w["status"] = "administrator"
	}
	return w
}

func (s *Server) getChat(_ context.Context, p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.open(p)
	if err != nil {
		return nil, err
	}
	w := c.wire()
	if c.kind != "channel" {
		w["permissions"] = map[string]any{"can_send_messages": !c.muted, "can_send_polls": !c.muted && !c.noPolls}
	}
	return w, nil
}

func (s *Server) getChatAdministrators(_ context.Context, p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.open(p)
	if err != nil {
		return nil, err
	}
	list := []any{c.wireBot()}
	for _, id := range slices.Sorted(maps.Keys(c.managers)) {
		list = append(list, c.wirePerson(id))
	}
	return list, nil
}

// Mute takes from the bot the right to write in the chat, or gives it back.
func (p *Place) Mute(muted bool) { p.s.change(func() { p.chat.muted = muted }) }

// NoPolls forbids polls in the group.
func (p *Place) NoPolls() { p.s.change(func() { p.chat.noPolls = true }) }

// EndTopic closes a topic ("TOPIC_CLOSED") or deletes it ("message thread not
// found"): Telegram tells so only when somebody writes there.
func (p *Place) EndTopic(thread int64, says string) {
	p.s.change(func() {
		if p.chat.threads == nil {
			p.chat.threads = map[int64]string{}
		}
		p.chat.threads[thread] = says
	})
}

// mayWrite is how Telegram refuses what the bot may not send.
func (c *chat) mayWrite(thread int64, poll bool) error {
	switch {
	case c.threads[thread] != "":
		return bad("%s", c.threads[thread])
	case c.muted && c.kind == "channel":
		return bad("need administrator rights in the channel chat")
	case c.muted:
		return bad("not enough rights to send text messages to the chat")
	case poll && c.noPolls:
		return bad("not enough rights to send polls to the chat")
	}
	return nil
}

func (s *Server) leaveChat(_ context.Context, p params) (any, error) {
	var err error
	s.change(func() {
		var c *chat
		if c, err = s.open(p); err != nil {
			return
		}
		c.out = true
		s.script.add("< leaves")
	})
	return err == nil, err
}

// Join adds the bot to the group, or back to it; to a channel as what it is there,
// an administrator.
func (p *Place) Join() int64 {
	if p.chat.kind == "channel" {
		return p.membership("left", "administrator", false)
	}
	return p.membership("left", "member", false)
}

// Demote takes the bot's rights as an administrator.
func (p *Place) Demote() int64 {
	p.s.change(func() { p.chat.admin = false })
	return p.membership("administrator", "member", false)
}

// Remove blocks the bot, or takes it out of the group.
func (p *Place) Remove() int64 {
	if p.chat.kind == "private" {
		return p.membership("member", "kicked", true)
	}
	return p.membership("member", "left", true)
}

func (p *Place) membership(before, after string, out bool) int64 {
	var w map[string]any
	p.s.change(func() {
		p.chat.out = out
		bot := map[string]any{"id": BotID, "is_bot": true, "first_name": "Not Alone", "username": Username}
		w = map[string]any{
			"chat": p.chat.wire(), "from": p.from(), "date": time.Now().Unix(),
			"old_chat_member": map[string]any{"status": before, "user": bot},
			"new_chat_member": map[string]any{"status": after, "user": bot},
		}
	})
	return p.s.push("my_chat_member", w)
}

// Migrate gives the group another id, as when it becomes a supergroup, and
// returns the same hand in the group as it is now. Calls for the old id fail.
func (p *Place) Migrate(to int64) *Place {
	_, w := p.message("")
	w["migrate_to_chat_id"] = to
	p.s.change(func() {
		p.chat.movedTo = to
		moved := *p.chat
		moved.id, moved.movedTo = to, 0
		p.s.chats[to] = &moved
	})
	p.s.push("message", w)
	there := p.s.place(to, p.person, "", chat{})
	_, w = there.message("")
	w["migrate_from_chat_id"] = p.chat.id
	p.s.push("message", w)
	return there
}

// Unblock lets the bot write again.
func (p *Place) Unblock() { p.s.change(func() { p.chat.out = false }) }

// ForgetOne makes a message one that can be neither edited nor deleted.
func (p *Place) ForgetOne(id string) {
	p.s.change(func() {
		for _, m := range p.chat.messages {
			if strconv.FormatInt(m.ID, 10) == id {
				m.Old = true
			}
		}
	})
}
