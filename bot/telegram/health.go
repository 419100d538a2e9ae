package telegram

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// How long nothing may be heard before the bot counts as deaf.
const (
	silentPolling = 90 * time.Second
	silentWebhook = 3 * time.Minute
	repeatLine    = time.Minute // how often the same conflict is logged
)

var (
	errNotYet  = errors.New("telegram: not connected yet")
	errSilent  = errors.New("telegram: nothing heard of the server for too long")
	errBacklog = errors.New("telegram: updates pile up before the webhook")
	errWebhook = errors.New("telegram: the webhook's last deliveries failed")
	errRemoved = errors.New("telegram: the webhook was removed and cannot be set again")
	errReplace = errors.New("telegram: another address took the webhook over")
)

// health knows whether the platform is heard and logs each change once.
type health struct {
	log      *slog.Logger
	webhook  bool
	mu       sync.Mutex
	heard    time.Time
	trouble  error
	failing  bool
	conflict time.Time
}

// alive is nil while the server is heard and the webhook is served.
func (h *health) alive(now time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	limit := silentPolling
	if h.webhook {
		limit = silentWebhook
	}
	switch {
	case h.heard.IsZero():
		return errNotYet
	case now.Sub(h.heard) > limit:
		return errSilent
	default:
		return h.trouble
	}
}

// hear notes that updates can reach us.
func (h *health) hear(now time.Time) {
	h.mu.Lock()
	h.heard = now
	h.mu.Unlock()
	h.works()
}

// works ends a run of failures.
func (h *health) works() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failing {
		h.failing = false
		h.log.Info("the server answers again")
	}
}

// fails begins a run of failures with one line. A conflict is explained, once a
// minute at most: it is for the operator to end.
func (h *health) fails(f *fault, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := !h.failing
	h.failing = true
	switch {
	case f.Code == http.StatusConflict:
		if now.Sub(h.conflict) >= repeatLine {
			h.conflict = now
			h.log.Error("another program polls with this bot's token, or a webhook was set for it: stop the other one; this one tries again and again")
		}
	case first:
		h.log.Warn("the server cannot be reached as needed; trying on", "call", f.Op, "kind", f.Kind.String(), "code", f.Code)
	}
}

// note records what the watch over the webhook found.
func (h *health) note(trouble error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case trouble != nil && !errors.Is(trouble, h.trouble):
		h.log.Error("the webhook is in trouble", "error", trouble)
	case trouble == nil && h.trouble != nil:
		h.log.Info("the webhook is served again")
	}
	h.trouble = trouble
}
