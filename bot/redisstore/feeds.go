package redisstore

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
)

//go:embed scripts/feed.lua
var feedSource string

//go:embed scripts/drop.lua
var dropSource string

var (
	feedScript = redis.NewScript(feedSource)
	dropScript = redis.NewScript(dropSource)
)

// A feedKeys holds the keys of a feed and of the due queue it stands in. They
// share a hash tag, so that one script changes a feed and its due times.
type feedKeys struct {
	shard int
	name  string // the feed's id in the queue
	feed  string // string: the sealed feed with its address
	queue queueKeys
}

// queueKeys are the keys of one shard of the due queue.
type queueKeys struct {
	due     string // zset: NAME:KIND by due time
	leased  string // zset: NAME:KIND by the end of the lease
	slot    string // hash: NAME:KIND → the due time it was leased at
	sending string // hash: NAME:KIND → set just before the platform is called
	index   string // zset: NAME of every feed that takes announcements
}

func queue(shard int) queueKeys {
	tag := "na:{f" + strconv.Itoa(shard) + "}:"
	return queueKeys{due: tag + "due", leased: tag + "leased", slot: tag + "slot", sending: tag + "sending", index: tag + "news"}
}

func feedKey(shard int, name string) string { return "na:{f" + strconv.Itoa(shard) + "}:f:" + name }

func (k keyring) feed(place bot.Address) feedKeys {
	sum := k.hash("place", string(place.Platform()), place.Chat())
	shard := int(sum[0]) % shards
	name := base64.RawURLEncoding.EncodeToString(sum[:16])
	return feedKeys{shard: shard, name: name, feed: feedKey(shard, name), queue: queue(shard)}
}

// storedFeed is a feed as it is sealed: with its address, which is needed to
// reach it and stands nowhere else.
type storedFeed struct {
	Platform bot.Name   `json:"p"`
	Chat     string     `json:"c"`
	Thread   string     `json:"t,omitempty"`
	Feed     flows.Feed `json:"f"`
}

func (s *Store) sealFeed(key string, place bot.Address, feed *flows.Feed) (string, error) {
	plain, err := json.Marshal(storedFeed{place.Platform(), place.Chat(), place.Thread(), *feed})
	if err != nil {
		return "", fmt.Errorf("encode a feed: %w", err)
	}
	return s.seals.seal(key, plain), nil
}

func (s *Store) openFeed(key, sealed string) (bot.Address, *flows.Feed, error) {
	plain, err := s.seals.open(key, sealed)
	if err != nil {
		return bot.Address{}, nil, err
	}
	var stored storedFeed
	if err := json.Unmarshal(plain, &stored); err != nil {
		return bot.Address{}, nil, errFormat
	}
	return bot.NewAddress(stored.Platform, stored.Chat, stored.Thread), &stored.Feed, nil
}

// readFeed fills in a loaded feed; a damaged one is passed over and counted.
func (s *Store) readFeed(into *bot.Loaded, keys feedKeys, value any) {
	sealed, ok := value.(string)
	if !ok {
		return
	}
	into.FeedVersion = version(sealed)
	_, feed, err := s.openFeed(keys.feed, sealed)
	if err != nil {
		s.dropped.Add(1)
		return
	}
	into.Feed = feed
}

// feedArgs are the arguments of feed.lua: the new value and when what falls due.
func (s *Store) feedArgs(keys feedKeys, place bot.Address, feed *flows.Feed, version string, settled flows.DueKind) ([]any, error) {
	sealed, err := s.sealFeed(keys.feed, place, feed)
	if err != nil {
		return nil, err
	}
	now := s.now()
	news := 0
	if feed.News {
		news = 1
	}
	args := []any{version, sealed, flows.KeepFeed.Milliseconds(), keys.name, string(settled), news}
	for _, kind := range flows.DueKinds() {
		at := ""
		if next := feed.Next(kind, now); !next.IsZero() {
			at = strconv.FormatInt(next.Unix(), 10)
		}
		args = append(args, string(kind), at)
	}
	return args, nil
}

func (q queueKeys) list(feed string) []string {
	return []string{feed, q.due, q.leased, q.slot, q.sending, q.index}
}

