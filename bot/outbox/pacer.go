package outbox

import (
	"context"
	"sync"
	"time"

	"notalone/bot"
)

// Sends are reserved ahead, so that pacing a fast platform costs a fraction of a
// round trip a send; a process that ends wastes no more than these.
const (
	reserveFor  = 50 * time.Millisecond
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
	past  map[bot.Name]int // sends that did not wait: replies
}

// reserved is what is left of a reservation.
type reserved struct {
	left int
	next time.Time
}

// NewPacer makes a Pacer on the shared pace.
func NewPacer(p pace) *Pacer {
	return &Pacer{pace: p, turns: map[bot.Name]chan reserved{}, past: map[bot.Name]int{}}
}

// Past counts a reply, which goes out at once: posts make room for it.
func (p *Pacer) Past(platform bot.Name) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.past[platform]++
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
	if mine.left > 0 && time.Since(mine.next) > each {
		mine.left = 0
	}
	if mine.left == 0 {
		want := min(max(1, int(reserveFor/max(each, 1))), reserveMost)
		wait, err := p.pace.Pace(ctx, platform, perSecond, want, p.takePast(platform))
		if err != nil {
			return reserved{}, err
		}
		mine = reserved{left: want, next: time.Now().Add(wait)}
	}
	bot.Sleep(ctx, time.Until(mine.next))
	if err := ctx.Err(); err != nil {
		return mine, err
	}
	return reserved{left: mine.left - 1, next: mine.next.Add(each)}, nil
}

func (p *Pacer) takePast(platform bot.Name) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.past[platform]
	p.past[platform] = 0
	return n
}
