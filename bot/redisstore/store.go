package redisstore

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
)

// How long things live that are not a person's.
const (
	claimFor  = 10 * time.Minute
	totalsFor = 400 * 24 * time.Hour
	maxKept   = 200 // notes of message ids a person
)

//go:embed scripts/commit.lua
var commitSource string

var commitScript = redis.NewScript(commitSource)

// Store is bot.Store on Redis.
type Store struct {
	client  redis.UniversalClient
	keys    keyring
	seals   sealer
	now     func() time.Time
	owners  []bot.Person
	dropped atomic.Int64
}

var _ bot.Store = (*Store)(nil)

// New makes a store on a client. The secret must have MinSecret bytes or more. The
// owners are moderators by the settings.
func New(client redis.UniversalClient, secret []byte, now func() time.Time, owners ...bot.Person) (*Store, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("the secret has %d bytes, at least %d are needed", len(secret), MinSecret)
	}
	keys, seals, err := derive(secret)
	if err != nil {
		return nil, err
	}
	return &Store{client: client, keys: keys, seals: seals, now: now, owners: owners}, nil
}

// Dropped counts the stored values that could not be read and were passed over.
func (s *Store) Dropped() int64 { return s.dropped.Load() }

// Load costs one MGET for each shard that the batch touches and one SET for
// each event id, all in one round trip.
func (s *Store) Load(ctx context.Context, asks []bot.Ask) ([]bot.Loaded, error) {
	pipe := s.client.Pipeline()
	claims := make([]*redis.BoolCmd, len(asks))
	people := make([]personKeys, len(asks))
	places := make([]feedKeys, len(asks))
	wanted, feeds := map[int][]string{}, map[int][]string{}
	for i, ask := range asks {
		if ask.EventID != "" {
			claims[i] = pipe.SetNX(ctx, s.keys.claim(ask.EventID), 1, claimFor)
		}
		if ask.Person.Known() {
			people[i] = s.keys.person(ask.Person)
			wanted[people[i].shard] = append(wanted[people[i].shard], people[i].state, people[i].draft)
		}
		if ask.Place != (bot.Address{}) {
			places[i] = s.keys.feed(ask.Place)
			feeds[places[i].shard] = append(feeds[places[i].shard], places[i].feed)
		}
	}
	states, posts := mget(ctx, pipe, wanted), mget(ctx, pipe, feeds)
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("load states: %w", err)
	}
	loaded := make([]bot.Loaded, len(asks))
	for i, ask := range asks {
		if claims[i] != nil {
			loaded[i].Repeated = !claims[i].Val()
		}
		if ask.Person.Known() {
			shard := people[i].shard
			s.read(&loaded[i], people[i], states[shard].next(), states[shard].next())
		}
		if ask.Place != (bot.Address{}) {
			s.readFeed(&loaded[i], places[i], posts[places[i].shard].next())
		}
	}
	return loaded, nil
}

// A column is the values of one MGET, taken in the order they were asked for.
type column struct {
	cmd *redis.SliceCmd
	at  int
}

func (c *column) next() any {
	c.at++
	return c.cmd.Val()[c.at-1]
}

func mget(ctx context.Context, pipe redis.Pipeliner, wanted map[int][]string) map[int]*column {
	columns := make(map[int]*column, len(wanted))
	for shard, keys := range wanted {
		columns[shard] = &column{cmd: pipe.MGet(ctx, keys...)}
	}
	return columns
}

// read opens a state and its draft. What cannot be read is passed over and
// overwritten by the next write: the person never sees an error for it.
func (s *Store) read(into *bot.Loaded, keys personKeys, state, draft any) {
	if sealed, ok := state.(string); ok {
		into.Version = version(sealed)
		plain, err := s.seals.open(keys.state, sealed)
		if err == nil {
			into.State, err = decodeState(plain)
		}
		if err != nil {
			s.dropped.Add(1)
		}
	}
	if sealed, ok := draft.(string); ok {
		plain, err := s.seals.open(keys.draft, sealed)
		if err == nil {
			into.State.Draft, err = decodeDraft(plain)
		}
		if err != nil {
			s.dropped.Add(1)
		}
	}
}

