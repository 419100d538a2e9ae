// Package telegramtest is a Bot API server for tests. It refuses what the real
// one refuses, keeps the people and chats that tests play, and can be told to
// fail in every way a server fails. It needs no network: Transport answers in
// the process, and Start listens on 127.0.0.1 for tests of the wire.
package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"notalone/bot/bottest/limits"
)

// Token and Username are the bot's.
const (
	Token    = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	Username = "NotAloneTestBot"
	BotID    = 110201543
)

// Server plays Telegram for one bot.
type Server struct {
	tb   testing.TB
	spec *spec

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change
	started  time.Time
	whispers bool
	chats    map[int64]*chat
	langs    map[int64]string
	queries  map[string]*query
	nextID   int64 // of queries and whispers
	queue    updates
	hook     webhook
	menus    map[string]json.RawMessage
	texts    map[string]string
	faults   map[string][]*Fault
	delay    time.Duration
	calls    []*Call
	script   transcript
	gate     *limits.Gate // of messages; nil: everything is taken
}

// New makes a server without a network. Parameters are checked against Telegram's
// own description when the file is at hand.
func New(tb testing.TB) *Server {
	return &Server{
		tb: tb, spec: loadSpec(tb), changed: make(chan struct{}), started: time.Now(),
		chats: map[int64]*chat{}, langs: map[int64]string{}, queries: map[string]*query{},
		queue: newUpdates(), menus: map[string]json.RawMessage{}, texts: map[string]string{}, faults: map[string][]*Fault{},
	}
}

// Start listens on 127.0.0.1 and returns the address for telegram.Options.
func (s *Server) Start() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.tb.Fatalf("listen: %v", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener)
	s.tb.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String()
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 50<<20))
	if err != nil {
		return
	}
	a := s.answer(r.Context(), r.URL.Path, r.Header.Get("Content-Type"), body)
	if a.cut {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
		return
	}
	w.Header().Set("Content-Type", a.kind())
	w.WriteHeader(a.status)
	w.Write(a.body)
}

// Transport answers requests in the process, so that a test can run in a bubble
// of synctest with a clock of its own.
func (s *Server) Transport() http.RoundTripper { return inProcess{s} }

type inProcess struct{ s *Server }

// RoundTrip implements http.RoundTripper.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if f := p.s.refuseDial(r.URL.Path); f != nil {
		return nil, f
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	done := make(chan reply, 1)
	ctx := r.Context()
	go func() { done <- p.s.answer(ctx, r.URL.Path, r.Header.Get("Content-Type"), body) }()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-done:
		if a.cut {
			return nil, io.ErrUnexpectedEOF
		}
		return &http.Response{
			StatusCode: a.status, Header: http.Header{"Content-Type": {a.kind()}},
			Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
		}, nil
	}
}

// A reply is what goes back over the wire.
type reply struct {
	status int
	body   []byte
	cut    bool
}

func (r reply) kind() string {
	if len(r.body) > 0 && r.body[0] == '<' {
		return "text/html"
	}
	return "application/json"
}

// A refusal is an error as the Bot API words it.
type refusal struct {
	code        int
	description string
	retryAfter  int
	movedTo     int64
}

func (r *refusal) Error() string { return r.description }

func refuse(code int, format string, args ...any) error {
	return &refusal{code: code, description: fmt.Sprintf(format, args...)}
}

func bad(format string, args ...any) error { return refuse(400, "Bad Request: "+format, args...) }

// answer carries one call out.
func (s *Server) answer(ctx context.Context, path, kind string, body []byte) reply {
	token, method, _ := strings.Cut(strings.TrimPrefix(path, "/bot"), "/")
	if token != Token {
		return failure(&refusal{code: 401, description: "Unauthorized"})
	}
	p, err := readParams(kind, body)
	if err != nil {
		return failure(&refusal{code: 400, description: "Bad Request: can't parse the request: " + err.Error()})
	}
	call := s.record(method, p)
	defer s.recordEnd(call)
	fault, early := s.fault(ctx, method)
	if early != nil {
		return *early
	}
	hit, cut := s.guard(method, p)
	if hit != nil {
		return *hit
	}
	result, err := s.carryOut(ctx, method, p)
	if cut {
		return reply{cut: true}
	}
	if fault != nil && fault.CutAfter {
		return reply{cut: true}
	}
	if err != nil {
		call.Error = err.Error()
		return failure(err)
	}
	return success(result)
}

func (s *Server) carryOut(ctx context.Context, method string, p params) (any, error) {
	do := s.method(method)
	if do == nil {
		return nil, refuse(404, "Not Found: method not found")
	}
	if err := s.spec.check(method, p); err != nil {
		s.tb.Errorf("%s: %v", method, err)
		return nil, bad("%v", err)
	}
	return do(ctx, p)
}

func success(result any) reply {
	raw, isRaw := result.(json.RawMessage)
	if !isRaw {
		encoded, err := json.Marshal(result)
		if err != nil {
			return failure(err)
		}
		raw = encoded
	}
	body := append([]byte(`{"ok":true,"result":`), ascii(raw)...)
	return reply{status: 200, body: append(body, '}')}
}

func failure(err error) reply {
	r := &refusal{}
	if !errors.As(err, &r) {
		r = &refusal{code: 500, description: "Internal Server Error: " + err.Error()}
	}
	answer := map[string]any{"ok": false, "error_code": r.code, "description": r.description}
	switch {
	case r.retryAfter > 0:
		answer["parameters"] = map[string]any{"retry_after": r.retryAfter}
	case r.movedTo != 0:
		answer["parameters"] = map[string]any{"migrate_to_chat_id": r.movedTo}
	}
	body, _ := json.Marshal(answer)
	return reply{status: r.code, body: body}
}

// ascii escapes all that is not ASCII, as the real server does.
func ascii(raw []byte) []byte {
	plain := true
	for _, c := range raw {
		plain = plain && c < 0x80
	}
	if plain {
		return raw
	}
	b := make([]byte, 0, len(raw)*2)
	for _, r := range string(raw) {
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			r -= 0x10000
			b = fmt.Appendf(b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		}
	}
	return b
}

// change runs do and wakes everybody who waits for something to happen.
func (s *Server) change(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until the condition, which is checked under the lock, holds.
func (s *Server) await(ctx context.Context, within time.Duration, holds func() bool) bool {
	timer := time.NewTimer(within)
	defer timer.Stop()
	for {
		s.mu.Lock()
		ok, changed := holds(), s.changed
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
