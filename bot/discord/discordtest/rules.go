package discordtest

import (
	"net/http"
	"strings"
	"time"

	"notalone/bot/bottest/limits"
)

// Enforce makes the server keep to what Discord takes of a bot, times a scale: 50
// calls in any second, answers to interactions not counted, and five messages in
// five seconds in a channel, as the headers say; and fail by chance as told.
func (s *Server) Enforce(scale float64, o limits.Options) *limits.Gate {
	o.Scale = scale
	o.All = limits.Rule{Most: int(50 * scale), Window: time.Second}
	o.Chat = func(string) []limits.Rule { return nil }
	gate := limits.New(o)
	s.SetLimit(CreateMessage, 5, time.Duration(float64(5*time.Second)/scale))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.toll = gate
	return gate
}

// toTake is how a call goes wrong that the gate does not let pass.
func (s *Server) toTake(route string, c call) (Fault, bool) {
	s.mu.Lock()
	gate := s.toll
	s.mu.Unlock()
	if gate == nil || strings.Contains(route, "{token}") || route == GatewayBot || strings.Contains(route, "commands") {
		return Fault{}, false
	}
	switch v := gate.Call(c.PathValue("channel")); v.Kind {
	case limits.TooMany:
		return Fault{Status: http.StatusTooManyRequests, RetryAfter: v.Wait, Global: v.All}, true
	case limits.Broken:
		return Fault{Status: http.StatusServiceUnavailable}, true
	case limits.Cut:
		return Fault{Cut: true, Done: true}, true
	default:
		return Fault{}, false
	}
}
