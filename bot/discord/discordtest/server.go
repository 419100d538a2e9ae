// Package discordtest is a Discord for tests: its gateway, its HTTP API and the
// people who write to the bot, on 127.0.0.1. It refuses what the real one
// refuses and fails on request. It has no wait in it: tests wait for what they
// expect, and move its clock themselves.
package discordtest

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"notalone/bot/bottest/limits"
)

// Who the bot is here.
const (
	Token = "test.token-of-the-bot"
	App   = "100000000000000001"
	Bot   = "100000000000000002"
)

// waitFor is how long a test waits for what must happen before it fails.
const waitFor = 20 * time.Second

// Server is the fake. Its methods are safe for concurrent use.
type Server struct {
	URL string // for DISCORD_API_URL

	t    testing.TB
	http *httptest.Server
	spec *spec

	mu           sync.Mutex
	changed      chan struct{} // closed and replaced when anything happens
	skew         time.Duration
	lastID       int64
	channels     map[string]*channel
	messages     map[string]*Message
	interactions map[string]*Interaction // by token
	blocked      map[string]bool         // people who take no direct messages
	managers     map[string]bool
	guilds       map[string]*guild
	commands     []map[string]any
	faults       map[string][]Fault
	held         map[string]int
	limits       map[string]*limit
	requests     []Request
	transcript   []string
	toll         *limits.Gate // of calls; nil: everything is taken

	gate gate
}

// channel is where messages stand, in order.
type channel struct {
	user     string // whose private chat it is, or ""
	guild    string // of which server, or ""
	news     bool   // others can follow it
	messages []*Message
	taken    int // by Next
}

// A Request is one call that the bot made.
type Request struct {
	Route  string
	Status int
	Body   string
	Done   bool // the answer is on its way
}

// New starts a fake for the time of the test.
func New(t testing.TB) *Server {
	s := &Server{
		t: t, changed: make(chan struct{}), lastID: 100000000000001000,
		channels: map[string]*channel{}, messages: map[string]*Message{}, interactions: map[string]*Interaction{},
		blocked: map[string]bool{}, managers: map[string]bool{}, guilds: map[string]*guild{}, faults: map[string][]Fault{}, held: map[string]int{}, limits: map[string]*limit{},
		spec: loadSpec(t),
	}
	s.gate.init()
	s.http = httptest.NewServer(s.handler())
	s.URL = s.http.URL
	t.Cleanup(func() {
		s.Drop()
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// now is the fake's clock.
func (s *Server) now() time.Time { return time.Now().Add(s.skew) }

// Advance moves the fake's clock: interactions and their tokens grow old.
func (s *Server) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew += by
}

// id makes a new snowflake. Callers hold the lock.
func (s *Server) id() string {
	s.lastID++
	return strconv.FormatInt(s.lastID, 10)
}

// happened wakes those who wait. Callers hold the lock.
func (s *Server) happened() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Wait blocks until the condition, which is called under the lock, holds.
func (s *Server) wait(what string, condition func() bool) {
	s.t.Helper()
	limit := time.NewTimer(waitFor)
	defer limit.Stop()
	for {
		s.mu.Lock()
		ok, changed := condition(), s.changed
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			s.t.Fatalf("waited in vain for %s\n%s", what, s.Transcript())
		}
	}
}

// Requests lists the calls made so far on a route, or all for "".
func (s *Server) Requests(route string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Request
	for _, r := range s.requests {
		if route == "" || r.Route == route {
			list = append(list, r)
		}
	}
	return list
}

// WaitRequests waits until a route was called n times.
func (s *Server) WaitRequests(route string, n int) {
	s.t.Helper()
	s.wait(strconv.Itoa(n)+" calls of "+route, func() bool {
		got := 0
		for _, r := range s.requests {
			if r.Route == route && r.Done {
				got++
			}
		}
		return got >= n
	})
}

// Transcript is the conversation as people saw it.
func (s *Server) Transcript() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.transcript, "\n")
}

func (s *Server) note(line string) { s.transcript = append(s.transcript, line) }

// Block closes a person's direct messages to the bot.
func (s *Server) Block(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocked[user] = true
}

// SetManager lets a person manage the servers they are on.
func (s *Server) SetManager(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.managers[user] = true
}

// SetLimit lets a route be called n times in a window of a channel, as the
// headers say.
func (s *Server) SetLimit(route string, n int, window time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits[route] = &limit{n: n, window: window, used: map[string]*use{}}
}

// Commands are the registered commands.
func (s *Server) Commands() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands
}

// in finds or makes a channel. Callers hold the lock.
func (s *Server) in(p Place) *channel {
	c := s.channels[p.Channel]
	if c == nil {
		c = &channel{user: p.user, guild: p.guild}
		s.channels[p.Channel] = c
	}
	return c
}

// handler is the whole HTTP surface; what it does not know is 404.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for route, handle := range s.routes() {
		method, path, _ := strings.Cut(route, " ")
		mux.HandleFunc(method+" /api/v10/"+path, s.serve(route, handle))
	}
	mux.HandleFunc("GET /gateway", s.serveGateway)
	mux.HandleFunc("GET /resume", s.serveGateway)
	mux.HandleFunc("/", s.serve("unknown", func(call) reply {
		return refused(http.StatusNotFound, 0, "404: Not Found")
	}))
	return mux
}
