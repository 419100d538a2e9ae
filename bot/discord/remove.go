package discord

import (
	"context"
	"net/http"
	"sync"
	"time"

	"notalone/bot"
)

// Bounds of deleting: how many at once, and what is left of the time of an
// answer for the line that stands in their place.
const (
	deletesAtOnce = 4
	spareForLine  = 4 * time.Second
)

// Delete implements bot.Adapter. The bot can delete its own messages only. The
// newest go first: they are what is on the screen.
func (a *Adapter) Delete(ctx context.Context, place bot.Address, ids []string) (int, error) {
	if deadline, ok := ctx.Deadline(); ok {
		within, cancel := context.WithDeadline(ctx, deadline.Add(-spareForLine))
		defer cancel()
		ctx = within
	}
	var (
		mu    sync.Mutex
		left  int
		first error
		group sync.WaitGroup
		slots = make(chan struct{}, deletesAtOnce)
	)
	for i := len(ids) - 1; i >= 0; i-- {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := a.deleteOne(ctx, place, ids[i]); err != nil {
				mu.Lock()
				defer mu.Unlock()
				left++
				if first == nil {
					first = err
				}
			}
		})
	}
	group.Wait()
	return left, first
}

func (a *Adapter) deleteOne(ctx context.Context, place bot.Address, id string) error {
	if !isID(id) {
		return refusal("delete")
	}
	_, err := a.rest.call(ctx, http.MethodDelete, messagesOf(place)+"/"+id, nil)
	if codeOf(err) == unknownMessage { // gone already
		return nil
	}
	return err
}
