package outbox_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

func failing(err error, tries int) func(int) error {
	return func(try int) error {
		if tries > 0 && try > tries {
			return nil
		}
		return err
	}
}

func TestTwoReplicasPostOnce(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	const groups = 60
	for i := range groups {
		s.plan(place(p, strings.Repeat("x", i+1)), class())
	}
	replicas := []*outbox.Clock{s.clockOn(s.store, p), s.clockOn(s.store, p)}
	var wg sync.WaitGroup
	for range 2 {
		for _, clock := range replicas {
			wg.Go(func() { clock.Drain(t.Context()) })
		}
		wg.Wait()
	}
	times := map[bot.Address]int{}
	for _, post := range p.posts {
		times[post.place]++
	}
	if len(times) != groups || len(p.posts) != groups || s.outcome(outbox.Sent) != groups {
		t.Errorf("%d posts to %d groups, %d counted; want %d of each", len(p.posts), len(times), s.outcome(outbox.Sent), groups)
	}
	s.mustBeAtRest(t)
}

func TestHowAPostMayEnd(t *testing.T) {
	refused := &bot.SendError{Kind: bot.Refused, Op: "post"}
	for name, tc := range map[string]struct {
		can     flows.Can
		fail    func(int) error
		wait    time.Duration // from due to the first look
		outcome string
		posts   string        // after that look
		again   time.Duration // when it is looked at once more
		then    string
	}{
		"in time":                 {outcome: outbox.Sent, posts: "class/quiz", again: time.Hour, then: "class/quiz"},
		"a little late":           {wait: 2 * time.Hour, outcome: outbox.Sent, posts: "class/quiz", again: time.Hour, then: "class/quiz"},
		"too late":                {wait: 2*time.Hour + time.Second, outcome: outbox.Skipped, again: time.Hour},
		"throttled":               {fail: failing(&bot.SendError{Kind: bot.Throttled, RetryAfter: 90 * time.Second}, 1), outcome: outbox.Later, again: 90 * time.Second, then: "class/quiz"},
		"throttled still":         {fail: failing(&bot.SendError{Kind: bot.Throttled, RetryAfter: 90 * time.Second}, 1), outcome: outbox.Later, again: 89 * time.Second},
		"a passing fault":         {fail: failing(errors.New("connection reset"), 1), outcome: outbox.Later, again: 10 * time.Second, then: "class/quiz"},
		"refused":                 {fail: failing(refused, 1), outcome: outbox.Refused, again: time.Hour},
		"timed out":               {fail: failing(context.DeadlineExceeded, 1), outcome: outbox.Uncertain, again: time.Hour},
		"timed out, can repeat":   {can: flows.CanRepeat, fail: failing(context.DeadlineExceeded, 1), outcome: outbox.Later, again: 10 * time.Second, then: "class/quiz"},
		"timed out, too long ago": {can: flows.CanRepeat, fail: failing(context.DeadlineExceeded, 1), outcome: outbox.Later, again: 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			p := newPlatform("test", tc.can)
			p.fail = tc.fail
			group, clock := place(p, "class"), s.clockOn(s.store, p)
			s.plan(group, class())
			s.wait(tc.wait)
			clock.Drain(t.Context())
			if s.outcome(tc.outcome) != 1 {
				t.Errorf("outcomes %v, want one %s", s.outcomes, tc.outcome)
			}
			wantPosts(t, p, tc.posts)
			s.wait(tc.again)
			clock.Drain(t.Context())
			wantPosts(t, p, tc.then)
			if next := s.feed(group).Next(flows.DueQuiz, s.now()); !next.Equal(half.Add(24 * time.Hour)) {
				t.Errorf("the next one is due at %v", next)
			}
		})
	}
}

