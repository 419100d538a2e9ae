package telegram

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"notalone/bot"
)

// Pauses between attempts to reach the server.
const (
	firstPause    = 500 * time.Millisecond
	longestPause  = 30 * time.Second
	conflictPause = 5 * time.Second
	callWithin    = 15 * time.Second
)

// backoff grows the pause with each failure in a row, with jitter so that many
// bots do not come back to a server in step.
type backoff struct{ failures int }

func (b *backoff) next(f *fault) time.Duration {
	pause := min(firstPause<<min(b.failures, 10), longestPause)
	b.failures++
	if f.Code == http.StatusConflict {
		pause = conflictPause
	}
	return max(f.RetryAfter, pause/2) + rand.N(pause)
}

// errToken ends Run: no pause mends a refused token.
var errToken = errors.New("telegram: the token is refused; check TELEGRAM_BOT_TOKEN, and TELEGRAM_API_URL if it is set")

// insist repeats what the bot cannot work without until it succeeds, ctx ends or
// the token is refused. Errors are reported once and again when they are over.
func (a *Adapter) insist(ctx context.Context, do func(context.Context) *fault) error {
	var pauses backoff
	for {
		within, cancel := context.WithTimeout(ctx, callWithin)
		f := do(within)
		cancel()
		switch {
		case f == nil:
			a.health.works()
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case f.tokenRefused():
			return errToken
		}
		a.health.fails(f, a.now())
		if !bot.Sleep(ctx, pauses.next(f)) {
			return ctx.Err()
		}
	}
}

// helpers are the goroutines beside the main loop; end stops and awaits them.
type helpers struct {
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup
}

func newHelpers(ctx context.Context) *helpers {
	h := &helpers{}
	h.ctx, h.stop = context.WithCancel(ctx)
	return h
}

func (h *helpers) start(run func(context.Context)) { h.wg.Go(func() { run(h.ctx) }) }

func (h *helpers) end() {
	h.stop()
	h.wg.Wait()
}

// passing is a fault of our own making that is worth another try.
func passing(method string) *fault {
	return &fault{SendError: bot.SendError{Kind: bot.Passing, Op: method}}
}
