package redisstore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// A desk is a store on an embedded Redis with a clock that stands until moved.
type desk struct {
	*Store
	t      *testing.T
	clock  time.Time
	server *miniredis.Miniredis
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	client, server := embeddedClient(t)
	d := &desk{t: t, clock: time.Date(2026, 11, 24, 7, 29, 0, 0, time.UTC), server: server}
	var err error
	if d.Store, err = New(client, []byte(strings.Repeat("s", MinSecret)), func() time.Time { return d.clock }); err != nil {
		t.Fatal(err)
	}
	return d
}

var class = bot.NewAddress("test", "class", "7")

// daily plans some kinds for half past seven, every day.
func daily(kinds ...flows.DueKind) *flows.Feed {
	at := flows.Plan{Days: 127, Minute: 450}
	feed := &flows.Feed{Zone: "UTC", Spot: class.Thread()}
	for _, kind := range kinds {
		switch kind {
		case flows.DueQuiz:
			feed.Quiz = at
		case flows.DueTip:
			feed.Tip = at
		case flows.DuePractice:
			feed.Practice = at
		case flows.DueClose, flows.DueSummary: // these follow from the quiz
		}
	}
	return feed
}

func (d *desk) save(place bot.Address, feed *flows.Feed) {
	d.t.Helper()
	_, version, err := d.Feed(d.t.Context(), place)
	if err != nil {
		d.t.Fatal(err)
	}
	if wrote, err := d.SaveFeed(d.t.Context(), place, feed, version); err != nil || !wrote {
		d.t.Fatalf("saved %v: %v", wrote, err)
	}
}

// after lets time pass and claims what is due for the class.
func (d *desk) after(wait time.Duration) []outbox.Due {
	d.t.Helper()
	d.clock = d.clock.Add(wait)
	due, err := d.ClaimDue(d.t.Context(), class.Platform(), d.keys.feed(class).shard, time.Minute, 10)
	if err != nil {
		d.t.Fatal(err)
	}
	return due
}

func (d *desk) mark(due outbox.Due, want bool) {
	d.t.Helper()
	if got, err := d.MarkSending(d.t.Context(), due, time.Minute); err != nil || got != want {
		d.t.Fatalf("may send %s: %v, want %v: %v", due.Kind, got, want, err)
	}
}

func (d *desk) settle(due outbox.Due) {
	d.t.Helper()
	after := due.Feed
	after.LastPost++
	if err := d.Settle(d.t.Context(), due, after); err != nil {
		d.t.Fatal(err)
	}
}

func kindsOf(due []outbox.Due) string {
	var kinds []string
	for _, d := range due {
		kinds = append(kinds, string(d.Kind))
	}
	return strings.Join(kinds, " ")
}

func (d *desk) want(due []outbox.Due, kinds string) {
	d.t.Helper()
	if got := kindsOf(due); got != kinds {
		d.t.Fatalf("due: %q, want %q", got, kinds)
	}
}

func TestALostLeaseIsWorthNothing(t *testing.T) {
	d := newDesk(t)
	d.save(class, daily(flows.DueQuiz))
	slow := d.after(time.Minute)
	quick := d.after(2 * time.Minute) // the first process sleeps, its lease ran out
	d.want(slow, "quiz")
	d.want(quick, "quiz")
	d.mark(slow[0], false)
	d.mark(quick[0], true)
	d.settle(slow[0])
	if err := d.GiveBack(t.Context(), slow[0], d.clock, false); err != nil {
		t.Fatal(err)
	}
	d.want(d.after(30*time.Second), "")
	d.settle(quick[0])
	d.mark(quick[0], false)
	d.want(d.after(10*time.Hour), "")
	feed, _, err := d.Feed(t.Context(), class)
	if err != nil || feed.LastPost != 1 {
		t.Errorf("settled %d times: %v", feed.LastPost, err)
	}
	d.want(d.after(14*time.Hour), "quiz")
}

