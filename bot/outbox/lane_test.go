package outbox_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// A watched store notes what is claimed and how much of it is in hand.
type watched struct {
	outbox.Store
	mu     sync.Mutex
	claims map[int][]time.Time // due times by shard
	inHand int
	most   int
}

func (w *watched) ClaimDue(ctx context.Context, platform bot.Name, shard int, lease time.Duration, limit int) ([]outbox.Due, error) {
	due, err := w.Store.ClaimDue(ctx, platform, shard, lease, limit)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range due {
		w.claims[shard] = append(w.claims[shard], d.At)
	}
	w.inHand += len(due)
	w.most = max(w.most, w.inHand)
	return due, err
}

func (w *watched) Settle(ctx context.Context, due outbox.Due, after flows.Feed) error {
	err := w.Store.Settle(ctx, due, after)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inHand--
	return err
}

// crowd plans a quiz for many groups, due in some minutes before half past seven.
func (s *stage) crowd(name bot.Name, groups, minutes int) {
	s.t.Helper()
	s.wait(-time.Hour)
	defer s.wait(time.Hour)
	for i := range groups {
		s.save(bot.NewAddress(name, strconv.Itoa(i), ""), class(func(f *flows.Feed) { f.Quiz.Minute -= uint16(i * 7 % minutes) }))
	}
}

func TestACrowdDrainsInOrderAtThePace(t *testing.T) {
	const groups, rate = 400, 1000
	s := newStage(t)
	p := newPlatform("test", 0)
	p.most = rate
	s.crowd("test", groups, 10)
	store := &watched{Store: s.store, claims: map[int][]time.Time{}}
	began := time.Now()
	s.clockOn(store, p).Drain(t.Context())
	if took := time.Since(began); took < (groups-10)*time.Second*9/10/rate { // a ninth faster until a second is over
		t.Errorf("%d posts took %v, quicker than %d a second", groups, took, rate)
	}
	if len(p.posts) != groups {
		t.Errorf("%d posts, want %d", len(p.posts), groups)
	}
	for shard, claims := range store.claims {
		if !slices.IsSortedFunc(claims, time.Time.Compare) {
			t.Errorf("shard %d was not claimed in order of being due: %v", shard, claims)
		}
	}
	if store.most > 32 {
		t.Errorf("%d entries in hand at once", store.most)
	}
}

// stuck is a platform that answers nothing until it is let go.
type stuck struct {
	*platform
	in  atomic.Int32
	off chan struct{}
}

func (p *stuck) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	p.in.Add(1)
	select {
	case <-p.off:
		return p.platform.Post(ctx, place, post, nonce)
	case <-ctx.Done():
		return bot.Sent{}, ctx.Err()
	}
}

func TestAStuckPlatformStopsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		slow, quick := &stuck{platform: newPlatform("slow", 0), off: make(chan struct{})}, newPlatform("quick", 0)
		s.crowd("slow", 100, 1)
		s.crowd("quick", 100, 1)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		clock := s.clockOn(s.store, slow, quick)
		go func() { clock.Run(ctx); close(done) }()
		time.Sleep(5 * time.Second)
		if quick.count() != 100 || slow.in.Load() < 25 {
			t.Errorf("%d quick posts, %d slow ones in hand; want 100 and 25 or more", quick.count(), slow.in.Load())
		}
		close(slow.off)
		time.Sleep(5 * time.Second)
		stop()
		<-done
		if slow.count() != 100 || s.outcome(outbox.Sent) != 200 {
			t.Errorf("%d slow posts, outcomes %v", slow.count(), s.outcomes)
		}
		s.close()
	})
}

func TestAPlatformThatFailsRests(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	p.fail = failing(&bot.SendError{Kind: bot.Throttled, RetryAfter: 20 * time.Second}, 0)
	s.crowd("test", 200, 1)
	clock := s.clockOn(s.store, p)
	for range 20 { // within 20 seconds
		clock.Drain(t.Context())
		s.wait(time.Second)
	}
	if p.tries > 64 {
		t.Errorf("a platform that asked for a pause was called %d times", p.tries)
	}
	p.fail = nil
	for range 60 {
		clock.Drain(t.Context())
		s.wait(time.Second)
	}
	if len(p.posts) != 200 {
		t.Errorf("%d posted once it worked again, want 200", len(p.posts))
	}
}

func TestOneThrottledPlaceHoldsUpNobodyElse(t *testing.T) {
	s := newStage(t)
	p := newPlatform("test", 0)
	p.most = 500 // one after the other
	p.fail = func(try int) error {
		if try%2 == 0 {
			return &bot.SendError{Kind: bot.Throttled, RetryAfter: time.Hour}
		}
		return nil
	}
	s.crowd("test", 200, 1)
	s.clockOn(s.store, p).Drain(t.Context())
	if p.tries != 200 {
		t.Errorf("%d of 200 groups were tried", p.tries)
	}
}

func TestStoppingFinishesWhatIsOnItsWay(t *testing.T) {
	for name, tc := range map[string]struct {
		answers time.Duration // after the stop
		outcome string
	}{
		"in time": {5 * time.Second, outbox.Sent},
		"never":   {time.Hour, outbox.Uncertain},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				p := &stuck{platform: newPlatform("test", 0), off: make(chan struct{})}
				p.most = 2 // some go out, the others wait for the pace
				s.crowd("test", 8, 1)
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan struct{})
				clock := s.clockOn(s.store, p)
				go func() { clock.Run(ctx); close(done) }()
				time.Sleep(1500 * time.Millisecond)
				on := int(p.in.Load())
				stop()
				timer := time.AfterFunc(tc.answers, func() { close(p.off) })
				<-done
				timer.Stop()
				if on == 0 || s.outcome(tc.outcome) != on || s.outcome(outbox.Later) != 8-on {
					t.Errorf("%d on their way, outcomes %v", on, s.outcomes)
				}
				next := newPlatform("test", 0) // another replica takes over at once
				s.clockOn(s.store, next).Drain(t.Context())
				if len(next.posts) != 8-on {
					t.Errorf("%d posted by the next process, want %d", len(next.posts), 8-on)
				}
				s.close()
			})
		})
	}
}
