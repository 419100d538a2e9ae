package redisstore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
)

// voteFor is how long answers to a group's quiz live if no close removes them.
const voteFor = 48 * time.Hour

// Vote counts a person's first answer to a group's open question and tells
// whether this was it. The person is kept as a keyed hash until the close.
func (s *Store) Vote(ctx context.Context, place bot.Address, question string, person bot.Person, choice string) (bool, error) {
	key := s.keys.feed(place).votes
	voter := base64.RawURLEncoding.EncodeToString(s.keys.hash("vote", key, question, string(person.Platform()), person.ID())[:9])
	pipe := s.client.Pipeline()
	first := pipe.HSetNX(ctx, key, question+":"+voter, choice)
	pipe.Expire(ctx, key, voteFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return false, fmt.Errorf("count an answer: %w", err)
	}
	return first.Val(), nil
}

// Tally counts the answers to a group's question by choice.
func (s *Store) Tally(ctx context.Context, place bot.Address, question string) (map[string]int, error) {
	votes, err := s.client.HGetAll(ctx, s.keys.feed(place).votes).Result()
	if err != nil {
		return nil, fmt.Errorf("count answers: %w", err)
	}
	counts := map[string]int{}
	for voter, choice := range votes {
		if strings.HasPrefix(voter, question+":") {
			counts[choice]++
		}
	}
	return counts, nil
}

// KeepPoll keeps the votes of a native poll by choice: the platform tells them
// once, when the poll is closed, and the post of the result may have to wait.
func (s *Store) KeepPoll(ctx context.Context, place bot.Address, question string, votes []int) error {
	key := s.keys.feed(place).votes
	plain, err := json.Marshal(votes)
	if err != nil {
		return fmt.Errorf("encode the votes of a poll: %w", err)
	}
	pipe := s.client.Pipeline()
	pipe.HSet(ctx, key, question, plain)
	pipe.Expire(ctx, key, voteFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("keep the votes of a poll: %w", err)
	}
	return nil
}

// KeptPoll returns the kept votes of a native poll, and whether there are any.
func (s *Store) KeptPoll(ctx context.Context, place bot.Address, question string) (votes []int, kept bool, err error) {
	plain, err := s.client.HGet(ctx, s.keys.feed(place).votes, question).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the votes of a poll: %w", err)
	}
	if err := json.Unmarshal(plain, &votes); err != nil {
		s.dropped.Add(1)
		return nil, false, nil //nolint:nilerr // a damaged value counts as none
	}
	return votes, true, nil
}
