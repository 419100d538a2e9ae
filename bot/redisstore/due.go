package redisstore

import (
	"cmp"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"slices"
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

//go:embed scripts/mark.lua
var markSource string

//go:embed scripts/giveback.lua
var giveBackSource string

var (
	claimScript    = redis.NewScript(claimSource)
	markScript     = redis.NewScript(markSource)
	giveBackScript = redis.NewScript(giveBackSource)
)

var _ outbox.Store = (*Store)(nil)

// leaseWord is how long the word is that tells one lease from every other.
const leaseWord = 16

// DueShards lists the parts of a platform's queue that hold something due, the
// longest due first, and the time by Redis's clock: one round trip.
func (s *Store) DueShards(ctx context.Context, platform bot.Name) ([]int, time.Time, error) {
	pipe := s.client.Pipeline()
	clock := pipe.Time(ctx)
	heads := s.readHeads(ctx, pipe, func(shard int) queueKeys { return queue(platform, shard) })
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, time.Time{}, fmt.Errorf("look at what is due: %w", err)
	}
	return s.longestDue(heads), clock.Val(), nil
}

// queueHeads are the first waiting and the first leased entry of a shard.
type queueHeads [2]*redis.ZSliceCmd

func (s *Store) readHeads(ctx context.Context, pipe redis.Pipeliner, of func(shard int) queueKeys) []queueHeads {
	heads := make([]queueHeads, shards)
	for shard := range heads {
		q := of(shard)
		heads[shard] = queueHeads{pipe.ZRangeWithScores(ctx, q.due, 0, 0), pipe.ZRangeWithScores(ctx, q.leased, 0, 0)}
	}
	return heads
}

// longestDue orders the shards that hold something due. Leases that ended come
// first: a platform knows a nonce again for a short time only.
func (s *Store) longestDue(heads []queueHeads) []int {
	type head struct {
		shard int
		since float64
		late  bool
	}
	var found []head
	now := float64(s.now().Unix())
	for shard, pair := range heads {
		since, late := now+1, false
		for i, entries := range pair {
			if got := entries.Val(); len(got) > 0 {
				since = min(since, got[0].Score)
				late = late || i == 1 && got[0].Score <= now
			}
		}
		if since <= now {
			found = append(found, head{shard, since, late})
		}
	}
	slices.SortFunc(found, func(a, b head) int {
		if a.late != b.late {
			if a.late {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.since, b.since), cmp.Compare(a.shard, b.shard))
	})
	order := make([]int, len(found))
	for i, f := range found {
		order[i] = f.shard
	}
	return order
}

// ClaimDue leases up to limit entries of one shard that are due now and reads
// their feeds: two round trips. An entry without a feed is dropped.
func (s *Store) ClaimDue(ctx context.Context, platform bot.Name, shard int, lease time.Duration, limit int) ([]outbox.Due, error) {
	claims, err := s.claim(ctx, queue(platform, shard), lease, limit, fromDue, func(member string) (feedKeys, flows.DueKind) {
		name, kind, _ := strings.Cut(member, ":")
		return namedFeed(platform, shard, name), flows.DueKind(kind)
	})
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	due := make([]outbox.Due, 0, len(claims))
	for _, c := range claims {
		entry, err := s.openClaim(ctx, c)
		if err != nil {
			return nil, err
		}
		if entry != nil {
			due = append(due, *entry)
		}
	}
	return due, nil
}

// What the time of a claim counts from.
const (
	fromDue   = 0
	fromClaim = 1
)

// claim leases up to limit entries of a queue that are due now, with their feeds.
func (s *Store) claim(ctx context.Context, q queueKeys, lease time.Duration, limit, from int, keysOf func(member string) (feedKeys, flows.DueKind)) ([]claim, error) {
	now := s.now()
	reply, err := claimScript.Run(ctx, s.client, []string{q.due, q.leased, q.slot, q.sending},
		now.Unix(), now.Add(lease).Unix(), limit, rand.Text()[:leaseWord], from).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("claim what is due: %w", err)
	}
	claims := make([]claim, 0, len(reply)/3)
	for fields := range slices.Chunk(reply, 3) {
		keys, kind := keysOf(fields[0])
		claims = append(claims, claim{keys: keys, kind: kind, member: fields[0], lease: fields[1], marked: fields[2]})
	}
	return claims, s.readFeeds(ctx, claims)
}

// readFeeds reads the feeds of leased entries in one round trip.
func (s *Store) readFeeds(ctx context.Context, claims []claim) error {
	if len(claims) == 0 {
		return nil
	}
	feeds := make([]string, len(claims))
	for i, c := range claims {
		feeds[i] = c.keys.feed
	}
	values, err := s.client.MGet(ctx, feeds...).Result()
	if err != nil {
		return fmt.Errorf("read feeds: %w", err)
	}
	for i := range claims {
		claims[i].feed = values[i]
	}
	return nil
}

