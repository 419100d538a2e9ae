// Package outboxtest kills processes at a chosen step, to see what is left.
package outboxtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// A Life is that of one process: it ends at its n-th call of the store or the
// platform, before or after the call took effect. Nothing that the process tries
// later has any effect. The zero Life does not end.
type Life struct {
	Ends  int
	At    string // if set, only calls of this name are counted
	After bool
	Trace func(call string) // if set, told of every call

	mu    sync.Mutex
	calls int
	over  bool
}

var errDead = errors.New("this process is dead")

// Over reports whether the process is dead.
func (l *Life) Over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

func (l *Life) call(name string, do func() error) error {
	dies, dead := l.begin(name)
	if dead || dies && !l.After {
		return errDead
	}
	err := do()
	if l.Over() {
		return errDead
	}
	return err
}

func (l *Life) begin(name string) (dies, dead bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false, true
	}
	if l.Trace != nil {
		l.Trace(name)
	}
	if l.At == "" || l.At == name {
		l.calls++
		l.over = l.calls == l.Ends
	}
	return l.over, false
}

// Store is the store as the process sees it.
func (l *Life) Store(s outbox.Store) outbox.Store { return store{s, l} }

// Adapter is a platform as the process sees it.
func (l *Life) Adapter(a bot.Adapter) bot.Adapter { return adapter{a, l} }

type store struct {
	outbox.Store
	*Life
}

// call ends the patience of a dead process with its store.
func (s store) call(name string, do func() error) error {
	err := s.Life.call(name, do)
	if errors.Is(err, errDead) {
		return fmt.Errorf("%w: %w", err, context.Canceled)
	}
	return err
}

// DueShards changes nothing, and how often it is called is a matter of chance: it
// is no step to die at.
func (s store) DueShards(ctx context.Context, platform bot.Name) ([]int, time.Time, error) {
	if s.Over() {
		return nil, time.Time{}, errDead
	}
	return s.Store.DueShards(ctx, platform)
}

func (s store) ClaimDue(ctx context.Context, platform bot.Name, shard int, lease time.Duration, limit int) (due []outbox.Due, err error) {
	err = s.call("claim", func() error { due, err = s.Store.ClaimDue(ctx, platform, shard, lease, limit); return err })
	if err != nil {
		return nil, err
	}
	return due, nil
}

func (s store) MarkSending(ctx context.Context, due outbox.Due, lease time.Duration) (ok bool, err error) {
	err = s.call("mark", func() error { ok, err = s.Store.MarkSending(ctx, due, lease); return err })
	return ok, err
}

func (s store) Settle(ctx context.Context, due outbox.Due, after flows.Feed) error {
	return s.call("settle", func() error { return s.Store.Settle(ctx, due, after) })
}

func (s store) GiveBack(ctx context.Context, due outbox.Due, at time.Time, maybe bool) error {
	return s.call("give back", func() error { return s.Store.GiveBack(ctx, due, at, maybe) })
}

func (s store) Pace(ctx context.Context, platform bot.Name, limit outbox.Limit, want, past int) (got outbox.Reservation, err error) {
	err = s.call("pace", func() error { got, err = s.Store.Pace(ctx, platform, limit, want, past); return err })
	return got, err
}

func (s store) Tally(ctx context.Context, place bot.Address, question string) (counts map[string]int, err error) {
	err = s.call("tally", func() error { counts, err = s.Store.Tally(ctx, place, question); return err })
	return counts, err
}

func (s store) KeptPoll(ctx context.Context, place bot.Address, question string) (votes []int, kept bool, err error) {
	err = s.call("kept poll", func() error { votes, kept, err = s.Store.KeptPoll(ctx, place, question); return err })
	return votes, kept, err
}

func (s store) KeepPoll(ctx context.Context, place bot.Address, question string, votes []int) error {
	return s.call("keep poll", func() error { return s.Store.KeepPoll(ctx, place, question, votes) })
}

func (s store) DropFeed(ctx context.Context, place bot.Address) error {
	return s.call("drop", func() error { return s.Store.DropFeed(ctx, place) })
}

func (s store) MoveFeed(ctx context.Context, from, to bot.Address) error {
	return s.call("move", func() error { return s.Store.MoveFeed(ctx, from, to) })
}

type adapter struct {
	bot.Adapter
	*Life
}

func (a adapter) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (sent bot.Sent, err error) {
	err = a.call("post", func() error { sent, err = a.Adapter.Post(ctx, place, post, nonce); return err })
	return sent, err
}

func (a adapter) ClosePoll(ctx context.Context, place bot.Address, message string) (votes []int, err error) {
	err = a.call("close poll", func() error { votes, err = a.Adapter.ClosePoll(ctx, place, message); return err })
	return votes, err
}
