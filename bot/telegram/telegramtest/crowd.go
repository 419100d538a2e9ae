package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Crowd is a lean Bot API server for measurements. Each of its people acts
// again some time after they are answered. It checks nothing: correctness is
// Server's business.
type Crowd struct {
	o       CrowdOptions
	mu      sync.Mutex
	waiting []queued
	last    int64
	more    chan struct{} // closed and replaced when an update comes in
	acts    map[int64]act
	echo    []byte
	answers atomic.Int64
	ended   atomic.Bool
	took    []time.Duration
}

// CrowdOptions say what a crowd is like.
type CrowdOptions struct {
	People  int
	Press   bool          // they press a button; else they write a command
	Delay   time.Duration // added to every answer but those of polls
	Think   time.Duration // between an answer and the next act
	Webhook http.Handler  // where updates are delivered, without a wire; nil: polled
	Secret  string        // of the webhook
}

// An act is what one person does over and over.
type act struct {
	before, after string // around a number that no two updates share
	began         time.Time
}

// A press carries the page it stands under, as Telegram's do.
const (
	crowdFrom  = `"from":{"id":%[1]d,"is_bot":false,"first_name":"Person","language_code":"vi"}`
	crowdChat  = `"chat":{"id":%[1]d,"type":"private","first_name":"Person"}`
	crowdWords = "Em kh\\u00f4ng c\\u00f3 l\\u1ed7i g\\u00ec c\\u1ea3. "
	crowdRow   = `[{"text":"M\u1ed9t nh\u00e3n","callback_data":"help/grooming"},{"text":"M\u1ed9t nh\u00e3n","callback_data":"help/grooming/tell"}]`
)

// NewCrowd makes the people; Begin sets them going.
func NewCrowd(o CrowdOptions) *Crowd {
	c := &Crowd{o: o, last: 790_000_000, more: make(chan struct{}), acts: map[int64]act{}}
	message := `"message_id":102,"date":1441645532,` + crowdChat + `,"text":"` + strings.Repeat(crowdWords, 20) +
		`","reply_markup":{"inline_keyboard":[` + strings.Repeat(crowdRow+",", 4) + crowdRow + `]}`
	for person := range int64(o.People) {
		id := 10_000 + person
		a := act{before: `"message":{"message_id":`, after: fmt.Sprintf(`,`+crowdFrom+`,`+crowdChat+`,"date":1441645532,"text":"/help"}}`, id)}
		if o.Press {
			a = act{before: `"callback_query":{"id":"43`, after: fmt.Sprintf(`",`+crowdFrom+`,"chat_instance":"-345","data":"help/grooming","message":{`+message+`}}}`, id)}
		}
		c.acts[id] = a
	}
	c.echo = []byte(`{"ok":true,"result":{` + fmt.Sprintf(message, 10_000) + `}}`)
	return c
}

// Begin lets everybody act for the first time, spread over the time to think.
func (c *Crowd) Begin() {
	for i := range c.o.People {
		person := 10_000 + int64(i)
		if c.o.Think > 0 {
			time.AfterFunc(c.o.Think*time.Duration(i)/time.Duration(c.o.People), func() { c.act(person) })
			continue
		}
		c.act(person)
	}
}

// answered notes how long a person waited and lets them act again.
func (c *Crowd) answered(person int64) {
	c.answers.Add(1)
	c.mu.Lock()
	c.took = append(c.took, time.Since(c.acts[person].began))
	c.mu.Unlock()
	if c.o.Think > 0 {
		time.AfterFunc(c.o.Think, func() { c.act(person) })
		return
	}
	c.act(person)
}

// End sends everybody home.
func (c *Crowd) End() { c.ended.Store(true) }

func (c *Crowd) act(person int64) {
	if c.ended.Load() {
		return
	}
	c.mu.Lock()
	a := c.acts[person]
	a.began = time.Now()
	c.acts[person] = a
	c.last++
	id := strconv.FormatInt(c.last, 10)
	raw := make([]byte, 0, len(a.before)+len(a.after)+64)
	raw = append(append(append(raw, `{"update_id":`...), id...), ',')
	raw = append(append(append(raw, a.before...), id...), a.after...)
	if c.o.Webhook == nil {
		c.waiting = append(c.waiting, queued{c.last, raw})
		close(c.more)
		c.more = make(chan struct{})
	}
	c.mu.Unlock()
	if c.o.Webhook != nil {
		go c.deliver(raw)
	}
}

