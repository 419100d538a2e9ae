package outbox

import (
	"context"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// A Store keeps what is due. Every method is safe to repeat.
type Store interface {
	// Shards is how many parts the queue has.
	Shards() int
	// ClaimDue leases entries of a shard that are due, the longest due first.
	ClaimDue(ctx context.Context, shard int, lease time.Duration, limit int) ([]Due, error)
	// MarkSending notes that the platform is about to be called.
	MarkSending(ctx context.Context, place bot.Address, kind flows.DueKind) error
	// Settle ends the lease and stores the feed with its next due times.
	Settle(ctx context.Context, due Due, after flows.Feed) error
	// GiveBack lets a leased entry come again at a time; it is not being sent.
	GiveBack(ctx context.Context, due Due, at time.Time) error
	// Pace takes up to want sends of a rate that all replicas share; none means
	// to wait.
	Pace(ctx context.Context, platform bot.Name, perSecond float64, want int) (int, time.Duration, error)
	// Tally counts the answers to a group's question by choice.
	Tally(ctx context.Context, place bot.Address, question string) (map[string]int, error)
	// DropVotes deletes them.
	DropVotes(ctx context.Context, place bot.Address, question string) error
	// DropFeed stops all posts to a place.
	DropFeed(ctx context.Context, place bot.Address) error
	// MoveFeed gives a feed another address.
	MoveFeed(ctx context.Context, from, to bot.Address) error
}

// A Due is one leased entry with the feed it belongs to.
type Due struct {
	Place     bot.Address
	Kind      flows.DueKind
	At        time.Time
	Feed      flows.Feed
	Version   string
	Uncertain bool // it was being sent when a process died
}
