package bot

import (
	"context"

	"notalone/flows"
)

// A Store keeps states. Each method costs one round trip, however many it is
// given. Implementations must pass bottest.RunStoreTests.
type Store interface {
	// Load claims event ids and reads states; results stand in the order asked.
	Load(ctx context.Context, asks []Ask) ([]Loaded, error)
	// Commit writes states whose version is still the loaded one and reports
	// for each whether it was. A false one has to be loaded and turned again.
	Commit(ctx context.Context, changes []Change) ([]bool, error)
	// Note keeps message ids for Hide and adds to the daily totals.
	Note(ctx context.Context, notes []Note, totals map[string]int64) error
	// TakeMessages returns the kept message ids of a person's private talk, oldest
	// first, and drops them.
	TakeMessages(ctx context.Context, person Person) ([]string, error)
	// Forget deletes every key of the person.
	Forget(ctx context.Context, person Person) error
	// Ping tells whether the store can be reached.
	Ping(ctx context.Context) error
}

// An Ask is one event's claim and whose state it needs.
type Ask struct {
	EventID string // empty: nothing to claim
	Person  Person
}

// Loaded is a person's state and the version it had.
type Loaded struct {
	Repeated bool // the event id was claimed before
	State    flows.State
	Version  string // empty: nothing was stored
}

// A Change replaces the state of a version.
type Change struct {
	Person  Person
	State   flows.State
	Version string
}

// A Note is the ids of messages in a private talk.
type Note struct {
	Person   Person
	Messages []string
}
