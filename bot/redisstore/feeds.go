package redisstore

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
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
	feed  string // string: the sealed feed with its address, KeepFeed
	votes string // hash: the answers to its open quiz, voteFor
	moved string // string: the NAME it has since its group got another id, movedFor
	news  string // hash: NAME of every feed that takes announcements → its class
	reach string // hash: class → how many feeds are of it
	queue queueKeys
}

// queueKeys are the keys of one platform's due queue in one shard: a platform
// that is slow or away keeps no other platform's posts waiting.
type queueKeys struct {
	due     string // zset: NAME:KIND by due time
	leased  string // zset: NAME:KIND by the end of the lease
	slot    string // hash: NAME:KIND → its lease, "due time:word"
	sending string // hash: NAME:KIND → when the platform was first called
}

// shardOf is the beginning of all keys of a platform in a shard.
func shardOf(platform bot.Name, shard int) string {
	return "na:{f" + strconv.Itoa(shard) + "}:" + string(platform) + ":"
}

func queue(platform bot.Name, shard int) queueKeys { return queueAt(shardOf(platform, shard)) }

func queueAt(own string) queueKeys {
	return queueKeys{due: own + "due", leased: own + "leased", slot: own + "slot", sending: own + "sending"}
}

func namedFeed(platform bot.Name, shard int, name string) feedKeys {
	tag := "na:{f" + strconv.Itoa(shard) + "}:"
	own := shardOf(platform, shard)
	return feedKeys{
		shard: shard, name: name, feed: tag + "f:" + name, votes: tag + "v:" + name, moved: tag + "w:" + name,
		news: own + "news", reach: own + "reach", queue: queue(platform, shard),
	}
}

func (k keyring) feed(place bot.Address) feedKeys {
	sum := k.hash("place", string(place.Platform()), place.Chat())
	return namedFeed(place.Platform(), int(sum[0])%shards, base64.RawURLEncoding.EncodeToString(sum[:16]))
}

// shardOfName is the shard that a feed's name belongs to.
func shardOfName(name string) int {
	sum, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil || len(sum) == 0 {
		return 0
	}
	return int(sum[0]) % shards
}

// storedFeed is a feed as it is sealed: with its address, which is needed to
// reach it and stands nowhere else.
type storedFeed struct {
	Platform bot.Name   `json:"p"`
	Chat     string     `json:"c"`
	Feed     flows.Feed `json:"f"`
}

func (s *Store) sealFeed(key string, place bot.Address, feed *flows.Feed) (string, error) {
	plain, err := json.Marshal(storedFeed{place.Platform(), place.Chat(), *feed})
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
	return bot.NewAddress(stored.Platform, stored.Chat, stored.Feed.Spot), &stored.Feed, nil
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

// classOf is what an audience is chosen by, "vi|VN|group"; empty for a feed that
// takes no announcements.
func classOf(feed *flows.Feed) string {
	if !feed.News {
		return ""
	}
	kind := feed.Kind
	if feed.Private {
		kind = privateKind
	}
	return string(feed.Lang) + "|" + feed.Country + "|" + kind
}

const privateKind = "person"

// ofClass is a feed of a class, for choosing an audience without opening feeds.
func ofClass(class string) *flows.Feed {
	parts := append(strings.Split(class, "|"), "", "")
	return &flows.Feed{News: true, Lang: i18n.Lang(parts[0]), Country: parts[1], Kind: parts[2], Private: parts[2] == privateKind}
}

// A slate is when a kind falls due next, and the due time that is past and still
// owed; zero for none.
type slate func(flows.DueKind) (next, owed time.Time)

// slate goes by the plans of a feed. What is settled is not due again at its own
// time, even if this process's clock was set back meanwhile.
func (s *Store) slate(feed *flows.Feed, settled flows.DueKind, at time.Time) slate {
	now := s.now()
	return func(kind flows.DueKind) (next, owed time.Time) {
		if kind == settled && at.After(now) {
			return feed.Next(kind, at), time.Time{}
		}
		return feed.Next(kind, now), feed.Owed(kind, now)
	}
}

// feedArgs are the arguments of feed.lua.
func (s *Store) feedArgs(keys feedKeys, place bot.Address, feed *flows.Feed, version string, settled settled, when slate) ([]any, error) {
	sealed, err := s.sealFeed(keys.feed, place, feed)
	if err != nil {
		return nil, err
	}
	args := []any{version, sealed, flows.KeepFeed.Milliseconds(), keys.name, classOf(feed), string(settled.kind), settled.lease}
	for _, kind := range flows.DueKinds() {
		next, owed := when(kind)
		args = append(args, string(kind), unix(next), unix(owed))
	}
	return args, nil
}

// settled is the leased entry that a write of its feed brings to its end.
type settled struct {
	kind  flows.DueKind
	lease string
}

func unix(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return strconv.FormatInt(at.Unix(), 10)
}

func (k feedKeys) list() []string {
	return []string{k.feed, k.queue.due, k.queue.leased, k.queue.slot, k.queue.sending, k.news, k.votes, k.reach}
}

// DropFeed deletes a feed, all its due times and the answers to its quiz.
func (s *Store) DropFeed(ctx context.Context, place bot.Address) error {
	return s.dropFeed(ctx, s.keys.feed(place))
}

func (s *Store) dropFeed(ctx context.Context, keys feedKeys) error {
	args := []any{keys.name}
	for _, kind := range flows.DueKinds() {
		args = append(args, string(kind))
	}
	if err := dropScript.Run(ctx, s.client, keys.list(), args...).Err(); err != nil && !errors.Is(err, redis.Nil) {
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
	wrote, err := s.writeFeed(ctx, place, feed, version, settled{}, s.slate(feed, "", time.Time{}))
	return wrote == stored, err
}

// What feed.lua answers.
const (
	outrun = 0 // another writer was quicker
	stored = 1
	lost   = 2 // the lease is not held any more
)

func (s *Store) writeFeed(ctx context.Context, place bot.Address, feed *flows.Feed, version string, settled settled, when slate) (int, error) {
	keys := s.keys.feed(place)
	args, err := s.feedArgs(keys, place, feed, version, settled, when)
	if err != nil {
		return outrun, err
	}
	wrote, err := feedScript.Run(ctx, s.client, keys.list(), args...).Int()
	if err != nil {
		return outrun, fmt.Errorf("write a feed: %w", err)
	}
	return wrote, nil
}
