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
	notes  map[Person][]string
	totals map[string]int64
}

func newKeeper(store Store) *keeper {
	return &keeper{store: store, notes: map[Person][]string{}, totals: map[string]int64{}}
}

func (k *keeper) note(person Person, ids ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.notes) >= maxNotes {
		return
	}
	for _, id := range ids {
		if id != "" {
			k.notes[person] = append(k.notes[person], id)
		}
	}
}

func (k *keeper) count(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.totals[name]++
}

// take removes and returns what is not written yet.
func (k *keeper) take(person Person) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	ids := k.notes[person]
	delete(k.notes, person)
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
	k.notes, k.totals = map[Person][]string{}, map[string]int64{}
	k.mu.Unlock()
	if len(notes) == 0 && len(totals) == 0 {
		return
	}
	list := make([]Note, 0, len(notes))
	for person, ids := range notes {
		list = append(list, Note{Person: person, Messages: ids})
	}
	ctx, cancel := context.WithTimeout(ctx, loadWithin)
	defer cancel()
	if err := k.store.Note(ctx, list, totals); err == nil {
		return
	}
	for _, note := range list {
		k.note(note.Person, note.Messages...)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for name, n := range totals {
		k.totals[name] += n
	}
}
