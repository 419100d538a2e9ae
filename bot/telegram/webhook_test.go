package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
)

const (
	hookURL    = "https://bot.example/telegram"
	hookSecret = "a-secret-of-sixteen"
)

func withWebhook(o *Options) { o.WebhookURL, o.WebhookSecret = hookURL, hookSecret }

func TestWebhookConversation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		r := start(t, server, withWebhook)
		server.Deliver(r.adapter.Webhook())
		r.Await("setWebhook", 1)
		me := r.Private(7001, "en")
		me.Say("/help")
		me.Answer()
		id := me.Press("help/grooming")
		me.Answer()
		server.Repeat(id, fmt.Sprintf(`{"update_id":%d,"message":{%s,"text":"/help"}}`, id, inPrivate))
		server.Redeliver()
		r.Settle()
		time.Sleep(time.Second)
		if !me.Silent() {
			t.Error("an update that was delivered twice was answered twice")
		}
		if got := len(r.Calls("getUpdates")); got != 0 {
			t.Errorf("%d polls beside the webhook", got)
		}
		if got := r.Calls("setWebhook")[0].Params; !strings.Contains(got, `"max_connections":100`) || !strings.Contains(got, hookSecret) {
			t.Errorf("the webhook was set with %s", got)
		}
	})
}

func TestWebhookRefuses(t *testing.T) {
	a := newAdapter(telegramtest.New(t), &bottest.Logbook{}, withWebhook)
	in := newInbox()
	a.door.open(in)
	post := func(method, secret, body string) int {
		r := httptest.NewRequest(method, "/telegram", strings.NewReader(body))
		r.Header.Set(secretHeader, secret)
		w := httptest.NewRecorder()
		a.Webhook().ServeHTTP(w, r)
		return w.Code
	}
	update := `{"update_id":5,"message":{` + inPrivate + `,"text":"/help"}}`
	for name, tc := range map[string]struct {
		method, secret, body string
		want                 int
	}{
		"sound":          {"POST", hookSecret, update, http.StatusOK},
		"a look":         {"GET", hookSecret, "", http.StatusMethodNotAllowed},
		"no secret":      {"POST", "", update, http.StatusUnauthorized},
		"a wrong secret": {"POST", hookSecret + "x", update, http.StatusUnauthorized},
		"too large":      {"POST", hookSecret, strings.Repeat("x", maxUpdate+1), http.StatusRequestEntityTooLarge},
		"not JSON":       {"POST", hookSecret, "hello", http.StatusOK},
		"none of ours":   {"POST", hookSecret, `{"update_id":6,"poll":{}}`, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			if got := post(tc.method, tc.secret, tc.body); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
	if ev := <-in.events; ev.ID != "tg:5" || ev.Path != "help" || len(in.events) != 0 {
		t.Errorf("handed over %+v and %d more", briefly(ev), len(in.events))
	}
	a.door.close()
	if got := post("POST", hookSecret, update); got != http.StatusServiceUnavailable {
		t.Errorf("after the end: %d, want 503", got)
	}
}

// full is an inbox without room.
type full struct{}

// Accept implements bot.Inbox.
func (full) Accept(ctx context.Context, _ *bot.Event, _ func()) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestWebhookAsksForRepetition(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		a := newAdapter(server, &bottest.Logbook{}, withWebhook)
		run(t, a, full{})
		server.Deliver(a.Webhook())
		server.Await("setWebhook", 1)
		began := time.Now()
		server.Private(7001, "en").Say("/help") // delivers before it returns
		if took := time.Since(began); took != handOverWithin {
			t.Errorf("Telegram waited %v, want %v", took, handOverWithin)
		}
		if got := len(server.Waiting()); got != 1 {
			t.Errorf("%d updates stay with Telegram, want 1", got)
		}
	})
}

func TestWebhookIsWatched(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		r := start(t, server, withWebhook)
		r.Await("setWebhook", 1)
		synctest.Wait()
		alive := func() error {
			time.Sleep(watchEvery + time.Second)
			return r.adapter.Alive(time.Now())
		}
		if err := alive(); err != nil {
			t.Errorf("not alive from the start: %v", err)
		}
		me := r.Private(7001, "en") // nobody is there to deliver to
		for range backlogAlarm + 10 {
			me.Say("/help")
		}
		if err := alive(); !errors.Is(err, errBacklog) {
			t.Errorf("with a growing backlog: %v", err)
		}
		server.Deliver(http.NotFoundHandler())
		server.Redeliver()
		if err := alive(); !errors.Is(err, errWebhook) {
			t.Errorf("with failing deliveries: %v", err)
		}
		server.Deliver(r.adapter.Webhook())
		server.Redeliver()
		if err := alive(); err != nil {
			t.Errorf("after all is delivered: %v", err)
		}
		if got := strings.Count(r.log.String(), `msg="the webhook`); got != 3 {
			t.Errorf("%d lines tell of the changes, want 3:\n%s", got, r.log)
		}
		server.Fail("getWebhookInfo", telegramtest.Fault{HTML: 502, Times: telegramtest.Always})
		time.Sleep(silentWebhook)
		if err := alive(); !errors.Is(err, errSilent) {
			t.Errorf("with nothing heard: %v", err)
		}
	})
}

// TestARemovedWebhookIsSetAgain: somebody tried something out with this token. One
// that leads elsewhere is for the operator to decide.
func TestARemovedWebhookIsSetAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		r := start(t, server, withWebhook)
		r.Await("setWebhook", 1)
		synctest.Wait()
		looks := func(what string, want error, calls int) {
			t.Helper()
			time.Sleep(watchEvery + time.Second)
			if err := r.adapter.Alive(time.Now()); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
			if got := len(server.Calls("setWebhook")); got != calls {
				t.Errorf("%s: set %d times, want %d", what, got, calls)
			}
		}
		server.MoveWebhook("")
		looks("removed", nil, 2)
		server.MoveWebhook("")
		server.Fail("setWebhook", telegramtest.Fault{HTML: 502, Times: telegramtest.Always})
		looks("removed, and not to be set", errRemoved, 3)
		server.Heal()
		looks("to be set again", nil, 4)
		server.MoveWebhook("https://elsewhere.example/bot")
		looks("taken over", errReplace, 4)
	})
}
