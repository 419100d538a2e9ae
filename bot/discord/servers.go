package discord

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"notalone/bot"
)

// justNow is how long ago the bot may have been added to a server that it hears
// of only when it connects, to greet it all the same.
const justNow = time.Hour

// servers tells a server that the bot was just added to from all those that
// Discord lists whenever a session begins or an outage ends.
type servers struct {
	mu    sync.Mutex
	known map[string]bool
}

func newServers() *servers { return &servers{known: map[string]bool{}} }

// ofServers reports whether an event tells of servers and their channels.
func ofServers(kind string) bool {
	return strings.HasPrefix(kind, "GUILD_") || strings.HasPrefix(kind, "CHANNEL_") || strings.HasPrefix(kind, "THREAD_")
}

// place is a server, a channel or a thread, as much of it as is read.
type place struct {
	ID          string    `json:"id"`
	Guild       string    `json:"guild_id"`
	Locale      string    `json:"preferred_locale"`
	Joined      time.Time `json:"joined_at"`
	Unavailable bool      `json:"unavailable"` // out of reach, not gone
}

// list notes the servers that a new session begins with.
func (s *servers) list(begun []place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range begun {
		s.known[p.ID] = true
	}
}

// hear makes events of what happens to servers and their channels.
func (s *servers) hear(kind string, data []byte, now time.Time) (*bot.Event, error) {
	switch kind {
	case "GUILD_CREATE", "GUILD_DELETE", "CHANNEL_DELETE", "THREAD_DELETE":
	default:
		return nil, nil
	}
	var p place
	if json.Unmarshal(data, &p) != nil || !isID(p.ID) || p.Guild != "" && !isID(p.Guild) {
		return nil, errMalformed
	}
	switch {
	case p.Unavailable:
		return nil, nil
	case kind == "GUILD_CREATE":
		return s.created(p, now), nil
	case kind == "GUILD_DELETE":
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.known, p.ID)
		return ofPlace(p.ID, "", now, func(ev *bot.Event) { ev.Left = true }), nil
	case p.Guild == "":
		return nil, errMalformed
	default:
		return ofPlace(p.Guild, p.ID, now, func(ev *bot.Event) { ev.Closed = true }), nil
	}
}

// created tells of a server that is new. The same news may come twice, from a
// session that is resumed: it has one id.
func (s *servers) created(p place, now time.Time) *bot.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.known[p.ID]
	s.known[p.ID] = true
	if known && now.Sub(p.Joined) > justNow {
		return nil
	}
	return ofPlace(p.ID, "", now, func(ev *bot.Event) {
		ev.Joined, ev.Locale, ev.ID = true, p.Locale, "dc:join:"+p.ID
		ev.Reply = &reply{nonce: ev.ID}
	})
}

// ofPlace is an event that nobody in particular caused.
func ofPlace(server, channel string, now time.Time, what func(*bot.Event)) *bot.Event {
	ev := &bot.Event{Person: bot.NewPerson(Name, ""), Place: bot.NewAddress(Name, server, channel), Shared: true, Kind: kindOf(server), At: now}
	what(ev)
	return ev
}
