package outbox

import (
	"context"
	"sync"
	"time"

	"notalone/bot"
)

// A Turn is a call, or some in a row, whose moment has come or is near.
type Turn struct {
	pacer    *Pacer
	line     *line
	platform bot.Name
	limit    Limit
	slots    []slot
	began    time.Time
}

func (t *Turn) last() slot { return t.slots[len(t.slots)-1] }

// comes waits for the moment. False: ctx ended before, or it is too late for its
// place in the line.
func (t *Turn) comes(ctx context.Context) bool {
	came := bot.Sleep(ctx, time.Until(t.last().at))
	t.began = time.Now()
	return came && t.began.Sub(t.last().at) <= tooLate
}

// Done implements bot.Turn. It notes how late a call may have arrived: later than
// it was meant by what it took longer than the quickest one. A call that hangs is
// taken to have arrived before it did.
func (t *Turn) Done(ctx context.Context, worked bool) {
	now := time.Now()
	usual := t.line.quickly.than(now.Sub(t.began), worked && len(t.slots) == 1)
	late := t.began.Sub(t.last().sure) + min(now.Sub(t.began)-usual, tooLate)
	if late <= tolerance {
		return
	}
	var numbers []int64
	for _, s := range t.slots {
		numbers = append(numbers, s.number)
	}
	// Without the note the pace is a little too fast for a second: no error to anybody.
	_ = t.pacer.pace.Late(ctx, t.platform, t.limit, t.last().moment.Add(late), numbers...)
}

// quickest is how long the quickest of the latest calls took.
type quickest struct {
	mu          sync.Mutex
	old, recent time.Duration // 0: none yet
	calls       int           // that recent was taken from
}

// recentCalls are so many that a network's quickest way is among them; fewer than
// enoughCalls tell nothing yet.
const (
	recentCalls = 100
	enoughCalls = 20
)

// than is the quickest time before a call; one that counts is taken into account.
func (q *quickest) than(took time.Duration, counts bool) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	before := quicker(q.old, q.recent)
	if q.old == 0 && q.calls < enoughCalls {
		before = 0
	}
	if counts {
		q.recent = quicker(q.recent, took)
		if q.calls++; q.calls >= recentCalls {
			q.old, q.recent, q.calls = q.recent, 0, 0
		}
	}
	return min(before, took)
}

func quicker(a, b time.Duration) time.Duration {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	default:
		return min(a, b)
	}
}
