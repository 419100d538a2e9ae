package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// How the queue is worked.
const (
	lookEvery   = time.Second
	leaseFor    = time.Minute
	hands       = 32               // posts in hand at once, per platform and process
	worthALook  = 8                // free hands before the queue is looked at again
	postWithin  = 20 * time.Second // less than a lease, with time left to settle
	finishIn    = 8 * time.Second  // for what is on its way when the process is stopped
	repeatUntil = 2 * time.Minute  // how long a platform surely knows a nonce again
	maxRefusal  = 3                // refusals in a row until a feed is paused
)

// Options are what a Clock is made of.
type Options struct {
	Site     *flows.Site
	Store    Store
	Adapters []bot.Adapter
	Log      *slog.Logger
	Now      func() time.Time
	Meter    Meter
	// Skew is how far Now may be from the store's clock; beyond it this process
	// posts nothing. Zero: not looked at.
	Skew time.Duration
	// Pacer holds sends back to the platforms' rates; nil: one of its own.
	Pacer *Pacer
	// Pause waits between tries to settle; nil: by the real time.
	Pause func(ctx context.Context, wait time.Duration)
}

// A Meter counts posts by how they ended.
type Meter interface {
	Posted(platform bot.Name, outcome string)
}

// The outcomes of a post.
const (
	Sent      = "sent"
	Skipped   = "skipped"   // late, paused, not wanted any more, or one post that day was made
	Wiped     = "wiped"     // the place is gone
	Refused   = "refused"   // no permission there
	Uncertain = "uncertain" // it may have arrived, and is not sent twice
	Later     = "later"     // a fault of the moment
)

// complete fills in what may be left out.
func (o Options) complete() Options {
	if o.Pause == nil {
		o.Pause = func(ctx context.Context, wait time.Duration) { bot.Sleep(ctx, wait) }
	}
	if o.Pacer == nil {
		o.Pacer = NewPacer(o.Store)
	}
	return o
}

// Clock posts what falls due.
type Clock struct{ lanes []*lane }

// NewClock makes a Clock; Run starts it.
func NewClock(o Options) *Clock {
	o = o.complete()
	c := &Clock{}
	for _, adapter := range o.Adapters {
		c.lanes = append(c.lanes, newLane(o, adapter))
	}
	return c
}

// Run works the queues until ctx ends and what was on its way is settled.
func (c *Clock) Run(ctx context.Context) {
	c.each(func(l *lane) {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				l.drain(ctx)
			}
		}
	})
}

// Drain posts everything that is due now and waits for it. A fault of the store
// ends the round; the next one goes on.
func (c *Clock) Drain(ctx context.Context) {
	c.each(func(l *lane) { l.drain(ctx) })
}

// each does something on every lane at once and waits for what it began.
func (c *Clock) each(do func(*lane)) {
	var wg sync.WaitGroup
	for _, l := range c.lanes {
		wg.Go(func() {
			do(l)
			l.busy.Wait()
		})
	}
	wg.Wait()
}
