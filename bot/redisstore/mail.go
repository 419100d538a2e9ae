package redisstore

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// Receivers of an announcement stand in a queue of the same shape as what falls
// due, one for each job, platform and shard; the same scripts lease and mark.

//go:embed scripts/enlist.lua
var enlistSource string

//go:embed scripts/endmail.lua
var endMailSource string

var (
	enlistScript  = redis.NewScript(enlistSource)
	endMailScript = redis.NewScript(endMailSource)
)

var _ outbox.MailStore = (*Store)(nil)

// jobFor is how long it is kept how each receiver's entry ended: as long as an
// announcement may sensibly be put right or taken back.
const jobFor = 30 * 24 * time.Hour

// A jobKeys holds the keys of one job on one platform in one shard.
type jobKeys struct {
	queue queueKeys
	state string // hash: NAME → how it ended, with the sealed id of the message
	stats string // hash: "outcome|why|lang" → how many; all: how many are on the list
}

func jobAt(platform bot.Name, shard int, job string) jobKeys {
	own := shardOf(platform, shard) + "n:" + job + ":"
	return jobKeys{queue: queueAt(own), state: own + "state", stats: own + "stats"}
}

func (k jobKeys) list() []string {
	return []string{k.queue.due, k.queue.leased, k.queue.slot, k.queue.sending, k.state, k.stats}
}

// enlistAtOnce is how many receivers one call takes in: memory stays constant.
const enlistAtOnce = 500

// Enlist walks over the feeds that take news, or for an undo over what was sent.
func (s *Store) Enlist(ctx context.Context, a *flows.Announcement, platform bot.Name) error {
	for shard := range shards {
		source, wanted := shardOf(platform, shard)+"news", func(class string) bool { return a.Takes(ofClass(class), string(platform)) }
		if a.Undo.Round > 0 {
			source, wanted = jobAt(platform, shard, a.ID).state, func(state string) bool { return strings.HasPrefix(state, stateSent) }
		}
		if err := s.enlistShard(ctx, jobAt(platform, shard, a.Queue()), source, wanted); err != nil {
			return fmt.Errorf("list the receivers of an announcement: %w", err)
		}
	}
	return nil
}

func (s *Store) enlistShard(ctx context.Context, job jobKeys, source string, wanted func(string) bool) error {
	var cursor uint64
	for {
		fields, next, err := s.client.HScan(ctx, source, cursor, "", enlistAtOnce).Result()
		if err != nil {
			return err
		}
		var members []any
		for pair := range slices.Chunk(fields, 2) {
			if wanted(pair[1]) {
				members = append(members, pair[0])
			}
		}
		for part := range slices.Chunk(members, enlistAtOnce) {
			args := append([]any{s.now().Unix(), jobFor.Milliseconds()}, part...)
			keys := []string{job.queue.due, job.queue.leased, job.state, job.stats}
			if err := enlistScript.Run(ctx, s.client, keys, args...).Err(); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// MailShards lists the parts of a job's queue that hold something due, and how
// many entries are waiting or leased in all: one round trip.
func (s *Store) MailShards(ctx context.Context, platform bot.Name, job string) ([]int, int, error) {
	pipe := s.client.Pipeline()
	heads := s.readHeads(ctx, pipe, func(shard int) queueKeys { return jobAt(platform, shard, job).queue })
	left := s.readLeft(ctx, pipe, platform, job)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, 0, fmt.Errorf("look at an announcement's queue: %w", err)
	}
	return s.longestDue(heads), sum(left), nil
}

func (s *Store) readLeft(ctx context.Context, pipe redis.Pipeliner, platform bot.Name, job string) []*redis.IntCmd {
	var left []*redis.IntCmd
	for shard := range shards {
		q := jobAt(platform, shard, job).queue
		left = append(left, pipe.ZCard(ctx, q.due), pipe.ZCard(ctx, q.leased))
	}
	return left
}

func sum(counts []*redis.IntCmd) int {
	n := 0
	for _, count := range counts {
		n += int(count.Val())
	}
	return n
}

// ClaimMail leases receivers and reads their feeds, the last use of private ones
// and, for an undo, which message they were sent: three round trips at most.
func (s *Store) ClaimMail(ctx context.Context, a *flows.Announcement, platform bot.Name, shard int, lease time.Duration, limit int) ([]outbox.Mail, error) {
	job := jobAt(platform, shard, a.Queue())
	claims, err := s.claim(ctx, job.queue, lease, limit, fromClaim, func(member string) (feedKeys, flows.DueKind) {
		return namedFeed(platform, shard, member), ""
	})
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	mails := make([]outbox.Mail, 0, len(claims))
	for _, c := range claims {
		mail := outbox.Mail{Job: a.Queue(), Member: c.member, Shard: shard, At: c.at(), Lease: c.lease, Sending: c.since()}
		switch place, feed, err := s.openMail(c); {
		case err != nil:
			s.dropped.Add(1)
			err = s.endMail(ctx, job, mail, "", outbox.Ending{Outcome: flows.OutFailed, Why: "unreadable"})
			if err != nil {
				return nil, err
			}
		case feed == nil:
			if err := errors.Join(s.dropFeed(ctx, c.keys), s.endGone(ctx, a, c, platform, mail)); err != nil {
				return nil, err
			}
		default:
			mail.Place, mail.Feed, mail.Version = place, *feed, version(c.feed.(string))
			mails = append(mails, mail)
		}
	}
	if a.Undo.Round > 0 {
		return mails, s.readMessages(ctx, jobAt(platform, shard, a.ID).state, mails)
	}
	return mails, s.readLastUse(ctx, platform, mails)
}

func (s *Store) openMail(c claim) (bot.Address, *flows.Feed, error) {
	sealed, ok := c.feed.(string)
	if !ok {
		return bot.Address{}, nil, nil
	}
	return s.openFeed(c.keys.feed, sealed)
}

// readLastUse reads when the people behind private feeds last used the bot.
func (s *Store) readLastUse(ctx context.Context, platform bot.Name, mails []outbox.Mail) error {
	pipe := s.client.Pipeline()
	states := make([]*redis.StringCmd, len(mails))
	for i, mail := range mails {
		if mail.Feed.Private && mail.Feed.Owner != "" {
			states[i] = pipe.Get(ctx, s.keys.person(bot.NewPerson(platform, mail.Feed.Owner)).state)
		}
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read the last use: %w", err)
	}
	for i, state := range states {
		if state == nil || state.Err() != nil {
			continue
		}
		var loaded bot.Loaded
		s.read(&loaded, s.keys.person(bot.NewPerson(platform, mails[i].Feed.Owner)), state.Val(), nil)
		mails[i].LastUse = loaded.State.LastUse
	}
	return nil
}

// readMessages reads which message each receiver was sent.
func (s *Store) readMessages(ctx context.Context, key string, mails []outbox.Mail) error {
	if len(mails) == 0 {
		return nil
	}
	members := make([]string, len(mails))
	for i, mail := range mails {
		members[i] = mail.Member
	}
	values, err := s.client.HMGet(ctx, key, members...).Result()
	if err != nil {
		return fmt.Errorf("read what was sent: %w", err)
	}
	for i, value := range values {
		state, _ := value.(string)
		if sealed, ok := strings.CutPrefix(state, stateSent); ok {
			if plain, err := s.seals.open(key, sealed); err == nil {
				mails[i].Message = string(plain)
			}
		}
	}
	return nil
}
