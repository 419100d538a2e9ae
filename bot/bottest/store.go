// Package bottest holds what tests of the shell and of its neighbours share: a
// memory store, a recording platform, and the suite every store must pass.
package bottest

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"notalone/bot"
	"notalone/flows"
)

// ErrAway is what a Store answers while it is switched off.
var ErrAway = errors.New("the store is switched off")

// Store is bot.Store in memory. It passes RunStoreTests like the real one.
type Store struct {
	mu       sync.Mutex
	away     bool
	calls    int
	version  int
	claimed  map[string]bool
	states   map[bot.Person]kept
	messages map[bot.Person][]string
	totals   map[string]int64
}

type kept struct {
	state   flows.State
	version string
}

var _ bot.Store = (*Store)(nil)

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{claimed: map[string]bool{}, states: map[bot.Person]kept{}, messages: map[bot.Person][]string{}, totals: map[string]int64{}}
}

// SetAway switches the store off and on, as an outage does.
func (s *Store) SetAway(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// Calls is how many round trips were made.
func (s *Store) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Total is a daily total.
func (s *Store) Total(name string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.totals[name]
}

// State is what is kept of a person, and whether anything is.
func (s *Store) State(person bot.Person) (flows.State, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.states[person]
	return k.state, ok
}

// begin locks and counts a round trip.
func (s *Store) begin() error {
	s.mu.Lock()
	s.calls++
	if s.away {
		return ErrAway
	}
	return nil
}

// Load implements bot.Store.
func (s *Store) Load(_ context.Context, asks []bot.Ask) ([]bot.Loaded, error) {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	loaded := make([]bot.Loaded, len(asks))
	for i, ask := range asks {
		if ask.EventID != "" {
			loaded[i].Repeated = s.claimed[ask.EventID]
			s.claimed[ask.EventID] = true
		}
		k := s.states[ask.Person]
		loaded[i].State, loaded[i].Version = k.state, k.version
	}
	return loaded, nil
}

// Commit implements bot.Store.
func (s *Store) Commit(_ context.Context, changes []bot.Change) ([]bool, error) {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	stored := make([]bool, len(changes))
	for i, change := range changes {
		if s.states[change.Person].version == change.Version {
			s.version++
			s.states[change.Person] = kept{change.State, strconv.Itoa(s.version)}
			stored[i] = true
		}
	}
	return stored, nil
}

// Note implements bot.Store.
func (s *Store) Note(_ context.Context, notes []bot.Note, totals map[string]int64) error {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return err
	}
	for _, note := range notes {
		s.messages[note.Person] = append(s.messages[note.Person], note.Messages...)
	}
	for name, n := range totals {
		s.totals[name] += n
	}
	return nil
}

// TakeMessages implements bot.Store.
func (s *Store) TakeMessages(_ context.Context, person bot.Person) ([]string, error) {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	ids := s.messages[person]
	delete(s.messages, person)
	return ids, nil
}

// Forget implements bot.Store.
func (s *Store) Forget(_ context.Context, person bot.Person) error {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return err
	}
	delete(s.states, person)
	delete(s.messages, person)
	return nil
}

// Ping implements bot.Store.
func (s *Store) Ping(context.Context) error {
	err := s.begin()
	defer s.mu.Unlock()
	return err
}
