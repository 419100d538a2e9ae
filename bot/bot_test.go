package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

// world is a running bot on the recording platform and the memory store.
type world struct {
	platform *bottest.Platform
	store    *bottest.Store
	bot      *bot.Bot
	log      *bytes.Buffer
}

// start runs a bot for the time of the test, in a bubble of fake time.
func start(t *testing.T, reader flows.Reader) *world {
	t.Helper()
	w := &world{platform: bottest.NewPlatform(), store: bottest.NewStore(), log: &bytes.Buffer{}}
	w.bot = bot.New(bot.Options{
		Site: bottest.Site(t, reader), Store: w.store, Adapters: []bot.Adapter{w.platform},
		Log: slog.New(slog.NewTextHandler(w.log, nil)), Now: time.Now, Seed: func() uint64 { return 7 },
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- w.bot.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return w
}

var noReader = bottest.Keywords{}

func TestAPressIsAnsweredAndAnUnchangedStateIsNotWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		if page := w.platform.Do(t, bottest.Press("ann", "help/scam")); page == nil || page.Path != "help/scam" {
			t.Fatalf("answered with %v", page)
		}
		before := w.store.Calls()
		w.platform.Do(t, bottest.Press("ann", "help/danger"))
		if got := w.store.Calls() - before; got != 1 {
			t.Errorf("%d round trips, want one when nothing changed", got)
		}
		before = w.store.Calls()
		w.platform.Do(t, bottest.Press("ann", "settings/country/VN"))
		if got := w.store.Calls() - before; got != 2 {
			t.Errorf("%d round trips, want two when the state changed", got)
		}
	})
}

func TestHelpLeavesNoTraceInTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, bottest.Keywords{"they took my money": {Labels: []string{"scam"}, Decision: flows.Go}})
		w.platform.Do(t, bottest.Say("ann", "they took my money"))
		w.platform.Do(t, bottest.Press("ann", "help/scam/tell"))
		state, _ := w.store.State(bot.NewPerson(bottest.Name, "ann"))
		state.LastUse = 0
		if !state.Equal(flows.State{}) {
			t.Errorf("state after asking for help: %+v, want only the time of use", state)
		}
	})
}

func TestWithoutTheStoreHelpReportAndLinesStillAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		w.store.SetAway(true)
		for _, path := range []flows.Path{"help", "help/danger", "report", "report/chatapp/block", "lines", "lines/danger", "hide"} {
			ev := bottest.Press("ann", path)
			ev.Locale = "vi-VN"
			begun := time.Now()
			page := w.platform.Do(t, ev)
			if path != "hide" && (page == nil || page.Path.Root() != path.Root() || page.Lang != "vi") {
				t.Errorf("%s answered with %v", path, page)
			}
			if took := time.Since(begun); took > time.Second {
				t.Errorf("%s took %v", path, took)
			}
		}
		if w.bot.Ready() == nil {
			t.Error("ready without a store")
		}
		w.store.SetAway(false)
		time.Sleep(time.Second)
		if err := w.bot.Ready(); err != nil {
			t.Errorf("not ready again: %v", err)
		}
		w.platform.Do(t, bottest.Press("ann", "settings/lang/id"))
		if state, _ := w.store.State(bot.NewPerson(bottest.Name, "ann")); state.Lang != "id" {
			t.Error("the language was not kept after the store came back")
		}
	})
}

func TestARepeatedEventIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		for range 3 {
			ev := bottest.Press("ann", "tips/next")
			ev.ID = "update 5"
			<-w.platform.Hand(ev)
		}
		if got := len(w.platform.Answers()); got != 1 {
			t.Errorf("%d answers, want 1", got)
		}
	})
}

func TestEventsOfOneChatStayInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		var waiting []<-chan struct{}
		for chat := range 20 {
			for _, path := range []flows.Path{"help", "help/danger", "help/scam", "help/unsure"} {
				waiting = append(waiting, w.platform.Hand(bottest.Press(fmt.Sprint(chat), path)))
			}
		}
		for _, done := range waiting {
			<-done
		}
		seen := map[string]string{}
		for _, a := range w.platform.Answers() {
			seen[a.Event.Person.ID()] += string(a.Page.Path) + " "
		}
		for chat, order := range seen {
			if order != "help help/danger help/scam help/unsure " {
				t.Errorf("chat %s was answered in the order %s", chat, order)
			}
		}
	})
}

