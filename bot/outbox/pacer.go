package outbox

import (
	"context"
	"math"
	"sync"
	"time"

	"notalone/bot"
)

// Sends are reserved ahead, so that pacing a fast platform costs a fraction of a
// round trip a send; a process that ends wastes no more than these.
const (
	reserveFor  = 80 * time.Millisecond
	reserveMost = 8
)

// A pace reserves sends of a rate that all replicas share.
type pace interface {
	Pace(ctx context.Context, platform bot.Name, perSecond float64, want, past int) (time.Duration, error)
}

// Pacer holds sends back to a platform's rate, each at a moment of its own.
type Pacer struct {
	pace  pace
	mu    sync.Mutex
	turns map[bot.Name]chan reserved
	past  map[bot.Name]*replies
}

// replies are sends that did not wait.
type replies struct {
	fresh   int     // not made up for yet
	lately  float64 // in about the last second
	counted time.Time
	owed    float64 // room that is less than a whole send
}

// room is how many posts make way: one for each reply, and because replies come in
// bunches, more than that: by the spread of what a second may bring.
func (r *replies) room(now time.Time) int {
	r.lately = r.lately*math.Exp(-now.Sub(r.counted).Seconds()) + float64(r.fresh)
	r.counted = now
	if r.fresh > 0 {
		r.owed += float64(r.fresh) * (1 + (2*math.Sqrt(r.lately)+1)/max(r.lately, 1))
		r.fresh = 0
	}
	whole := int(r.owed)
	r.owed -= float64(whole)
	return whole
}

// reserved is what is left of a reservation.
type reserved struct {
	left int
	next time.Time
	each time.Duration // the time of one send
}

// NewPacer makes a Pacer on the shared pace.
func NewPacer(p pace) *Pacer {
	return &Pacer{pace: p, turns: map[bot.Name]chan reserved{}, past: map[bot.Name]*replies{}}
}

// Past counts a reply, which goes out at once: posts make room for it.
func (p *Pacer) Past(platform bot.Name) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.repliesOn(platform).fresh++
}

func (p *Pacer) repliesOn(platform bot.Name) *replies {
	if p.past[platform] == nil {
		p.past[platform] = &replies{}
	}
	return p.past[platform]
}

// Wait returns when one more send may go, or with ctx's error. Who came first
// goes first; only the first in line reserves more.
func (p *Pacer) Wait(ctx context.Context, platform bot.Name, perSecond float64) error {
	turn := p.turn(platform)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case mine := <-turn:
		mine, err := p.take(ctx, platform, perSecond, mine)
		turn <- mine
		return err
	}
}

// turn is whose turn it is on a platform.
func (p *Pacer) turn(platform bot.Name) chan reserved {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turns[platform] == nil {
		p.turns[platform] = make(chan reserved, 1)
		p.turns[platform] <- reserved{}
	}
	return p.turns[platform]
}

// take waits for the next reserved send. One whose moment is long gone is lost:
// used late it would go out beside the next.
func (p *Pacer) take(ctx context.Context, platform bot.Name, perSecond float64, mine reserved) (reserved, error) {
	each := time.Duration(float64(time.Second) / perSecond)
	if mine.left > 0 && (time.Since(mine.next) > each || mine.each != each) {
		mine.left = 0
	}
	if mine.left == 0 {
		want := min(max(1, int(reserveFor/max(each, 1))), reserveMost)
		wait, err := p.pace.Pace(ctx, platform, perSecond, want, p.takePast(platform))
		if err != nil {
			return reserved{}, err
		}
		mine = reserved{left: want, next: time.Now().Add(wait), each: each}
	}
	bot.Sleep(ctx, time.Until(mine.next))
	if err := ctx.Err(); err != nil {
		return mine, err
	}
	return reserved{left: mine.left - 1, next: mine.next.Add(each), each: each}, nil
}

func (p *Pacer) takePast(platform bot.Name) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.repliesOn(platform).room(time.Now())
}
