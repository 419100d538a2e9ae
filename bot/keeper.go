package bot

import (
	"context"
	"sync"
	"time"
)

// keepEvery is how often noted message ids and totals are written. They ride in
// a round trip of their own, off the path of every answer.
const keepEvery = 500 * time.Millisecond

// maxNotes bounds what is waiting to be written while the store is away.
const maxNotes = 20_000

// keeper gathers message ids for Hide and daily totals between two writes.
type keeper struct {
	store  Store
	mu     sync.Mutex
	notes  map[talk][]string
	totals map[string]int64
}

func newKeeper(store Store) *keeper {
	return &keeper{store: store, notes: map[talk][]string{}, totals: map[string]int64{}}
}

func (k *keeper) note(person Person, place Address, ids ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.notes) >= maxNotes {
		return
	}
	key := talk{person, place}
	for _, id := range ids {
		if id != "" {
			k.notes[key] = append(k.notes[key], id)
		}
	}
}

func (k *keeper) count(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.totals[name]++
}

// take removes and returns what is not written yet.
func (k *keeper) take(person Person, place Address) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := talk{person, place}
	ids := k.notes[key]
	delete(k.notes, key)
	return ids
}

// run writes until ctx ends, and once more then.
func (k *keeper) run(ctx context.Context) {
	ticker := time.NewTicker(keepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			k.flush(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			k.flush(last)
			return
		}
	}
}

// flush writes what has gathered; what cannot be written waits for the next time.
func (k *keeper) flush(ctx context.Context) {
	k.mu.Lock()
	notes, totals := k.notes, k.totals
	k.notes, k.totals = map[talk][]string{}, map[string]int64{}
	k.mu.Unlock()
	if len(notes) == 0 && len(totals) == 0 {
		return
	}
	list := make([]Note, 0, len(notes))
	for key, ids := range notes {
		list = append(list, Note{Person: key.person, Place: key.place, Messages: ids})
	}
	ctx, cancel := context.WithTimeout(ctx, loadWithin)
	defer cancel()
	if err := k.store.Note(ctx, list, totals); err == nil {
		return
	}
	for _, note := range list {
		k.note(note.Person, note.Place, note.Messages...)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for name, n := range totals {
		k.totals[name] += n
	}
}
