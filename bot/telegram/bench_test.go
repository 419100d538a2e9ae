package telegram

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
)

// BenchmarkClosedLoop is people who act again as soon as they are answered: the
// whole bot with a store in memory, on the wire of 127.0.0.1 and without it. The
// distant server answers 50 ms late; a thousand people press there, thinking for
// a while in between, and p50 is what they feel.
func BenchmarkClosedLoop(b *testing.B) {
	distant := telegramtest.CrowdOptions{People: 1000, Press: true, Delay: 50 * time.Millisecond, Think: 140 * time.Millisecond}
	for _, tc := range []struct {
		name          string
		crowd         telegramtest.CrowdOptions
		wire, webhook bool
	}{
		{"words/process", telegramtest.CrowdOptions{People: 200}, false, false},
		{"words/wire", telegramtest.CrowdOptions{People: 200}, true, false},
		{"press/process", telegramtest.CrowdOptions{People: 200, Press: true}, false, false},
		{"press/wire", telegramtest.CrowdOptions{People: 200, Press: true}, true, false},
		{"press/distant/polling", distant, true, false},
		{"press/distant/webhook", distant, true, true},
	} {
		b.Run(tc.name, func(b *testing.B) { closedLoop(b, tc.crowd, tc.wire, tc.webhook) })
	}
}

func closedLoop(b *testing.B, people telegramtest.CrowdOptions, wire, webhook bool) {
	late := &lateHandler{}
	o := Options{Token: telegramtest.Token, APIURL: "http://telegram.test", Now: time.Now, Log: slog.New(slog.DiscardHandler), Commands: commands()}
	if webhook {
		withWebhook(&o)
		people.Webhook, people.Secret = late, hookSecret
	}
	crowd := telegramtest.NewCrowd(people)
	if o.HTTP = crowd; wire {
		o.HTTP, o.APIURL = nil, serve(b, crowd)
	}
	a := New(o)
	late.Handler = a.Webhook()
	runCrowd(b, crowd, a)
}

// lateHandler is a handler that is known only after whom it is given to.
type lateHandler struct{ http.Handler }

func serve(b *testing.B, handler http.Handler) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	b.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String()
}

// runCrowd runs the bot until b.N answers were given.
func runCrowd(b *testing.B, crowd *telegramtest.Crowd, a *Adapter) {
	whole := bot.New(bot.Options{
		Site: testSite(b), Store: bottest.NewStore(), Adapters: []bot.Adapter{a}, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Seed: func() uint64 { return 1 },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- whole.Run(ctx) }()
	crowd.Begin()
	await := func(answers int64) int64 {
		for crowd.Answers() < answers {
			time.Sleep(time.Millisecond)
		}
		return crowd.Answers()
	}
	before := await(4000) // connections are made, caches filled
	crowd.Took()
	b.ReportAllocs()
	b.ResetTimer()
	after := await(before + int64(b.N))
	b.StopTimer()
	b.ReportMetric(float64(after-before)/b.Elapsed().Seconds(), "answers/s")
	if took := crowd.Took(); len(took) > 0 {
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2])/1e6, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100])/1e6, "p99-ms")
	}
	crowd.End()
	cancel()
	if err := <-done; err != nil {
		b.Error(err)
	}
}

// BenchmarkParseUpdate reads a press with the page it stands under.
func BenchmarkParseUpdate(b *testing.B) {
	crowd := telegramtest.NewCrowd(telegramtest.CrowdOptions{People: 1, Press: true})
	crowd.Begin()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://x/getUpdates", strings.NewReader(`{"offset":0}`))
	if err != nil {
		b.Fatal(err)
	}
	res, err := crowd.RoundTrip(req)
	if err != nil {
		b.Fatal(err)
	}
	raw, _ := io.ReadAll(res.Body)
	raw = raw[len(plainOK)+1 : len(raw)-2]
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for range b.N {
		if u, err := parseUpdate(raw); err != nil || u.press == nil {
			b.Fatal(err, fmt.Sprint(u))
		}
	}
}
