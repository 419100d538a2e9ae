package outbox_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/flows"
)

// half is the time at which everything in these tests is due first: a Tuesday.
var half = time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)

// A stage is a real store on an embedded Redis, a small site and a clock that
// stands until it is moved.
type stage struct {
	t      testing.TB
	site   *flows.Site
	server *miniredis.Miniredis
	client *redis.Client
	store  *redisstore.Store

	mu       sync.Mutex
	clock    time.Time
	outcomes map[string]int
}

func newStage(t testing.TB) *stage {
	t.Helper()
	server := miniredis.NewMiniRedis()
	return openStage(t, server, func(context.Context, string, string) (net.Conn, error) { return server.Dial() })
}

// newWiredStage talks to Redis over a socket: a pipe without a buffer, which is
// what bubbles need, jams on long pipelines.
func newWiredStage(t testing.TB) *stage {
	t.Helper()
	server := miniredis.NewMiniRedis()
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	return openStage(t, server, func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", server.Addr())
	})
}

func openStage(t testing.TB, server *miniredis.Miniredis, dial func(context.Context, string, string) (net.Conn, error)) *stage {
	t.Helper()
	s := &stage{t: t, site: smallSite(t), server: server, clock: half, outcomes: map[string]int{}}
	s.client = redis.NewClient(&redis.Options{Dialer: dial, MaxRetries: -1})
	var err error
	if s.store, err = redisstore.New(s.client, []byte(strings.Repeat("s", redisstore.MinSecret)), s.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

// close ends the embedded Redis; inside a bubble that must not wait for the end
// of the test.
func (s *stage) close() {
	_ = s.client.Close()
	s.server.Close()
}

// smallSite is loaded once: it never changes, and a test may need many stages.
func smallSite(t testing.TB) *flows.Site {
	onlySite.Do(func() { onlySite.site = bottest.Site(t, bottest.Keywords{}) })
	return onlySite.site
}

var onlySite struct {
	sync.Once
	site *flows.Site
}

func (s *stage) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *stage) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

// Posted implements outbox.Meter.
func (s *stage) Posted(_ bot.Name, outcome string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outcomes[outcome]++
}

func (s *stage) outcome(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outcomes[name]
}

// clockOn makes a process that works the queue of the given platforms.
func (s *stage) clockOn(store outbox.Store, adapters ...bot.Adapter) *outbox.Clock {
	return outbox.NewClock(s.options(s, store, adapters...))
}

func (s *stage) options(meter outbox.Meter, store outbox.Store, adapters ...bot.Adapter) outbox.Options {
	return outbox.Options{
		Site: s.site, Store: store, Adapters: adapters, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: s.now, Meter: meter,
		Pause: func(context.Context, time.Duration) {},
	}
}

// nobody is the meter of a process that dies.
type nobody struct{}

func (nobody) Posted(bot.Name, string) {}

// class plans a daily quiz at half past seven for a group.
func class(more ...func(*flows.Feed)) *flows.Feed {
	feed := &flows.Feed{Lang: "en", Zone: "UTC", Quiz: flows.Plan{Days: 127, Minute: 450}}
	for _, change := range more {
		change(feed)
	}
	return feed
}

func (s *stage) save(place bot.Address, feed *flows.Feed) {
	s.t.Helper()
	_, version, err := s.store.Feed(s.t.Context(), place)
	if err != nil {
		s.t.Fatal(err)
	}
	if wrote, err := s.store.SaveFeed(s.t.Context(), place, feed, version); err != nil || !wrote {
		s.t.Fatalf("saved %v: %v", wrote, err)
	}
}

// plan saves a feed as it was set up a minute before it is due.
func (s *stage) plan(place bot.Address, feed *flows.Feed) {
	s.t.Helper()
	s.wait(-time.Minute)
	s.save(place, feed)
	s.wait(time.Minute)
}

func (s *stage) feed(place bot.Address) *flows.Feed {
	s.t.Helper()
	feed, _, err := s.store.Feed(s.t.Context(), place)
	if err != nil {
		s.t.Fatal(err)
	}
	return feed
}

// A platform records posts. One that can repeat knows a nonce again.
type platform struct {
	bot.Adapter // what the clock never calls
	name        bot.Name
	can         flows.Can
	most        int
	fail        func(try int) error // instead of a post; nil for none
	closed      func() ([]int, error)
	forgets     bool // keeps no record
	noPolls     bool // refuses polls

	mu    sync.Mutex
	tries int
	posts []posted
	known map[string]string
	told  []string // to admins

	edited, deleted []string
}

type auditEntry = redisstore.Entry

type posted struct {
	place bot.Address
	page  *flows.Page
	poll  *flows.Poll
	nonce string
}

func newPlatform(name bot.Name, can flows.Can) *platform {
	return &platform{name: name, can: can, most: 1e5, known: map[string]string{}}
}

func (p *platform) Name() bot.Name           { return p.name }
func (p *platform) Can(*bot.Event) flows.Can { return p.can }
func (p *platform) Most() int                { return p.most }

func (p *platform) Post(_ context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	if p.fail != nil {
		if err := p.fail(p.tries); err != nil {
			return bot.Sent{}, err
		}
	}
	if p.noPolls && post.Poll != nil {
		return bot.Sent{}, &bot.SendError{Kind: bot.Refused, Op: "post"}
	}
	if p.forgets {
		return bot.Sent{Message: "m"}, nil
	}
	if id := p.known[nonce]; id != "" && p.can.Has(flows.CanRepeat) {
		return bot.Sent{Message: id}, nil
	}
	p.posts = append(p.posts, posted{place, post.Page, post.Poll, nonce})
	p.known[nonce] = "m" + strconv.Itoa(len(p.posts))
	return bot.Sent{Message: p.known[nonce]}, nil
}

// Alert implements bot.Adapter.
func (p *platform) Alert(_ context.Context, _ bot.Address, page func(string) *flows.Page) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, page("Class 8A").Text.Plain())
	return nil
}

// Edit and Delete record which messages they were asked for.
func (p *platform) Edit(_ context.Context, _ bot.Address, message string, _ flows.Post) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.edited = append(p.edited, message)
	return nil
}

func (p *platform) Delete(_ context.Context, _ bot.Address, ids []string) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deleted = append(p.deleted, ids...)
	return 0, nil
}

func (p *platform) ClosePoll(context.Context, bot.Address, string) ([]int, error) { return p.closed() }

func (p *platform) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.posts)
}

// arrived lists the posts, by their pages' paths.
func (p *platform) arrived() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var paths []string
	for _, post := range p.posts {
		paths = append(paths, string(post.page.Path))
	}
	return strings.Join(paths, " ")
}

func wantPosts(t *testing.T, p *platform, want string) {
	t.Helper()
	if got := p.arrived(); got != want {
		t.Errorf("posted: %q, want %q", got, want)
	}
}

func place(p *platform, chat string) bot.Address { return bot.NewAddress(p.name, chat, "") }
