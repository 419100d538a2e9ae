package telegram

import (
	"context"
	"sync"
	"time"

	"notalone/bot"
)

// Somebody who waits for longer than typingAfter sees that the bot is at it.
const (
	typingAfter = time.Second
	typingTick  = 250 * time.Millisecond
	typingMost  = 16 // at a tick: when everybody waits, answers come first
)

// waiting holds the events without an answer yet.
type waiting struct {
	now  func() time.Time
	mu   sync.Mutex
	list map[*bot.Event]time.Time
}

func newWaiting(now func() time.Time) *waiting {
	return &waiting{now: now, list: map[*bot.Event]time.Time{}}
}

func (w *waiting) add(ev *bot.Event) {
	if ev.Left {
		return
	}
	at := w.now()
	w.mu.Lock()
	w.list[ev] = at
	w.mu.Unlock()
}

func (w *waiting) drop(ev *bot.Event) {
	w.mu.Lock()
	delete(w.list, ev)
	w.mu.Unlock()
}

// overdue removes and returns the places where somebody has waited too long.
func (w *waiting) overdue() []bot.Address {
	w.mu.Lock()
	defer w.mu.Unlock()
	var places []bot.Address
	now := w.now()
	for ev, since := range w.list {
		if len(places) == typingMost {
			break
		}
		if now.Sub(since) >= typingAfter {
			delete(w.list, ev)
			places = append(places, ev.Place)
		}
	}
	return places
}

// typing shows the typing sign wherever an answer takes long.
func (a *Adapter) typing(ctx context.Context) {
	ticker := time.NewTicker(typingTick)
	defer ticker.Stop()
	var signs sync.WaitGroup
	defer signs.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			for _, place := range a.waiting.overdue() {
				signs.Go(func() { a.sign(ctx, place) })
			}
		}
	}
}

// sign shows one typing sign. That it fails is of no interest.
func (a *Adapter) sign(ctx context.Context, place bot.Address) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	body := appendPlace(nil, place)
	_, _ = a.api.call(ctx, "sendChatAction", append(body, `"action":"typing"}`...))
}
