package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// The routes that the bot calls.
const (
	GatewayBot     = "GET gateway/bot"
	GetCommands    = "GET applications/{app}/commands"
	PutCommands    = "PUT applications/{app}/commands"
	CreateMessage  = "POST channels/{channel}/messages"
	EditMessage    = "PATCH channels/{channel}/messages/{message}"
	PinMessage     = "PUT channels/{channel}/messages/pins/{message}"
	SpreadMessage  = "POST channels/{channel}/messages/{message}/crosspost"
	DeleteMessage  = "DELETE channels/{channel}/messages/{message}"
	GetChannel     = "GET channels/{channel}"
	LeaveServer    = "DELETE users/@me/guilds/{guild}"
	GetServer      = "GET guilds/{guild}"
	GetChannels    = "GET guilds/{guild}/channels"
	GetMember      = "GET guilds/{guild}/members/{user}"
	Callback       = "POST interactions/{interaction}/{token}/callback"
	GetOriginal    = "GET webhooks/{app}/{token}/messages/@original"
	EditOriginal   = "PATCH webhooks/{app}/{token}/messages/@original"
	DeleteOriginal = "DELETE webhooks/{app}/{token}/messages/@original"
)

// How long Discord waits for an answer, and how long a token lives.
const (
	answerWithin = 3 * time.Second
	tokenLives   = 15 * time.Minute
)

// A call is one request, its body read.
type call struct {
	*http.Request
	body []byte
	json map[string]any
	file string // its name and, from the next line on, what is in it
}

// A reply is a status and what stands under it.
type reply struct {
	status int
	body   any
}

func refused(status, code int, message string) reply {
	return reply{status, map[string]any{"code": code, "message": message}}
}

func invalid(err error) reply {
	return reply{http.StatusBadRequest, map[string]any{
		"code": 50035, "message": "Invalid Form Body", "errors": map[string]any{"_errors": []any{err.Error()}},
	}}
}

func (s *Server) routes() map[string]func(call) reply {
	return map[string]func(call) reply{
		GatewayBot: s.gatewayBot, GetCommands: s.getCommands, PutCommands: s.putCommands,
		CreateMessage: s.createMessage, DeleteMessage: s.deleteMessage, Callback: s.callback,
		EditMessage: s.editMessage, PinMessage: s.pinMessage, SpreadMessage: s.spreadMessage,
		GetChannel: s.getChannel, LeaveServer: s.leaveServer,
		GetServer: s.getServer, GetChannels: s.getChannels, GetMember: s.getMember,
		GetOriginal: s.original, EditOriginal: s.original, DeleteOriginal: s.original,
	}
}

// serve reads a call, lets it go wrong if that is its turn, and keeps a record.
func (s *Server) serve(route string, handle func(call) reply) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		c := call{Request: req}
		c.body, _ = io.ReadAll(io.LimitReader(req.Body, 1<<20))
		n := s.begin(route, c.body)
		fault, fails := s.next(route)
		if fault.Hold != nil {
			s.hold(route)
			select {
			case <-fault.Hold:
			case <-req.Context().Done():
				return
			}
		}
		if v, ok := s.toTake(route, c); ok {
			fault, fails = v, true
		}
		wrong := fails && (fault.Status != 0 || fault.Cut || fault.Cloud || fault.Body != "")
		answer := reply{status: fault.Status}
		if !wrong || fault.Done {
			answer = s.do(w, route, c, handle)
		}
		s.finish(n, answer.status)
		if wrong {
			fault.spoil(w)
			return
		}
		write(w, answer)
	}
}

// readForm leaves the fields of a form in the place of its body, and the file aside.
func (c *call) readForm(boundary string) error {
	form, err := multipart.NewReader(bytes.NewReader(c.body), boundary).ReadForm(1 << 20)
	if err != nil || len(form.Value["payload_json"]) != 1 || len(form.File["files[0]"]) != 1 {
		return fmt.Errorf("a form has payload_json and files[0]: %w", err)
	}
	file, err := form.File["files[0]"][0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	c.body, c.file = []byte(form.Value["payload_json"][0]), form.File["files[0]"][0].Filename+"\n"+string(data)
	return err
}

// begin keeps a call; it stands in the list before anything comes of it.
func (s *Server) begin(route string, body []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{Route: route, Body: string(body)})
	return len(s.requests) - 1
}

// finish notes what the call is answered with.
func (s *Server) finish(n, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[n].Status, s.requests[n].Done = status, true
	s.happened()
}

