package redisstore

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

//go:embed scripts/claim.lua
var claimSource string

//go:embed scripts/pace.lua
var paceSource string

var (
	claimScript = redis.NewScript(claimSource)
	paceScript  = redis.NewScript(paceSource)
)

var _ outbox.Store = (*Store)(nil)

// Shards is how many parts the due queue has.
func (s *Store) Shards() int { return shards }

// ClaimDue leases up to limit entries of one shard that are due now and reads
// their feeds: two round trips. An entry without a feed is dropped.
func (s *Store) ClaimDue(ctx context.Context, shard int, lease time.Duration, limit int) ([]outbox.Due, error) {
	q, now := queue(shard), s.now()
	reply, err := claimScript.Run(ctx, s.client, []string{q.due, q.leased, q.slot, q.sending},
		now.Unix(), now.Add(lease).Unix(), limit).StringSlice()
	if err != nil || len(reply) == 0 {
		if err != nil {
			err = fmt.Errorf("claim what is due: %w", err)
		}
		return nil, err
	}
	keys := make([]string, 0, len(reply)/3)
	for i := 0; i+2 < len(reply); i += 3 {
		name, _, _ := strings.Cut(reply[i], ":")
		keys = append(keys, feedKey(shard, name))
	}
	values, err := s.client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, fmt.Errorf("read feeds: %w", err)
	}
	due := make([]outbox.Due, 0, len(keys))
	for i, key := range keys {
		entry, ok := s.dueEntry(key, values[i], reply[3*i:3*i+3])
		if !ok {
			name, _, _ := strings.Cut(reply[3*i], ":")
			if err := s.dropFeed(ctx, feedKeys{shard: shard, name: name, feed: key, queue: q}); err != nil {
				return nil, err
			}
			continue
		}
		due = append(due, entry)
	}
	return due, nil
}

func (s *Store) dueEntry(key string, value any, claimed []string) (outbox.Due, bool) {
	sealed, ok := value.(string)
	if !ok {
		return outbox.Due{}, false
	}
	place, feed, err := s.openFeed(key, sealed)
	if err != nil {
		s.dropped.Add(1)
		return outbox.Due{}, false
	}
	_, kind, _ := strings.Cut(claimed[0], ":")
	at, err := strconv.ParseFloat(claimed[1], 64)
	if err != nil {
		return outbox.Due{}, false
	}
	return outbox.Due{
		Place: place, Kind: flows.DueKind(kind), At: time.Unix(int64(at), 0), Feed: *feed, Version: version(sealed), Uncertain: claimed[2] == "1",
	}, true
}

// MarkSending notes that the platform is about to be called. If this process dies
// now, the entry comes back as uncertain.
func (s *Store) MarkSending(ctx context.Context, place bot.Address, kind flows.DueKind) error {
	keys := s.keys.feed(place)
	if err := s.client.HSet(ctx, keys.queue.sending, keys.name+":"+string(kind), 1).Err(); err != nil {
		return fmt.Errorf("mark a post as being sent: %w", err)
	}
	return nil
}

// Settle ends a lease: the feed as it is after the post is stored and the next
// due times with it. What an admin changed meanwhile is kept.
func (s *Store) Settle(ctx context.Context, due outbox.Due, after flows.Feed) error {
	feed, version := after, due.Version
	for range settleTries {
		stored, err := s.saveFeed(ctx, due.Place, &feed, version, due.Kind)
		if err != nil || stored {
			return err
		}
		now, v, err := s.Feed(ctx, due.Place)
		if err != nil || now == nil {
			return err
		}
		feed, version = now.Posted(after), v
	}
	return fmt.Errorf("settle a post: %d writers were quicker", settleTries)
}

const settleTries = 8

// GiveBack lets the lease of an entry end at a time, unmarked.
func (s *Store) GiveBack(ctx context.Context, due outbox.Due, at time.Time) error {
	keys := s.keys.feed(due.Place)
	member := keys.name + ":" + string(due.Kind)
	pipe := s.client.Pipeline()
	pipe.HDel(ctx, keys.queue.sending, member)
	pipe.ZAddXX(ctx, keys.queue.leased, redis.Z{Score: float64(at.Unix()), Member: member})
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("give a post back: %w", err)
	}
	return nil
}

// Pace takes up to want sends of a platform's rate, shared by all replicas.
func (s *Store) Pace(ctx context.Context, platform bot.Name, perSecond float64, want int) (int, time.Duration, error) {
	each := int64(1e6 / perSecond)
	reply, err := paceScript.Run(ctx, s.client, []string{"na:pace:" + string(platform)}, each, each*paceBurst, want).Int64Slice()
	if err != nil || len(reply) != 2 {
		return 0, 0, fmt.Errorf("take from the shared pace: %w", err)
	}
	return int(reply[0]), time.Duration(reply[1]) * time.Microsecond, nil
}

// paceBurst is how many sends may go at once after a pause.
const paceBurst = 3
