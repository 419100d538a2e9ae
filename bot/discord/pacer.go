package discord

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"notalone/bot"
)

// Calls go out one after the other, so that no second holds more than the limit;
// one less than that, because the moments of their arrival vary.
const callsBurst = 1

// maxBuckets bounds what is remembered of chats that were written to.
const maxBuckets = 4096

// pacer keeps calls below Discord's limits, so that a 429 is the exception.
type pacer struct {
	now    func() time.Time
	limit  int
	among  Pace // all processes; nil: this one is alone
	global *rate.Limiter

	mu      sync.Mutex
	all     time.Time          // until then nothing goes out
	counted time.Time          // until then nothing goes out that the global limit counts
	ids     map[string]string  // by route: the bucket as Discord names it
	buckets map[string]*bucket // by bucket and channel
}

// A bucket is what may still be called before it is refilled.
type bucket struct {
	left, limit int
	refill      time.Time
	window      time.Duration
}

func newPacer(now func() time.Time, limit int, among Pace) *pacer {
	return &pacer{
		now: now, limit: limit, among: among, global: rate.NewLimiter(rate.Limit(limit-1), callsBurst),
		ids: map[string]string{}, buckets: map[string]*bucket{},
	}
}

// wait holds a call until it may go out, or says at once that ctx ends before, and
// returns its turn in the shared pace. Its place in the bucket is taken last: the
// turn may come in the bucket's next window. A post that came with its turn never
// waits: it would go out together with those whose moment is then.
func (p *pacer) wait(ctx context.Context, r route) (bot.Turn, error) {
	posts := bot.TurnOf(ctx)
	if r.free || r.calm {
		posts = nil
	}
	for {
		wait := p.look(r)
		if posts != nil && wait > 0 {
			return nil, &bot.SendError{Kind: bot.Throttled, RetryAfter: wait, Op: r.name}
		}
		if err := pause(ctx, r, wait); err != nil {
			return nil, err
		}
		turn := posts
		if turn == nil && !r.free {
			var err error
			if turn, err = p.turn(ctx, r); err != nil {
				return nil, err
			}
		}
		if p.take(r) {
			return turn, nil
		}
	}
}

// turnWithin bounds the wait for a turn: a store that hangs must not keep the bot
// from connecting.
const turnWithin = 2 * time.Second

// turn waits for a turn among the calls of all processes; without one the pace of
// this process has to do.
func (p *pacer) turn(ctx context.Context, r route) (bot.Turn, error) {
	if turn := p.shared(ctx, r); turn != nil {
		return turn, nil
	}
	return nil, p.pace(ctx, r)
}

// shared waits for a turn in the shared pace: for long with a call that nobody
// waits for.
func (p *pacer) shared(ctx context.Context, r route) bot.Turn {
	switch {
	case p.among == nil:
		return nil
	case !r.calm:
		return p.among.Reply(ctx, Name, p.limit)
	}
	within, cancel := context.WithTimeout(ctx, turnWithin)
	defer cancel()
	turn, err := p.among.Turn(within, Name, p.limit)
	if err != nil {
		return nil
	}
	return turn
}

// pace waits for a turn among the calls of this process.
func (p *pacer) pace(ctx context.Context, r route) error {
	now := p.now()
	turn := p.global.ReserveN(now, 1)
	if err := pause(ctx, r, turn.DelayFrom(now)); err != nil {
		turn.CancelAt(now)
		return err
	}
	return nil
}

func pause(ctx context.Context, r route, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	throttled := &bot.SendError{Kind: bot.Throttled, RetryAfter: wait, Op: r.name}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return throttled
	}
	if !bot.Sleep(ctx, wait) {
		return throttled
	}
	return nil
}

// look tells how long a call has to wait.
func (p *pacer) look(r route) time.Duration {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mustWait(r, now)
}

func (p *pacer) mustWait(r route, now time.Time) time.Duration {
	if wait := p.all.Sub(now); wait > 0 {
		return wait
	}
	if wait := p.counted.Sub(now); wait > 0 && !r.free {
		return wait
	}
	if b := p.buckets[p.key(r)]; b != nil && b.left == 0 && now.Before(b.refill) {
		return b.refill.Sub(now)
	}
	return 0
}

// take counts a call, or reports that it has to wait after all.
func (p *pacer) take(r route) bool {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mustWait(r, now) > 0 {
		return false
	}
	b := p.buckets[p.key(r)]
	if b == nil {
		return true
	}
	if !now.Before(b.refill) {
		b.left, b.refill = b.limit, now.Add(b.window)
	}
	b.left--
	return true
}

// key names a bucket; routes that share one share its count.
func (p *pacer) key(r route) string {
	name := p.ids[r.name]
	if name == "" {
		name = r.name
	}
	return name + " " + r.major
}

// learn reads what an answer tells about the bucket of its route.
func (p *pacer) learn(r route, header http.Header) {
	id := header.Get("X-RateLimit-Bucket")
	limit, err1 := strconv.Atoi(header.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	after, err3 := strconv.ParseFloat(header.Get("X-RateLimit-Reset-After"), 64)
	if r.once || id == "" || err1 != nil || err2 != nil || err3 != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ids[r.name] = id
	b, now := p.bucket(r), p.now()
	if now.Before(b.refill) { // answers overtake one another: the lower count is the later one
		left = min(left, b.left)
	}
	b.left, b.limit = left, max(limit, 1)
	window := time.Duration(after*float64(time.Second)) + time.Millisecond // it is told in whole ones
	b.refill, b.window = now.Add(window), max(b.window, window)
}

// hold stops a route, all counted calls or everything for a while.
func (p *pacer) hold(r route, wait time.Duration, global, everything bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.now().Add(wait)
	switch {
	case everything:
		p.all = later(p.all, until)
	case global && !r.free:
		p.counted = later(p.counted, until)
	case !r.once:
		b := p.bucket(r)
		b.left, b.refill = 0, later(b.refill, until)
	}
}

func (p *pacer) bucket(r route) *bucket {
	key := p.key(r)
	b := p.buckets[key]
	if b == nil {
		p.sweep()
		b = &bucket{limit: 1}
		p.buckets[key] = b
	}
	return b
}

// sweep forgets refilled buckets when there are too many.
func (p *pacer) sweep() {
	if len(p.buckets) < maxBuckets {
		return
	}
	now := p.now()
	for key, b := range p.buckets {
		if !now.Before(b.refill) {
			delete(p.buckets, key)
		}
	}
	if len(p.buckets) >= maxBuckets {
		clear(p.buckets)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
