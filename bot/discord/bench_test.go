package discord

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord/discordtest"
)

// BenchmarkClosedLoop is people who press again as soon as they are answered: the
// whole bot with a store in memory, gateway and calls on the wire of 127.0.0.1.
// The distant Discord answers 50 ms late; a thousand people press there, thinking
// for a while in between, and p50 is what they feel.
func BenchmarkClosedLoop(b *testing.B) {
	for name, people := range map[string]discordtest.CrowdOptions{
		"press/wire":    {People: 200},
		"press/distant": {People: 1000, Delay: 50 * time.Millisecond, Think: 140 * time.Millisecond},
	} {
		b.Run(name, func(b *testing.B) { closedLoop(b, discordtest.NewCrowd(people)) })
	}
}

func closedLoop(b *testing.B, crowd *discordtest.Crowd) {
	a, err := New(Options{Token: "x", APIURL: crowd.URL, Now: time.Now, Log: quietLog(io.Discard)})
	if err != nil {
		b.Fatal(err)
	}
	whole := bot.New(bot.Options{
		Site: bottest.Site(b, bottest.Keywords{}), Store: bottest.NewStore(), Adapters: []bot.Adapter{a}, Now: time.Now,
		Log: quietLog(io.Discard), Seed: func() uint64 { return 1 },
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
	cancel()
	if err := <-done; err != nil {
		b.Error(err)
	}
	crowd.End()
}

// pressed is a press as it comes in.
func pressed(b *testing.B) []byte {
	crowd := discordtest.NewCrowd(discordtest.CrowdOptions{People: 1})
	b.Cleanup(crowd.End)
	return crowd.Press(0)
}

// instant is a Discord that is not there and takes everything.
type instant struct{}

func (instant) RoundTrip(req *http.Request) (*http.Response, error) {
	_ = req.Body.Close()
	return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: req}, nil
}

func offline(b *testing.B) *Adapter {
	a, err := New(Options{Token: "x", Now: time.Now, Log: quietLog(io.Discard), HTTP: instant{}})
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// BenchmarkHear takes a press in, from the frame to the queue.
func BenchmarkHear(b *testing.B) {
	a, message := offline(b), pressed(b)
	l := newLife(b.Context(), a, elsewhere, false)
	defer l.cancel()
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		l.hear(message)
		w := <-a.queue
		w.event.Reply.(*reply).settle()
	}
}

// BenchmarkAnswer answers a press with a page that is the same for everybody.
func BenchmarkAnswer(b *testing.B) {
	a := offline(b)
	message := pressed(b)
	var data struct{ D []byte }
	_, rest, _ := strings.Cut(string(message), `"d":`)
	data.D = []byte(strings.TrimSuffix(rest, "}"))
	fixed := *page
	fixed.Fixed = true
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		ev, err := decode("INTERACTION_CREATE", data.D, self, time.Now())
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, err := a.Answer(b.Context(), ev, &fixed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRender renders a page that is not kept.
func BenchmarkRender(b *testing.B) {
	front := bottest.Site(b, bottest.Keywords{}).Open("vi", "home")
	b.ReportAllocs()
	for b.Loop() {
		render(front)
	}
}
