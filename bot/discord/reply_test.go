package discord

import (
	"context"
	"sync"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/discord/discordtest"
	"notalone/flows"
)

// slowStore is a store that waits to be let through.
type slowStore struct {
	bot.Store
	mu   sync.Mutex
	gate chan struct{}
}

func (s *slowStore) shut() (let func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gate := make(chan struct{})
	s.gate = gate
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.gate = nil
		close(gate)
	})
}

func (s *slowStore) Load(ctx context.Context, asks []bot.Ask) ([]bot.Loaded, error) {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		<-gate
	}
	return s.Store.Load(ctx, asks)
}

// slow starts a bot whose store can be held up, with little patience.
func slow(t *testing.T) (*rig, *slowStore) {
	store := &slowStore{}
	r := start(t, func(r *rig, o *bot.Options) {
		store.Store = r.store
		o.Store = store
		r.adapter.timing.deferAfter = 5 * time.Millisecond
	})
	r.WaitReady()
	return r, store
}

func TestASlowAnswerIsDeferredAndThenFilledIn(t *testing.T) {
	for name, tc := range map[string]struct {
		place discordtest.Place
		press bool
		first int
		only  string
	}{
		"a command in private":           {discordtest.Private(ann), false, 5, ""},
		"a command in a server":          {discordtest.Channel(guild, school), false, 5, ann},
		"a press in private":             {discordtest.Private(ann), true, 6, ""},
		"a press on a message for one":   {discordtest.Channel(guild, school), true, 6, ann},
		"a press in a chat of people":    {discordtest.Group("500"), true, 6, ann},
		"a command in a chat of people":  {discordtest.Group("500"), false, 5, ann},
		"a press on what everybody sees": {discordtest.Channel(guild, club), true, 5, ann},
	} {
		t.Run(name, func(t *testing.T) {
			r, store := slow(t)
			var pressed *discordtest.Message
			if tc.press && tc.place.Channel != club {
				pressed = r.Slash(ann, "home", tc.place).Answer()
			} else if tc.press {
				pressed = r.Publish(tc.place, "Quiz", []discordtest.Button{{Label: "Help", CustomID: "help", Style: 1}})
			}
			let := store.shut()
			defer let()
			var in *discordtest.Interaction
			if tc.press {
				in = r.Press(ann, pressed, "help")
			} else {
				in = r.Slash(ann, "help", tc.place)
			}
			if got := in.First(); got != tc.first {
				t.Errorf("deferred with kind %d, want %d", got, tc.first)
			}
			r.Advance(time.Minute) // a deferred one lives on
			let()
			answer := in.Answer()
			if answer.Only != tc.only || (answer.ID == idOf(pressed)) != (tc.first == 6) {
				t.Errorf("filled in as %+v", answer)
			}
		})
	}
}

func idOf(m *discordtest.Message) string {
	if m == nil {
		return ""
	}
	return m.ID
}

func TestADeferredHideStillLeavesOneLine(t *testing.T) {
	r, store := slow(t)
	help := r.answers(ann, "they took my money")
	let := store.shut()
	defer let()
	in := r.Press(ann, help, "hide")
	in.First()
	let()
	line := r.Next(discordtest.Private(ann))
	if seen := r.Visible(ann, discordtest.Private(ann)); len(seen) != 1 || seen[0].ID != line.ID || len(line.Rows) != 0 {
		t.Errorf("the chat shows %+v, want one neutral line", seen)
	}
}

// interactionOf is an event of an interaction, and the adapter it came to.
func interactionOf(t *testing.T, place discordtest.Place, press bool) (*discordtest.Server, *Adapter, *bot.Event, *discordtest.Interaction) {
	t.Helper()
	server := discordtest.New(t)
	a := newAdapter(t, server.URL, quietLog(&lockedBuffer{}))
	whispers := place != discordtest.Private(ann)
	in := server.Slash(ann, "help", place)
	r := &reply{interaction: in.ID, app: discordtest.App, token: in.Token, whispers: whispers, nonce: "dc:" + in.ID}
	ev := &bot.Event{
		ID: "dc:" + in.ID, Person: bot.NewPerson(Name, ann), Place: bot.NewAddress(Name, place.Channel, ""), Shared: whispers, Reply: r,
	}
	if press {
		m := server.Publish(place, "old", []discordtest.Button{{Label: "Help", CustomID: "help", Style: 1}})
		in = server.Press(ann, m, "help")
		r.interaction, r.token, r.press, ev.Pressed = in.ID, in.Token, true, m.ID
	}
	return server, a, ev, in
}

