package redisstore

import (
	"context"
	"maps"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"notalone/bot"
	"notalone/flows"
)

// model is the due queue as it should be: an entry waits (no lease) or is leased,
// never both, because it is one value.
type model map[entry]slot

type entry struct {
	place bot.Address
	kind  flows.DueKind
}

type slot struct {
	at      time.Time
	lease   string
	until   time.Time
	sending time.Time
}

func (m model) save(place bot.Address, feed *flows.Feed, now time.Time, settled flows.DueKind, settledAt time.Time) {
	for _, kind := range flows.DueKinds() {
		e := entry{place, kind}
		after, owed := now, feed.Owed(kind, now)
		if kind == settled {
			delete(m, e)
			if settledAt.After(now) {
				after, owed = settledAt, time.Time{}
			}
		}
		if s, ok := m[e]; ok && (!s.sending.IsZero() || !owed.IsZero() && s.at.Equal(owed)) {
			continue
		}
		m.set(e, feed.Next(kind, after))
	}
}

func (m model) set(e entry, at time.Time) {
	if at.IsZero() {
		delete(m, e)
		return
	}
	m[e] = slot{at: at}
}

func (m model) due(mine func(entry) bool, now time.Time) map[entry]slot {
	due := map[entry]slot{}
	for e, s := range m {
		if mine(e) && (s.lease == "" && !s.at.After(now) || s.lease != "" && !s.until.After(now)) {
			due[e] = s
		}
	}
	return due
}

func (m model) drop(place bot.Address) {
	maps.DeleteFunc(m, func(e entry, _ slot) bool { return e.place == place })
}

func (m model) move(from, to bot.Address, feed *flows.Feed, now time.Time) {
	for _, kind := range flows.DueKinds() {
		if s, ok := m[entry{from, kind}]; ok && s.sending.IsZero() {
			m[entry{to, kind}] = slot{at: s.at}
			continue
		}
		m.set(entry{to, kind}, feed.Next(kind, now))
	}
}

// dump lists every key, member and value that the queue should leave in Redis.
func (m model) dump(store *Store) map[string]string {
	out := map[string]string{}
	for e, s := range m {
		keys := store.keys.feed(e.place)
		member := " " + keys.name + ":" + string(e.kind)
		if s.lease == "" {
			out[keys.queue.due+member] = unix(s.at)
			continue
		}
		out[keys.queue.leased+member], out[keys.queue.slot+member] = unix(s.until), s.lease
		if !s.sending.IsZero() {
			out[keys.queue.sending+member] = unix(s.sending)
		}
	}
	return out
}

// dump reads the whole database, so that a key that was forgotten shows. The
// feeds and the index are checked here and left out.
func (p *player) dump(t *rapid.T) map[string]string {
	out := map[string]string{}
	keys, err := p.store.client.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	pipe := p.store.client.Pipeline()
	zsets, hashes := map[string]*redis.ZSliceCmd{}, map[string]*redis.MapStringStringCmd{}
	for _, key := range keys {
		switch _, what, _ := strings.Cut(key, "}:"); {
		case strings.HasPrefix(what, "f:"):
			out[key] = "a feed"
		case strings.HasPrefix(what, "w:"): // where a feed went: for announcements alone
		case strings.HasSuffix(what, ":due"), strings.HasSuffix(what, ":leased"):
			zsets[key] = pipe.ZRangeWithScores(t.Context(), key, 0, -1)
		default:
			hashes[key] = pipe.HGetAll(t.Context(), key)
		}
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	for key, zset := range zsets {
		for _, z := range zset.Val() {
			out[key+" "+z.Member.(string)] = strconv.FormatInt(int64(z.Score), 10)
		}
	}
	for key, hash := range hashes {
		for field, value := range hash.Val() {
			out[key+" "+field] = value
		}
	}
	reach := map[string]int{}
	for place, feed := range p.feeds {
		keys := p.store.keys.feed(place)
		if class := out[keys.news+" "+keys.name]; class != classOf(feed) {
			t.Fatalf("takes news: %v, in the index: %q", feed.News, class)
		}
		if feed.News {
			reach[keys.reach+" "+classOf(feed)]++
		}
		if out[keys.feed] == "" {
			t.Fatal("a feed is lost")
		}
		delete(out, keys.news+" "+keys.name)
		delete(out, keys.feed)
	}
	for class, n := range reach {
		if out[class] != strconv.Itoa(n) {
			t.Fatalf("%d feeds of a class, counted %q", n, out[class])
		}
		delete(out, class)
	}
	return out
}

func embeddedClient(t testing.TB) (redis.UniversalClient, *miniredis.Miniredis) {
	t.Helper()
	server := miniredis.RunT(t)
	client, err := Connect("redis://"+server.Addr(), Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client, server
}

// serverClient runs a redis-server of the test's own on 127.0.0.1.
func serverClient(t testing.TB) redis.UniversalClient {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not on the PATH: tested against the embedded Redis only")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = command.Wait() })
	client, err := Connect("redis://"+address, Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	for deadline := time.Now().Add(10 * time.Second); client.Ping(t.Context()).Err() != nil; {
		if time.Now().After(deadline) {
			t.Fatal("redis-server did not answer in 10 s")
		}
	}
	return client
}