func TestThreeRefusalsPause(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	p.fail = failing(&bot.SendError{Kind: bot.Refused, Op: "post"}, 0)
	group, clock := place(p, "class"), s.clockOn(s.store, p)
	s.plan(group, class())
	for range 10 {
		clock.Drain(t.Context())
		s.wait(24 * time.Hour)
	}
	if p.tries != 3 || s.outcome(outbox.Refused) != 3 || s.feed(group).PausedTill <= s.now().Unix() {
		t.Errorf("%d tries, %d refused, paused till %d", p.tries, s.outcome(outbox.Refused), s.feed(group).PausedTill)
	}
	if len(p.told) != 1 || !strings.Contains(p.told[0], "Class 8A") {
		t.Errorf("an admin was told %q, want it once and of which class", p.told)
	}
	mended := *s.feed(group) // as the set-up does, once the permission is back
	mended.PausedTill, mended.Refusals = 0, 0
	s.save(group, &mended)
	p.fail = nil
	s.wait(24 * time.Hour)
	for range 2 { // last week's summary, which is too late, goes first
		clock.Drain(t.Context())
		s.wait(2 * time.Second)
	}
	wantPosts(t, p, "class/quiz")
}

func TestWherePollsAreNotAllowedTheQuizHasButtons(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", flows.CanPoll)
	p.noPolls = true
	group, clock := place(p, "class"), s.clockOn(s.store, p)
	s.plan(group, class())
	clock.Drain(t.Context())
	if len(p.posts) != 1 || p.posts[0].poll != nil || p.posts[0].page.Path != "class/quiz" {
		t.Fatalf("posted %+v", p.posts)
	}
	feed := s.feed(group)
	if feed.Round.Native || feed.Round.Message == "" || feed.Refusals != 0 || s.outcome(outbox.Sent) != 1 {
		t.Errorf("kept %+v", feed)
	}
}

func TestAPlaceThatIsGoneIsWiped(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	p.fail = failing(&bot.SendError{Kind: bot.Gone, Op: "post"}, 0)
	s.plan(place(p, "class"), class(func(f *flows.Feed) { f.News = true }))
	clock := s.clockOn(s.store, p)
	for range 3 {
		clock.Drain(t.Context())
		s.wait(24 * time.Hour)
	}
	if p.tries != 1 || s.outcome(outbox.Wiped) != 1 {
		t.Errorf("%d tries, outcomes %v", p.tries, s.outcomes)
	}
	for _, key := range s.server.Keys() {
		if !strings.HasPrefix(key, "na:pace:") {
			t.Errorf("left behind: %s", key)
		}
	}
}

func TestAMovedGroupIsFollowed(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	from, to := place(p, "group"), place(p, "supergroup")
	p.fail = failing(&bot.SendError{Kind: bot.Refused, MovedTo: to, Op: "post"}, 1)
	s.plan(from, class())
	clock := s.clockOn(s.store, p)
	clock.Drain(t.Context())
	clock.Drain(t.Context())
	if len(p.posts) != 1 || p.posts[0].place != to || s.feed(from) != nil || s.feed(to).Round.Message != "m1" {
		t.Errorf("posted %q; the old feed %v, the new %+v", p.arrived(), s.feed(from), s.feed(to))
	}
}

func TestOnePostADayAndTheRarestFirst(t *testing.T) {
	all := flows.Plan{Days: 127, Minute: 450}
	for name, tc := range map[string]struct {
		feed flows.Feed
		want string
	}{
		"the quiz's turn of three":      {flows.Feed{Quiz: all, Tip: all, Practice: all}, "class/quiz"},
		"practice's turn of two":        {flows.Feed{Tip: all, Practice: flows.Plan{Days: 127, Minute: 451}}, "practice/parcel/start"},
		"a weekly tip for a daily quiz": {flows.Feed{Quiz: all, Tip: flows.Plan{Days: 2, Minute: 451}}, "tip/code-word"},
		"even if the tip is later":      {flows.Feed{Quiz: all, Tip: flows.Plan{Days: 2, Minute: 600}}, ""},
		"a tip on a day without quiz":   {flows.Feed{Quiz: flows.Plan{Days: 1, Minute: 450}, Tip: all}, "tip/code-word"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			p := newPlatform("test", 0)
			tc.feed.Zone, tc.feed.Lang = "UTC", "en"
			s.plan(place(p, "class"), &tc.feed)
			clock := s.clockOn(s.store, p)
			for range 5 {
				clock.Drain(t.Context())
				s.wait(time.Minute)
			}
			wantPosts(t, p, tc.want)
		})
	}
}

