package bot

import (
	"context"

	"notalone/flows"
)

// An Office keeps announcements, those who may write them, and the audit log of
// what they did. Every method is safe to repeat.
type Office interface {
	// Desk reads what a page about announcements is made of. Where an owner writes
	// from is kept.
	Desk(ctx context.Context, ask DeskAsk) (*flows.Desk, error)
	// SaveAnnouncement stores an announcement that still has the version, and logs
	// the act. False: somebody was quicker.
	SaveAnnouncement(ctx context.Context, by flows.Moderator, a *flows.Announcement, version, act string) (bool, error)
	// Watch keeps an announcement's progress up to date in a moderator's chat: in the
	// given message, else in the one that shows it already, else in a new one.
	Watch(ctx context.Context, a *flows.Announcement, who Colleague, message string) error
	// Invite makes an invitation that is good once and for a day.
	Invite(ctx context.Context, by flows.Moderator, role flows.Role, label string) (code string, err error)
	// Join uses an invitation up; no role: there is no such invitation.
	Join(ctx context.Context, ask DeskAsk, code string) (flows.Role, error)
	// Dismiss takes a moderator's role away.
	Dismiss(ctx context.Context, by flows.Moderator, key string) error
	// Colleagues lists where all who may approve, but one, write from.
	Colleagues(ctx context.Context, but string) ([]Colleague, error)
}

// A DeskAsk is who asks for the desk, and for which announcement ("" for none).
type DeskAsk struct {
	Person Person
	Place  Address
	Lang   string
	ID     string
}

// A Colleague is a moderator's private chat with the bot.
type Colleague struct {
	Key   string
	Place Address
	Lang  string
}
