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
	// Forget deletes every key of the person, and the feed of their private place.
	Forget(ctx context.Context, person Person, place Address) error
	// DropFeed stops all posts to a place and deletes its feed.
	DropFeed(ctx context.Context, place Address) error
	// MoveFeed gives a feed another address.
	MoveFeed(ctx context.Context, from, to Address) error
	// Vote counts a person's first answer to a group's open question and tells
	// whether this was it.
	Vote(ctx context.Context, place Address, question string, person Person, choice string) (bool, error)
	// Ping tells whether the store can be reached.
	Ping(ctx context.Context) error
}

// An Ask is one event's claim, whose state it needs and the feed of which place.
type Ask struct {
	EventID string // empty: nothing to claim
	Person  Person
	Place   Address
}

// Loaded is a person's state and a place's feed, with the versions they had.
type Loaded struct {
	Repeated    bool // the event id was claimed before
	State       flows.State
	Version     string      // empty: nothing was stored
	Feed        *flows.Feed // nil: nothing is posted there
	FeedVersion string
}

// A Change replaces the state of a version, the feed of a version, or both.
type Change struct {
	Person      Person
	State       *flows.State // nil: unchanged
	Version     string
	Place       Address
	Feed        *flows.Feed // nil: unchanged
	FeedVersion string
}

// A Note is the ids of messages in a private talk.
type Note struct {
	Person   Person
	Messages []string
}
