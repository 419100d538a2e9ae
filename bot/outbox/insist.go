package outbox

import (
	"context"
	"errors"
	"time"
)

// Bounds of insist: together less than what a lease has left after a post.
const (
	insistTries  = 8
	insistWithin = 2 * time.Second
	insistPause  = 200 * time.Millisecond // doubled with every try, to insistMost
	insistMost   = 4 * time.Second
)

// insist writes what must not be lost, because the platform was called already:
// it has some patience with a store that is away, and one try after ctx ended.
func (l *lane) insist(ctx context.Context, what string, do func(context.Context) error) bool {
	var err error
	wait := insistPause
	for range insistTries {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), insistWithin)
		err = do(within)
		cancel()
		if err == nil {
			return true
		}
		if ctx.Err() != nil || errors.Is(err, context.Canceled) {
			break
		}
		l.Pause(ctx, wait)
		wait = min(2*wait, insistMost)
	}
	l.Log.Warn("could not "+what, "platform", string(l.adapter.Name()), "error", err)
	return false
}

// outlive is a context for one call of a platform: it lives finishIn longer than
// ctx, so that what is on its way is not torn down with the process.
func outlive(ctx context.Context) (context.Context, context.CancelFunc) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), postWithin)
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(finishIn)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-within.Done():
		}
	})
	return within, func() { stop(); cancel() }
}