// deliver hands an update over until it is taken.
func (c *Crowd) deliver(raw []byte) {
	for !c.ended.Load() {
		r := &http.Request{Method: http.MethodPost, Header: http.Header{"X-Telegram-Bot-Api-Secret-Token": {c.o.Secret}}, Body: io.NopCloser(bytes.NewReader(raw))}
		w := &status{header: http.Header{}}
		c.o.Webhook.ServeHTTP(w, r)
		if w.code == http.StatusOK {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// status is a ResponseWriter for those who want the status alone.
type status struct {
	header http.Header
	code   int
}

// Header implements http.ResponseWriter.
func (s *status) Header() http.Header { return s.header }

// WriteHeader implements http.ResponseWriter.
func (s *status) WriteHeader(code int) { s.code = code }

// Write implements http.ResponseWriter.
func (s *status) Write(p []byte) (int, error) { return len(p), nil }

// Answers is how many answers came so far.
func (c *Crowd) Answers() int64 { return c.answers.Load() }

// Took returns how long each answer since the last call took, as people felt it.
func (c *Crowd) Took() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	took := c.took
	c.took = nil
	return took
}

// ServeHTTP implements http.Handler.
func (c *Crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := make([]byte, max(0, r.ContentLength))
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return
	}
	answer := c.answer(r.Context(), r.URL.Path, body)
	w.Header()["Content-Type"] = []string{"application/json"}
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(answer))}
	w.Write(answer)
}

// RoundTrip implements http.RoundTripper: the same without a wire.
func (c *Crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	body := make([]byte, max(0, r.ContentLength))
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return nil, err
	}
	answer := c.answer(r.Context(), r.URL.Path, body)
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer))}, nil
}

func (c *Crowd) answer(ctx context.Context, path string, body []byte) []byte {
	method := path[strings.LastIndexByte(path, '/')+1:]
	if c.o.Delay > 0 && method != "getUpdates" {
		pause(ctx, c.o.Delay)
	}
	switch method {
	case "getUpdates":
		return c.getUpdates(ctx, body)
	case "sendMessage", "editMessageText":
		c.answered(firstNumber(body))
		return c.echo
	case "getMe":
		return []byte(`{"ok":true,"result":{"id":110201543,"is_bot":true,"username":"NotAloneTestBot"}}`)
	case "getMyCommands":
		return []byte(`{"ok":true,"result":[]}`)
	default:
		return []byte(`{"ok":true,"result":true}`)
	}
}

// firstNumber is the chat: it stands first in what our adapter sends.
func firstNumber(body []byte) int64 {
	start := bytes.IndexByte(body, ':') + 1
	end := start + bytes.IndexByte(body[start:], ',')
	n, _ := strconv.ParseInt(string(body[start:end]), 10, 64)
	return n
}

func (c *Crowd) getUpdates(ctx context.Context, body []byte) []byte {
	var p struct{ Offset, Timeout int64 }
	if json.Unmarshal(body, &p) != nil {
		return []byte(`{"ok":false,"error_code":400,"description":"Bad Request"}`)
	}
	timer := time.NewTimer(time.Duration(p.Timeout) * time.Second)
	defer timer.Stop()
	for {
		c.mu.Lock()
		for len(c.waiting) > 0 && c.waiting[0].id < p.Offset {
			c.waiting = c.waiting[1:]
		}
		batch, more := c.waiting[:min(100, len(c.waiting))], c.more
		size := 32
		for _, q := range batch {
			size += len(q.raw) + 1
		}
		answer := append(make([]byte, 0, size), `{"ok":true,"result":[`...)
		for i, q := range batch {
			if i > 0 {
				answer = append(answer, ',')
			}
			answer = append(answer, q.raw...)
		}
		c.mu.Unlock()
		if len(batch) > 0 {
			return append(answer, "]}"...)
		}
		select {
		case <-more:
		case <-timer.C:
			return []byte(`{"ok":true,"result":[]}`)
		case <-ctx.Done():
			return nil
		}
	}
}
