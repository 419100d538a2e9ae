package outbox_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notalone/bot/outbox"
	"notalone/bot/outbox/outboxtest"
	"notalone/flows"
)

// An outage makes Redis fail for a number of calls, counted over all processes.
type outage struct {
	stage         *stage
	from, lasting int64
	calls         atomic.Int64
}

func (o *outage) trace(string) {
	switch o.calls.Add(1) {
	case o.from + o.lasting:
		o.stage.server.SetError("")
	case o.from:
		o.stage.server.SetError("LOADING Redis is loading the dataset in memory")
	}
}

// Processes share the work, die at any step, others take over, and Redis is away
// at any time in between: everybody gets it once, and what was in flight on a
// platform that cannot tell a repetition is in doubt.
func TestAnyCrashKeepsOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newWiredStage(t)
		defer s.close()
		p := newPlatform("test", rapid.SampledFrom([]flows.Can{0, flows.CanRepeat}).Draw(rt, "can"))
		s.readers(p, 12, 6)
		s.announce(news(), "test")
		for range rapid.IntRange(1, 3).Draw(rt, "rounds") {
			away := &outage{stage: s, from: int64(rapid.IntRange(1, 120).Draw(rt, "from")), lasting: int64(rapid.IntRange(0, 60).Draw(rt, "for"))}
			var all sync.WaitGroup
			for range rapid.IntRange(1, 2).Draw(rt, "processes") {
				life := &outboxtest.Life{Ends: rapid.IntRange(0, 90).Draw(rt, "ends"), After: rapid.Bool().Draw(rt, "after"), Trace: away.trace}
				all.Go(func() { s.live(t.Context(), life, p) })
			}
			all.Wait()
			s.server.SetError("")
			s.pass(rapid.SampledFrom([]time.Duration{time.Second, 30 * time.Second, 61 * time.Second}).Draw(rt, "wait"))
		}
		last := s.mailer(p)
		for i := 0; i < 8 && s.announcement().Stage != flows.Done; i++ {
			step(t.Context(), last)
			s.pass(61 * time.Second)
		}
		s.onceEach(rt, p)
	})
}

// live is one process for the time of a look.
func (s *stage) live(ctx context.Context, life *outboxtest.Life, p *platform) {
	options := s.options(nobody{}, s.store, life.Adapter(p))
	options.Pacer = outbox.NewPacer(life.Store(s.store))
	step(ctx, outbox.NewMailer(options, life.MailStore(s.store)))
}
