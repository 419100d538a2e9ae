package discordtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// A Crowd is a lean Discord for measurements: each of its people presses a
// button again some time after they are answered. It checks nothing: correctness
// is Server's business.
type Crowd struct {
	URL     string
	o       CrowdOptions
	http    *httptest.Server
	answers atomic.Int64
	seq     atomic.Int64
	ended   atomic.Bool
	ready   chan struct{}

	mu    sync.Mutex
	ws    *websocket.Conn
	began []time.Time // by person
	took  []time.Duration
}

// CrowdOptions say what a crowd is like.
type CrowdOptions struct {
	People int
	Delay  time.Duration // added to every answer
	Think  time.Duration // between an answer and the next press
}

// A press carries the message it stands under, as Discord's do.
const crowdPress = `{"t":"INTERACTION_CREATE","s":%[1]d,"op":0,"d":{"version":1,"type":3,"token":"p%[2]d","message":{"type":0,"tts":false,` +
	`"timestamp":"2026-11-24T08:00:00.000000+00:00","pinned":false,"mentions":[],"mention_roles":[],"mention_everyone":false,"id":"13000000000%[1]d","flags":4,` +
	`"embeds":[],"edited_timestamp":null,"content":"Em không có lỗi gì cả. Em không có lỗi gì cả. Em không có lỗi gì cả. Em không có lỗi gì cả.","components":[` +
	crowdRow + `,` + crowdRow + `,` + crowdRow + `],"channel_id":"1200000000%[2]d","author":{"username":"bot","public_flags":0,"id":"` + Bot + `","discriminator":"0001","bot":true,"avatar":null},"attachments":[]},` +
	`"locale":"vi","id":"14000000000%[1]d","entitlements":[],"data":{"id":3,"custom_id":"help/scam","component_type":2},"context":1,"channel_id":"1200000000%[2]d",` +
	`"channel":{"type":1,"recipients":[{"username":"person","id":"1100000000%[2]d"}],"id":"1200000000%[2]d","flags":0},"authorizing_integration_owners":{"0":"0"},` +
	`"attachment_size_limit":10485760,"application_id":"` + App + `","app_permissions":"0","user":{"username":"person","public_flags":0,"id":"1100000000%[2]d","global_name":"A Person","discriminator":"0","avatar":null}}}`

const crowdRow = `{"type":1,"id":1,"components":[{"type":2,"id":2,"style":2,"label":"Một nhãn","custom_id":"help/grooming"},{"type":2,"id":3,"style":2,"label":"Một nhãn","custom_id":"help/grooming/tell"}]}`

// NewCrowd opens the fake; Begin sets the people going.
func NewCrowd(o CrowdOptions) *Crowd {
	c := &Crowd{o: o, ready: make(chan struct{}), began: make([]time.Time, o.People)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v10/gateway/bot", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"url":"ws%s"}`, strings.TrimPrefix(c.URL, "http"))
	})
	mux.HandleFunc("GET /api/v10/applications/{app}/commands", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `[]`) })
	mux.HandleFunc("POST /api/v10/interactions/{id}/{token}/callback", c.callback)
	mux.HandleFunc("GET /{$}", c.gateway)
	c.http = httptest.NewServer(mux)
	c.URL = c.http.URL
	return c
}

// Press is one press of a person, as the gateway sends it.
func (c *Crowd) Press(person int) []byte {
	return fmt.Appendf(nil, crowdPress, c.seq.Add(1), person)
}

func (c *Crowd) gateway(w http.ResponseWriter, req *http.Request) {
	ws, err := (&websocket.Upgrader{}).Upgrade(w, req, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	c.mu.Lock()
	c.ws = ws
	c.mu.Unlock()
	c.send([]byte(`{"op":10,"d":{"heartbeat_interval":41250}}`))
	for n := 0; ; n++ {
		if _, _, err := ws.ReadMessage(); err != nil {
			return
		}
		if n == 0 {
			c.send([]byte(`{"op":0,"s":0,"t":"READY","d":{"session_id":"x","user":{"id":"` + Bot + `"},"application":{"id":"` + App + `"}}}`))
			close(c.ready)
		}
	}
}

func (c *Crowd) send(text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteMessage(websocket.TextMessage, text)
}

// Begin waits for the bot and lets everybody press once.
func (c *Crowd) Begin() {
	<-c.ready
	for person := range c.o.People {
		c.act(person)
	}
}

func (c *Crowd) act(person int) {
	if c.ended.Load() {
		return
	}
	c.mu.Lock()
	c.began[person] = time.Now()
	c.mu.Unlock()
	c.send(c.Press(person))
}

// callback is an answer; the one who got it presses again.
func (c *Crowd) callback(w http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	if c.o.Delay > 0 {
		time.Sleep(c.o.Delay)
	}
	w.WriteHeader(http.StatusNoContent)
	person, _ := strconv.Atoi(strings.TrimPrefix(req.PathValue("token"), "p"))
	c.answers.Add(1)
	c.mu.Lock()
	c.took = append(c.took, time.Since(c.began[person]))
	c.mu.Unlock()
	if c.o.Think > 0 {
		time.AfterFunc(c.o.Think, func() { c.act(person) })
		return
	}
	c.act(person)
}

// Answers is how many answers were given.
func (c *Crowd) Answers() int64 { return c.answers.Load() }

// Took returns how long people waited since it was last asked.
func (c *Crowd) Took() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	took := c.took
	c.took = nil
	return took
}

// End lets nobody press again and closes the fake; call it when the bot has ended.
func (c *Crowd) End() {
	c.ended.Store(true)
	c.http.CloseClientConnections()
	c.http.Close()
}
