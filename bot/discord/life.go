package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"notalone/bot"
)

// Opcodes of the gateway that the bot cares about.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// An ending is why a connection is over.
type ending struct {
	why   string
	code  int  // of the close frame, 0 if there was none
	fresh bool // the session is over as well: the next connection starts a new one
}

// A life is one connection to the gateway, from dialling to its end. It stands
// between the socket and discordgo: events go straight to the bot, discordgo is
// left with the greeting, the heartbeats and the count of events.
type life struct {
	a       *Adapter
	resumes bool
	to      *url.URL // of the gateway
	ctx     context.Context
	cancel  context.CancelFunc
	ready   chan struct{} // closed when Discord begins or resumes the session
	over    chan struct{} // closed when the connection is lost

	mu      sync.Mutex
	conn    net.Conn
	end     ending
	isOver  bool
	isReady bool
	greeted bool
}

// identity is who the token belongs to.
type identity struct{ user, app string }

func newLife(ctx context.Context, a *Adapter, to *url.URL, resumes bool) *life {
	l := &life{a: a, to: to, resumes: resumes, ready: make(chan struct{}), over: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancel(ctx)
	return l
}

// attach takes the socket that was dialled.
func (l *life) attach(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = conn
	if l.isOver {
		_ = conn.Close()
	}
}

// lose ends the connection; the first reason given is the one that counts. The
// socket is closed without a farewell, so that the session can be resumed.
func (l *life) lose(end ending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isOver {
		return
	}
	l.isOver, l.end = true, end
	if l.conn != nil {
		_ = l.conn.Close()
	}
	l.cancel()
	close(l.over)
}

// closed implements listener.
func (l *life) closed(code int) {
	l.lose(ending{why: "closed by Discord", code: code, fresh: newSessionAfter(code)})
}

// broke implements listener.
func (l *life) broke(err error) {
	why := "connection lost"
	if errors.Is(err, os.ErrDeadlineExceeded) {
		why = "silence"
	}
	l.lose(ending{why: why})
}

// envelope is around everything the gateway sends.
type envelope[T any] struct {
	Op       *int   `json:"op"`
	Sequence *int64 `json:"s"`
	Type     string `json:"t"`
	Data     T      `json:"d"`
}

type payload = envelope[json.RawMessage]

// hear implements listener. What cannot be read is counted and passed over.
func (l *life) hear(message []byte) (forward []byte) {
	defer func() {
		if r := recover(); r != nil {
			l.a.malformed.Add(1)
			l.a.log.Error("reading the gateway panicked", "stack", string(debug.Stack()))
		}
	}()
	l.a.pulse.beat()
	if press, ok := glance(message); ok {
		ev, err := press.Data.event(l.a.now())
		l.deliver(err, ev)
		return numbered(press.Sequence, "", "null")
	}
	var p payload
	if err := json.Unmarshal(message, &p); err != nil || p.Op == nil {
		l.a.malformed.Add(1)
		return nil
	}
	switch *p.Op {
	case opDispatch:
		return l.dispatch(p)
	case opHeartbeat:
		return []byte(`{"op":1}`)
	case opHeartbeatAck:
		if l.begun() { // before that discordgo would wait for itself
			return []byte(`{"op":11}`)
		}
	case opHello:
		return l.hello(p)
	case opReconnect:
		l.lose(ending{why: "Discord asks to reconnect"})
	case opInvalidSession:
		l.lose(ending{why: "session not accepted", fresh: true})
	}
	return nil
}

// glance reads an interaction in one go: to take its envelope off first would
// read it twice, and nearly all that comes in is interactions.
func glance(message []byte) (envelope[interaction], bool) {
	const kind = "INTERACTION_CREATE"
	var press envelope[interaction]
	if !bytes.Contains(message[:min(len(message), 64)], []byte(kind)) || json.Unmarshal(message, &press) != nil {
		return press, false
	}
	return press, press.Type == kind && press.Op != nil && *press.Op == opDispatch
}

// deliver hands an event on and counts what could not be read.
func (l *life) deliver(err error, ev *bot.Event) {
	if err != nil {
		l.a.malformed.Add(1)
	}
	if ev != nil {
		l.a.hand(ev)
	}
}

// hello is answered by discordgo with the token, or with the session to resume.
func (l *life) hello(p payload) []byte {
	var hello struct {
		Interval int64 `json:"heartbeat_interval"`
	}
	if json.Unmarshal(p.Data, &hello) != nil || hello.Interval <= 0 || hello.Interval > time.Hour.Milliseconds() {
		l.a.malformed.Add(1)
		l.lose(ending{why: "a greeting without a heartbeat"})
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.greeted { // a second token would be a second session
		return nil
	}
	l.greeted = true
	if !l.resumes {
		l.a.gateway.identified()
	}
	return fmt.Appendf(nil, `{"op":10,"d":{"heartbeat_interval":%d}}`, hello.Interval)
}

func (l *life) begun() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.isReady
}

// dispatch takes an event. discordgo only has to know its number, to be able to
// resume after it, and of the first one the session.
func (l *life) dispatch(p payload) []byte {
	switch p.Type {
	case "READY":
		return l.welcome(p)
	case "RESUMED":
		l.begin()
		return numbered(p.Sequence, "RESUMED", "{}")
	}
	ev, err := l.a.read(p.Type, p.Data)
	l.deliver(err, ev)
	return numbered(p.Sequence, "", "null")
}

// read makes an event of a dispatch.
func (a *Adapter) read(kind string, data []byte) (*bot.Event, error) {
	if ofServers(kind) {
		return a.servers.hear(kind, data, a.now())
	}
	return decode(kind, data, a.gateway.self.Load().user, a.now())
}

func (l *life) welcome(p payload) []byte {
	var ready struct {
		Session string                    `json:"session_id"`
		Resume  string                    `json:"resume_gateway_url"`
		User    *struct{ ID string }      `json:"user"`
		App     *struct{ ID json.Number } `json:"application"`
		Servers []place                   `json:"guilds"`
	}
	if json.Unmarshal(p.Data, &ready) != nil || ready.Session == "" || ready.User == nil || ready.App == nil ||
		!isID(ready.User.ID) || !isID(ready.App.ID.String()) || p.Sequence == nil {
		l.a.malformed.Add(1)
		l.lose(ending{why: "a welcome that cannot be read", fresh: true})
		return nil
	}
	l.a.gateway.self.Store(&identity{user: ready.User.ID, app: ready.App.ID.String()})
	l.a.servers.list(ready.Servers)
	l.a.gateway.resumeThere(ready.Resume, l.to.Scheme)
	l.begin()
	session, err := json.Marshal(ready.Session)
	if err != nil {
		return nil
	}
	return numbered(p.Sequence, "READY", `{"session_id":`+string(session)+`}`)
}

func (l *life) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isReady {
		l.isReady = true
		close(l.ready)
	}
}

// numbered is a dispatch without its content.
func numbered(sequence *int64, kind, data string) []byte {
	if sequence == nil {
		return nil
	}
	return fmt.Appendf(nil, `{"op":0,"s":%d,"t":%q,"d":%s}`, *sequence, kind, data)
}
