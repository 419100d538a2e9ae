package telegram

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/i18n"
)

func somePage() *flows.Page {
	return &flows.Page{Path: "help", Text: i18n.Plainly("x"), Rows: [][]flows.Button{{{Label: "Help", Path: "help"}}}}
}

// toPrivate is an event of somebody's own chat with the bot.
func toPrivate(person int64) *bot.Event {
	id := strconv.FormatInt(person, 10)
	return &bot.Event{Person: bot.NewPerson(Name, id), Place: bot.NewAddress(Name, id, "")}
}

func TestKindsOfFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		fault telegramtest.Fault
		want  bot.SendError
	}{
		"flood":             {telegramtest.Fault{RetryAfter: 3}, bot.SendError{Kind: bot.Throttled, RetryAfter: 3 * time.Second, Code: 429}},
		"flood, no figure":  {telegramtest.Fault{Code: 429, Description: "Too Many Requests"}, bot.SendError{Kind: bot.Throttled, RetryAfter: time.Second, Code: 429}},
		"blocked":           {telegramtest.Fault{Code: 403, Description: "Forbidden: bot was blocked by the user"}, bot.SendError{Kind: bot.Gone, Code: 403}},
		"chat not found":    {telegramtest.Fault{Code: 400, Description: "Bad Request: chat not found"}, bot.SendError{Kind: bot.Gone, Code: 400}},
		"other bad request": {telegramtest.Fault{Code: 400, Description: "Bad Request: TOPIC_CLOSED"}, bot.SendError{Kind: bot.Refused, Code: 400}},
		"server error":      {telegramtest.Fault{Code: 500, Description: "Internal Server Error: restart"}, bot.SendError{Kind: bot.Passing, Code: 500}},
		"a proxy's page":    {telegramtest.Fault{HTML: 502}, bot.SendError{Kind: bot.Passing, Code: 502}},
		"a page with 200":   {telegramtest.Fault{HTML: 200}, bot.SendError{Kind: bot.Uncertain, Code: 200}},
		"no connection":     {telegramtest.Fault{NoDial: true}, bot.SendError{Kind: bot.Passing}},
		"cut before":        {telegramtest.Fault{Cut: true}, bot.SendError{Kind: bot.Uncertain}},
		"cut after":         {telegramtest.Fault{CutAfter: true}, bot.SendError{Kind: bot.Uncertain}},
		"too slow":          {telegramtest.Fault{Delay: time.Minute}, bot.SendError{Kind: bot.Uncertain}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := telegramtest.New(t)
				server.Private(7, "en")
				server.Fail("sendMessage", tc.fault)
				ctx, cancel := context.WithTimeout(context.Background(), 12*time.Second)
				defer cancel()
				_, err := newAdapter(server, &bottest.Logbook{}).Answer(ctx, toPrivate(7), somePage())
				var got *bot.SendError
				if !errors.As(err, &got) {
					t.Fatalf("got %v, want a send error", err)
				}
				tc.want.Op = "sendMessage"
				if *got != tc.want {
					t.Errorf("got %+v, want %+v", *got, tc.want)
				}
			})
		})
	}
}

func TestAnswersThroughFailures(t *testing.T) {
	for name, tc := range map[string]struct {
		method string
		fault  telegramtest.Fault
		text   string
	}{
		"flood":         {"sendMessage", telegramtest.Fault{RetryAfter: 2}, "/help"},
		"a proxy":       {"sendMessage", telegramtest.Fault{HTML: 502, Times: 2}, "/help"},
		"no connection": {"sendMessage", telegramtest.Fault{NoDial: true}, "/help"},
		"edit cut off":  {"editMessageText", telegramtest.Fault{CutAfter: true}, ""},
		"edit flooded":  {"editMessageText", telegramtest.Fault{RetryAfter: 1}, ""},
		"ack refused":   {"answerCallbackQuery", telegramtest.Fault{Code: 400, Description: "Bad Request: query is too old and response timeout expired or query ID is invalid"}, ""},
		"ack down":      {"answerCallbackQuery", telegramtest.Fault{HTML: 502}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, telegramtest.New(t))
				me := r.Private(7001, "en")
				if tc.text == "" {
					me.Say("/help")
					me.Answer()
				}
				r.Fail(tc.method, tc.fault)
				if tc.text != "" {
					me.Say(tc.text)
				} else {
					me.Press("help/grooming")
				}
				me.Answer()
				r.Settle()
				time.Sleep(5 * time.Second)
				if !me.Silent() {
					t.Error("the answer came twice")
				}
			})
		})
	}
}

