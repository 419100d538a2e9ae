package outboxtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// MailStore is the store of announcements as the process sees it.
func (l *Life) MailStore(s outbox.MailStore) outbox.MailStore { return mailStore{s, l} }

type mailStore struct {
	outbox.MailStore
	*Life
}

func (s mailStore) call(name string, do func() error) error {
	err := s.Life.call(name, do)
	if errors.Is(err, errDead) {
		return fmt.Errorf("%w: %w", err, context.Canceled)
	}
	return err
}

// Live and MailShards change nothing, and how often they are called is a matter
// of chance: they are no steps to die at.
func (s mailStore) Live(ctx context.Context) ([]outbox.Live, error) {
	if s.Over() {
		return nil, errDead
	}
	return s.MailStore.Live(ctx)
}

func (s mailStore) MailShards(ctx context.Context, platform bot.Name, job string) ([]int, int, error) {
	if s.Over() {
		return nil, 0, errDead
	}
	return s.MailStore.MailShards(ctx, platform, job)
}

func (s mailStore) Captain(ctx context.Context, who string, lease time.Duration) (bool, error) {
	if s.Over() {
		return false, errDead
	}
	return s.MailStore.Captain(ctx, who, lease)
}

func (s mailStore) Advance(ctx context.Context, live outbox.Live, act string) (ok bool, err error) {
	err = s.call("advance", func() error { ok, err = s.MailStore.Advance(ctx, live, act); return err })
	return ok, err
}

func (s mailStore) Enlist(ctx context.Context, a *flows.Announcement, platform bot.Name) error {
	return s.call("enlist", func() error { return s.MailStore.Enlist(ctx, a, platform) })
}

func (s mailStore) ClaimMail(ctx context.Context, a *flows.Announcement, platform bot.Name, shard int, lease time.Duration, limit int) (mails []outbox.Mail, err error) {
	err = s.call("claim", func() error { mails, err = s.MailStore.ClaimMail(ctx, a, platform, shard, lease, limit); return err })
	if err != nil {
		return nil, err
	}
	return mails, nil
}

func (s mailStore) MarkMail(ctx context.Context, mail outbox.Mail, lease time.Duration) (ok bool, err error) {
	err = s.call("mark", func() error { ok, err = s.MailStore.MarkMail(ctx, mail, lease); return err })
	return ok, err
}

func (s mailStore) SettleMail(ctx context.Context, mail outbox.Mail, end outbox.Ending) error {
	return s.call("settle", func() error { return s.MailStore.SettleMail(ctx, mail, end) })
}

func (s mailStore) PostponeMail(ctx context.Context, mail outbox.Mail, at time.Time) error {
	return s.call("postpone", func() error { return s.MailStore.PostponeMail(ctx, mail, at) })
}

func (s mailStore) GiveBackMail(ctx context.Context, mail outbox.Mail, at time.Time, maybe bool) error {
	return s.call("give back", func() error { return s.MailStore.GiveBackMail(ctx, mail, at, maybe) })
}

func (s mailStore) DropFeed(ctx context.Context, place bot.Address) error {
	return s.call("drop", func() error { return s.MailStore.DropFeed(ctx, place) })
}

func (s mailStore) MoveFeed(ctx context.Context, from, to bot.Address) error {
	return s.call("move", func() error { return s.MailStore.MoveFeed(ctx, from, to) })
}
