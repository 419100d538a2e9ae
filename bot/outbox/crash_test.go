package outbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/outbox/outboxtest"
	"notalone/flows"
)

// A process dies at each step of a quiz and its close, on platforms of each sort.
func TestACrashLosesNothingAndDoublesNothing(t *testing.T) {
	for name, can := range map[string]flows.Can{"buttons": 0, "native polls": flows.CanPoll, "repeatable": flows.CanRepeat} {
		t.Run(name, func(t *testing.T) {
			whole, _ := dayWithADeath(newStage(t), can, 0, false)
			for ends := range len(whole) {
				for _, after := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d %s after=%v", ends+1, whole[ends], after), func(t *testing.T) {
						steps, day := dayWithADeath(newStage(t), can, ends+1, after)
						if !slices.Equal(steps, whole[:ends+1]) {
							t.Fatalf("steps %v, want %v", steps, whole[:ends+1])
						}
						day.check(t, can, whole[ends], after)
					})
				}
			}
		})
	}
}

// A day is what came of one group's quiz and its close.
type day struct {
	*stage
	platform *platform
	feed     *flows.Feed
	opened   bool // the round was open after the quiz
}

// dayWithADeath posts a quiz, collects answers and closes it. The first process
// ends at a step, counted over the whole day; a second takes over.
func dayWithADeath(s *stage, can flows.Can, ends int, after bool) ([]string, day) {
	ctx := s.t.Context()
	p := newPlatform("test", can)
	p.closed = pollOnce([]int{1, 5})
	var steps []string
	first := &outboxtest.Life{Ends: ends, After: after, Trace: func(step string) { steps = append(steps, step) }}
	clocks := []*outbox.Clock{
		outbox.NewClock(s.options(nobody{}, first.Store(s.store), first.Adapter(p))),
		s.clockOn(s.store, p),
	}
	group := place(p, "class")
	s.plan(group, class())
	work := func() {
		for range 4 { // each lease of the dead runs out once
			for _, clock := range clocks {
				clock.Drain(ctx)
				s.wait(time.Second)
			}
			s.wait(time.Minute)
		}
	}
	work()
	opened := s.feed(group).Round.Question != ""
	if can&flows.CanPoll == 0 {
		for i := range 6 {
			if _, err := s.store.Vote(ctx, group, s.feed(group).Round.Question, bot.NewPerson("test", fmt.Sprint(i)), []string{"a", "b"}[min(i, 1)]); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.wait(8 * time.Hour)
	work()
	return steps, day{s, p, s.feed(group), opened}
}

// pollOnce tells a poll's votes once, as a platform does.
func pollOnce(votes []int) func() ([]int, error) {
	return func() ([]int, error) {
		if votes == nil {
			return nil, &bot.SendError{Kind: bot.Refused, Op: "close"}
		}
		told := votes
		votes = nil
		return told, nil
	}
}

func (d day) check(t *testing.T, can flows.Can, step string, after bool) {
	t.Helper()
	posts, uncertain := d.platform.arrived(), d.outcome(outbox.Uncertain)
	doubtful := !can.Has(flows.CanRepeat) && (step == "mark" && after || step == "post" || step == "settle" && !after)
	switch {
	case doubtful && uncertain != 1:
		t.Errorf("%d uncertain, want 1", uncertain)
	case !doubtful && (uncertain != 0 || posts != "class/quiz class/closed"):
		t.Errorf("posted %q, %d uncertain; want both, none uncertain", posts, uncertain)
	}
	if strings.Count(posts, "class/quiz") > 1 || strings.Count(posts, "class/closed") > 1 {
		t.Errorf("doubled: %q", posts)
	}
	if !d.opened || d.feed.Round.Question != "" {
		t.Errorf("the round was open %v, and is %+v after its close", d.opened, d.feed.Round)
	}
	// The poll of a quiz in doubt has no message to close; a count that the platform
	// told to a dying process is gone with it.
	told := can.Has(flows.CanPoll) && (doubtful && d.feed.Week[0].Answers == 0 || step == "close poll" && after || step == "keep poll" && !after)
	if len(d.feed.Week) != 1 || d.feed.Week[0].Answers != 6 && !told {
		t.Errorf("the week: %+v, want one quiz with 6 answers", d.feed.Week)
	}
	if next := d.feed.Next(flows.DueQuiz, d.now()); next.Sub(half) != 24*time.Hour {
		t.Errorf("the next quiz is due at %v", next)
	}
	d.mustBeAtRest(t)
	nonces := map[string]bool{}
	for _, post := range d.platform.posts {
		if nonces[post.nonce] || len(post.nonce) > 25 {
			t.Errorf("nonce %q is not one of its own", post.nonce)
		}
		nonces[post.nonce] = true
	}
}

// mustBeAtRest checks that nothing is leased or marked and no answers are kept.
func (s *stage) mustBeAtRest(t *testing.T) {
	t.Helper()
	for _, key := range s.server.Keys() {
		for _, rest := range []string{":leased", ":slot", ":sending", "}:v:"} {
			if strings.Contains(key, rest) {
				t.Errorf("left behind: %s", key)
			}
		}
	}
}
