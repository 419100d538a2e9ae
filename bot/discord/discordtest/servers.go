package discordtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A guild is a server that the bot is or was in.
type guild struct {
	id       string
	out      bool // the bot is not in it any more
	joined   time.Time
	channels []string // in the order they are shown
	system   string   // where Discord writes itself
	denied   map[string]int64
}

// Permissions that a channel can deny the bot.
const (
	View  int64 = 1 << 10
	Write int64 = 1 << 11
)

// botRole is the role that the bot got when it was added.
const botRole = "7001"

// Join adds the bot to a server with these channels. The first is the one that
// Discord writes to itself.
func (s *Server) Join(server string, channels ...string) { s.join(server, time.Time{}, channels) }

// Tell tells of a server that the bot is in, as after every connection and outage.
func (s *Server) Tell(server string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit("GUILD_CREATE", s.guilds[server].wire())
}

// Has makes the bot one of a server since some time ago, without telling it.
func (s *Server) Has(server string, since time.Duration, channels ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(server, s.now().Add(-since), channels)
}

func (s *Server) join(server string, joined time.Time, channels []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if joined.IsZero() {
		joined = s.now()
	}
	s.emit("GUILD_CREATE", s.add(server, joined, channels).wire())
}

// add makes a server. Callers hold the lock.
func (s *Server) add(server string, joined time.Time, channels []string) *guild {
	for _, id := range channels {
		s.in(Channel(server, id))
	}
	g := &guild{id: server, joined: joined, channels: channels, denied: map[string]int64{}}
	if len(channels) > 0 {
		g.system = channels[0]
	}
	s.guilds[server] = g
	return g
}

func (g *guild) wire() map[string]any {
	return map[string]any{
		"id": g.id, "name": "server-" + g.id, "joined_at": g.joined.Format(time.RFC3339), "preferred_locale": "en-US",
		"system_channel_id": g.system, "owner_id": "1", "channels": []any{}, "threads": []any{}, "members": []any{},
		"roles": []any{
			map[string]any{"id": g.id, "name": "@everyone", "permissions": strconv.FormatInt(View|Write, 10)},
			map[string]any{"id": botRole, "name": "bot", "permissions": strconv.FormatInt(View, 10)},
		},
	}
}

// Deny takes permissions from the bot in a channel, or gives them back with 0.
func (s *Server) Deny(server, channel string, permissions int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guilds[server].denied[channel] = permissions
}

// RemoveChannel deletes a channel of a server.
func (s *Server) RemoveChannel(server, channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.channels, channel)
	if g := s.guilds[server]; g != nil {
		g.channels = slices.DeleteFunc(g.channels, func(id string) bool { return id == channel })
	}
	s.emit("CHANNEL_DELETE", map[string]any{"id": channel, "guild_id": server, "type": 0})
}

// Leave removes the bot from a server; an outage only looks like it.
func (s *Server) Leave(server string, outage bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data := map[string]any{"id": server}
	if outage {
		data["unavailable"] = true
	} else if g := s.guilds[server]; g != nil {
		g.out = true
	}
	s.emit("GUILD_DELETE", data)
}

// Removed removes the bot without telling it, as while it is away.
func (s *Server) Removed(server string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guilds[server].out = true
}

// listed are the servers of a welcome. Callers hold the lock.
func (s *Server) listed() []any {
	list := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.guilds)) {
		if !s.guilds[id].out {
			list = append(list, map[string]any{"id": id, "unavailable": true})
		}
	}
	return list
}

// guild finds a server that the bot is in. Callers hold the lock.
func (s *Server) guild(id string) (*guild, bool) {
	g := s.guilds[id]
	return g, g != nil && !g.out
}

var unknownGuild = refused(http.StatusNotFound, 10004, "Unknown Guild")

func (s *Server) getServer(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, ok := s.guild(c.PathValue("guild")); ok {
		return reply{http.StatusOK, g.wire()}
	}
	return unknownGuild
}

func (s *Server) getMember(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.guild(c.PathValue("guild")); !ok {
		return unknownGuild
	}
	if c.PathValue("user") != Bot {
		return refused(http.StatusNotFound, 10007, "Unknown Member")
	}
	return reply{http.StatusOK, map[string]any{"user": map[string]any{"id": Bot}, "roles": []any{botRole}}}
}

func (s *Server) getChannels(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.guild(c.PathValue("guild"))
	if !ok {
		return unknownGuild
	}
	list := []any{}
	for i, id := range g.channels {
		list = append(list, g.channel(id, i))
	}
	slices.Reverse(list) // Discord promises no order
	return reply{http.StatusOK, list}
}

func (g *guild) channel(id string, position int) map[string]any {
	return map[string]any{
		"id": id, "type": 0, "guild_id": g.id, "position": position,
		"permission_overwrites": []any{map[string]any{"id": botRole, "type": 0, "allow": "0", "deny": strconv.FormatInt(g.denied[id], 10)}},
	}
}

// denied is how Discord refuses what the bot may not do. Callers hold the lock.
func (s *Server) denied(ch *channel, id string) (reply, bool) {
	g := s.guilds[ch.guild]
	switch {
	case g == nil:
	case g.out || g.denied[id]&View != 0:
		return refused(http.StatusForbidden, 50001, "Missing Access"), true
	case g.denied[id] != 0:
		return refused(http.StatusForbidden, 50013, "Missing Permissions"), true
	}
	return reply{}, false
}

func (s *Server) getChannel(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := c.PathValue("channel")
	ch := s.channels[id]
	switch {
	case ch == nil:
		return refused(http.StatusNotFound, 10003, "Unknown Channel")
	case ch.guild == "" && ch.user == "":
		return refused(http.StatusForbidden, 50001, "Missing Access")
	case ch.guild == "":
		return reply{http.StatusOK, map[string]any{"id": id, "type": 1}}
	}
	g := cmp.Or(s.guilds[ch.guild], &guild{id: ch.guild})
	if g.out || g.denied[id]&View != 0 {
		return refused(http.StatusForbidden, 50001, "Missing Access")
	}
	return reply{http.StatusOK, g.channel(id, 0)}
}

func (s *Server) leaveServer(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	server := c.PathValue("guild")
	if g := s.guilds[server]; g != nil {
		g.out = true
	}
	for id, ch := range s.channels {
		if ch.guild == server {
			delete(s.channels, id)
		}
	}
	s.emit("GUILD_DELETE", map[string]any{"id": server})
	return reply{http.StatusNoContent, nil}
}
