package telegram

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/telegram/telegramtest"
)

// TestUnansweredComesAgain plays a kill: what was answered does not come again,
// what was not does.
func TestUnansweredComesAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		in := newInbox()
		ctx, kill := context.WithCancel(context.Background())
		go func() { _ = newAdapter(server, &strings.Builder{}).Run(ctx, in) }()
		var ids []int64
		for person := range int64(5) {
			ids = append(ids, server.Private(7000+person, "en").Say("/help"))
		}
		time.Sleep(time.Second)
		if got := len(in.events); got != 5 {
			t.Fatalf("%d events, want 5", got)
		}
		var done []func()
		for range 5 {
			<-in.events
			done = append(done, <-in.done)
		}
		done[0]()
		done[1]()
		done[3]() // the third stays open and holds the rest
		time.Sleep(time.Second)
		if got := server.Waiting(); !slices.Equal(got, ids[2:]) {
			t.Errorf("unconfirmed are %v, want %v", got, ids[2:])
		}
		kill()
		time.Sleep(finishWithin + time.Second) // the answers that never come

		next := newInbox()
		run(t, newAdapter(server, &strings.Builder{}), next)
		synctest.Wait()
		if got := len(next.events); got != 3 {
			t.Errorf("%d events came again, want the open one and the two after it", got)
		}
	})
}

func TestSlowAnswerHoldsNobodyUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		in := newInbox()
		run(t, newAdapter(server, &strings.Builder{}), in)
		server.Private(7000, "en").Say("/help")
		synctest.Wait()
		<-in.events
		<-in.done // kept for good
		for person := range int64(500) {
			server.Private(8000+person, "en").Say("/help")
		}
		began := time.Now()
		for range 500 {
			<-in.events
			(<-in.done)()
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("one slow answer held the others up for %v", took)
		}
		time.Sleep(2 * holdFor)
		if got := server.Waiting(); len(got) != 0 {
			t.Errorf("%d updates stay unconfirmed because of one", len(got))
		}
	})
}

func TestPollsAreFew(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		in := newInbox()
		run(t, newAdapter(server, &strings.Builder{}), in)
		time.Sleep(time.Minute)
		if got := len(server.Calls("getUpdates")); got != 3 {
			t.Errorf("%d polls in an idle minute, want 3: one to see whether anybody answers, and two long ones", got)
		}
		server.Private(7000, "en").Say("/help")
		synctest.Wait()
		before := len(server.Calls("getUpdates"))
		time.Sleep(time.Second)
		if got := len(server.Calls("getUpdates")) - before; got < 5 || got > 40 {
			t.Errorf("%d polls in a second with one answer on its way", got)
		}
	})
}

func TestNobodyWaitsForAnother(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		one, other := r.Private(7000, "en"), r.Private(7001, "en")
		time.Sleep(time.Second)
		r.Fail("sendMessage", telegramtest.Fault{Delay: 4 * time.Second})
		one.Say("/help")
		time.Sleep(10 * time.Millisecond)
		for range 8 { // a burst that is still no flood
			time.Sleep(60 * time.Millisecond)
			began := time.Now()
			other.Say("/settings")
			other.Answer()
			if took := time.Since(began); took > pollAgainMost {
				t.Errorf("the second person waited %v for the first one's answer", took)
			}
		}
		one.Answer()
	})
}

func TestUpdatesOfAllSorts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7000, "en")
		r.Inject("message", `{"message_id":"none"}`)
		r.Inject("message", `{"message_id":1,"text":`+strings.Repeat(`[`, 50)+strings.Repeat(`]`, 50)+`}`)
		r.Inject("callback_query", `null`)
		id := me.Say("/help")
		me.Answer()
		r.Settle()
		r.Repeat(id, `{"update_id":`+asJSON(id)+`,"message":{`+inPrivate+`,"text":"/help"}}`)
		r.Settle()
		if !me.Silent() {
			t.Error("a repeated update was answered again")
		}
		r.Inject("message", `{"message_id":1 "broken`)
		me.Say("/help")
		me.Answer()
		r.Settle()
		if got := strings.Count(r.log.String(), "passed over"); got != 3 {
			t.Errorf("%d bad updates were told of, want 3", got)
		}
	})
}

