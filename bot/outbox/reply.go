package outbox

import (
	"context"
	"sync/atomic"
	"time"

	"notalone/bot"
)

// While posts go out as fast as a platform takes them, a reply takes the next slot
// instead of a post. It waits no longer than replyWaits, and at any time posts keep
// one slot in four.
const (
	replyWaits   = 150 * time.Millisecond
	mostRequests = 256
	mostGiven    = 3
)

// A request is a reply's for the next slot.
type request struct {
	slot  chan slot
	ended atomic.Bool // given, or given up
}

// Reply returns when a reply may go out, which is at once but for the time of a
// slot while posts are sent. Its turn is nil if it had none; posts make room for it.
func (p *Pacer) Reply(ctx context.Context, platform bot.Name, most int) bot.Turn {
	l := p.line(platform)
	if l.posting.Load() > 0 {
		if next, given := l.ask(ctx); given {
			turn := &Turn{pacer: p, line: l, platform: platform, limit: limitOf(most), slots: []slot{next}}
			turn.comes(ctx)
			return turn
		}
	}
	l.past.Add(1)
	return nil
}

// ask waits for a slot.
func (l *line) ask(ctx context.Context) (slot, bool) {
	wish := &request{slot: make(chan slot, 1)}
	select {
	case l.replies <- wish:
	default:
		return slot{}, false
	}
	if l.posting.Load() == 0 {
		l.dismiss()
	}
	timer := time.NewTimer(replyWaits - lead)
	defer timer.Stop()
	select {
	case next, given := <-wish.slot:
		return next, given
	case <-timer.C:
	case <-ctx.Done():
	}
	if wish.ended.CompareAndSwap(false, true) {
		return slot{}, false
	}
	next, given := <-wish.slot
	return next, given
}

// leave is called by who was in line. With the last one the slots end: whoever
// waits for one need not.
func (l *line) leave() {
	if l.posting.Add(-1) == 0 {
		l.dismiss()
	}
}

func (l *line) dismiss() {
	for wish := l.longestWaiting(); wish != nil; wish = l.longestWaiting() {
		close(wish.slot)
	}
}

// giveAway gives a slot to a reply that waits. Only the first in line calls it.
func (l *line) giveAway(next slot) bool {
	if l.given < mostGiven {
		if wish := l.longestWaiting(); wish != nil {
			wish.slot <- next
			l.given++
			return true
		}
	}
	l.given = 0
	return false
}

// longestWaiting takes the request that waits the longest; nil if none does.
func (l *line) longestWaiting() *request {
	for {
		select {
		case wish := <-l.replies:
			if wish.ended.CompareAndSwap(false, true) {
				return wish
			}
		default:
			return nil
		}
	}
}
