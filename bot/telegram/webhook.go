package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"notalone/bot"
)

// Limits of the webhook.
const (
	maxUpdate      = 1 << 20
	handOverWithin = 2 * time.Second
	watchEvery     = time.Minute
	deliveries     = 100 // at once
	backlogAlarm   = 100 // updates that wait, and more than at the last look
)

const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// runWebhook has updates delivered until ctx ends. The webhook stays set, so
// that Telegram keeps what comes in between for the next start.
func (a *Adapter) runWebhook(ctx context.Context, inbox bot.Inbox) error {
	a.door.open(inbox)
	defer a.door.close()
	if err := a.insist(ctx, a.setWebhook); err != nil {
		return err
	}
	a.health.hear(a.now())
	backlog := 0
	for bot.Sleep(ctx, watchEvery) {
		backlog = a.watch(ctx, backlog)
	}
	return nil
}

func (a *Adapter) setWebhook(ctx context.Context) *fault {
	return a.api.get(ctx, "setWebhook", map[string]any{
		"url": a.o.WebhookURL, "secret_token": a.o.WebhookSecret,
		"allowed_updates": json.RawMessage(wanted), "max_connections": deliveries,
	}, nil)
}

// watch looks after the webhook and returns how many updates wait.
func (a *Adapter) watch(ctx context.Context, before int) int {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	var info struct {
		URL       string `json:"url"`
		Pending   int    `json:"pending_update_count"`
		LastError int64  `json:"last_error_date"`
	}
	if f := a.api.get(ctx, "getWebhookInfo", struct{}{}, &info); f != nil {
		if ctx.Err() == nil {
			a.health.fails(f, a.now())
		}
		return before
	}
	now := a.now()
	a.health.hear(now)
	var trouble error
	switch {
	case info.URL == "": // somebody polled with this token, to try something out perhaps
		if trouble = errRemoved; a.setWebhook(ctx) == nil {
			a.log.Warn("the webhook had been removed and is set again")
			trouble = nil
		}
	case info.URL != a.o.WebhookURL:
		trouble = errReplace
	case info.Pending > backlogAlarm && info.Pending > before:
		trouble = errBacklog
	case info.Pending > 0 && now.Sub(time.Unix(info.LastError, 0)) < watchEvery+watchEvery/2:
		trouble = errWebhook
	}
	a.health.note(trouble)
	return info.Pending
}

// Webhook is where Telegram delivers updates. It answers as soon as an update is
// in hand and asks for a repetition when that takes long.
func (a *Adapter) Webhook() http.Handler {
	want := sha256.Sum256([]byte(a.o.WebhookSecret))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get(secretHeader)))
		switch {
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
		case a.o.WebhookSecret == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(a.deliver(w, r))
		}
	})
}

// deliver takes one update in and returns the status to answer with. A bad one
// is accepted and passed over: it would be repeated for a day otherwise.
func (a *Adapter) deliver(w http.ResponseWriter, r *http.Request) int {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		return http.StatusRequestEntityTooLarge
	}
	u, err := parseUpdate(raw)
	if err != nil {
		a.log.Warn("an update could not be read and was passed over")
		return http.StatusOK
	}
	ev := a.eventOf(&u)
	if ev == nil {
		return http.StatusOK
	}
	ev.ID = "tg:" + strconv.FormatInt(u.id, 10)
	ctx, cancel := context.WithTimeout(r.Context(), handOverWithin)
	defer cancel()
	err = a.door.enter(func(inbox bot.Inbox) error { return a.accept(ctx, inbox, ev, nil) })
	if err != nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

var errClosed = errors.New("not serving")

// A door leads to the inbox while Run runs. Closing waits for who is inside:
// the shell takes nothing in once Run has returned.
type door struct {
	mu    sync.RWMutex
	inbox bot.Inbox
}

func (d *door) open(inbox bot.Inbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inbox = inbox
}

func (d *door) close() { d.open(nil) }

func (d *door) enter(do func(bot.Inbox) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.inbox == nil {
		return errClosed
	}
	return do(d.inbox)
}