func TestTwoPlacesOfOnePersonDoNotLoseEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		var waiting []<-chan struct{}
		for i := range 8 {
			ev := bottest.Press("ann", flows.Path([]string{"pledge/ask", "pledge/tell", "pledge/kind", "settings/country/VN"}[i%4]))
			if i >= 4 {
				ev.Path = "settings/lang/vi"
			}
			ev.Place = bot.NewAddress(bottest.Name, fmt.Sprint("place ", i), "")
			waiting = append(waiting, w.platform.Hand(ev))
		}
		for _, done := range waiting {
			<-done
		}
		state, _ := w.store.State(bot.NewPerson(bottest.Name, "ann"))
		if state.Lang != "vi" || state.Country != "VN" || len(state.Promises) != 3 {
			t.Errorf("state = %+v, want all of the changes", state)
		}
	})
}

func TestWhoWaitsForTheirAnswersIsNeverHurried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		for n := range 30 {
			if w.platform.Do(t, bottest.Press("ann", "tips/next")) == nil {
				t.Fatalf("press %d was not answered with a page", n+1)
			}
		}
	})
}

func TestAPanicIsAnsweredWithHelp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, panicking{})
		if page := w.platform.Do(t, bottest.Say("ann", "anything")); page == nil || page.Path != "help" {
			t.Errorf("answered with %v, want the help page", page)
		}
		if !strings.Contains(w.log.String(), "panicked") || strings.Contains(w.log.String(), "anything") {
			t.Errorf("log: %s", w.log)
		}
	})
}

type panicking struct{}

func (panicking) Read(string, i18n.Lang) flows.Reading { panic("a bug") }

func TestHideDeletesTheTalkAndLeavesOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		w.platform.Do(t, bottest.Event("ann", func(ev *bot.Event) { ev.Path, ev.Message = "help", "p1" }))
		time.Sleep(time.Second) // the ids are written
		w.platform.Do(t, bottest.Event("ann", func(ev *bot.Event) { ev.Text, ev.Message = "hm", "p2" }))
		page := w.platform.Do(t, bottest.Event("ann", func(ev *bot.Event) { ev.Path, ev.Message = "hide", "p3" }))
		if page == nil || page.Path != "hide/done" || len(page.Rows) != 0 {
			t.Fatalf("answered with %+v, want one neutral line", page)
		}
		if got := strings.Join(w.platform.Deleted(), " "); got != "p1 a1 p2 a2 p3" {
			t.Errorf("deleted %q", got)
		}
	})
}

func TestBlockedAndDeletedPeopleAreWiped(t *testing.T) {
	for name, leave := range map[string]func(*world, *testing.T){
		"delete": func(w *world, t *testing.T) { w.platform.Do(t, bottest.Press("ann", "delete/now")) },
		"block": func(w *world, t *testing.T) {
			w.platform.Do(t, bottest.Event("ann", func(ev *bot.Event) { ev.Left = true }))
		},
		"gone while answering": func(w *world, t *testing.T) {
			w.platform.Do(t, bottest.Press("ann", "tips"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := start(t, noReader)
				w.platform.Fail = func(ev *bot.Event, _ int) error {
					if name == "gone while answering" && ev.Path == "tips" {
						return &bot.SendError{Kind: bot.Gone, Op: "send", Code: 403}
					}
					return nil
				}
				w.platform.Do(t, bottest.Press("ann", "settings/lang/vi"))
				leave(w, t)
				if state, kept := w.store.State(bot.NewPerson(bottest.Name, "ann")); kept {
					t.Errorf("still kept: %+v", state)
				}
			})
		})
	}
}

func TestAnswersAreRepeatedOnlyWhenThatIsSafe(t *testing.T) {
	for name, tc := range map[string]struct {
		kind  bot.SendKind
		event *bot.Event
		tries int
	}{
		"a passing fault":                {bot.Passing, bottest.Say("ann", "hm"), 5},
		"throttled, for a minute":        {bot.Throttled, bottest.Say("ann", "hm"), 3},
		"refused":                        {bot.Refused, bottest.Say("ann", "hm"), 1},
		"uncertain words":                {bot.Uncertain, bottest.Say("ann", "hm"), 3},
		"uncertain words among others":   {bot.Uncertain, bottest.Event("ann", func(ev *bot.Event) { ev.Text, ev.Shared = "hm", true }), 1},
		"uncertain press, an idempotent": {bot.Uncertain, bottest.Press("ann", "tips"), 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := start(t, noReader)
				var mu sync.Mutex
				tries := 0
				w.platform.Fail = func(*bot.Event, int) error {
					mu.Lock()
					defer mu.Unlock()
					tries++
					return &bot.SendError{Kind: tc.kind, RetryAfter: 25 * time.Second, Op: "send", Code: 500}
				}
				<-w.platform.Hand(tc.event)
				mu.Lock()
				defer mu.Unlock()
				if tries != tc.tries {
					t.Errorf("%d tries, want %d", tries, tc.tries)
				}
			})
		})
	}
}