func TestAnAnswerThatComesTooLate(t *testing.T) {
	server, a, ev, _ := interactionOf(t, discordtest.Private(ann), false)
	server.Advance(4 * time.Second)
	sent, err := a.Answer(t.Context(), ev, page)
	if err != nil || sent.Message == "" || len(server.Visible(ann, discordtest.Private(ann))) != 1 {
		t.Errorf("in private: %+v, %v; want a message of its own", sent, err)
	}

	place := discordtest.Channel(guild, school)
	server, a, ev, _ = interactionOf(t, place, false)
	server.Advance(4 * time.Second)
	if _, err := a.Answer(t.Context(), ev, page); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("in a server: %v, want refused", err)
	}
	if n := len(server.Requests(discordtest.CreateMessage)); n != 0 {
		t.Errorf("%d messages for everybody to read", n)
	}
}

func TestADeferredAnswerWhoseTokenHasExpired(t *testing.T) {
	server, a, ev, in := interactionOf(t, discordtest.Private(ann), false)
	a.deferAnswer(ev.Reply.(*reply), "")
	in.First()
	server.Advance(16 * time.Minute)
	if sent, err := a.Answer(t.Context(), ev, page); err != nil || sent.Message == "" {
		t.Errorf("%+v, %v; want a message of its own", sent, err)
	}
}

func TestAnAnswerThatWasCutIsNotGivenTwice(t *testing.T) {
	for name, press := range map[string]bool{"command": false, "press": true} {
		t.Run(name, func(t *testing.T) {
			server, a, ev, in := interactionOf(t, discordtest.Private(ann), press)
			server.Fail(discordtest.Callback, discordtest.Fault{Cut: true, Done: true})
			if _, err := a.Answer(t.Context(), ev, page); bot.AsSendError(err).Kind != bot.Passing {
				t.Fatalf("failed with %v, want passing: it may be tried again", err)
			}
			if _, err := a.Answer(t.Context(), ev, page); err != nil {
				t.Fatal(err)
			}
			answer := in.Answer()
			if n := len(server.Visible(ann, discordtest.Private(ann))); n != 1 || answer.Content != "A tip" {
				t.Errorf("%d messages, the answer %+v", n, answer)
			}
		})
	}
}

func TestTheIdOfANewMessageIsKnownWhereItCanBeHidden(t *testing.T) {
	_, a, ev, in := interactionOf(t, discordtest.Private(ann), false)
	sent, err := a.Answer(t.Context(), ev, page)
	if err != nil || sent.Message != in.Answer().ID {
		t.Errorf("sent %+v, %v; want the id %s", sent, err, in.Answer().ID)
	}
	_, a, ev, _ = interactionOf(t, discordtest.Channel(guild, school), false)
	if sent, err := a.Answer(t.Context(), ev, page); err != nil || sent.Message != "" {
		t.Errorf("a whisper was sent as %+v, %v; it cannot be deleted later", sent, err)
	}
}

func TestAPressWithoutAPageIsAcknowledged(t *testing.T) {
	server, a, ev, in := interactionOf(t, discordtest.Private(ann), true)
	for range 2 { // the second finds it acknowledged
		if _, err := a.Answer(t.Context(), ev, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := in.First(); got != 6 {
		t.Errorf("acknowledged with kind %d", got)
	}
	if n := len(server.Requests(discordtest.Callback)); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
	server, a, ev, in = interactionOf(t, discordtest.Private(ann), false)
	if _, err := a.Answer(t.Context(), ev, nil); err != nil || len(server.Requests(discordtest.Callback)) != 0 {
		t.Errorf("a command without a page: %v", err)
	}
	a.deferAnswer(ev.Reply.(*reply), "")
	if _, err := a.Answer(t.Context(), ev, nil); err != nil {
		t.Fatal(err)
	}
	in.Withdrawn()
}

func TestAFailedAnswerIsStillDeferred(t *testing.T) {
	server, a, ev, in := interactionOf(t, discordtest.Private(ann), false)
	a.timing.deferAfter = time.Millisecond
	server.Fail(discordtest.Callback, discordtest.Fault{Status: 500})
	if _, err := a.Answer(t.Context(), ev, page); err == nil {
		t.Fatal("the first try went well")
	}
	a.start(ev.Reply.(*reply), "")
	if got := in.First(); got != 5 {
		t.Errorf("first answered with kind %d, want a deferral", got)
	}
	if _, err := a.Answer(t.Context(), ev, page); err != nil || in.Answer().Content != "A tip" {
		t.Errorf("then: %v", err)
	}
	ev.Reply.(*reply).settle()
}

func TestWhatIsPossibleWhere(t *testing.T) {
	_, a, private, _ := interactionOf(t, discordtest.Private(ann), false)
	_, _, server, _ := interactionOf(t, discordtest.Channel(guild, school), false)
	mention := &bot.Event{Shared: true, Reply: &reply{}}
	for name, tc := range map[string]struct {
		ev      *bot.Event
		whisper bool
	}{"private": {private, false}, "server": {server, true}, "mention": {mention, false}, "a place of the clock": {&bot.Event{Shared: true}, false}} {
		if can := a.Can(tc.ev); can.Has(flows.CanWhisper) != tc.whisper || !can.Has(flows.CanEdit|flows.CanRepeat) {
			t.Errorf("%s: can %b", name, can)
		}
	}
}