func TestWhatWasBeingSentSaysSinceWhen(t *testing.T) {
	d := newDesk(t)
	d.save(class, daily(flows.DueQuiz))
	due := d.after(time.Minute)
	first := d.clock
	for range 3 { // three processes die while they send
		d.mark(due[0], true)
		due = d.after(time.Minute)
		d.want(due, "quiz")
		if !due[0].Sending.Equal(first) {
			t.Fatalf("being sent since %v, want %v", due[0].Sending, first)
		}
	}
	if err := d.GiveBack(t.Context(), due[0], d.clock, false); err != nil {
		t.Fatal(err)
	}
	if again := d.after(0); !again[0].Sending.IsZero() {
		t.Error("a post that certainly did not arrive comes back as uncertain")
	}
}

func TestOneThingAtATimeIsSentToAPlace(t *testing.T) {
	d := newDesk(t)
	d.save(class, daily(flows.DueTip, flows.DuePractice))
	due := d.after(time.Minute)
	d.want(due, "practice tip")
	d.mark(due[0], true)
	d.mark(due[1], false)
	d.settle(due[0])
	due = d.after(anewIn)
	d.want(due, "tip")
	if due[0].Feed.LastPost != 1 {
		t.Error("the second post does not know of the first")
	}
}

func TestSettingsMoveWhatIsDue(t *testing.T) {
	later := daily(flows.DueQuiz)
	later.Quiz.Minute += 60
	same := daily(flows.DueQuiz)
	same.News = true
	for name, tc := range map[string]struct {
		feed      *flows.Feed
		soon, now string // due in a minute, and an hour later
	}{
		"another hour":   {later, "", "quiz"},
		"off":            {daily(), "", ""},
		"something else": {same, "quiz", ""},
	} {
		for _, when := range []string{"before it is due", "while it is due", "while it is leased"} {
			t.Run(name+" "+when, func(t *testing.T) {
				d := newDesk(t)
				d.save(class, daily(flows.DueQuiz))
				var leased []outbox.Due
				switch when {
				case "while it is due":
					d.clock = d.clock.Add(time.Minute + time.Second)
				case "while it is leased":
					leased = d.after(time.Minute)
				}
				d.save(class, tc.feed)
				for _, due := range leased {
					d.mark(due, false)
				}
				due := d.after(time.Minute + time.Second)
				d.want(due, tc.soon)
				for _, due := range due {
					d.settle(due)
				}
				d.want(d.after(time.Hour), tc.now)
			})
		}
	}
}

func TestDroppingLeavesNothing(t *testing.T) {
	d := newDesk(t)
	feed := daily(flows.DueQuiz, flows.DueTip, flows.DuePractice)
	feed.News, feed.Round = true, flows.Round{Question: "prize", Closes: d.clock.Add(time.Hour).Unix()}
	d.save(class, feed)
	d.mark(d.after(time.Minute)[0], true)
	if _, err := d.Vote(t.Context(), class, "prize", bot.NewPerson("test", "ann"), "a"); err != nil {
		t.Fatal(err)
	}
	if err := d.KeepPoll(t.Context(), class, "prize", []int{1}); err != nil {
		t.Fatal(err)
	}
	if err := d.DropFeed(t.Context(), class); err != nil {
		t.Fatal(err)
	}
	if keys := d.server.Keys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
}

