package telegramtest

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// A Call is one request of the bot.
type Call struct {
	Method     string
	Params     string // in JSON
	Began, End time.Time
	Error      string
}

func (s *Server) record(method string, p params) *Call {
	c := &Call{Method: method, Params: p.String(), Began: time.Now()}
	s.change(func() { s.calls = append(s.calls, c) })
	return c
}

func (s *Server) recordEnd(c *Call) { s.change(func() { c.End = time.Now() }) }

// Calls are the requests of a method so far, or all for "".
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			all = append(all, *c)
		}
	}
	return all
}

// Await waits until a method was called so many times.
func (s *Server) Await(method string, times int) {
	s.tb.Helper()
	ok := s.await(context.Background(), 2*time.Minute, func() bool {
		n := 0
		for _, c := range s.calls {
			if c.Method == method && !c.End.IsZero() {
				n++
			}
		}
		return n >= times
	})
	if !ok {
		s.tb.Fatalf("%s was not called %d times", method, times)
	}
}

// Settle waits until every update is confirmed.
func (s *Server) Settle() {
	s.tb.Helper()
	if !s.await(context.Background(), 2*time.Minute, func() bool { return len(s.queue.waiting) == 0 }) {
		s.tb.Fatal("updates stay unconfirmed")
	}
}

// transcript is the conversation as people saw it.
type transcript struct{ lines []string }

func (t *transcript) add(format string, args ...any) {
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
}

func (t *transcript) person(text string) {
	if text == "" {
		text = "(something that is not words)"
	}
	t.add("> %s", strings.ReplaceAll(text, "\n", "\n> "))
}

func (t *transcript) said(m *Message, edited bool) {
	mark := "<"
	switch {
	case m.Whisper != 0 && edited:
		mark = "<(for one, edited)"
	case m.Whisper != 0:
		mark = "<(for one)"
	case edited:
		mark = "<(edited)"
	}
	t.add("%s %s", mark, strings.ReplaceAll(m.Text, "\n", "\n"+mark+" "))
	for _, row := range m.Rows {
		var labels []string
		for _, b := range row {
			labels = append(labels, "["+b.Label+"]")
		}
		t.add("  %s", strings.Join(labels, " "))
	}
}

// Transcript is all that was said, in order.
func (s *Server) Transcript() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.script.lines, "\n") + "\n"
}
