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
	lookEvery  = time.Second
	leaseFor   = time.Minute
	claimAt    = 32 // entries of one shard in one round trip
	postsAtATo = 16 // posts on their way at once, per process
	postWithin = 30 * time.Second
	maxRefusal = 3 // refusals in a row until a feed is paused
)

// Options are what a Clock is made of.
type Options struct {
	Site     *flows.Site
	Store    Store
	Adapters []bot.Adapter
	Log      *slog.Logger
	Now      func() time.Time
	Meter    Meter
}

// A Meter counts posts by how they ended.
type Meter interface {
	Posted(platform bot.Name, outcome string)
}

// The outcomes of a post.
const (
	Sent      = "sent"
	Skipped   = "skipped"   // late, paused, or one post a day was made
	Wiped     = "wiped"     // the place is gone
	Refused   = "refused"   // no permission there
	Uncertain = "uncertain" // it may have arrived, and is not sent twice
	Later     = "later"     // a fault of the moment
)

// Clock posts what falls due.
type Clock struct {
	o        Options
	adapters map[bot.Name]bot.Adapter
	pacer    *Pacer
	posts    chan struct{}
}

// NewClock makes a Clock; Run starts it.
func NewClock(o Options) *Clock {
	adapters := map[bot.Name]bot.Adapter{}
	for _, adapter := range o.Adapters {
		adapters[adapter.Name()] = adapter
	}
	return &Clock{o: o, adapters: adapters, pacer: NewPacer(o.Store), posts: make(chan struct{}, postsAtATo)}
}

// Run works the queue until ctx ends.
func (c *Clock) Run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			c.Drain(ctx)
		}
	}
}

// Drain posts everything that is due now. A fault of the store ends the round;
// the next one goes on.
func (c *Clock) Drain(ctx context.Context) {
	for more := true; more && ctx.Err() == nil; {
		more = false
		for shard := range c.o.Store.Shards() {
			due, err := c.o.Store.ClaimDue(ctx, shard, leaseFor, claimAt)
			if err != nil {
				if ctx.Err() == nil {
					c.o.Log.Warn("the clock could not look at what is due", "error", err)
				}
				return
			}
			more = more || len(due) == claimAt
			c.postAll(ctx, due)
		}
	}
}

// postAll waits for the posts of one claim: a lease must not run out in a queue.
func (c *Clock) postAll(ctx context.Context, due []Due) {
	var wg sync.WaitGroup
	for _, d := range due {
		c.posts <- struct{}{}
		wg.Go(func() {
			defer func() { <-c.posts }()
			outcome := c.one(ctx, d)
			c.o.Meter.Posted(d.Place.Platform(), outcome)
		})
	}
	wg.Wait()
}

// one brings one due entry to its end.
func (c *Clock) one(ctx context.Context, due Due) string {
	adapter := c.adapters[due.Place.Platform()]
	if adapter == nil { // the platform is not connected here; another replica may serve it
		c.giveBack(ctx, due, c.o.Now().Add(leaseFor))
		return Later
	}
	can := adapter.Can(&bot.Event{Place: due.Place, Shared: !due.Feed.Private})
	if due.Uncertain && !can.Has(flows.CanRepeat) {
		c.settle(ctx, due, c.o.Site.Skip(due.Feed, due.Kind, c.o.Now()))
		return Uncertain
	}
	tally, err := c.tally(ctx, adapter, due)
	if err != nil {
		c.giveBack(ctx, due, c.o.Now().Add(leaseFor))
		return Later
	}
	feed, effects := c.o.Site.Due(due.Feed, due.Kind, due.At, c.o.Now(), tally, can)
	for _, effect := range effects {
		if post, ok := effect.(flows.Post); ok {
			return c.post(ctx, adapter, due, feed, post)
		}
	}
	c.settle(ctx, due, feed)
	return Skipped
}

