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
	taken map[bot.Name]int
}

// NewPacer makes a Pacer on the shared pace.
func NewPacer(p pace) *Pacer { return &Pacer{pace: p, taken: map[bot.Name]int{}} }

// Wait returns when one more send may go, or with ctx's error.
func (p *Pacer) Wait(ctx context.Context, platform bot.Name, perSecond float64) error {
	for {
		wait, err := p.take(ctx, platform, perSecond)
		if err != nil || wait == 0 {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// take uses a send in hand, else asks for more; it tells how long to wait.
func (p *Pacer) take(ctx context.Context, platform bot.Name, perSecond float64) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[platform] == 0 {
		n, wait, err := p.pace.Pace(ctx, platform, perSecond, chunk)
		if err != nil || n == 0 {
			return max(wait, time.Millisecond), err
		}
		p.taken[platform] = n
	}
	p.taken[platform]--
	return 0, nil
}
