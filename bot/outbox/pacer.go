package outbox

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"notalone/bot"
)

// Sends are reserved ahead, so that pacing a fast platform costs a fraction of a
// round trip a send; a process that ends wastes no more than these.
const (
	reserveFor  = 80 * time.Millisecond
	reserveMost = 8
)

// tolerance is how much later than at its moment a send may arrive without being
// noted; the window is longer by slack, which is also for what is not known exactly.
const (
	tolerance = 3 * time.Millisecond
	slack     = 6 * time.Millisecond
)

// lead is how long before its moment an entry has its turn: it is marked meanwhile,
// and goes out at its moment like any other call.
const lead = 5 * time.Millisecond

// tooLate is when a reserved send is lost: it would arrive when the send a limit
// after it may have its moment already.
const tooLate = 300 * time.Millisecond

// A Limit is how many sends a platform takes in any window of time.
type Limit struct {
	Most   int
	Window time.Duration
}

// A Reservation is sends that may go out: slots that follow on First, each at a
// moment by the store's clock, which reads Now.
type Reservation struct {
	Now     time.Time
	First   int64
	Moments []time.Time
}

// A pace reserves sends of a limit that all replicas share.
type pace interface {
	Pace(ctx context.Context, platform bot.Name, limit Limit, want, past int) (Reservation, error)
	Late(ctx context.Context, platform bot.Name, limit Limit, at time.Time, slots ...int64) error
}

// Pacer holds sends back so that no window of a platform's ever holds more than it
// takes, also when sends arrive late.
type Pacer struct {
	pace  pace
	mu    sync.Mutex
	lines map[bot.Name]*line
}

// A line is who sends on a platform.
type line struct {
	head    chan []slot   // what is reserved, for who is first in line
	posting atomic.Int32  // how many wait in line
	replies chan *request // who wants the slot of the first in line
	given   int           // to replies in a row; the head's
	past    atomic.Int64  // replies that the store has not been told of
	quickly quickest
}

// A slot is one reserved send.
type slot struct {
	number int64
	moment time.Time // by the store's clock
	at     time.Time // by this one's, late by the way of the store's answer
	sure   time.Time // … early by the way of the question
}

// NewPacer makes a Pacer on the shared pace.
func NewPacer(p pace) *Pacer {
	return &Pacer{pace: p, lines: map[bot.Name]*line{}}
}

func (p *Pacer) line(platform bot.Name) *line {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lines[platform]
	if l == nil {
		l = &line{head: make(chan []slot, 1), replies: make(chan *request, mostRequests)}
		l.head <- nil
		p.lines[platform] = l
	}
	return l
}

// Wait returns when so many calls may go out, or with ctx's error. A second takes
// most calls.
func (p *Pacer) Wait(ctx context.Context, platform bot.Name, most, calls int) (*Turn, error) {
	turn, err := p.soon(ctx, platform, most, calls)
	if err == nil && !turn.comes(ctx) {
		err = ctx.Err()
	}
	return turn, err
}

// soon returns a lead before so many calls may go out. Who came first goes first;
// only the first in line reserves more.
func (p *Pacer) soon(ctx context.Context, platform bot.Name, most, calls int) (*Turn, error) {
	l := p.line(platform)
	turn := &Turn{pacer: p, line: l, platform: platform, limit: limitOf(most)}
	l.posting.Add(1)
	defer l.leave()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case reserved := <-l.head:
		reserved, err := p.take(ctx, turn, reserved, calls)
		l.head <- reserved
		if err != nil {
			return nil, err
		}
		return turn, nil
	}
}

func limitOf(most int) Limit { return Limit{Most: max(1, most), Window: time.Second + slack} }

// take waits for the slots of a turn and returns what is left of the reserved ones.
func (p *Pacer) take(ctx context.Context, t *Turn, reserved []slot, calls int) ([]slot, error) {
	for len(t.slots) < calls {
		var err error
		if reserved, err = p.ready(ctx, t, reserved); err != nil {
			return reserved, err
		}
		next := reserved[0]
		if !bot.Sleep(ctx, time.Until(next.at)-lead) {
			return reserved, ctx.Err()
		}
		reserved = reserved[1:]
		if !t.line.giveAway(next) {
			t.slots = append(t.slots, next)
		}
	}
	return reserved, nil
}

// Turn is Wait for one call of an adapter's own.
func (p *Pacer) Turn(ctx context.Context, platform bot.Name, most int) (bot.Turn, error) {
	return p.Wait(ctx, platform, most, 1)
}

// ready is what is reserved and not lost, or else a new reservation.
func (p *Pacer) ready(ctx context.Context, t *Turn, reserved []slot) ([]slot, error) {
	for len(reserved) > 0 && time.Since(reserved[0].at) > tooLate {
		reserved = reserved[1:]
	}
	if len(reserved) > 0 {
		return reserved, nil
	}
	want := min(max(1, int(reserveFor*time.Duration(t.limit.Most)/time.Second)), reserveMost)
	asked := time.Now()
	got, err := p.pace.Pace(ctx, t.platform, t.limit, want, int(t.line.past.Swap(0)))
	if err != nil {
		return nil, err
	}
	answered := time.Now()
	for i, moment := range got.Moments {
		wait := moment.Sub(got.Now)
		reserved = append(reserved, slot{number: got.First + int64(i), moment: moment, at: answered.Add(wait), sure: asked.Add(wait)})
	}
	return reserved, nil
}
