package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"time"
)

// updates is the queue of what the bot has not confirmed.
type updates struct {
	waiting   []queued
	last      int64 // the id given last
	allowed   []string
	confirmed int64         // the highest offset seen
	poll      chan struct{} // closed to end the poll that is under way
	prior     int64         // the offset of the poll before, and when it was
	priorAt   time.Time
}

type queued struct {
	id  int64
	raw []byte
}

func newUpdates() updates {
	return updates{last: 790_000_000, allowed: []string{"message", "channel_post", "callback_query", "my_chat_member"}}
}

// push queues an update unless the bot asked for none of its kind.
func (s *Server) push(kind string, content any) int64 {
	raw, err := json.Marshal(content)
	if err != nil {
		s.tb.Fatalf("encode an update: %v", err)
	}
	return s.pushRaw(kind, string(raw))
}

func (s *Server) pushRaw(kind, content string) (id int64) {
	s.change(func() {
		if !slices.Contains(s.queue.allowed, kind) {
			return
		}
		s.queue.last++
		id = s.queue.last
		raw := fmt.Sprintf(`{"update_id":%d,%q:%s}`, id, kind, content)
		s.queue.waiting = append(s.queue.waiting, queued{id, ascii([]byte(raw))})
	})
	s.deliver()
	return id
}

// Inject queues an update with content of your own making, sound or not.
func (s *Server) Inject(kind, content string) int64 { return s.pushRaw(kind, content) }

// Repeat queues an update once more under its old id, as happens when a part of
// Telegram fails over. It gives the whole queue again from the id on.
func (s *Server) Repeat(id int64, raw string) {
	s.change(func() {
		s.queue.waiting = append(s.queue.waiting, queued{id, []byte(raw)})
		slices.SortFunc(s.queue.waiting, func(a, b queued) int { return int(a.id - b.id) })
	})
}

// Waiting lists the ids of the updates that are not confirmed.
func (s *Server) Waiting() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]int64, 0, len(s.queue.waiting))
	for _, q := range s.queue.waiting {
		ids = append(ids, q.id)
	}
	return ids
}

func (s *Server) getUpdates(ctx context.Context, p params) (any, error) {
	offset, limit, timeout := p.number("offset"), p.number("limit"), time.Duration(p.number("timeout"))*time.Second
	if limit < 1 || limit > 100 {
		limit = 100
	}
	var mine chan struct{}
	conflict := false
	s.change(func() {
		if conflict = s.hook.url != ""; conflict {
			return
		}
		// The real server slows down whoever asks the same question again at once.
		if now := time.Now(); offset == s.queue.prior {
			if timeout < 3*time.Second && now.Sub(s.queue.priorAt) < 3*time.Second {
				timeout = 3 * time.Second
			}
			if now.Sub(s.queue.priorAt) < 500*time.Millisecond {
				limit = 1
			}
		}
		s.queue.prior, s.queue.priorAt = offset, time.Now()
		_ = p.object("allowed_updates", &s.queue.allowed)
		s.queue.confirm(offset)
		if s.queue.poll != nil {
			close(s.queue.poll)
		}
		s.queue.poll = make(chan struct{})
		mine = s.queue.poll
	})
	if conflict {
		return nil, refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	return s.longPoll(ctx, mine, limit, min(timeout, 50*time.Second))
}

// longPoll waits for an update, the end of the time, or another poll.
func (s *Server) longPoll(ctx context.Context, mine chan struct{}, limit int64, timeout time.Duration) (any, error) {
	replaced := false
	var batch [][]byte
	s.await(ctx, timeout, func() bool {
		select {
		case <-mine:
			replaced = true
			return true
		default:
		}
		batch = batch[:0]
		for _, q := range s.queue.waiting[:min(int(limit), len(s.queue.waiting))] {
			batch = append(batch, q.raw)
		}
		return len(batch) > 0 || timeout == 0
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if replaced {
		return nil, refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	}
	if s.queue.poll == mine {
		s.queue.poll = nil
	}
	return json.RawMessage("[" + string(bytes.Join(batch, []byte(","))) + "]"), nil
}

// confirm forgets what lies before an offset. A negative one counts from the end.
func (u *updates) confirm(offset int64) {
	if offset < 0 {
		u.waiting = u.waiting[max(0, len(u.waiting)+int(offset)):]
		return
	}
	u.confirmed = max(u.confirmed, offset)
	for len(u.waiting) > 0 && u.waiting[0].id < offset {
		u.waiting = u.waiting[1:]
	}
}

// webhook is where updates are delivered, if anywhere.
type webhook struct {
	url, secret string
	handler     http.Handler
	failed      time.Time
}

// Deliver has updates delivered to a handler, in the process, once a webhook is set.
func (s *Server) Deliver(to http.Handler) { s.change(func() { s.hook.handler = to }) }

// deliver posts what waits. What is not accepted stays and is tried again with
// the next update, or by Redeliver.
func (s *Server) deliver() {
	s.mu.Lock()
	hook, batch := s.hook, s.queue.waiting
	if hook.url == "" || hook.handler == nil {
		s.mu.Unlock()
		return
	}
	s.queue.waiting = nil
	s.mu.Unlock()
	var kept []queued
	for _, q := range batch {
		r := httptest.NewRequest(http.MethodPost, hook.url, bytes.NewReader(q.raw))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
		w := httptest.NewRecorder()
		hook.handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			kept = append(kept, q)
		}
	}
	s.change(func() {
		s.queue.waiting = append(kept, s.queue.waiting...)
		if len(kept) > 0 {
			s.hook.failed = time.Now()
		}
	})
}

// MoveWebhook sets another address, or none, as another program with the same token does.
func (s *Server) MoveWebhook(address string) { s.change(func() { s.hook.url = address }) }

// Redeliver tries again what the webhook did not take.
func (s *Server) Redeliver() { s.deliver() }

func (s *Server) setWebhook(_ context.Context, p params) (any, error) {
	address, secret := p.text("url"), p.text("secret_token")
	if len(secret) > 256 {
		return nil, bad("secret token is too long")
	}
	s.change(func() {
		s.hook.url, s.hook.secret = address, secret
		_ = p.object("allowed_updates", &s.queue.allowed)
		if s.queue.poll != nil {
			close(s.queue.poll)
			s.queue.poll = nil
		}
	})
	return true, nil
}

func (s *Server) deleteWebhook(_ context.Context, p params) (any, error) {
	s.change(func() {
		s.hook.url = ""
		if p.truth("drop_pending_updates") {
			s.queue.waiting = nil
		}
	})
	return true, nil
}

func (s *Server) getWebhookInfo(context.Context, params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := map[string]any{"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.queue.waiting)}
	if !s.hook.failed.IsZero() {
		info["last_error_date"] = s.hook.failed.Unix()
	}
	return info, nil
}
