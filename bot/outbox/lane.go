package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"notalone/bot"
)

// A lane works one platform's queue.
type lane struct {
	Options
	adapter   bot.Adapter
	hands     chan struct{} // one for each entry in hand
	busy      sync.WaitGroup
	rest      rest
	complaint time.Time // when drain last logged one
}

func newLane(o Options, adapter bot.Adapter) *lane {
	return &lane{Options: o, adapter: adapter, hands: make(chan struct{}, hands)}
}

// drain begins everything that is due now. It claims no more than it has hands
// for, so that no lease runs out in a queue and memory does not grow with it.
func (l *lane) drain(ctx context.Context) {
	for ctx.Err() == nil && !l.rest.resting(l.Now()) {
		free := l.takeHands(ctx)
		began := l.claim(ctx, free)
		for range free - began {
			<-l.hands
		}
		if began == 0 {
			return
		}
	}
}

// takeHands takes all hands that are free, and waits for enough that a look at
// the queue is worth it.
func (l *lane) takeHands(ctx context.Context) int {
	for n := 0; ; n++ {
		if n < worthALook {
			select {
			case l.hands <- struct{}{}:
				continue
			case <-ctx.Done():
				return n
			}
		}
		select {
		case l.hands <- struct{}{}:
		default:
			return n
		}
	}
}

// claim begins up to free entries of the part that is due the longest.
func (l *lane) claim(ctx context.Context, free int) int {
	if ctx.Err() != nil {
		return 0
	}
	shards, clock, err := l.Store.DueShards(ctx, l.adapter.Name())
	if off := l.Now().Sub(clock); err == nil && l.Skew > 0 && off.Abs() > l.Skew {
		l.complain("this machine's clock and the store's differ too much: nothing is posted from here", "by", off.Round(time.Second))
		return 0
	}
	for _, shard := range shards {
		var due []Due
		if due, err = l.Store.ClaimDue(ctx, l.adapter.Name(), shard, leaseFor, free); err != nil {
			break
		}
		for _, d := range due {
			l.busy.Go(func() {
				defer func() { <-l.hands }()
				l.Meter.Posted(l.adapter.Name(), l.one(ctx, d))
			})
		}
		if len(due) > 0 {
			return len(due)
		}
	}
	if err != nil && ctx.Err() == nil {
		l.complain("the clock could not look at what is due", "error", err)
	}
	return 0
}

// soon waits until the turn of so many calls on the platform is near.
func (l *lane) soon(ctx context.Context, calls int) (*Turn, error) {
	return l.Pacer.soon(ctx, l.adapter.Name(), l.adapter.Most(), calls)
}

// wait is for the turn itself.
func (l *lane) wait(ctx context.Context, calls int) (*Turn, error) {
	return l.Pacer.Wait(ctx, l.adapter.Name(), l.adapter.Most(), calls)
}

// errMissed says that an entry was marked, but not in time for its turn.
var errMissed = errors.New("the turn is missed")

// begin marks an entry whose turn is near and returns at the moment of the call;
// false means hands off. After an error the mark may stand, and nothing was sent.
func (l *lane) begin(ctx context.Context, turn *Turn, mark func() (bool, error)) (bool, error) {
	ok, err := mark()
	if err == nil && ok && !turn.comes(ctx) {
		err = errMissed
	}
	return ok, err
}

// complain logs at most once a minute what is found at every look.
func (l *lane) complain(what string, args ...any) {
	if now := l.Now(); now.Sub(l.complaint).Abs() >= time.Minute {
		l.complaint = now
		l.Log.Warn(what, append(args, "platform", string(l.adapter.Name()))...)
	}
}

// rest is a platform's time out. One throttled place waits by itself; when
// several posts in a row fail for a passing reason, the whole platform does.
type rest struct {
	mu    sync.Mutex
	inRow int
	until time.Time
}

// restAfter failures in a row a platform rests for restFor or as long as it asks.
const (
	restAfter = 3
	restFor   = 5 * time.Second
	restMost  = 5 * time.Minute
)

func (r *rest) resting(now time.Time) bool { return !r.end(now).IsZero() }

// end is when the time out is over; zero if there is none.
func (r *rest) end(now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.until) && r.until.Sub(now) <= restMost { // else the clock was set back
		return r.until
	}
	return time.Time{}
}

func (r *rest) failed(now time.Time, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if wait == 0 {
		wait = restFor
	}
	if r.inRow++; r.inRow >= restAfter && now.Add(wait).After(r.until) {
		r.until = now.Add(min(wait, restMost))
	}
}

func (r *rest) worked() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inRow = 0
}
