package discordtest

import (
	"crypto/rand"
	"slices"
	"strconv"
	"time"
)

// A Place is where people and the bot meet.
type Place struct {
	Channel string
	guild   string
	user    string
	context int
}

// Contexts of interactions.
const (
	inServer = iota
	inBotChat
	inSomeChat
)

// Private is a person's own chat with the bot. People are named by their ids.
func Private(user string) Place { return Place{Channel: "5" + user, user: user, context: inBotChat} }

// Channel is a channel of a server that the bot is in.
func Channel(guild, channel string) Place {
	return Place{Channel: channel, guild: guild, context: inServer}
}

// Group is a chat between people, where the bot is somebody's own app.
func Group(channel string) Place { return Place{Channel: channel, context: inSomeChat} }

// An Interaction is a command or a press, and what came of it.
type Interaction struct {
	ID, Token string
	User      string
	Place     Place

	s         *Server
	kind      int
	born      time.Time
	pressed   *Message
	first     int // the kind of the first answer
	original  *Message
	ephemeral bool
	shown     bool
	withdrawn bool
}

func (in *Interaction) answered() bool { return in.first != 0 }

// Say lets a person write to the bot; it returns the message's id.
func (s *Server) Say(user, text string) string {
	return s.Send(Private(user), user, text, nil)
}

// Send lets a person write somewhere; fields are added to the payload.
func (s *Server) Send(p Place, user, text string, fields map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &Message{ID: s.id(), Channel: p.Channel, Author: user, Content: text}
	c := s.in(p)
	c.messages = append(c.messages, m)
	s.messages[m.ID] = m
	s.note(user + ": " + text)
	data := map[string]any{
		"id": m.ID, "channel_id": p.Channel, "type": 0, "content": text, "timestamp": s.now().Format(time.RFC3339),
		"author":      map[string]any{"id": user, "username": "name-" + user, "discriminator": "0"},
		"attachments": []any{}, "embeds": []any{}, "mentions": []any{}, "components": []any{}, "flags": 0,
	}
	if p.guild != "" {
		data["guild_id"] = p.guild
	}
	for field, value := range fields {
		data[field] = value
	}
	s.emitMessage(p, data)
	return m.ID
}

// Intents of messages: in servers and in private chats.
const (
	inServers = 1 << 9
	inPrivate = 1 << 12
)

// emitMessage keeps to what the bot asked to be told, and to what it may see
// without the privileged intent: words in servers only where it is named.
func (s *Server) emitMessage(p Place, data map[string]any) {
	asked := inPrivate
	if p.guild != "" {
		asked = inServers
		if !named(data["mentions"]) {
			data["content"], data["attachments"], data["embeds"], data["components"] = "", []any{}, []any{}, []any{}
		}
	}
	if s.gate.intents&asked == 0 {
		s.happened()
		return
	}
	s.emit("MESSAGE_CREATE", data)
}

func named(mentions any) bool {
	list, _ := mentions.([]any)
	return slices.ContainsFunc(list, func(one any) bool {
		person, _ := one.(map[string]any)
		return person["id"] == Bot
	})
}

// Slash lets a person use a command.
func (s *Server) Slash(user, command string, p Place) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(user + " uses /" + command)
	return s.interact(user, p, slashCommand, nil, map[string]any{"id": "1", "name": command, "type": 1})
}

// SlashText uses a command that takes text.
func (s *Server) SlashText(user, command, text string, p Place) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(user + " uses /" + command + " " + text)
	return s.interact(user, p, slashCommand, nil, map[string]any{
		"id": "1", "name": command, "type": 1, "options": []any{map[string]any{"name": "text", "type": 3, "value": text}},
	})
}

// Press lets a person press a button, named by its label or custom id.
func (s *Server) Press(user string, m *Message, button string) *Interaction {
	s.t.Helper()
	s.mu.Lock()
	b, ok := m.Button(button)
	if !ok || b.CustomID == "" {
		s.mu.Unlock()
		s.t.Fatalf("no button %q under: %s", button, m.show())
	}
	defer s.mu.Unlock()
	s.note(user + " presses [" + b.Label + "]")
	return s.interact(user, s.placeOf(m), pressed, m, map[string]any{"custom_id": b.CustomID, "component_type": 2})
}

// PressRaw lets a client send a custom id that no button has.
func (s *Server) PressRaw(user string, m *Message, customID string) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(user + " forges a press")
	return s.interact(user, s.placeOf(m), pressed, m, map[string]any{"custom_id": customID, "component_type": 2})
}

// Choose lets a person choose from a menu.
func (s *Server) Choose(user string, m *Message, value string) *Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(user + " chooses from a menu")
	return s.interact(user, s.placeOf(m), pressed, m, map[string]any{"custom_id": "menu", "component_type": 3, "values": []any{value}})
}

