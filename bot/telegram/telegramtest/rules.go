package telegramtest

import (
	"math"
	"slices"
	"strings"
	"time"

	"notalone/bot/bottest/limits"
)

// Enforce makes the server keep to what Telegram takes of a bot, times a scale:
// 30 messages in any second, one a second in a chat, 20 a minute in a group; and
// fail by chance as told.
func (s *Server) Enforce(scale float64, o limits.Options) *limits.Gate {
	o.Scale = scale
	o.All = limits.Rule{Most: int(30 * scale), Window: time.Second}
	shorter := func(d time.Duration) time.Duration { return time.Duration(float64(d) / scale) }
	one, group := limits.Rule{Most: 1, Window: shorter(time.Second)}, limits.Rule{Most: 20, Window: shorter(time.Minute)}
	o.Chat = func(chat string) []limits.Rule {
		if strings.HasPrefix(chat, "-") {
			return []limits.Rule{one, group}
		}
		return []limits.Rule{one}
	}
	gate := limits.New(o)
	s.change(func() { s.gate = gate })
	return gate
}

// counted are the methods that the limits are about.
var counted = []string{"sendMessage", "sendPhoto", "sendPoll", "sendDocument", "editMessageText", "editMessageCaption", "deleteMessages"}

// guard answers a call that is not taken, or tells that its answer is to be cut.
func (s *Server) guard(method string, p params) (answer *reply, cut bool) {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	if gate == nil || !slices.Contains(counted, method) {
		return nil, false
	}
	switch v := gate.Call(p.text("chat_id")); v.Kind {
	case limits.TooMany:
		r := failure(&refusal{code: 429, description: "Too Many Requests: retry after", retryAfter: int(math.Ceil(v.Wait.Seconds()))})
		return &r, false
	case limits.Broken:
		r := failure(&refusal{code: 500, description: "Internal Server Error"})
		return &r, false
	case limits.Cut:
		return nil, true
	default:
		return nil, false
	}
}