// do checks a call as Discord does before it looks at what is asked.
func (s *Server) do(w http.ResponseWriter, route string, c call, handle func(call) reply) reply {
	open := strings.Contains(route, "{token}")
	if auth := c.Header.Get("Authorization"); !open && auth != "Bot "+Token {
		return refused(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	if len(c.body) > 0 {
		kind := c.Header.Get("Content-Type")
		if form, ok := strings.CutPrefix(kind, "multipart/form-data; boundary="); ok {
			if err := c.readForm(form); err != nil {
				return invalid(err)
			}
			kind = "application/json"
		}
		if kind != "application/json" {
			return refused(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		}
		if err := s.spec.check(route, c.body); err != nil {
			return invalid(err)
		}
		if c.body[0] == '{' {
			if err := json.Unmarshal(c.body, &c.json); err != nil {
				return refused(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
			}
		}
	}
	s.mu.Lock()
	if l := s.limits[route]; l != nil { // a bucket
		if after, ok := l.spend(w, route, c.PathValue("channel"), s.now()); !ok {
			s.mu.Unlock()
			w.Header().Set("Retry-After", fmt.Sprint(int(after.Seconds()+1)))
			return reply{http.StatusTooManyRequests, map[string]any{
				"message": "You are being rate limited.", "retry_after": after.Seconds(), "global": false,
			}}
		}
	}
	s.mu.Unlock()
	return handle(c)
}

func write(w http.ResponseWriter, answer reply) {
	if answer.body == nil {
		w.WriteHeader(answer.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.status)
	_ = json.NewEncoder(w).Encode(answer.body)
}

// createMessage posts into a channel that the bot is in.
func (s *Server) createMessage(c call) reply {
	m, err := newMessage(c.json, allowedNew)
	if err != nil {
		return invalid(err)
	}
	m.File = c.file
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[c.PathValue("channel")]
	if ch == nil {
		return refused(http.StatusNotFound, 10003, "Unknown Channel")
	}
	if ch.user == "" && ch.guild == "" {
		return refused(http.StatusForbidden, 50001, "Missing Access")
	}
	if answer, ok := s.denied(ch, c.PathValue("channel")); ok {
		return answer
	}
	if s.blocked[ch.user] {
		return refused(http.StatusForbidden, 50007, "Cannot send messages to this user")
	}
	if m.Nonce != "" && c.json["enforce_nonce"] == true {
		for _, old := range ch.messages {
			if old.Nonce == m.Nonce && old.Author == Bot {
				return reply{http.StatusOK, old.wire()}
			}
		}
	}
	s.put(ch, c.PathValue("channel"), m)
	return reply{http.StatusOK, m.wire()}
}

// deleteMessage lets the bot delete what is its own.
func (s *Server) deleteMessage(c call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channels[c.PathValue("channel")] == nil {
		return refused(http.StatusNotFound, 10003, "Unknown Channel")
	}
	m := s.messages[c.PathValue("message")]
	switch {
	case m == nil || m.Deleted || m.Channel != c.PathValue("channel") || m.Only != "":
		return refused(http.StatusNotFound, 10008, "Unknown Message")
	case m.Author != Bot:
		return refused(http.StatusForbidden, 50003, "Cannot execute action on a DM channel")
	}
	m.Deleted = true
	s.note("(deleted: " + firstLine(m.Content) + ")")
	return reply{http.StatusNoContent, nil}
}

func (s *Server) gatewayBot(call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	address := "ws" + strings.TrimPrefix(s.URL, "http") + "/gateway"
	if s.gate.address != "" {
		address = s.gate.address
	}
	return reply{http.StatusOK, map[string]any{
		"url": address, "shards": 1,
		"session_start_limit": map[string]any{
			"total": 1000, "remaining": s.gate.remaining, "reset_after": s.gate.resetAfter.Milliseconds(), "max_concurrency": 1,
		},
	}}
}

func (s *Server) getCommands(c call) reply {
	if c.PathValue("app") != App {
		return refused(http.StatusNotFound, 10002, "Unknown Application")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []map[string]any{}
	for _, command := range s.commands {
		copied := map[string]any{}
		for key, value := range command {
			if strings.HasSuffix(key, "_localizations") && c.URL.Query().Get("with_localizations") != "true" {
				continue
			}
			copied[key] = value
		}
		list = append(list, copied)
	}
	return reply{http.StatusOK, list}
}

func (s *Server) putCommands(c call) reply {
	if c.PathValue("app") != App {
		return refused(http.StatusNotFound, 10002, "Unknown Application")
	}
	var list []map[string]any
	if err := json.Unmarshal(c.body, &list); err != nil {
		return invalid(err)
	}
	if err := checkCommands(list); err != nil {
		return invalid(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, command := range list {
		command["id"], command["application_id"], command["version"] = s.id(), App, s.id()
	}
	s.commands = list
	return reply{http.StatusOK, list}
}
