package discord

import (
	"context"
	"errors"
	"sync"
	"time"
)

// How long a silence is still normal. Discord asks for a heartbeat every 41
// seconds and answers each one.
const (
	silentAfter = 100 * time.Second
	awayAfter   = 60 * time.Second
)

var (
	errNeverConnected = errors.New("discord: not connected yet")
	errAway           = errors.New("discord: disconnected for over a minute")
	errSilent         = errors.New("discord: nothing heard from the gateway for over 100 seconds")
)

// pulse knows when the gateway was last heard.
type pulse struct {
	mu    sync.Mutex
	now   func() time.Time
	up    bool
	heard time.Time // the last word while up
	since time.Time // the time of the disconnection while down; zero before the first connection
}

func newPulse(now func() time.Time) *pulse { return &pulse{now: now} }

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = p.now()
}

func (p *pulse) connected(up bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.up && !up {
		p.since = p.now()
	}
	p.up = up
}

func (p *pulse) alive(now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.up && now.Sub(p.heard) > silentAfter:
		return errSilent
	case p.up:
		return nil
	case p.since.IsZero():
		return errNeverConnected
	case now.Sub(p.since) > awayAfter:
		return errAway
	}
	return nil
}

// Alive implements bot.Adapter.
func (a *Adapter) Alive(now time.Time) error { return a.pulse.alive(now) }

// watch looks at the pulse until ctx ends.
func (a *Adapter) watch(ctx context.Context) {
	w := &watch{a: a}
	ticker := time.NewTicker(a.timing.look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.look()
		}
	}
}

// watch says once when the bot has gone deaf, and once when it hears again.
type watch struct {
	a    *Adapter
	deaf bool
}

func (w *watch) look() {
	switch err := w.a.Alive(w.a.now()); {
	case err != nil && !w.deaf && !errors.Is(err, errNeverConnected):
		w.deaf = true
		w.a.log.Error("the bot is deaf", "why", err)
	case err == nil && w.deaf:
		w.deaf = false
		w.a.log.Info("the bot hears again")
	}
}
