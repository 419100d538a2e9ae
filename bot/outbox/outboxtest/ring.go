package outboxtest

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
)

// Ring is the shared pace as a model: what the store's script must do.
type Ring struct {
	Clock func() time.Time // the store's

	mu      sync.Mutex
	arrived map[int64]time.Time // by slot: when the latest are meant to arrive, or did
	next    int64
	last    time.Time
	asked   time.Time
	lately  float64 // replies in about the last second
	usual   float64 // … and in a second of the last few
	Asked   int     // how often for sends
	Past    int     // sends that did not wait
	Lates   int
}

// Pace implements outbox.Store.
func (r *Ring) Pace(_ context.Context, _ bot.Name, limit outbox.Limit, want, past int) (outbox.Reservation, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.arrived == nil {
		r.arrived = map[int64]time.Time{}
	}
	now := r.Clock()
	r.Asked++
	r.Past += past
	room := limit.Most - min(r.spare(now, past), limit.Most*3/4)
	got := outbox.Reservation{Now: now, First: r.next}
	apart := time.Duration(0.9 * float64(limit.Window) / float64(room))
	for range want {
		at := now
		if spaced := r.last.Add(apart); spaced.After(at) {
			at = spaced
		}
		if latest := r.latest(); len(latest) >= room {
			if free := r.arrived[latest[room-1]].Add(limit.Window); free.After(at) {
				at = free
			}
		}
		r.last = at
		r.arrived[r.next] = at
		r.next++
		got.Moments = append(got.Moments, at)
	}
	for _, slot := range r.latest()[min(limit.Most, len(r.arrived)):] {
		delete(r.arrived, slot)
	}
	return got, nil
}

// latest are the slots in the order of arrival, the latest first.
func (r *Ring) latest() []int64 {
	slots := slices.Collect(maps.Keys(r.arrived))
	slices.SortFunc(slots, func(a, b int64) int { return cmp.Or(r.arrived[b].Compare(r.arrived[a]), cmp.Compare(b, a)) })
	return slots
}

// spare is how many replies a second brings at most, nearly always.
func (r *Ring) spare(now time.Time, past int) int {
	ago := max(0, now.Sub(r.asked).Seconds())
	r.asked = now
	r.lately = r.lately*math.Exp(-ago) + float64(past)
	r.usual = r.usual*math.Exp(-ago/4) + float64(past)/4
	if r.usual <= 0.02 {
		return 0
	}
	return int(math.Ceil(max(r.lately, r.usual+3*math.Sqrt(r.usual))))
}

// Late implements outbox.Store.
func (r *Ring) Late(_ context.Context, _ bot.Name, _ outbox.Limit, at time.Time, slots ...int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Lates++
	for _, slot := range slots {
		if before, known := r.arrived[slot]; known && at.After(before) {
			r.arrived[slot] = at
		}
	}
	return nil
}
