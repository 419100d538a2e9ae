package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"
)

// probeEvery is how often an unreachable store is asked whether it is back.
const probeEvery = 250 * time.Millisecond

var errStoreAway = errors.New("the store cannot be reached")

// guard keeps an unreachable store from costing every person a timeout: after
// one failed call the others go on without it until a probe succeeds.
type guard struct {
	store Store
	log   *slog.Logger
	meter Meter
	away  atomic.Bool
}

func newGuard(store Store, log *slog.Logger, meter Meter) *guard {
	return &guard{store: store, log: log, meter: meter}
}

// call runs one store call within its time, or refuses at once.
func (g *guard) call(ctx context.Context, do func(context.Context) error) error {
	if g.away.Load() {
		return errStoreAway
	}
	within, cancel := context.WithTimeout(ctx, loadWithin)
	defer cancel()
	err := do(within)
	if err != nil && ctx.Err() == nil && g.away.CompareAndSwap(false, true) {
		g.meter.StoreDown(true)
		g.log.Error("the store is away; help, report and lines go on without it", "error", err)
	}
	return err
}

// run probes an unreachable store until it is back.
func (g *guard) run(ctx context.Context) {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if !g.away.Load() {
				continue
			}
			within, cancel := context.WithTimeout(ctx, loadWithin)
			err := g.store.Ping(within)
			cancel()
			if err == nil {
				g.away.Store(false)
				g.meter.StoreDown(false)
				g.log.Info("the store is back")
			}
		}
	}
}

func (g *guard) err() error {
	if g.away.Load() {
		return errStoreAway
	}
	return nil
}
