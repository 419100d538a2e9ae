package telegram

import (
	"context"
	"math"
	"sync"
	"time"
)

// Bounds of what is received and not yet confirmed to Telegram.
const (
	batchSize   = 100                    // the most updates of one poll
	recentIDs   = 4096                   // ids remembered, to skip what comes again
	holdFor     = 5 * time.Second        // how long an unanswered update is kept unconfirmed
	holdForFull = 500 * time.Millisecond // the same while it keeps all others out
)

// A window is the span from the lowest unanswered update on. Polling with its
// lower end confirms what has been answered and nothing more, so that a crash
// repeats updates rather than losing them. The server sends at most batchSize
// updates from there, so one slow answer must not hold the end for long.
type window struct {
	now  func() time.Time
	mu   sync.Mutex
	open []*pending // oldest first; begins with an unanswered one
	hand int        // handed over and not yet answered
	last int64      // the id received last
	sent int64      // the offset of the last poll
	seen recentSet
	// moved gets a token when the lower end advanced or nothing is in hand.
	moved chan struct{}
}

// pending is an update on its way to an answer.
type pending struct {
	id     int64
	came   time.Time
	done   bool
	aside  bool    // on the shelf: may be confirmed
	parcel *parcel // nil: not on the shelf
}

func newWindow(now func() time.Time) *window {
	return &window{now: now, seen: recentSet{known: map[int64]bool{}}, moved: make(chan struct{}, 1)}
}

// receive notes an update; it is nil for one that was received before.
func (w *window) receive(id int64) *pending {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = max(w.last, id)
	if !w.seen.add(id) {
		return nil
	}
	p := &pending{id: id, came: w.now()}
	w.open = append(w.open, p)
	w.hand++
	return p
}

// answered ends an update's stay in the window. It returns the update's parcel if
// that holds nothing else to be answered.
func (w *window) answered(p *pending) *parcel {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.done = true
	w.hand--
	front := len(w.open) > 0 && w.open[0] == p
	if front {
		w.slide(holdFor)
	}
	if w.hand == 0 || front && len(w.open) <= batchSize/2 {
		w.wake()
	}
	if p.parcel == nil {
		return nil
	}
	if p.parcel.left--; p.parcel.left == 0 && p.parcel.kept {
		return p.parcel
	}
	return nil
}

// kept leaves an update unanswered for good: it will come again after a restart.
func (w *window) kept() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hand--
	w.wake()
}

func (w *window) wake() {
	select {
	case w.moved <- struct{}{}:
	default:
	}
}

// slide drops from the lower end what is answered or was held for long enough.
func (w *window) slide(hold time.Duration) {
	if hold == holdFor && len(w.open) >= batchSize {
		hold = holdForFull
	}
	for len(w.open) > 0 && (w.open[0].done || w.open[0].aside || w.now().Sub(w.open[0].came) > hold) {
		w.open = w.open[1:]
	}
}

// offset is what the next poll confirms up to, and whether nothing is open.
// The server gives a poll that repeats the last offset within half a second one
// update only; an offset one lower means the same and is not a repetition.
func (w *window) offset() (offset int64, idle bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slide(holdFor)
	offset = w.lowest()
	idle = len(w.open) == 0
	if !idle && offset == w.sent && offset > 1 {
		offset--
	}
	w.sent = offset
	return offset, idle
}

func (w *window) lowest() int64 {
	switch {
	case len(w.open) > 0:
		return w.open[0].id
	case w.last > 0:
		return w.last + 1
	default:
		return 0
	}
}

// unconfirmed is the offset a last call should send, and whether it is needed.
// What is unanswered then stays with the server, however old it is.
func (w *window) unconfirmed() (int64, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slide(time.Duration(math.MaxInt64))
	lowest := w.lowest()
	return lowest, lowest != w.sent
}

// room tells how many further updates the next poll could bring.
func (w *window) room() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slide(holdFor)
	return batchSize - len(w.open)
}

// wait returns when a further poll is worth its while: at once with nothing
// open, when the lower end advanced, and after the pause if there is room.
func (w *window) wait(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for w.room() < batchSize {
		select {
		case <-w.moved:
			return
		case <-timer.C:
			if w.room() > 0 {
				return
			}
			timer.Reset(pause)
		case <-ctx.Done():
			return
		}
	}
}

// drain waits until nothing is in hand.
func (w *window) drain(ctx context.Context) {
	for w.inHand() > 0 {
		select {
		case <-w.moved:
		case <-ctx.Done():
			return
		}
	}
}

func (w *window) inHand() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hand
}

// recentSet remembers the last recentIDs ids.
type recentSet struct {
	known map[int64]bool
	ring  [recentIDs]int64
	at    int
}

// add reports whether the id is new.
func (s *recentSet) add(id int64) bool {
	if s.known[id] {
		return false
	}
	delete(s.known, s.ring[s.at])
	s.ring[s.at] = id
	s.known[id] = true
	s.at = (s.at + 1) % recentIDs
	return true
}
