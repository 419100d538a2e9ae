package bot_test

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"syscall"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/flows"
)

// nowhere is a platform whose answers cost nothing.
type nowhere struct{ *bottest.Platform }

// Answer implements bot.Adapter.
func (nowhere) Answer(context.Context, *bot.Event, *flows.Page) (bot.Sent, error) {
	return bot.Sent{}, nil
}

// BenchmarkCore is an update from the adapter's hand to its answer without a
// platform and with a store in memory; cpu-µs counts all threads.
func BenchmarkCore(b *testing.B) {
	for name, path := range map[string]flows.Path{"fixed page": "help/grooming", "made page": "settings"} {
		b.Run(name, func(b *testing.B) {
			platform := nowhere{bottest.NewPlatform()}
			whole := bot.New(bot.Options{
				Site: bottest.Site(b, noReader), Store: bottest.NewStore(), Adapters: []bot.Adapter{platform},
				Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Seed: func() uint64 { return 7 },
			})
			ctx, stop := context.WithCancel(b.Context())
			ended := make(chan error, 1)
			go func() { ended <- whole.Run(ctx) }()
			done := make(chan struct{}, 1<<20)
			b.ReportAllocs()
			b.ResetTimer()
			before := processCPU()
			for i := range b.N {
				ev := bottest.Press("person"+strconv.Itoa(i%2000), path)
				if err := whole.Accept(ctx, ev, func() { done <- struct{}{} }); err != nil {
					b.Fatal(err)
				}
			}
			for range b.N {
				<-done
			}
			b.StopTimer()
			b.ReportMetric(float64((processCPU()-before).Nanoseconds())/1e3/float64(b.N), "cpu-µs")
			stop()
			if err := <-ended; err != nil {
				b.Error(err)
			}
		})
	}
}

func processCPU() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
