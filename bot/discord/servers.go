package discord

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"notalone/bot"
)

// servers knows which channels belong to which server. What is kept of a group
// is kept by channel, but Discord tells of a removal by server.
type servers struct {
	mu       sync.Mutex
	channels map[string]map[string]bool
}

func newServers() *servers { return &servers{channels: map[string]map[string]bool{}} }

// ofServers reports whether an event tells of servers and their channels.
func ofServers(kind string) bool {
	return strings.HasPrefix(kind, "GUILD_") || strings.HasPrefix(kind, "CHANNEL_") || strings.HasPrefix(kind, "THREAD_")
}

// place is a server, a channel or a thread, as much of it as is read.
type place struct {
	ID          string `json:"id"`
	Guild       string `json:"guild_id"`
	Unavailable bool   `json:"unavailable"` // out of reach, not gone
	Channels    []struct {
		ID string `json:"id"`
	} `json:"channels"`
}

// hear keeps the list and tells of the places that are gone.
func (s *servers) hear(kind string, data []byte, now time.Time) ([]*bot.Event, error) {
	var p place
	switch kind {
	case "GUILD_CREATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_DELETE":
		if json.Unmarshal(data, &p) != nil || !isID(p.ID) {
			return nil, errMalformed
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch kind {
	case "GUILD_CREATE":
		s.channels[p.ID] = map[string]bool{}
		for _, channel := range p.Channels {
			s.add(p.ID, channel.ID)
		}
	case "CHANNEL_CREATE", "THREAD_CREATE":
		s.add(p.Guild, p.ID)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		delete(s.channels[p.Guild], p.ID)
		return []*bot.Event{left(p.ID, now)}, nil
	case "GUILD_DELETE":
		if p.Unavailable {
			return nil, nil
		}
		gone := []*bot.Event{left(p.ID, now)}
		for channel := range s.channels[p.ID] {
			gone = append(gone, left(channel, now))
		}
		delete(s.channels, p.ID)
		return gone, nil
	}
	return nil, nil
}

func (s *servers) add(server, channel string) {
	if known := s.channels[server]; known != nil && isID(channel) {
		known[channel] = true
	}
}

// left tells that a place is gone, and with it all that is kept of it.
func left(id string, now time.Time) *bot.Event {
	return &bot.Event{
		Person: bot.NewPerson(Name, ""), Place: bot.NewAddress(Name, id, ""), Shared: true, Left: true, At: now,
	}
}
