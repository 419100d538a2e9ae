package outbox_test

import (
	"io"
	"log/slog"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
)

// BenchmarkDrain posts to as many groups as it has rounds, all due at the same
// minute, with a platform that takes no time. The whole crowd of a country:
//
//	go test -run '^$' -bench Drain -benchtime 100000x ./bot/outbox
func BenchmarkDrain(b *testing.B) {
	client, err := redisstore.Connect("redis://"+anyRedis(b), redisstore.Patience)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	clock := half.Add(-time.Minute)
	now := func() time.Time { return clock }
	store, err := redisstore.New(client, []byte(strings.Repeat("s", redisstore.MinSecret)), now)
	if err != nil {
		b.Fatal(err)
	}
	s := &stage{t: b, store: store, clock: half, outcomes: map[string]int{}}
	for i := range b.N {
		s.save(bot.NewAddress("test", strconv.Itoa(i), ""), class())
	}
	clock = half
	p := newPlatform("test", 0)
	p.most, p.forgets = 20_000, true
	watch := &memory{stage: s}
	work := outbox.NewClock(outbox.Options{
		Site: smallSite(b), Store: store, Adapters: []bot.Adapter{p}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: now, Meter: watch,
	})
	before := inUse()
	watch.peak = before
	b.ResetTimer()
	for s.outcome(outbox.Sent) < b.N {
		work.Drain(b.Context())
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	b.ReportMetric(watch.peak-before, "MB-more-at-peak")
}

// memory is a meter that looks at what is in use every few thousand posts.
type memory struct {
	*stage
	mu    sync.Mutex
	posts int
	peak  float64
}

func (m *memory) Posted(platform bot.Name, outcome string) {
	m.stage.Posted(platform, outcome)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.posts++; m.posts%5000 == 0 {
		m.peak = max(m.peak, inUse())
	}
}

// inUse is the live heap in MB.
func inUse() float64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / (1 << 20)
}

// anyRedis is the address of a redis-server of the benchmark's own, or of an
// embedded one, which is slower.
func anyRedis(b *testing.B) string {
	b.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return miniredis.RunT(b).Addr()
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	command := exec.Command(path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", b.TempDir())
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return address
		}
	}
	b.Fatal("redis-server did not answer in 10 s")
	return ""
}
