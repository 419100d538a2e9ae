package outbox_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notalone/bot"
	"notalone/bot/outbox/outboxtest"
	"notalone/flows"
)

// A witness writes down what a process did until it died.
type witness struct {
	mu    sync.Mutex
	calls []string
}

func (w *witness) trace(call string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call)
}

func (w *witness) times(names ...string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, call := range w.calls {
		if slices.Contains(names, call) {
			n++
		}
	}
	return n
}

// finish lets a healthy process do what is left, once every lease has run out.
func (s *stage) finish(p *platform) {
	last := s.mailer(p)
	for i := 0; i < 8 && s.announcement().Stage != flows.Done; i++ {
		s.pass(61 * time.Second)
		step(s.t.Context(), last)
	}
}

// TestWhoWaitsForTheirMomentIsNotInDoubt: of all that a process has in hand, a
// death leaves in doubt what was on its way; the others were not sent for sure.
func TestWhoWaitsForTheirMomentIsNotInDoubt(t *testing.T) {
	s := newWiredStage(t)
	p := newPlatform("test", 0)
	p.most = 1 // one send a second: all others wait
	s.readers(p, 18, 0)
	s.announce(news(), "test")
	seen := &witness{}
	life := &outboxtest.Life{Trace: seen.trace, At: "pace", Ends: 2}
	s.live(t.Context(), life, p)
	if n := p.count(); n > 1 || !life.Over() {
		t.Fatalf("%d were sent, dead %v: %v", n, life.Over(), seen.calls)
	}
	p.most = 1e5
	s.finish(p)
	if progress := s.progress("test"); progress.Count(flows.OutUncertain) > 1 || progress.Ended() != 18 {
		t.Errorf("progress %+v, want one in doubt at most: the first, if it was on its way", progress)
	}
}

// TestOnlyWhatIsOnItsWayIsInDoubt: at any step, by any number of processes.
func TestOnlyWhatIsOnItsWayIsInDoubt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newWiredStage(t)
		defer s.close()
		p := newPlatform("test", 0)
		s.readers(p, 12, 6)
		s.announce(news(), "test")
		seen := &witness{}
		var all sync.WaitGroup
		processes := rapid.IntRange(1, 2).Draw(rt, "processes")
		for range processes {
			life := &outboxtest.Life{Ends: rapid.IntRange(1, 60).Draw(rt, "ends"), After: rapid.Bool().Draw(rt, "after"), Trace: seen.trace}
			all.Go(func() { s.live(t.Context(), life, p) })
		}
		all.Wait()
		// The step that one died at may have had no effect.
		onTheirWay := seen.times("mark") - seen.times("settle", "give back") + processes
		s.finish(p)
		s.onceEach(rt, p)
		if uncertain := s.progress("test").Count(flows.OutUncertain); uncertain > onTheirWay {
			rt.Fatalf("%d are in doubt, %d were on their way", uncertain, onTheirWay)
		}
	})
}

// TestAPlaceThatIsGoneIsInNoDoubt: wherever its process dies.
func TestAPlaceThatIsGoneIsInNoDoubt(t *testing.T) {
	for _, call := range []string{"settle", "drop"} {
		for _, after := range []bool{false, true} {
			s := newWiredStage(t)
			p := newPlatform("test", flows.CanRepeat)
			p.fail = func(int) error { return &bot.SendError{Kind: bot.Gone} }
			s.readers(p, 1, 0)
			s.announce(news(), "test")
			s.live(t.Context(), &outboxtest.Life{At: call, Ends: 1, After: after}, p)
			s.finish(p)
			if progress := s.progress("test"); progress.Count(flows.OutWiped) != 1 {
				t.Errorf("dead at %q, after it %v: %+v", call, after, progress)
			}
			s.close()
		}
	}
}

// TestAGroupThatMovesIsOneReceiver: wherever its process dies. Only while nobody
// knows that the platform said no, it may be in doubt.
func TestAGroupThatMovesIsOneReceiver(t *testing.T) {
	for _, call := range []string{"mark", "post", "give back", "move"} {
		for _, after := range []bool{false, true} {
			s := newWiredStage(t)
			p := newPlatform("test", 0)
			p.fail = failing(&bot.SendError{Kind: bot.Refused, MovedTo: place(p, "new")}, 1)
			s.readers(p, 1, 0)
			s.announce(news(), "test")
			s.live(t.Context(), &outboxtest.Life{At: call, Ends: 1, After: after}, p)
			s.finish(p)
			doubtful := call == "mark" && after || call == "post" || call == "give back" && !after
			want := flows.OutSent
			if doubtful {
				want = flows.OutUncertain
			}
			if progress := s.progress("test"); progress.All != 1 || progress.Count(want) != 1 || progress.Ended() != 1 || len(p.posts) > 1 {
				t.Errorf("dead at %q, after it %v: %d posts, %+v", call, after, len(p.posts), progress)
			}
			s.close()
		}
	}
}
