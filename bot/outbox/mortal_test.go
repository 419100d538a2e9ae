package outbox_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// A life is that of one process: it ends at its n-th step, before or after the
// step took effect. Nothing that the process tries later has any effect.
type life struct {
	mu    sync.Mutex
	steps []string
	ends  int // 0: it does not
	after bool
	over  bool
}

// errDead is what a dead process sees, if it could see.
var errDead = fmt.Errorf("dead: %w", context.Canceled)

func (l *life) step(name string, do func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return errDead
	}
	l.steps = append(l.steps, name)
	l.over = len(l.steps) == l.ends
	if l.over && !l.after {
		return errDead
	}
	err := do()
	if l.over {
		return errDead
	}
	return err
}

func (l *life) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// mortalStore is the store as a process with a life sees it.
type mortalStore struct {
	outbox.Store
	*life
}

// DueShards changes nothing, and how often it is called is a matter of chance: it
// is no step to die at.
func (m mortalStore) DueShards(ctx context.Context, platform bot.Name) ([]int, time.Time, error) {
	if m.ended() {
		return nil, time.Time{}, errDead
	}
	return m.Store.DueShards(ctx, platform)
}

func (m mortalStore) ClaimDue(ctx context.Context, platform bot.Name, shard int, lease time.Duration, limit int) (due []outbox.Due, err error) {
	err = m.step("claim", func() error { due, err = m.Store.ClaimDue(ctx, platform, shard, lease, limit); return err })
	if err != nil {
		return nil, err
	}
	return due, nil
}

func (m mortalStore) MarkSending(ctx context.Context, due outbox.Due, lease time.Duration) (ok bool, err error) {
	err = m.step("mark", func() error { ok, err = m.Store.MarkSending(ctx, due, lease); return err })
	return ok, err
}

func (m mortalStore) Settle(ctx context.Context, due outbox.Due, after flows.Feed) error {
	return m.step("settle", func() error { return m.Store.Settle(ctx, due, after) })
}

func (m mortalStore) GiveBack(ctx context.Context, due outbox.Due, at time.Time, maybe bool) error {
	return m.step("give back", func() error { return m.Store.GiveBack(ctx, due, at, maybe) })
}

func (m mortalStore) Pace(ctx context.Context, platform bot.Name, rate float64, want int) (n int, wait time.Duration, err error) {
	err = m.step("pace", func() error { n, wait, err = m.Store.Pace(ctx, platform, rate, want); return err })
	return n, wait, err
}

func (m mortalStore) Tally(ctx context.Context, place bot.Address, question string) (counts map[string]int, err error) {
	err = m.step("tally", func() error { counts, err = m.Store.Tally(ctx, place, question); return err })
	return counts, err
}

func (m mortalStore) KeptPoll(ctx context.Context, place bot.Address, question string) (votes []int, kept bool, err error) {
	err = m.step("kept poll", func() error { votes, kept, err = m.Store.KeptPoll(ctx, place, question); return err })
	return votes, kept, err
}

func (m mortalStore) KeepPoll(ctx context.Context, place bot.Address, question string, votes []int) error {
	return m.step("keep poll", func() error { return m.Store.KeepPoll(ctx, place, question, votes) })
}

func (m mortalStore) DropFeed(ctx context.Context, place bot.Address) error {
	return m.step("drop", func() error { return m.Store.DropFeed(ctx, place) })
}

func (m mortalStore) MoveFeed(ctx context.Context, from, to bot.Address) error {
	return m.step("move", func() error { return m.Store.MoveFeed(ctx, from, to) })
}

// mortalPlatform is a platform as a process with a life sees it.
type mortalPlatform struct {
	*platform
	*life
}

func (m mortalPlatform) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (sent bot.Sent, err error) {
	err = m.step("post", func() error { sent, err = m.platform.Post(ctx, place, post, nonce); return err })
	return sent, err
}

func (m mortalPlatform) ClosePoll(ctx context.Context, place bot.Address, message string) (votes []int, err error) {
	err = m.step("close poll", func() error { votes, err = m.platform.ClosePoll(ctx, place, message); return err })
	return votes, err
}
