package outbox

import (
	"context"
	"sync"
	"time"

	"notalone/bot"
)

// chunk is how many sends are taken from the shared pace at once.
const chunk = 4

// A pace hands out sends of a rate that all replicas share.
type pace interface {
	Pace(ctx context.Context, platform bot.Name, perSecond float64, want int) (int, time.Duration, error)
}

// Pacer holds sends back to a platform's rate. It takes a few at a time, so that
// pacing costs a fraction of a round trip a send.
type Pacer struct {
	pace  pace
	mu    sync.Mutex
	turns map[bot.Name]chan int
}

// NewPacer makes a Pacer on the shared pace.
func NewPacer(p pace) *Pacer { return &Pacer{pace: p, turns: map[bot.Name]chan int{}} }

// Wait returns when one more send may go, or with ctx's error. Who came first
// goes first; only the first in line asks for more.
func (p *Pacer) Wait(ctx context.Context, platform bot.Name, perSecond float64) error {
	turn := p.turn(platform)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case inHand := <-turn:
		inHand, err := p.take(ctx, platform, perSecond, inHand)
		turn <- inHand
		return err
	}
}

// turn is whose turn it is on a platform: it holds the number of sends in hand.
func (p *Pacer) turn(platform bot.Name) chan int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.turns[platform] == nil {
		p.turns[platform] = make(chan int, 1)
		p.turns[platform] <- 0
	}
	return p.turns[platform]
}

// take uses a send in hand, else waits for more; it returns what is left in hand.
func (p *Pacer) take(ctx context.Context, platform bot.Name, perSecond float64, inHand int) (int, error) {
	for inHand == 0 {
		got, wait, err := p.pace.Pace(ctx, platform, perSecond, chunk)
		if err != nil {
			return 0, err
		}
		if inHand = got; got == 0 {
			bot.Sleep(ctx, max(wait, time.Millisecond))
		}
		if ctx.Err() != nil {
			return inHand, ctx.Err()
		}
	}
	return inHand - 1, nil
}
