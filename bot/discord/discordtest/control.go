package discordtest

import (
	"strconv"
	"time"
)

// Counts is what the gateway has seen of the bot.
type Counts struct {
	Connections, Identifies, Resumes, Refusals, Heartbeats, Intents int
	There                                                           int // resumes at the address that READY named for it
	Closed                                                          int // the code of the bot's last goodbye
}

// Counts are the gateway's figures so far.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gate.counts()
}

func (g *gate) counts() Counts {
	return Counts{g.connections, g.identifies, g.resumes, g.refusals, g.heartbeats, g.intents, g.there, g.closed}
}

// WaitCounts waits until the gateway's figures are as a test wants them.
func (s *Server) WaitCounts(what string, ok func(Counts) bool) {
	s.t.Helper()
	s.wait(what, func() bool { return ok(s.gate.counts()) })
}

// WaitReady waits until the bot is connected.
func (s *Server) WaitReady() {
	s.t.Helper()
	s.wait("the bot to connect", func() bool { return s.gate.current != nil && s.gate.current.conn != nil })
}

// WaitConnections waits until the bot has connected n times.
func (s *Server) WaitConnections(n int) {
	s.t.Helper()
	s.wait("connections", func() bool { return s.gate.connections >= n })
}

// WaitGone waits until the bot has no connection.
func (s *Server) WaitGone() {
	s.t.Helper()
	s.wait("the bot to be gone", func() bool { return len(s.gate.conns) == 0 })
}

// each does something with every connection, without the lock.
func (s *Server) each(do func(*conn)) {
	s.mu.Lock()
	conns := make([]*conn, 0, len(s.gate.conns))
	for c := range s.gate.conns {
		conns = append(conns, c)
	}
	s.mu.Unlock()
	for _, c := range conns {
		do(c)
	}
}

// lose forgets at once that connections lead to their sessions.
func (s *Server) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, session := range s.gate.sessions {
		session.conn = nil
	}
}

// Drop ends all connections without a word.
func (s *Server) Drop() {
	s.lose()
	s.each(func(c *conn) { _ = c.ws.Close() })
}

// Close ends all connections with a close code.
func (s *Server) Close(code int) {
	s.lose()
	s.each(func(c *conn) { c.close(code) })
}

// Refuse closes with a code whoever identifies from now on; 0 accepts again.
func (s *Server) Refuse(code int) { s.set(func(g *gate) { g.refuse = code }) }

// Forget makes all sessions unknown: a resume is refused.
func (s *Server) Forget() {
	s.set(func(g *gate) { g.sessions, g.current = map[string]*session{}, nil })
}

// Silent greets nobody from now on.
func (s *Server) Silent(silent bool) { s.set(func(g *gate) { g.silent = silent }) }

// Mute leaves heartbeats unanswered.
func (s *Server) Mute(mute bool) { s.set(func(g *gate) { g.mute = mute }) }

// Twice lets every event come twice, as after a resume.
func (s *Server) Twice(twice bool) { s.set(func(g *gate) { g.twice = twice }) }

// SetGateway makes gateway/bot give another address, such as that of a proxy.
func (s *Server) SetGateway(address string) { s.set(func(g *gate) { g.address = address }) }

// ResumeAt makes READY name another address to resume at.
func (s *Server) ResumeAt(address string) { s.set(func(g *gate) { g.back = address }) }

// Interval sets the time between heartbeats of new connections.
func (s *Server) Interval(interval time.Duration) { s.set(func(g *gate) { g.interval = interval }) }

// Sessions sets how many sessions may still be begun, and when the day is over.
func (s *Server) Sessions(remaining int, resetAfter time.Duration) {
	s.set(func(g *gate) { g.remaining, g.resetAfter = remaining, resetAfter })
}

// Before sends these payloads in answer to an identify, before READY.
func (s *Server) Before(payloads ...string) { s.set(func(g *gate) { g.before = payloads }) }

// Raw sends a payload as it is, however broken.
func (s *Server) Raw(payload string) { s.each(func(c *conn) { c.send(payload) }) }

// Binary sends a binary frame, as a compressed gateway would.
func (s *Server) Binary(payload []byte) { s.each(func(c *conn) { c.binary(payload) }) }

// Bytes writes to the socket past all rules of a websocket.
func (s *Server) Bytes(raw ...byte) { s.each(func(c *conn) { _, _ = c.ws.NetConn().Write(raw) }) }

// Dispatch sends a numbered event with this content, however broken.
func (s *Server) Dispatch(kind, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.gate.current
	x.seq++
	text := `{"op":0,"t":` + strconv.Quote(kind) + `,"s":` + strconv.Itoa(x.seq) + `,"d":` + data + `}`
	x.sent = append(x.sent, text)
	if x.conn != nil {
		x.conn.send(text)
	}
}

func (s *Server) set(change func(*gate)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.gate)
}