func TestVotesAreCountedMovedAndDeletedAtTheClose(t *testing.T) {
	d := newDesk(t)
	feed := daily(flows.DueQuiz)
	feed.Round = flows.Round{Question: "prize", Closes: d.clock.Add(30 * time.Second).Unix()}
	old := bot.NewAddress("test", "old id", "7")
	d.save(old, feed)
	for i := range 7 {
		for range 2 { // the second answer of a person does not count
			if _, err := d.Vote(t.Context(), old, "prize", bot.NewPerson("test", fmt.Sprint(i)), []string{"a", "b", "b"}[i%3]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := d.MoveFeed(t.Context(), old, class); err != nil {
		t.Fatal(err)
	}
	counts, err := d.Tally(t.Context(), class, "prize")
	if err != nil || counts["a"] != 3 || counts["b"] != 4 || len(counts) != 2 {
		t.Errorf("counts %v: %v", counts, err)
	}
	if counts, err := d.Tally(t.Context(), class, "code"); err != nil || len(counts) != 0 {
		t.Errorf("counts of another question %v: %v", counts, err)
	}
	if err := d.KeepPoll(t.Context(), class, "prize", []int{3, 4}); err != nil {
		t.Fatal(err)
	}
	if votes, kept, err := d.KeptPoll(t.Context(), class, "prize"); err != nil || !kept || !slices.Equal(votes, []int{3, 4}) {
		t.Errorf("kept %v %v: %v", votes, kept, err)
	}
	due := d.after(time.Minute)
	due = slices.DeleteFunc(due, func(d outbox.Due) bool { return d.Kind != flows.DueClose })
	d.want(due, "close")
	d.mark(due[0], true)
	due[0].Feed.Round = flows.Round{}
	d.settle(due[0])
	if slices.Contains(d.server.Keys(), d.keys.feed(class).votes) {
		t.Error("answers outlive the close")
	}
}

func TestAMovedFeedIsStillOwedItsPost(t *testing.T) {
	d := newDesk(t)
	from := bot.NewAddress("test", "from", "")
	d.save(from, daily(flows.DueQuiz))
	d.clock = d.clock.Add(2 * time.Minute)
	if _, err := d.ClaimDue(t.Context(), "test", d.keys.feed(from).shard, time.Minute, 10); err != nil {
		t.Fatal(err)
	}
	for range 2 { // both signals
		if err := d.MoveFeed(t.Context(), from, class); err != nil {
			t.Fatal(err)
		}
	}
	due := d.after(0)
	d.want(due, "quiz")
	if at := due[0].At.Format(time.TimeOnly); at != "07:30:00" {
		t.Errorf("due at %s", at)
	}
}

func TestAnotherKeyWipesNoGroup(t *testing.T) {
	d := newDesk(t)
	d.save(class, daily(flows.DueQuiz))
	wrong, err := New(d.client, []byte(strings.Repeat("x", MinSecret)), func() time.Time { return d.clock })
	if err != nil {
		t.Fatal(err)
	}
	d.clock = d.clock.Add(time.Minute)
	due, err := wrong.ClaimDue(t.Context(), class.Platform(), d.keys.feed(class).shard, time.Minute, 10)
	if err != nil || len(due) != 0 || wrong.Dropped() != 1 {
		t.Fatalf("%d claimed with another key, %d dropped: %v", len(due), wrong.Dropped(), err)
	}
	if feed, _, err := d.Feed(t.Context(), class); err != nil || feed == nil {
		t.Fatalf("the group's settings are gone: %v", err)
	}
	d.want(d.after(unreadFor), "quiz")
}

func TestTheLongestDueShardComesFirst(t *testing.T) {
	d := newDesk(t)
	d.server.SetTime(d.clock)
	last := map[int]uint16{}
	for i := range 40 {
		place, feed := bot.NewAddress("test", fmt.Sprint(i), ""), daily(flows.DueQuiz)
		feed.Quiz.Minute = uint16(480 + i*7%41)
		d.save(place, feed)
		shard := d.keys.feed(place).shard
		if at, ok := last[shard]; !ok || feed.Quiz.Minute < at {
			last[shard] = feed.Quiz.Minute
		}
	}
	if got, at, err := d.DueShards(t.Context(), "test"); err != nil || len(got) != 0 || !at.Equal(d.clock) {
		t.Fatalf("before anything is due: %v at %v: %v", got, at, err)
	}
	d.clock = d.clock.Add(2 * time.Hour)
	got, _, err := d.DueShards(t.Context(), "test")
	if err != nil || len(got) != len(last) || !slices.IsSortedFunc(got, func(a, b int) int { return int(last[a]) - int(last[b]) }) {
		t.Errorf("shards %v of %v: %v", got, last, err)
	}
	if got, _, err := d.DueShards(t.Context(), "other"); err != nil || len(got) != 0 {
		t.Errorf("another platform's queue: %v: %v", got, err)
	}
}