func TestPollingFailures(t *testing.T) {
	for name, tc := range map[string]struct {
		fault telegramtest.Fault
		least time.Duration
	}{
		"no connection": {telegramtest.Fault{NoDial: true, Times: 3}, 500 * time.Millisecond},
		"a proxy":       {telegramtest.Fault{HTML: 502, Times: 3}, 500 * time.Millisecond},
		"cut off":       {telegramtest.Fault{Cut: true, Times: 3}, 500 * time.Millisecond},
		"flood":         {telegramtest.Fault{RetryAfter: 7}, 7 * time.Second},
		"conflict":      {telegramtest.Fault{Code: 409, Description: "Conflict: terminated by other getUpdates request", Times: 30}, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, telegramtest.New(t))
				me := r.Private(7000, "en")
				time.Sleep(time.Second)
				r.Fail("getUpdates", tc.fault)
				me.Say("/help") // ends the poll that is on
				me.Answer()
				began := time.Now()
				me.Say("/help")
				for me.Silent() {
					time.Sleep(100 * time.Millisecond)
				}
				if took := time.Since(began); took < tc.least || took > 10*time.Minute {
					t.Errorf("back after %v, want at least %v", took, tc.least)
				}
				lines := strings.Count(r.log.String(), "level=WARN") + strings.Count(r.log.String(), "level=ERROR")
				if most := 1 + int(time.Since(began)/time.Minute); lines < 1 || lines > most {
					t.Errorf("%d lines in the log, want 1 to %d:\n%s", lines, most, r.log)
				}
				if !strings.Contains(r.log.String(), "answers again") {
					t.Errorf("nothing tells that it works again:\n%s", r.log)
				}
			})
		})
	}
}

func TestRefusedToken(t *testing.T) {
	for name, tc := range map[string]struct {
		method string
		fault  telegramtest.Fault
	}{
		"at the start": {"getMe", telegramtest.Fault{Code: 401, Description: "Unauthorized", Times: telegramtest.Always}},
		"no token":     {"getMe", telegramtest.Fault{Code: 404, Description: "Not Found", Times: telegramtest.Always}},
		"later":        {"getUpdates", telegramtest.Fault{Code: 401, Description: "Unauthorized", Times: telegramtest.Always}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := telegramtest.New(t)
				server.Fail(tc.method, tc.fault)
				err := newAdapter(server, &strings.Builder{}).Run(context.Background(), newInbox())
				if !errors.Is(err, errToken) || strings.Contains(err.Error(), telegramtest.Token) {
					t.Errorf("Run ended with %v, want %v", err, errToken)
				}
			})
		})
	}
}

func TestStartWaitsForTelegram(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		server.Fail("getMe", telegramtest.Fault{HTML: 502, Times: 5})
		r := start(t, server)
		if err := r.adapter.Alive(time.Now()); !errors.Is(err, errNotYet) {
			t.Errorf("alive before the start: %v", err)
		}
		me := r.Private(7000, "en")
		me.Say("/help")
		for me.Silent() {
			time.Sleep(time.Second)
		}
		if err := r.adapter.Alive(time.Now()); err != nil {
			t.Errorf("not alive after the start: %v", err)
		}
	})
}

func TestTwoPrograms(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		time.Sleep(time.Second)
		other := start(t, r.Server)
		time.Sleep(5 * time.Minute)
		both := r.log.String() + other.log.String()
		if got := strings.Count(both, "another program polls"); got < 1 || got > 12 {
			t.Errorf("the conflict was told %d times in five minutes", got)
		}
	})
}

func TestSilenceIsNoticed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		time.Sleep(10 * time.Minute)
		if err := r.adapter.Alive(time.Now()); err != nil {
			t.Errorf("not alive while polls succeed: %v", err)
		}
		r.Fail("getUpdates", telegramtest.Fault{HTML: 500, Times: telegramtest.Always})
		time.Sleep(silentPolling + longPoll + time.Second)
		if err := r.adapter.Alive(time.Now()); !errors.Is(err, errSilent) {
			t.Errorf("alive while nothing is heard: %v", err)
		}
	})
}

func TestStopConfirmsWhatWasAnswered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		r := start(t, server)
		time.Sleep(time.Second)
		server.Delay(3 * time.Second)
		me := r.Private(7000, "en")
		me.Say("/help")
		time.Sleep(time.Millisecond)
		began := time.Now()
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("stopping took %v", took)
		}
		if me.Silent() {
			t.Error("the answer in hand was dropped")
		}
		if got := server.Waiting(); len(got) != 0 {
			t.Errorf("an answered update was not confirmed: %v", got)
		}
	})
}

func TestStopIsQuickWhenIdle(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		time.Sleep(time.Second)
		began := time.Now()
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("stopping an idle bot took %v", took)
		}
	})
}

var _ bot.Inbox = (*inbox)(nil)