// A claim is one leased entry as the script tells it.
type claim struct {
	keys   feedKeys
	kind   flows.DueKind
	member string
	feed   any    // the sealed feed; nil if there is none
	lease  string // "due time:word"
	marked string // when it was first being sent, or ""
}

// unreadFor is how long an entry waits whose feed cannot be read. It is not
// deleted: a wrong NOTALONE_KEY at one start must not wipe what groups chose.
const unreadFor = 24 * time.Hour

func (s *Store) openClaim(ctx context.Context, c claim) (*outbox.Due, error) {
	sealed, ok := c.feed.(string)
	if !ok {
		return nil, s.dropFeed(ctx, c.keys)
	}
	place, feed, err := s.openFeed(c.keys.feed, sealed)
	if err != nil {
		s.dropped.Add(1)
		return nil, s.giveBack(ctx, c.keys.queue, c.member, c.lease, s.now().Add(unreadFor), true)
	}
	return &outbox.Due{Place: place, Kind: c.kind, At: c.at(), Feed: *feed, Version: version(sealed), Lease: c.lease, Sending: c.since()}, nil
}

// at is when the entry first fell due.
func (c claim) at() time.Time {
	slot, _, _ := strings.Cut(c.lease, ":")
	return unixTime(slot)
}

// since is when somebody began to send it; zero if nobody did.
func (c claim) since() time.Time { return unixTime(c.marked) }

func unixTime(seconds string) time.Time {
	if n, err := strconv.ParseInt(seconds, 10, 64); err == nil {
		return time.Unix(n, 0)
	}
	return time.Time{}
}

// anewIn is when an entry is claimed anew whose feed changed under its lease.
const anewIn = 2 * time.Second

// MarkSending notes that the platform is about to be called and lengthens the
// lease; false if the lease is lost or has to be claimed anew. If this process
// dies now, the entry comes back with the time it was first being sent.
func (s *Store) MarkSending(ctx context.Context, due outbox.Due, lease time.Duration) (bool, error) {
	keys, now := s.keys.feed(due.Place), s.now()
	args := []any{keys.name, string(due.Kind), due.Lease, due.Version, now.Unix(), now.Add(lease).Unix(), now.Add(anewIn).Unix()}
	for _, kind := range flows.DueKinds() {
		args = append(args, string(kind))
	}
	marked, err := markScript.Run(ctx, s.client, []string{keys.feed, keys.queue.leased, keys.queue.slot, keys.queue.sending}, args...).Int()
	if err != nil {
		return false, fmt.Errorf("mark a post as being sent: %w", err)
	}
	return marked == 1, nil
}

// Settle ends a lease: the feed as it is after the post is stored and the next
// due times with it. What an admin changed meanwhile is kept. A lease that is not
// held any more, or a feed that is gone, is left alone.
func (s *Store) Settle(ctx context.Context, due outbox.Due, after flows.Feed) error {
	feed, version := after, due.Version
	for range settleTries {
		wrote, err := s.writeFeed(ctx, due.Place, &feed, version, settled{due.Kind, due.Lease}, s.slate(&feed, due.Kind, due.At))
		if err != nil || wrote != outrun {
			return err
		}
		now, v, err := s.Feed(ctx, due.Place)
		if err != nil || now == nil {
			return err
		}
		feed, version = now.Posted(after), v
	}
	return errOutrun
}

const settleTries = 8

var errOutrun = errors.New("settle a post: other writers were quicker each time")

// GiveBack lets the lease of an entry end at a time. Maybe says that the post may
// have arrived: the entry keeps the time it was first being sent.
func (s *Store) GiveBack(ctx context.Context, due outbox.Due, at time.Time, maybe bool) error {
	keys := s.keys.feed(due.Place)
	return s.giveBack(ctx, keys.queue, keys.name+":"+string(due.Kind), due.Lease, at, maybe)
}

// notBefore is a time in whole seconds that is not earlier: a platform counts the
// pause it asked for to the millisecond.
func notBefore(at time.Time) int64 { return at.Add(time.Second - 1).Unix() }

func (s *Store) giveBack(ctx context.Context, q queueKeys, member, lease string, at time.Time, maybe bool) error {
	stays := 0
	if maybe {
		stays = 1
	}
	err := giveBackScript.Run(ctx, s.client, []string{q.leased, q.slot, q.sending}, member, lease, notBefore(at), stays).Err()
	if err != nil {
		return fmt.Errorf("give a post back: %w", err)
	}
	return nil
}
