package outbox_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// A marking store takes its time to mark, and knows when calls are to go out.
type marking struct {
	outbox.Store
	mu      sync.Mutex
	takes   []time.Duration // one mark after the other
	moments []time.Time
}

func (m *marking) MarkSending(ctx context.Context, due outbox.Due, lease time.Duration) (bool, error) {
	m.mu.Lock()
	takes := time.Duration(0)
	if len(m.takes) > 0 {
		takes, m.takes = m.takes[0], m.takes[1:]
	}
	m.mu.Unlock()
	bot.Sleep(ctx, takes)
	return m.Store.MarkSending(ctx, due, lease)
}

func (m *marking) Pace(ctx context.Context, platform bot.Name, limit outbox.Limit, want, past int) (outbox.Reservation, error) {
	got, err := m.Store.Pace(ctx, platform, limit, want, past)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moments = append(m.moments, got.Moments...)
	return got, err
}

// A punctual platform notes when calls arrive.
type punctual struct {
	*platform
	times []time.Time
}

func (p *punctual) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	p.mu.Lock()
	p.times = append(p.times, time.Now())
	p.mu.Unlock()
	return p.platform.Post(ctx, place, post, nonce)
}

// A post goes out at its moment, for it is marked just before; one that a slow mark
// made too late is not sent then, and goes out at another moment.
func TestAMarkedPostGoesOutAtItsMoment(t *testing.T) {
	const groups, tooSlow = 40, 400 * time.Millisecond
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := &punctual{platform: newPlatform("test", 0)}
		p.most = 20
		store := &marking{Store: s.store, takes: slices.Repeat([]time.Duration{4 * time.Millisecond}, groups)}
		store.takes[groups/2] = tooSlow
		s.crowd("test", groups, 1)
		clock := s.clockOn(store, p)
		for range 3 {
			clock.Drain(t.Context())
			s.wait(time.Second)
		}
		if p.count() != groups || p.tries != groups || s.outcome(outbox.Later) != 1 {
			t.Errorf("%d posts in %d tries for %d groups, outcomes %v", p.count(), p.tries, groups, s.outcomes)
		}
		for _, at := range p.times[1:] { // the first one's moment is at once
			if !slices.ContainsFunc(store.moments, func(moment time.Time) bool { return at.Sub(moment).Abs() < time.Millisecond }) {
				t.Errorf("a post went out at %v; moments are %v", at, store.moments)
			}
		}
		s.close()
	})
}