// DropFeed deletes a feed and all its due times.
func (s *Store) DropFeed(ctx context.Context, place bot.Address) error {
	keys := s.keys.feed(place)
	return s.dropFeed(ctx, keys)
}

func (s *Store) dropFeed(ctx context.Context, keys feedKeys) error {
	args := []any{keys.name}
	for _, kind := range flows.DueKinds() {
		args = append(args, string(kind))
	}
	if err := dropScript.Run(ctx, s.client, keys.queue.list(keys.feed), args...).Err(); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("delete a feed: %w", err)
	}
	return nil
}

// Feed reads one feed; nil if there is none.
func (s *Store) Feed(ctx context.Context, place bot.Address) (*flows.Feed, string, error) {
	keys := s.keys.feed(place)
	sealed, err := s.client.Get(ctx, keys.feed).Result()
	if errors.Is(err, redis.Nil) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("read a feed: %w", err)
	}
	_, feed, err := s.openFeed(keys.feed, sealed)
	if err != nil {
		s.dropped.Add(1)
		return nil, version(sealed), nil //nolint:nilerr // a damaged feed counts as none
	}
	return feed, version(sealed), nil
}

// SaveFeed replaces the feed of a version and moves its due times with it.
func (s *Store) SaveFeed(ctx context.Context, place bot.Address, feed *flows.Feed, version string) (bool, error) {
	return s.saveFeed(ctx, place, feed, version, "")
}

func (s *Store) saveFeed(ctx context.Context, place bot.Address, feed *flows.Feed, version string, settled flows.DueKind) (bool, error) {
	keys := s.keys.feed(place)
	args, err := s.feedArgs(keys, place, feed, version, settled)
	if err != nil {
		return false, err
	}
	n, err := feedScript.Run(ctx, s.client, keys.queue.list(keys.feed), args...).Int()
	if err != nil {
		return false, fmt.Errorf("write a feed: %w", err)
	}
	return n == 1, nil
}

// MoveFeed gives a feed another address, when a group got another id. Doing it
// again, or from both signals at once, changes nothing more.
func (s *Store) MoveFeed(ctx context.Context, from, to bot.Address) error {
	feed, _, err := s.Feed(ctx, from)
	if err != nil || feed == nil {
		return err
	}
	_, there, err := s.Feed(ctx, to)
	if err != nil {
		return err
	}
	if there == "" {
		if _, err := s.SaveFeed(ctx, to, feed, ""); err != nil {
			return err
		}
	}
	return s.DropFeed(ctx, from)
}

// voteFor is how long answers to a group's quiz live if no close removes them.
const voteFor = 48 * time.Hour

func (k keyring) votes(place bot.Address, question string) string {
	keys := k.feed(place)
	return "na:{f" + strconv.Itoa(keys.shard) + "}:v:" + keys.name + ":" + question
}

// Vote counts a person's first answer to a group's open question and tells
// whether this was it. The person is kept as a keyed hash until the close.
func (s *Store) Vote(ctx context.Context, place bot.Address, question string, person bot.Person, choice string) (bool, error) {
	key := s.keys.votes(place, question)
	field := base64.RawURLEncoding.EncodeToString(s.keys.hash("vote", key, string(person.Platform()), person.ID())[:9])
	pipe := s.client.Pipeline()
	first := pipe.HSetNX(ctx, key, field, choice)
	pipe.Expire(ctx, key, voteFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return false, fmt.Errorf("count an answer: %w", err)
	}
	return first.Val(), nil
}

// Tally counts the answers to a group's question by choice.
func (s *Store) Tally(ctx context.Context, place bot.Address, question string) (map[string]int, error) {
	choices, err := s.client.HVals(ctx, s.keys.votes(place, question)).Result()
	if err != nil {
		return nil, fmt.Errorf("count answers: %w", err)
	}
	counts := map[string]int{}
	for _, choice := range choices {
		counts[choice]++
	}
	return counts, nil
}

// DropVotes deletes the answers to a group's question.
func (s *Store) DropVotes(ctx context.Context, place bot.Address, question string) error {
	if err := s.client.Del(ctx, s.keys.votes(place, question)).Err(); err != nil {
		return fmt.Errorf("delete answers: %w", err)
	}
	return nil
}
