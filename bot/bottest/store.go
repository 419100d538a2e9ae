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
	feeds    map[bot.Address]keptFeed
	messages map[bot.Person][]string
	totals   map[string]int64
	votes    map[vote]string
}

type vote struct {
	place    bot.Address
	question string
	person   bot.Person
}

type kept struct {
	state   flows.State
	version string
}

type keptFeed struct {
	feed    flows.Feed
	version string
}

var _ bot.Store = (*Store)(nil)

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{claimed: map[string]bool{}, states: map[bot.Person]kept{}, feeds: map[bot.Address]keptFeed{}, messages: map[bot.Person][]string{}, totals: map[string]int64{}, votes: map[vote]string{}}
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

// Feed is what is posted in a place, and whether anything is.
func (s *Store) Feed(place bot.Address) (flows.Feed, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.feeds[place.Whole()]
	return f.feed, ok
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
		if f, ok := s.feeds[ask.Place.Whole()]; ok {
			loaded[i].Feed, loaded[i].FeedVersion = &f.feed, f.version
		}
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
		stored[i] = s.write(change)
	}
	return stored, nil
}

func (s *Store) write(change bot.Change) bool {
	if change.State != nil {
		if s.states[change.Person].version != change.Version {
			return false
		}
		s.version++
		s.states[change.Person] = kept{*change.State, strconv.Itoa(s.version)}
	}
	if change.Feed != nil {
		if s.feeds[change.Place.Whole()].version != change.FeedVersion {
			return false
		}
		s.version++
		s.feeds[change.Place.Whole()] = keptFeed{*change.Feed, strconv.Itoa(s.version)}
	}
	return true
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
func (s *Store) Forget(_ context.Context, person bot.Person, place bot.Address) error {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return err
	}
	delete(s.feeds, place.Whole())
	delete(s.states, person)
	delete(s.messages, person)
	return nil
}

// DropFeed implements bot.Store.
func (s *Store) DropFeed(_ context.Context, place bot.Address) error {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return err
	}
	delete(s.feeds, place.Whole())
	return nil
}

// MoveFeed implements bot.Store.
func (s *Store) MoveFeed(_ context.Context, from, to bot.Address) error {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return err
	}
	if f, ok := s.feeds[from.Whole()]; ok {
		if newer, ok := s.feeds[to.Whole()]; !ok || newer.feed.Unused() {
			s.feeds[to.Whole()] = f
		}
		delete(s.feeds, from.Whole())
	}
	return nil
}

// Vote implements bot.Store.
func (s *Store) Vote(_ context.Context, place bot.Address, question string, person bot.Person, choice string) (bool, error) {
	err := s.begin()
	defer s.mu.Unlock()
	if err != nil {
		return false, err
	}
	key := vote{place.Whole(), question, person}
	_, again := s.votes[key]
	if !again {
		s.votes[key] = choice
	}
	return !again, nil
}

// Ping implements bot.Store.
func (s *Store) Ping(context.Context) error {
	err := s.begin()
	defer s.mu.Unlock()
	return err
}
