package discordtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// gate is the gateway's side of the fake. The server's lock guards it.
type gate struct {
	conns     map[*conn]bool
	sessions  map[string]*session
	current   *session
	remaining int
	interval  time.Duration

	resetAfter  time.Duration
	address     string // given out, if it is not our own
	back        string // the address to resume at, if it is not our own
	refuse      int    // close code for everybody who identifies
	silent      bool   // no HELLO
	mute        bool   // no heartbeat is answered
	twice       bool   // every event comes twice
	before      []string
	connections int
	closed      int
	identifies  int
	resumes     int
	there       int // resumes at the address for it
	refusals    int
	heartbeats  int
	intents     int
}

func (g *gate) init() {
	g.conns, g.sessions = map[*conn]bool{}, map[string]*session{}
	g.remaining, g.resetAfter, g.interval = 1000, time.Hour, 41250*time.Millisecond
}

// session is what can be resumed: everything that was sent in it.
type session struct {
	id   string
	seq  int
	sent []string
	conn *conn
}

type conn struct {
	ws   *websocket.Conn
	path string
	mu   sync.Mutex
}

func (c *conn) send(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteMessage(websocket.TextMessage, []byte(text))
}

func (c *conn) binary(payload []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteMessage(websocket.BinaryMessage, payload)
}

func (c *conn) close(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	why := websocket.FormatCloseMessage(code, "as the test asked") // empty without a code
	_ = c.ws.WriteControl(websocket.CloseMessage, why, time.Now().Add(time.Second))
	_ = c.ws.Close()
}

// serveGateway is one connection of the bot.
func (s *Server) serveGateway(w http.ResponseWriter, req *http.Request) {
	query := req.URL.Query()
	if v := query.Get("v"); v != "10" || query.Get("encoding") != "json" {
		http.Error(w, "version 10 and an encoding are needed", http.StatusBadRequest)
		return
	}
	ws, err := (&websocket.Upgrader{}).Upgrade(w, req, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, path: req.URL.Path}
	s.mu.Lock()
	s.gate.conns[c] = true
	s.gate.connections++
	silent, interval := s.gate.silent, s.gate.interval
	s.happened()
	s.mu.Unlock()
	defer s.gone(c)
	if !silent {
		c.send(`{"op":10,"s":null,"t":null,"d":{"heartbeat_interval":` + strconv.FormatInt(interval.Milliseconds(), 10) + `,"_trace":["a"]}}`)
	}
	for {
		_, raw, err := ws.ReadMessage()
		if err != nil {
			s.goodbye(err)
			return
		}
		if code := s.take(c, raw); code != 0 {
			c.close(code)
			return
		}
	}
}

// goodbye keeps the close code that the bot sent.
func (s *Server) goodbye(err error) {
	var end *websocket.CloseError
	if errors.As(err, &end) && end.Code != websocket.CloseAbnormalClosure {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.gate.closed = end.Code
	}
}

func (s *Server) gone(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.gate.conns, c)
	for _, session := range s.gate.sessions {
		if session.conn == c {
			session.conn = nil
		}
	}
	_ = c.ws.Close()
	s.happened()
}

// take reads what the bot sent and returns a close code, or 0.
func (s *Server) take(c *conn, raw []byte) int {
	if len(raw) > 4096 {
		return 4002
	}
	var p struct {
		Op   int             `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	if json.Unmarshal(raw, &p) != nil {
		return 4002
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.happened()
	switch p.Op {
	case 1:
		s.gate.heartbeats++
		if !s.gate.mute {
			c.send(`{"op":11,"s":null,"t":null,"d":null}`)
		}
		return 0
	case 2:
		return s.identify(c, p.Data)
	case 6:
		return s.resume(c, p.Data)
	}
	return 4001
}

const (
	privileged = 1<<1 | 1<<8 | 1<<15
	allIntents = 1<<26 - 1
)

var statuses = map[string]bool{"online": true, "dnd": true, "idle": true, "invisible": true, "offline": true}

func (s *Server) identify(c *conn, data []byte) int {
	var d struct {
		Token      string          `json:"token"`
		Intents    *int            `json:"intents"`
		Properties json.RawMessage `json:"properties"`
		Presence   *struct {
			Status string `json:"status"`
		} `json:"presence"`
	}
	if json.Unmarshal(data, &d) != nil || d.Intents == nil || len(d.Properties) == 0 || d.Presence != nil && !statuses[d.Presence.Status] {
		return 4002
	}
	s.gate.identifies++
	s.gate.intents = *d.Intents
	switch {
	case strings.TrimPrefix(d.Token, "Bot ") != Token:
		return 4004
	case *d.Intents&^allIntents != 0 || *d.Intents < 0:
		return 4013
	case *d.Intents&privileged != 0:
		return 4014
	case s.gate.refuse != 0:
		return s.gate.refuse
	case s.sessionOf(c) != nil:
		return 4005
	}
	for _, text := range s.gate.before {
		c.send(text)
	}
	session := &session{id: "session" + s.id(), conn: c}
	s.gate.sessions[session.id], s.gate.current = session, session
	session.dispatch("READY", map[string]any{
		"v": 10, "session_id": session.id, "resume_gateway_url": cmp.Or(s.gate.back, "ws"+strings.TrimPrefix(s.URL, "http")+"/resume"), "guilds": s.listed(),
		"user": map[string]any{"id": Bot, "username": "bot", "bot": true}, "application": map[string]any{"id": App, "flags": 0},
		"private_channels": []any{}, "shard": []any{0, 1},
	}, 1)
	return 0
}

func (s *Server) sessionOf(c *conn) *session {
	for _, session := range s.gate.sessions {
		if session.conn == c {
			return session
		}
	}
	return nil
}

// resume sends what was missed, or tells that the session is gone.
func (s *Server) resume(c *conn, data []byte) int {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	if json.Unmarshal(data, &d) != nil {
		return 4002
	}
	if strings.TrimPrefix(d.Token, "Bot ") != Token {
		return 4004
	}
	session := s.gate.sessions[d.Session]
	if session == nil || d.Seq > session.seq {
		s.gate.refusals++
		c.send(`{"op":9,"s":null,"t":null,"d":false}`)
		return 0
	}
	s.gate.resumes++
	if c.path == "/resume" {
		s.gate.there++
	}
	session.conn, s.gate.current = c, session
	for _, text := range session.sent[d.Seq:] {
		c.send(text)
	}
	session.dispatch("RESUMED", map[string]any{"_trace": []any{}}, 1)
	return 0
}

// emit sends an event to the bot, or keeps it for a resume. Callers hold the lock.
func (s *Server) emit(kind string, data any) {
	s.happened()
	if s.gate.current == nil {
		return
	}
	times := 1
	if s.gate.twice {
		times = 2
	}
	s.gate.current.dispatch(kind, data, times)
}

func (x *session) dispatch(kind string, data any, times int) {
	body, err := json.Marshal(data)
	if err != nil {
		return
	}
	for range times {
		x.seq++
		text := `{"t":"` + kind + `","s":` + strconv.Itoa(x.seq) + `,"op":0,"d":` + string(body) + `}`
		x.sent = append(x.sent, text)
		if x.conn != nil {
			x.conn.send(text)
		}
	}
}