// post sends one post and settles the entry by how that ended.
func (c *Clock) post(ctx context.Context, adapter bot.Adapter, due Due, feed flows.Feed, post flows.Post) string {
	if err := c.pacer.Wait(ctx, adapter.Name(), adapter.Rate()); err != nil {
		return Later // the lease ends by itself
	}
	if err := c.o.Store.MarkSending(ctx, due.Place, due.Kind); err != nil {
		return Later
	}
	within, cancel := context.WithTimeout(ctx, postWithin)
	defer cancel()
	sent, err := adapter.Post(within, due.Place, post, nonce(due))
	if err == nil {
		c.settle(ctx, due, feed.Sent(due.Kind, sent.Message))
		c.afterClose(ctx, due)
		return Sent
	}
	return c.failed(ctx, adapter, due, feed, err)
}

func (c *Clock) failed(ctx context.Context, adapter bot.Adapter, due Due, feed flows.Feed, err error) string {
	fault := bot.AsSendError(err)
	switch {
	case fault.Kind == bot.Gone:
		c.drop(ctx, due)
		return Wiped
	case fault.MovedTo != (bot.Address{}):
		if err := c.o.Store.MoveFeed(ctx, due.Place, fault.MovedTo); err != nil {
			c.o.Log.Warn("could not move a feed to the group's new id", "error", err)
		}
		return Later
	case fault.Kind == bot.Refused:
		c.settle(ctx, due, c.o.Site.Refused(due.Feed, due.Kind, c.o.Now(), maxRefusal))
		return Refused
	case fault.Kind == bot.Uncertain && !adapter.Can(&bot.Event{Place: due.Place}).Has(flows.CanRepeat):
		c.settle(ctx, due, feed.Sent(due.Kind, ""))
		return Uncertain
	default:
		c.giveBack(ctx, due, c.o.Now().Add(max(fault.RetryAfter, 10*time.Second)))
		return Later
	}
}

// tally counts how a group did on the round that closes.
func (c *Clock) tally(ctx context.Context, adapter bot.Adapter, due Due) (flows.Tally, error) {
	round := due.Feed.Round
	if due.Kind != flows.DueClose || round.Question == "" {
		return flows.Tally{}, nil
	}
	if round.Native {
		votes, err := adapter.ClosePoll(ctx, due.Place, round.Message)
		if err != nil { // closed already, deleted: nothing to tell
			return flows.Tally{}, nil //nolint:nilerr // the close goes on without a count
		}
		return c.o.Site.CountPoll(round.Question, votes), nil
	}
	counts, err := c.o.Store.Tally(ctx, due.Place, round.Question)
	if err != nil {
		return flows.Tally{}, err
	}
	return c.o.Site.CountVotes(round.Question, counts), nil
}

func (c *Clock) afterClose(ctx context.Context, due Due) {
	if due.Kind != flows.DueClose {
		return
	}
	if err := c.o.Store.DropVotes(ctx, due.Place, due.Feed.Round.Question); err != nil {
		c.o.Log.Warn("could not delete the answers to a closed quiz; they expire", "error", err)
	}
}

func (c *Clock) settle(ctx context.Context, due Due, feed flows.Feed) {
	// The post is out: what follows must be written even if ctx has just ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := c.o.Store.Settle(ctx, due, feed); err != nil {
		c.o.Log.Warn("could not settle a post; it comes back as uncertain", "error", err)
	}
}

func (c *Clock) giveBack(ctx context.Context, due Due, at time.Time) {
	if err := c.o.Store.GiveBack(ctx, due, at); err != nil {
		c.o.Log.Warn("could not give a post back; its lease ends by itself", "error", err)
	}
}

func (c *Clock) drop(ctx context.Context, due Due) {
	if err := c.o.Store.DropFeed(ctx, due.Place); err != nil {
		c.o.Log.Warn("could not delete the feed of a place that is gone", "error", err)
	}
}

// nonce is the same for every try of one entry and for no other.
func nonce(due Due) string {
	return string(due.Kind) + due.At.UTC().Format("060102150405")
}