// TestASlowAnswerIsNotSentTwice: a platform that takes its time has most likely
// sent it.
func TestASlowAnswerIsNotSentTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		tries := 0
		w.platform.Fail = func(*bot.Event, int) error {
			tries++
			time.Sleep(12 * time.Second)
			return &bot.SendError{Kind: bot.Uncertain, Op: "send"}
		}
		<-w.platform.Hand(bottest.Say("ann", "/help"))
		if tries != 1 {
			t.Errorf("sent %d times", tries)
		}
	})
}

// TestWhoIsThrottledIsAnsweredAllTheSame: Telegram may ask for a good part of a
// minute in a group.
func TestWhoIsThrottledIsAnsweredAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		w.platform.Fail = func(_ *bot.Event, try int) error {
			if try == 1 {
				return &bot.SendError{Kind: bot.Throttled, RetryAfter: 40 * time.Second, Op: "send", Code: 429}
			}
			return nil
		}
		began := time.Now()
		if page := w.platform.Do(t, bottest.Say("ann", "/help")); page == nil || time.Since(began) != 40*time.Second {
			t.Errorf("answered with %v after %v", page, time.Since(began))
		}
	})
}

// TestHideSpeaksTheLanguageOfItsWord when nothing else tells the person's.
func TestHideSpeaksTheLanguageOfItsWord(t *testing.T) {
	for _, tc := range []struct {
		words, locale, want string
	}{{"sembunyikan", "", "id"}, {"ẩn đi", "", "vi"}, {"hide", "", "en"}, {"hide", "vi", "vi"}} {
		synctest.Test(t, func(t *testing.T) {
			w := start(t, noReader)
			ev := bottest.Say("ann", tc.words)
			ev.Locale = tc.locale
			if page := w.platform.Do(t, ev); page == nil || page.Path.Root() != "hide" || string(page.Lang) != tc.want {
				t.Errorf("%q from a client in %q is answered with %+v, want %s", tc.words, tc.locale, page, tc.want)
			}
		})
	}
}

func TestSensitivePagesInASharedPlaceFailClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, noReader)
		ev := bottest.Press("ann", "help/scam")
		ev.Shared = true
		page := w.platform.Do(t, ev)
		if page.Path != "elsewhere" || !page.Rows[0][0].Apart || strings.Contains(string(page.Rows[0][0].Path), "scam") {
			t.Errorf("shown to everybody: %+v", page)
		}
	})
}

func TestAnAdapterThatFailsForGoodEndsTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := errors.New("the token is refused")
		b := bot.New(bot.Options{
			Site: bottest.Site(t, noReader), Store: bottest.NewStore(), Adapters: []bot.Adapter{failing{bottest.NewPlatform(), refused}},
			Log: slog.New(slog.DiscardHandler), Now: time.Now, Seed: func() uint64 { return 0 },
		})
		if err := b.Run(t.Context()); !errors.Is(err, refused) {
			t.Errorf("Run = %v", err)
		}
	})
}

type failing struct {
	*bottest.Platform
	err error
}

func (f failing) Run(context.Context, bot.Inbox) error { return f.err }

func TestAButtonOfAnAnnouncementLeavesItStanding(t *testing.T) {
	w := start(t, bottest.Keywords{})
	<-w.platform.Hand(bottest.Press("lan", flows.Path("via/"+flows.NewsID(5)+"/help/scam")))
	answers := w.platform.Answers()
	last := answers[len(answers)-1]
	if last.Page == nil || last.Page.Path != "help/scam" || last.Event.Pressed != "" {
		t.Errorf("answered with %+v in the place of %q", last.Page, last.Event.Pressed)
	}
}
