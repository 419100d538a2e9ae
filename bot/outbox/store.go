package outbox

import (
	"context"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// A Store keeps what is due. Every method is safe to repeat.
type Store interface {
	// DueShards lists the parts of a platform's queue that hold something due, the
	// longest due first, and the time by the store's own clock.
	DueShards(ctx context.Context, platform bot.Name) ([]int, time.Time, error)
	// ClaimDue leases entries of a part that are due, the longest due first.
	ClaimDue(ctx context.Context, platform bot.Name, shard int, lease time.Duration, limit int) ([]Due, error)
	// MarkSending notes that the platform is about to be called and lengthens the
	// lease. False means hands off: the lease is lost, the feed was changed since
	// it was read, or something else is being sent to the place.
	MarkSending(ctx context.Context, due Due, lease time.Duration) (bool, error)
	// Settle ends the lease and stores the feed with its next due times; a close
	// deletes the answers to its quiz.
	Settle(ctx context.Context, due Due, after flows.Feed) error
	// GiveBack lets a leased entry come again at a time. Maybe says that the post
	// may have arrived.
	GiveBack(ctx context.Context, due Due, at time.Time, maybe bool) error
	// Pace reserves sends of a limit that all replicas share: no window holds more
	// of their moments. Past counts what was sent without waiting, for which room is
	// left.
	Pace(ctx context.Context, platform bot.Name, limit Limit, want, past int) (Reservation, error)
	// Late notes when reserved sends arrived that did so after their moments.
	Late(ctx context.Context, platform bot.Name, limit Limit, at time.Time, slots ...int64) error
	// DropFeed stops all posts to a place.
	DropFeed(ctx context.Context, place bot.Address) error
	// MoveFeed gives a feed another address; what is due moves along.
	MoveFeed(ctx context.Context, from, to bot.Address) error
	Counter
}

// A Counter counts how a group did on its open question.
type Counter interface {
	// Tally counts the answers by choice.
	Tally(ctx context.Context, place bot.Address, question string) (map[string]int, error)
	// KeepPoll keeps the votes of a native poll, which tells them only once.
	KeepPoll(ctx context.Context, place bot.Address, question string, votes []int) error
	// KeptPoll returns them.
	KeptPoll(ctx context.Context, place bot.Address, question string) (votes []int, kept bool, err error)
}

// A Due is one leased entry with the feed it belongs to.
type Due struct {
	Place   bot.Address
	Kind    flows.DueKind
	At      time.Time
	Feed    flows.Feed
	Version string    // of the feed
	Lease   string    // proves to the store that this lease is the present one
	Sending time.Time // when a process that did not finish began to send it; or zero
}