// Commit runs the script for every change in one round trip. A server that has
// forgotten the script (a restart, a failover) is taught it and asked again.
func (s *Store) Commit(ctx context.Context, changes []bot.Change) ([]bool, error) {
	results, err := s.commitOnce(ctx, changes)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		for _, script := range []*redis.Script{commitScript, feedScript} {
			if err := script.Load(ctx, s.client).Err(); err != nil {
				return nil, fmt.Errorf("load the commit scripts: %w", err)
			}
		}
		results, err = s.commitOnce(ctx, changes)
	}
	if err != nil {
		return nil, fmt.Errorf("commit states: %w", err)
	}
	stored := make([]bool, len(changes))
	for i := range changes {
		stored[i] = true
		for _, result := range results[i] {
			n, err := result.Int()
			if err != nil {
				return nil, fmt.Errorf("commit a state: %w", err)
			}
			stored[i] = stored[i] && n == 1
		}
	}
	return stored, nil
}

func (s *Store) commitOnce(ctx context.Context, changes []bot.Change) ([][]*redis.Cmd, error) {
	pipe := s.client.Pipeline()
	results := make([][]*redis.Cmd, len(changes))
	for i, change := range changes {
		if change.State != nil {
			results[i] = append(results[i], s.commitState(ctx, pipe, change))
		}
		if change.Feed != nil {
			keys := s.keys.feed(change.Place)
			args, err := s.feedArgs(keys, change.Place, change.Feed, change.FeedVersion, settled{}, s.slate(change.Feed, "", time.Time{}))
			if err != nil {
				return nil, err
			}
			results[i] = append(results[i], pipe.EvalSha(ctx, feedScript.Hash(), keys.list(), args...))
		}
	}
	_, err := pipe.Exec(ctx)
	return results, err
}

func (s *Store) commitState(ctx context.Context, pipe redis.Pipeliner, change bot.Change) *redis.Cmd {
	keys := s.keys.person(change.Person)
	state := s.seals.seal(keys.state, encodeState(*change.State))
	draft := ""
	if change.State.Draft != (flows.Draft{}) {
		draft = s.seals.seal(keys.draft, encodeDraft(change.State.Draft))
	}
	return pipe.EvalSha(ctx, commitScript.Hash(), []string{keys.state, keys.draft},
		change.Version, state, flows.KeepPerson.Milliseconds(), draft, flows.KeepDraft.Milliseconds())
}

// Note appends message ids and adds to today's totals.
func (s *Store) Note(ctx context.Context, notes []bot.Note, counts map[string]int64) error {
	pipe := s.client.Pipeline()
	for _, note := range notes {
		key := s.keys.person(note.Person).messages
		pipe.RPush(ctx, key, s.seals.seal(key, []byte(strings.Join(note.Messages, ","))))
		pipe.LTrim(ctx, key, -maxKept, -1)
		pipe.PExpire(ctx, key, flows.KeepTalk)
	}
	if len(counts) > 0 {
		key := totals(s.now().UTC().Format(time.DateOnly))
		for name, n := range counts {
			pipe.HIncrBy(ctx, key, name, n)
		}
		pipe.PExpire(ctx, key, totalsFor)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("note messages and totals: %w", err)
	}
	return nil
}

// TakeMessages reads and drops a person's message ids in one transaction.
func (s *Store) TakeMessages(ctx context.Context, person bot.Person) ([]string, error) {
	key := s.keys.person(person).messages
	pipe := s.client.TxPipeline()
	list := pipe.LRange(ctx, key, 0, -1)
	pipe.Del(ctx, key)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("take message ids: %w", err)
	}
	var ids []string
	for _, sealed := range list.Val() {
		plain, err := s.seals.open(key, sealed)
		if err != nil {
			s.dropped.Add(1)
			continue
		}
		ids = append(ids, strings.Split(string(plain), ",")...)
	}
	return ids, nil
}

// Forget deletes every key of the person at once, and stops their own posts.
func (s *Store) Forget(ctx context.Context, person bot.Person, place bot.Address) error {
	keys := s.keys.person(person)
	if err := s.client.Del(ctx, keys.state, keys.draft, keys.messages).Err(); err != nil {
		return fmt.Errorf("delete a person's keys: %w", err)
	}
	if place == (bot.Address{}) {
		return nil
	}
	return s.DropFeed(ctx, place)
}

// Ping tells whether Redis answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping Redis: %w", err)
	}
	return nil
}