func TestEditOutOfReach(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7001, "en")
		me.Say("/help")
		first := me.Answer()
		me.Forget()
		me.PressOn(first, "help/grooming") // Telegram still shows the message to us, but takes no edit
		if got := me.Answer(); got.ID == first.ID || got.Edits != 0 {
			t.Errorf("the answer is %+v, want a new message", got)
		}
		old := first
		old.Old = true
		me.PressOn(old, "help/grooming")
		if got := me.Answer(); got.Edits != 0 {
			t.Errorf("the answer is %+v, want a new message", got)
		}
		if n := len(r.Calls("editMessageText")); n != 1 {
			t.Errorf("%d edits tried, want 1: what has no date cannot be edited", n)
		}
	})
}

func TestPressingTheSameButtonAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7001, "en")
		me.Say("/help")
		me.Answer()
		me.Press("help/grooming")
		page := me.Answer()
		me.PressOn(page, "help/grooming")
		r.Settle()
		if !me.Silent() || strings.Contains(r.log.String(), "gave up") {
			t.Errorf("an edit without a change was taken for a failure:\n%s", r.log)
		}
	})
}

func TestBlockedIsForgotten(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7001, "en")
		person := bot.NewPerson(Name, "7001")
		for name, leave := range map[string]func(){
			"told by Telegram": func() { me.Remove() },
			"found out":        func() { me.Block(); me.Say("/help") },
		} {
			again := r.Private(7001, "en")
			again.Unblock()
			again.Say("/settings lang vi")
			again.Answer()
			r.Settle()
			if _, ok := r.store.State(person); !ok {
				t.Fatalf("%s: nothing was stored", name)
			}
			leave()
			r.Settle()
			if _, ok := r.store.State(person); ok {
				t.Errorf("%s: a person who blocked the bot is still known", name)
			}
		}
	})
}

// TestGoneGroup: whoever asks in a group that threw the bot out stays known.
func TestGoneGroup(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7001, "en")
		me.Say("/settings lang vi")
		me.Answer()
		ana := r.Group(-1001, false).As(7001, "en")
		ana.Block()
		ana.Say("/help")
		r.Settle()
		ana.Remove()
		r.Settle()
		if state, ok := r.store.State(bot.NewPerson(Name, "7001")); !ok || state.Lang != "vi" {
			t.Errorf("what is kept of the person is %+v, %v", state, ok)
		}
	})
}

func TestDelete(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		me := server.Private(7, "en")
		var ids []string
		for range 250 {
			me.Say("x")
		}
		for _, m := range me.Messages() {
			ids = append(ids, strconv.FormatInt(m.ID, 10))
		}
		a := newAdapter(server, &bottest.Logbook{})
		place := bot.NewAddress(Name, "7", "")
		left, err := a.Delete(t.Context(), place, append(slices.Clone(ids[:120]), "99999"))
		if left != 0 || err != nil || len(me.Messages()) != 130 {
			t.Errorf("left %d of which %d stand, %v; want none", left, len(me.Messages()), err)
		}
		me.ForgetOne(ids[200])
		me.ForgetOne(ids[210])
		left, err = a.Delete(t.Context(), place, ids[120:])
		if left != 2 || err != nil || len(me.Messages()) != 2 {
			t.Errorf("left %d of which %d stand, %v; want the two that cannot be deleted", left, len(me.Messages()), err)
		}
		server.Fail("deleteMessages", telegramtest.Fault{RetryAfter: 5})
		left, err = a.Delete(t.Context(), place, ids[:150])
		if left != 150 || bot.AsSendError(err).Kind != bot.Throttled {
			t.Errorf("left %d, %v; want all and a flood error", left, err)
		}
	})
}

func TestTypingSign(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		quick, slow := r.Private(7001, "en"), r.Private(7002, "en")
		r.Fail("sendMessage", telegramtest.Fault{Delay: 700 * time.Millisecond})
		quick.Say("/help")
		quick.Answer()
		time.Sleep(3 * time.Second)
		if n := len(r.Calls("sendChatAction")); n != 0 {
			t.Errorf("%d typing signs for a quick answer", n)
		}
		r.Fail("sendMessage", telegramtest.Fault{Delay: 3 * time.Second})
		slow.Say("/help")
		slow.Answer()
		calls := r.Calls("sendChatAction")
		if len(calls) != 1 || !strings.Contains(calls[0].Params, "7002") {
			t.Errorf("typing signs for a slow answer: %+v, want one", calls)
		}
	})
}