// Pick lets a person choose a channel in the chooser of a message.
func (s *Server) Pick(user string, m *Message, channel string) *Interaction {
	s.t.Helper()
	if m.Chooser == "" {
		s.t.Fatalf("no chooser under: %s", m.show())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(user + " chooses a channel")
	return s.interact(user, s.placeOf(m), pressed, m, map[string]any{
		"custom_id": m.Chooser, "component_type": channelSelect, "values": []any{channel},
		"resolved": map[string]any{"channels": map[string]any{channel: map[string]any{"id": channel, "type": 0}}},
	})
}

// channelSelect is the type of a chooser among channels.
const channelSelect = 8

// placeOf finds where a message stands.
func (s *Server) placeOf(m *Message) Place {
	for _, in := range s.interactions {
		if in.Place.Channel == m.Channel {
			return in.Place
		}
	}
	if c := s.channels[m.Channel]; c != nil && c.user != "" {
		return Private(c.user)
	}
	if c := s.channels[m.Channel]; c != nil && c.guild != "" {
		return Channel(c.guild, m.Channel)
	}
	return Channel("900", m.Channel)
}

// interact makes an interaction and sends it. Callers hold the lock.
func (s *Server) interact(user string, p Place, kind int, m *Message, data map[string]any) *Interaction {
	if m != nil && s.messages[m.ID] != nil { // a test may hold a copy
		m = s.messages[m.ID]
	}
	in := &Interaction{ID: s.id(), Token: "aW50" + rand.Text(), User: user, Place: p, s: s, kind: kind, born: s.now(), pressed: m}
	s.interactions[in.Token] = in
	s.in(p)
	payload := map[string]any{
		"id": in.ID, "application_id": App, "type": kind, "token": in.Token, "version": 1, "data": data,
		"channel_id": p.Channel, "channel": map[string]any{"id": p.Channel, "type": 1}, "locale": s.localeOf(user), "context": p.context,
		"authorizing_integration_owners": map[string]any{"0": "1"}, "entitlements": []any{}, "app_permissions": "0",
	}
	person := map[string]any{"id": user, "username": "name-" + user, "global_name": "Name " + user, "avatar": nil}
	if p.guild == "" {
		payload["user"] = person
	} else {
		permissions := int64(1 << 11)
		if s.managers[user] {
			permissions |= 1 << 5
		}
		payload["guild_id"] = p.guild
		payload["member"] = map[string]any{"user": person, "permissions": strconv.FormatInt(permissions, 10), "roles": []any{}}
	}
	if m != nil {
		payload["message"] = map[string]any{
			"id": m.ID, "channel_id": m.Channel, "content": m.Content, "flags": m.Flags, "type": 0,
			"author": map[string]any{"id": Bot, "bot": true, "username": "bot"}, "components": wireRows(m.Rows),
		}
	}
	s.emit("INTERACTION_CREATE", payload)
	return in
}

func wireRows(rows [][]Button) []any {
	all := []any{}
	for _, row := range rows {
		parts := []any{}
		for _, b := range row {
			parts = append(parts, map[string]any{"type": 2, "style": b.Style, "label": b.Label, "custom_id": b.CustomID})
		}
		all = append(all, map[string]any{"type": 1, "components": parts})
	}
	return all
}

// localeOf is the client's language: vi for people whose id begins with 84, id
// for 62, else en-US.
func (s *Server) localeOf(user string) string {
	switch user[:2] {
	case "84":
		return "vi"
	case "62":
		return "id"
	}
	return "en-US"
}

// Answer waits until the person sees an answer and returns it as it stands then.
func (in *Interaction) Answer() *Message {
	in.s.t.Helper()
	in.s.wait("an answer to an interaction", func() bool { return in.shown })
	in.s.mu.Lock()
	defer in.s.mu.Unlock()
	copied := *in.original
	return &copied
}

// First waits for the first answer and returns its kind.
func (in *Interaction) First() int {
	in.s.t.Helper()
	in.s.wait("a first answer", in.answered)
	in.s.mu.Lock()
	defer in.s.mu.Unlock()
	return in.first
}

// Withdrawn waits until a deferred answer was taken back.
func (in *Interaction) Withdrawn() {
	in.s.t.Helper()
	in.s.wait("the deferred answer to be taken back", func() bool { return in.withdrawn })
}

// Next waits for the next message of the bot in a place.
func (s *Server) Next(p Place) *Message {
	s.t.Helper()
	var found *Message
	s.wait("a message of the bot", func() bool {
		c := s.in(p)
		for c.taken < len(c.messages) {
			m := c.messages[c.taken]
			c.taken++
			if m.Author == Bot {
				found = m
				return true
			}
		}
		return false
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := *found
	return &copied
}

// Visible lists what a person sees of the bot in a place.
func (s *Server) Visible(user string, p Place) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	for _, m := range s.in(p).messages {
		if m.Author == Bot && !m.Deleted && (m.Only == "" || m.Only == user) {
			list = append(list, *m)
		}
	}
	return list
}

// Publish puts a message of the bot into a channel, as a post would.
func (s *Server) Publish(p Place, content string, rows ...[]Button) *Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &Message{Content: content, Rows: rows}
	s.put(s.in(p), p.Channel, m)
	return m
}