func TestTwoThingsAtOnceAreStillOneADay(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	at := flows.Plan{Days: 127, Minute: 450}
	for i := range 20 {
		s.plan(place(p, strconv.Itoa(i)), &flows.Feed{Zone: "UTC", Lang: "en", Tip: at, Practice: at})
	}
	clock := s.clockOn(s.store, p)
	for range 5 {
		clock.Drain(t.Context())
		s.wait(time.Minute)
	}
	if len(p.posts) != 20 {
		t.Errorf("%d posts to 20 groups", len(p.posts))
	}
}

func TestAStoreThatIsAwayDelaysAndNoMore(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	group := place(p, "class")
	s.plan(group, class())
	clock := s.clockOn(s.store, p)
	s.server.SetError("LOADING Redis is loading the dataset in memory")
	for range 5 {
		clock.Drain(t.Context())
		s.wait(time.Minute)
	}
	wantPosts(t, p, "")
	s.server.SetError("")
	clock.Drain(t.Context())
	wantPosts(t, p, "class/quiz")
	if round := s.feed(group).Round; round.Message != "m1" {
		t.Errorf("the round is %+v", round)
	}
}

// The store goes away while the platform is called, and comes back in time.
func TestAPostIsSettledWhenTheStoreIsBack(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	s.plan(place(p, "class"), class())
	p.fail = func(int) error { s.server.SetError("LOADING"); return nil }
	options, waits := s.options(s, s.store, p), 0
	options.Pause = func(context.Context, time.Duration) {
		if waits++; waits == 5 {
			s.server.SetError("")
		}
	}
	clock := outbox.NewClock(options)
	clock.Drain(t.Context())
	s.wait(2 * time.Minute)
	clock.Drain(t.Context())
	if s.outcome(outbox.Sent) != 1 || s.outcome(outbox.Uncertain) != 0 || waits != 5 {
		t.Errorf("outcomes %v after %d waits", s.outcomes, waits)
	}
	wantPosts(t, p, "class/quiz")
	s.mustBeAtRest(t)
}

func TestAReplicaWithAWrongClockPostsNothing(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	s.plan(place(p, "class"), class())
	options := s.options(s, s.store, p)
	options.Skew = 5 * time.Minute
	clock := outbox.NewClock(options)
	s.server.SetTime(half.Add(-time.Hour))
	clock.Drain(t.Context())
	wantPosts(t, p, "")
	s.server.SetTime(half.Add(-4 * time.Minute))
	clock.Drain(t.Context())
	wantPosts(t, p, "class/quiz")
}

func TestAClockThatIsSetBackRepeatsNothing(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	s.plan(place(p, "class"), class())
	clock := s.clockOn(s.store, p)
	p.fail = func(int) error { s.wait(-10 * time.Minute); return nil }
	clock.Drain(t.Context())
	for range 20 {
		s.wait(time.Minute)
		clock.Drain(t.Context())
	}
	wantPosts(t, p, "class/quiz")
}

func TestANativePollIsCountedOnce(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", flows.CanPoll)
	p.closed = pollOnce([]int{2, 6})
	p.fail = func(try int) error { // the post of the result has to wait
		if try == 2 {
			return &bot.SendError{Kind: bot.Throttled, RetryAfter: time.Minute}
		}
		return nil
	}
	group, clock := place(p, "class"), s.clockOn(s.store, p)
	s.plan(group, class())
	clock.Drain(t.Context())
	poll := p.posts[0].poll
	if poll == nil || poll.Closes.Sub(half) != 8*time.Hour {
		t.Fatalf("the poll is %+v, want one that closes in eight hours", poll)
	}
	s.wait(8 * time.Hour)
	clock.Drain(t.Context())
	wantPosts(t, p, "class/quiz")
	s.wait(time.Minute)
	clock.Drain(t.Context())
	wantPosts(t, p, "class/quiz class/closed")
	if week := s.feed(group).Week; len(week) != 1 || week[0].Answers != 8 {
		t.Errorf("the week is %+v", week)
	}
	s.mustBeAtRest(t)
}
