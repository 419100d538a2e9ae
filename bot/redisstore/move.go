package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
)

// MoveFeed gives a feed another address, when a group got another id. What is
// due stays due at its time, what is on its way counts as posted. Doing it again,
// or from both signals at once, changes nothing more.
func (s *Store) MoveFeed(ctx context.Context, from, to bot.Address) error {
	feed, _, err := s.Feed(ctx, from)
	if err != nil || feed == nil {
		return err
	}
	newer, there, err := s.Feed(ctx, to)
	if err != nil {
		return err
	}
	if newer != nil && newer.Unused() { // it was greeted there before it was known that it moved
		if err := s.DropFeed(ctx, to); err != nil {
			return err
		}
		there = ""
	}
	if there == "" {
		if err := s.copyFeed(ctx, from, to, feed); err != nil {
			return err
		}
	}
	if err := s.client.Set(ctx, s.keys.feed(from).moved, s.keys.feed(to).name, movedFor).Err(); err != nil {
		return fmt.Errorf("note where a feed went: %w", err)
	}
	return s.DropFeed(ctx, from)
}

// movedFor is how long it is kept where a feed went, for announcements that wait
// for its old address.
const movedFor = 7 * 24 * time.Hour

// newName is the name of a feed that moved; empty for one that did not.
func (s *Store) newName(ctx context.Context, old feedKeys) (string, error) {
	name, err := s.client.Get(ctx, old.moved).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", fmt.Errorf("ask where a feed went: %w", err)
	}
	return name, nil
}

func (s *Store) copyFeed(ctx context.Context, from, to bot.Address, feed *flows.Feed) error {
	owed, err := s.owed(ctx, s.keys.feed(from))
	if err != nil {
		return err
	}
	now := s.now()
	when := func(kind flows.DueKind) (next, _ time.Time) {
		if at, ok := owed[kind]; ok {
			return at, time.Time{}
		}
		return feed.Next(kind, now), time.Time{}
	}
	if err := s.copyVotes(ctx, s.keys.feed(from).votes, s.keys.feed(to).votes); err != nil {
		return err
	}
	// Whoever was quicker at the new address wrote the same feed.
	_, err = s.writeFeed(ctx, to, feed, "", settled{}, when)
	return err
}

// owed reads the due times of a feed's entries, the leased ones included.
func (s *Store) owed(ctx context.Context, keys feedKeys) (map[flows.DueKind]time.Time, error) {
	kinds := flows.DueKinds()
	due := make([]*redis.FloatCmd, len(kinds))
	slots, sending := make([]*redis.StringCmd, len(kinds)), make([]*redis.BoolCmd, len(kinds))
	pipe := s.client.Pipeline()
	for i, kind := range kinds {
		member := keys.name + ":" + string(kind)
		due[i] = pipe.ZScore(ctx, keys.queue.due, member)
		slots[i] = pipe.HGet(ctx, keys.queue.slot, member)
		sending[i] = pipe.HExists(ctx, keys.queue.sending, member)
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read due times: %w", err)
	}
	owed := map[flows.DueKind]time.Time{}
	for i, kind := range kinds {
		if slot, _, ok := strings.Cut(slots[i].Val(), ":"); ok && !sending[i].Val() {
			if at, err := strconv.ParseInt(slot, 10, 64); err == nil {
				owed[kind] = time.Unix(at, 0)
			}
		} else if due[i].Err() == nil {
			owed[kind] = time.Unix(int64(due[i].Val()), 0)
		}
	}
	return owed, nil
}

// copyVotes takes the answers to an open quiz along.
func (s *Store) copyVotes(ctx context.Context, from, to string) error {
	votes, err := s.client.HGetAll(ctx, from).Result()
	if err != nil {
		return fmt.Errorf("read answers: %w", err)
	}
	if len(votes) == 0 {
		return nil
	}
	pipe := s.client.Pipeline()
	pipe.HSet(ctx, to, votes)
	pipe.Expire(ctx, to, voteFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("move answers: %w", err)
	}
	return nil
}
