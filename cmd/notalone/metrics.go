package main

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"notalone/bot"
	"notalone/bot/discord"
	"notalone/bot/outbox"
)

// metrics are the figures an operator watches. None of them knows a person.
type metrics struct {
	registry *prometheus.Registry
	events   *prometheus.CounterVec
	took     *prometheus.HistogramVec
	failed   *prometheus.CounterVec
	dropped  *prometheus.CounterVec
	away     prometheus.Gauge
	posts    *prometheus.CounterVec
}

var (
	_ bot.Meter    = (*metrics)(nil)
	_ outbox.Meter = (*metrics)(nil)
)

func newMetrics(unreadable func() int64) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		events:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "notalone_events_total", Help: "Events taken in."}, []string{"platform"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "notalone_answer_seconds", Help: "Time from taking an event in to its answer.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"platform"}),
		failed:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "notalone_send_failures_total", Help: "Failed sends by kind."}, []string{"platform", "kind"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "notalone_dropped_total", Help: "Events not answered as usual, by reason."}, []string{"reason"}),
		away:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "notalone_store_away", Help: "1 while Redis cannot be reached."}),
		posts:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "notalone_posts_total", Help: "What fell due, by how it ended: sent, skipped, wiped, refused, uncertain, later."}, []string{"platform", "outcome"}),
	}
	broken := prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "notalone_unreadable_values_total", Help: "Stored values that were damaged or of another format."},
		func() float64 { return float64(unreadable()) })
	m.registry.MustRegister(m.events, m.took, m.failed, m.dropped, m.away, m.posts, broken, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch shows for each platform whether it is heard, by the same rule as readiness,
// and what Discord's connection counts.
func (m *metrics) watch(adapters []bot.Adapter, now func() time.Time) {
	for _, adapter := range adapters {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "notalone_deaf", Help: "1 while a platform was not heard for too long.", ConstLabels: prometheus.Labels{"platform": string(adapter.Name())},
		}, func() float64 {
			if adapter.Alive(now()) != nil {
				return 1
			}
			return 0
		}))
		if dc, ok := adapter.(*discord.Adapter); ok {
			m.watchDiscord(dc)
		}
	}
}

func (m *metrics) watchDiscord(dc *discord.Adapter) {
	for _, figure := range []struct {
		name, help string
		of         func(discord.Figures) int64
	}{
		{"notalone_discord_sessions_total", "Sessions begun; Discord allows 1,000 a day.", func(f discord.Figures) int64 { return f.Identifies }},
		{"notalone_discord_malformed_total", "Payloads that could not be read and were passed over.", func(f discord.Figures) int64 { return f.Malformed }},
		{"notalone_discord_dropped_total", "Events that found the bot too busy.", func(f discord.Figures) int64 { return f.Dropped }},
	} {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: figure.name, Help: figure.help}, func() float64 { return float64(figure.of(dc.Figures())) }))
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Event implements bot.Meter.
func (m *metrics) Event(platform bot.Name) { m.events.WithLabelValues(string(platform)).Inc() }

// Answered implements bot.Meter.
func (m *metrics) Answered(platform bot.Name, took time.Duration) {
	m.took.WithLabelValues(string(platform)).Observe(took.Seconds())
}

// Failed implements bot.Meter.
func (m *metrics) Failed(platform bot.Name, kind bot.SendKind) {
	m.failed.WithLabelValues(string(platform), kind.String()).Inc()
}

// Dropped implements bot.Meter.
func (m *metrics) Dropped(reason string) { m.dropped.WithLabelValues(reason).Inc() }

// Posted implements outbox.Meter.
func (m *metrics) Posted(platform bot.Name, outcome string) {
	m.posts.WithLabelValues(string(platform), outcome).Inc()
}

// StoreDown implements bot.Meter.
func (m *metrics) StoreDown(down bool) {
	if down {
		m.away.Set(1)
		return
	}
	m.away.Set(0)
}
