package outbox

import (
	"context"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// A MailStore keeps announcements on their way. Every method is safe to repeat.
type MailStore interface {
	// Live lists the announcements that somebody has to work on.
	Live(ctx context.Context) ([]Live, error)
	// Advance stores what the machinery itself changed of an announcement, and logs
	// it as an act. False: somebody was quicker.
	Advance(ctx context.Context, live Live, act string) (bool, error)
	// ServePlatforms notes which platforms are served.
	ServePlatforms(ctx context.Context, names ...bot.Name) error
	// Platforms lists the platforms that are served by any process.
	Platforms(ctx context.Context) ([]bot.Name, error)
	// Captain takes or keeps the one place from which an announcement is begun,
	// watched and ended.
	Captain(ctx context.Context, who string, lease time.Duration) (bool, error)
	// Enlist puts the receivers on a platform into the queue of an announcement's
	// job. What is queued or settled already stays as it is.
	Enlist(ctx context.Context, a *flows.Announcement, platform bot.Name) error
	// MailShards lists the parts of a job's queue that hold something due, and
	// how many entries wait in all.
	MailShards(ctx context.Context, platform bot.Name, job string) (due []int, left int, err error)
	// ClaimMail leases receivers of a part whose time has come.
	ClaimMail(ctx context.Context, a *flows.Announcement, platform bot.Name, shard int, lease time.Duration, limit int) ([]Mail, error)
	// MarkMail notes that the platform is about to be called; false means hands off.
	MarkMail(ctx context.Context, mail Mail, lease time.Duration) (bool, error)
	// SettleMail ends the lease and keeps how it ended.
	SettleMail(ctx context.Context, mail Mail, end Ending) error
	// PostponeMail ends the lease; the receiver's time comes again later.
	PostponeMail(ctx context.Context, mail Mail, at time.Time) error
	// GiveBackMail lets a lease end at a time. Maybe: it may have arrived.
	GiveBackMail(ctx context.Context, mail Mail, at time.Time, maybe bool) error
	// DropJob removes what still waits in a job's queue on a platform.
	DropJob(ctx context.Context, platform bot.Name, job string) error
	// Progress counts how a job stands on all platforms.
	Progress(ctx context.Context, a *flows.Announcement, platforms []bot.Name) (*flows.Progress, error)
	// Watchers are the chats in which moderators see the progress of an announcement.
	Watchers(ctx context.Context, a *flows.Announcement) ([]Watcher, error)
	// KeepWatcher keeps the message in which the progress of the present job is shown.
	KeepWatcher(ctx context.Context, a *flows.Announcement, watcher Watcher) error
	// DropFeed and MoveFeed are those of Store.
	DropFeed(ctx context.Context, place bot.Address) error
	MoveFeed(ctx context.Context, from, to bot.Address) error
}

// A Live is an announcement with the version it was read at.
type Live struct {
	Announcement *flows.Announcement
	Version      string
}

// A Mail is one leased receiver of an announcement.
type Mail struct {
	Place   bot.Address
	Job     string
	Member  string // in the queue
	Shard   int
	At      time.Time // when its turn came first
	Lease   string
	Sending time.Time // when a process that did not finish began to send it; or zero
	Feed    flows.Feed
	Version string // of the feed
	LastUse int64  // Unix seconds, of a private receiver
	Message string // of an undo: the platform's id of what was sent
}

// An Ending is how a receiver's entry ended.
type Ending struct {
	Outcome string // Sent, Wiped, Refused, Uncertain, Skipped…
	Why     string // in one word, for the report; or empty
	Lang    string // of the text
	Message string // the platform's id, when it was sent
}

// A Watcher is a chat in which a moderator watches an announcement.
type Watcher struct {
	Key     string // of the moderator
	Place   bot.Address
	Lang    string
	Message string // what is edited; empty: nothing was posted yet
}
