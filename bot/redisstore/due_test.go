package redisstore

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

func TestTheQueueIsWhatItsModelSays(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		client, _ := embeddedClient(t)
		rapid.Check(t, func(t *rapid.T) { playQueue(t, client) })
	})
	t.Run("redis-server", func(t *testing.T) {
		client := serverClient(t)
		rapid.Check(t, func(t *rapid.T) { playQueue(t, client) })
	})
}

// A player drives a store and a model of it with the same random steps.
type player struct {
	store  *Store
	clock  time.Time
	places []bot.Address
	feeds  map[bot.Address]*flows.Feed
	queue  model
	held   []outbox.Due // every lease ever given, the lost ones included
}

func playQueue(t *rapid.T, client redis.UniversalClient) {
	if err := client.FlushDB(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	p := &player{
		clock: time.Date(2026, 11, 24, 7, 29, 0, 0, time.UTC), feeds: map[bot.Address]*flows.Feed{}, queue: model{},
		places: []bot.Address{bot.NewAddress("test", "a", ""), bot.NewAddress("test", "b", ""), bot.NewAddress("other", "a", "")},
	}
	var err error
	if p.store, err = New(client, []byte(strings.Repeat("s", MinSecret)), func() time.Time { return p.clock }); err != nil {
		t.Fatal(err)
	}
	for _, place := range p.places[:2] {
		p.put(t, place, &flows.Feed{
			Zone: "UTC", Quiz: flows.Plan{Days: 127, Minute: 450}, Tip: flows.Plan{Days: 127, Minute: 450}, Practice: flows.Plan{Days: 127, Minute: 451},
		}, "")
	}
	t.Repeat(map[string]func(*rapid.T){
		"save": p.save, "claim": p.claim, "mark": p.mark, "settle": p.settle, "give back": p.giveBack,
		"drop": p.drop, "move": p.move, "wait": p.wait, "": p.check,
	})
}

// save changes settings; the same feed once more is a change of something else.
func (p *player) save(t *rapid.T) {
	place := rapid.SampledFrom(p.places).Draw(t, "place")
	now, version, err := p.store.Feed(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	if now != nil && rapid.Bool().Draw(t, "other settings") {
		p.put(t, place, now, version)
		return
	}
	p.put(t, place, randomFeed(t, p.clock), version)
}

func (p *player) put(t *rapid.T, place bot.Address, feed *flows.Feed, version string) {
	if rapid.IntRange(0, 3).Draw(t, "outrun") == 0 {
		if wrote, err := p.store.SaveFeed(t.Context(), place, feed, "older version"[:versionSize]); err != nil || wrote {
			t.Fatalf("saved over a version that was not read: %v %v", wrote, err)
		}
	}
	if wrote, err := p.store.SaveFeed(t.Context(), place, feed, version); err != nil || !wrote {
		t.Fatalf("saved %v: %v", wrote, err)
	}
	p.feeds[place] = feed
	p.queue.save(place, feed, p.clock, "", time.Time{})
}

// randomFeed plans a few minutes around the clock, so that much falls due.
func randomFeed(t *rapid.T, now time.Time) *flows.Feed {
	plan := func(name string) flows.Plan {
		return flows.Plan{
			Days:   rapid.SampledFrom([]uint8{0, 127, 127, 31}).Draw(t, name+" days"),
			Minute: uint16(7*60 + 30 + rapid.IntRange(-2, 2).Draw(t, name+" minute")),
		}
	}
	feed := &flows.Feed{
		Zone: "UTC", Quiz: plan("quiz"), Tip: plan("tip"), Practice: plan("practice"), News: rapid.Bool().Draw(t, "news"),
		Private: rapid.Bool().Draw(t, "private"),
	}
	if rapid.Bool().Draw(t, "open round") {
		feed.Round = flows.Round{Question: "prize", Closes: now.Unix() + int64(rapid.IntRange(-100, 100).Draw(t, "closes"))}
	}
	if rapid.IntRange(0, 4).Draw(t, "paused") == 0 {
		feed.PausedTill = now.Unix() + int64(rapid.IntRange(-5000, 100_000).Draw(t, "till"))
	}
	return feed
}

func (p *player) claim(t *rapid.T) {
	place := rapid.SampledFrom(p.places).Draw(t, "place")
	shard, limit := p.store.keys.feed(place).shard, rapid.IntRange(1, 12).Draw(t, "limit")
	want := p.queue.due(func(e entry) bool {
		return e.place.Platform() == place.Platform() && p.store.keys.feed(e.place).shard == shard
	}, p.clock)
	got, err := p.store.ClaimDue(t.Context(), place.Platform(), shard, time.Minute, limit)
	if err != nil || len(got) != min(limit, len(want)) {
		t.Fatalf("%d claimed of %d that are due, limit %d: %v", len(got), len(want), limit, err)
	}
	last := time.Time{}
	for _, due := range got {
		e, ok := want[entry{due.Place, due.Kind}]
		if !ok || !due.At.Equal(e.at) || !due.Sending.Equal(e.sending) || !due.Feed.Equal(p.feeds[due.Place]) {
			t.Fatalf("claimed %s due at %v, being sent since %v; the model has %+v", due.Kind, due.At, due.Sending, e)
		}
		if e.lease == "" { // the longest due first, after the leases that ran out
			if due.At.Before(last) {
				t.Fatalf("claimed %v after %v", due.At, last)
			}
			last = due.At
		}
		for _, h := range p.held {
			if h.Place == due.Place && h.Kind == due.Kind && h.Lease == due.Lease {
				t.Fatal("two claims of an entry got the same lease")
			}
		}
		p.queue[entry{due.Place, due.Kind}] = slot{at: e.at, until: p.clock.Add(time.Minute), lease: due.Lease, sending: e.sending}
		p.held = append(p.held, due)
	}
}

// holding draws one of the leases given so far and tells whether it is the
// present one.
func (p *player) holding(t *rapid.T) (outbox.Due, slot, bool) {
	if len(p.held) == 0 {
		t.Skip("nothing was claimed")
	}
	due := p.held[rapid.IntRange(max(0, len(p.held)-4), len(p.held)-1).Draw(t, "lease")]
	s, ok := p.queue[entry{due.Place, due.Kind}]
	return due, s, ok && s.lease == due.Lease
}

func (p *player) mark(t *rapid.T) {
	due, s, present := p.holding(t)
	fresh := present
	for _, kind := range flows.DueKinds() {
		fresh = fresh && (kind == due.Kind || p.queue[entry{due.Place, kind}].sending.IsZero())
	}
	_, version, err := p.store.Feed(t.Context(), due.Place)
	if err != nil {
		t.Fatal(err)
	}
	fresh = fresh && version == due.Version
	got, err := p.store.MarkSending(t.Context(), due, time.Minute)
	if err != nil || got != fresh {
		t.Fatalf("marked %v, want %v: %v", got, fresh, err)
	}
	switch {
	case fresh:
		if s.sending.IsZero() {
			s.sending = p.clock
		}
		s.until = p.clock.Add(time.Minute)
	case present:
		s.until = p.clock.Add(anewIn)
	default:
		return
	}
	p.queue[entry{due.Place, due.Kind}] = s
}

func (p *player) settle(t *rapid.T) {
	due, _, present := p.holding(t)
	after := due.Feed
	after.Round, after.LastPost = flows.Round{}, after.LastPost+1
	if due.Kind == flows.DueQuiz {
		after.Round = flows.Round{Question: "prize", Closes: p.clock.Unix() + 60}
	}
	if err := p.store.Settle(t.Context(), due, after); err != nil {
		t.Fatal(err)
	}
	if present {
		feed := p.feeds[due.Place].Posted(after)
		p.feeds[due.Place] = &feed
		p.queue.save(due.Place, &feed, p.clock, due.Kind, due.At)
	}
}

func (p *player) giveBack(t *rapid.T) {
	due, s, present := p.holding(t)
	at := p.clock.Add(time.Duration(rapid.IntRange(-5, 90).Draw(t, "in")) * time.Second)
	maybe := rapid.Bool().Draw(t, "maybe arrived")
	if err := p.store.GiveBack(t.Context(), due, at, maybe); err != nil {
		t.Fatal(err)
	}
	if present {
		if s.until = at; !maybe {
			s.sending = time.Time{}
		}
		p.queue[entry{due.Place, due.Kind}] = s
	}
}

func (p *player) drop(t *rapid.T) {
	place := rapid.SampledFrom(p.places).Draw(t, "place")
	if err := p.store.DropFeed(t.Context(), place); err != nil {
		t.Fatal(err)
	}
	delete(p.feeds, place)
	p.queue.drop(place)
}

func (p *player) move(t *rapid.T) {
	from, to := p.places[0], p.places[1]
	if rapid.Bool().Draw(t, "back") {
		from, to = to, from
	}
	if err := p.store.MoveFeed(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
	if p.feeds[from] != nil && (p.feeds[to] == nil || p.feeds[to].Unused()) {
		p.queue.drop(to)
		p.queue.move(from, to, p.feeds[from], p.clock)
		p.feeds[to] = p.feeds[from]
	}
	p.queue.drop(from)
	delete(p.feeds, from)
}

// wait lets time pass; now and then the clock is set back.
func (p *player) wait(t *rapid.T) {
	p.clock = p.clock.Add(rapid.SampledFrom([]time.Duration{
		time.Second, 20 * time.Second, time.Minute, time.Minute, 2 * time.Minute, 3 * time.Hour, 23*time.Hour + 58*time.Minute, -90 * time.Second,
	}).Draw(t, "for"))
}

// check compares all of Redis with the model, and the model with the promises.
func (p *player) check(t *rapid.T) {
	if diff := cmp.Diff(p.queue.dump(p.store), p.dump(t)); diff != "" {
		t.Fatalf("Redis is not as the model (-model +redis):\n%s", diff)
	}
	for place, feed := range p.feeds {
		for _, kind := range flows.DueKinds() {
			if _, there := p.queue[entry{place, kind}]; !there && !feed.Next(kind, p.clock).IsZero() {
				t.Fatalf("%s is lost", kind)
			}
		}
	}
	for e, s := range p.queue {
		if p.feeds[e.place] == nil || s.lease == "" && !s.sending.IsZero() {
			t.Fatalf("%s: %+v belongs to nothing", e.kind, s)
		}
	}
}
