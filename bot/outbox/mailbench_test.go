package outbox_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/flows"
	"notalone/i18n"
)

// BenchmarkAnnounce builds and drains the queue of an announcement to as many
// receivers as it has rounds, with a platform that takes no time:
//
//	go test -run '^$' -bench Announce -benchtime 1000000x -timeout 1h ./bot/outbox
func BenchmarkAnnounce(b *testing.B) {
	client, err := redisstore.Connect("redis://"+anyRedis(b), redisstore.Patience)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	now := func() time.Time { return half }
	store, err := redisstore.New(client, []byte(strings.Repeat("s", redisstore.MinSecret)), now)
	if err != nil {
		b.Fatal(err)
	}
	s := &stage{t: b, store: store, clock: half, outcomes: map[string]int{}}
	s.manyReaders(b.N)
	s.announce(news(), "test")
	p := newPlatform("test", 0)
	p.most, p.forgets = 20_000, true
	watch := &memory{stage: s}
	mailer := outbox.NewMailer(outbox.Options{
		Site: smallSite(b), Store: store, Adapters: []bot.Adapter{p}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: now, Meter: watch,
	}, store)
	feeds := redisMemory(b, client)
	before := inUse()
	watch.peak = before

	stall := slowest(b, client)
	began := time.Now()
	mailer.Command(b.Context())
	enlisted := time.Since(began)
	longest := stall()
	watch.peak = max(watch.peak, inUse())
	queued := redisMemory(b, client)

	b.ResetTimer()
	for s.outcome(outbox.Sent) < b.N {
		mailer.Work(b.Context())
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "receivers/s")
	b.ReportMetric(watch.peak-before, "MB-more-at-peak")
	b.ReportMetric(float64(longest.Microseconds())/1000, "slowest-ping-ms")
	b.ReportMetric(enlisted.Seconds(), "enlist-s")
	n := float64(b.N)
	b.ReportMetric(feeds/n, "feed-bytes")
	b.ReportMetric((queued-feeds)/n, "queued-bytes")
	b.ReportMetric((redisMemory(b, client)-feeds)/n, "sent-bytes")
}

// manyReaders saves feeds that take news, many at a time.
func (s *stage) manyReaders(n int) {
	var writers sync.WaitGroup
	ids := make(chan int)
	for range 16 {
		writers.Go(func() {
			for i := range ids {
				feed := &flows.Feed{Lang: []i18n.Lang{"vi", "id", "en"}[i%3], Zone: "UTC", News: true, Private: i%2 == 1, Country: "VN", Kind: "group"}
				if _, err := s.store.SaveFeed(context.Background(), bot.NewAddress("test", strconv.Itoa(i), ""), feed, ""); err != nil {
					s.t.Error(err)
				}
			}
		})
	}
	for i := range n {
		ids <- i
	}
	close(ids)
	writers.Wait()
}

// redisMemory is what a server uses, in bytes; an embedded one does not tell.
func redisMemory(b *testing.B, client redis.UniversalClient) (bytes float64) {
	info, _ := client.Info(b.Context(), "memory").Result()
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, "used_memory:"); ok {
			_, _ = fmt.Sscan(value, &bytes)
		}
	}
	return bytes
}

// slowest asks Redis again and again until the returned function is called, which
// tells the longest that an answer took.
func slowest(b *testing.B, client redis.UniversalClient) func() time.Duration {
	ctx, stop := context.WithCancel(b.Context())
	var most time.Duration
	var asking sync.WaitGroup
	asking.Go(func() {
		for ctx.Err() == nil {
			began := time.Now()
			if client.Ping(context.WithoutCancel(ctx)).Err() == nil {
				most = max(most, time.Since(began))
			}
			bot.Sleep(ctx, time.Millisecond)
		}
	})
	return func() time.Duration { stop(); asking.Wait(); return most }
}
