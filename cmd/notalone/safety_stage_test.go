package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord"
	"notalone/bot/discord/discordtest"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/bot/telegram/telegramtest"
	"notalone/bot/terminal"
	"notalone/flows"
)

// operator is who runs the bot in these tests.
var operator = flows.Operator{Name: "Example School", Contact: "safety@example.org"}

// shipped is the site as people meet it: it never changes, so tests share it.
var shipped = sync.OnceValues(func() (*flows.Site, error) { return buildSite("", operator) })

func shippedSite(t testing.TB) *flows.Site {
	t.Helper()
	site, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// A stage is the whole bot: the shipped content, the real store on an embedded
// Redis, both platforms as fakes that refuse what the real ones refuse, and all
// that it logs, as text and as JSON.
type stage struct {
	t        testing.TB
	site     *flows.Site
	redis    *miniredis.Miniredis
	client   redis.UniversalClient
	store    *redisstore.Store
	telegram *telegramtest.Server
	discord  *discordtest.Server
	adapters []bot.Adapter
	log      *bottest.Logbook
	logger   *slog.Logger

	mu    sync.Mutex
	clock time.Time
	stop  func()
}

// newStage starts the bot for the time of the test.
func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{
		t: t, site: shippedSite(t), redis: miniredis.RunT(t), telegram: telegramtest.New(t), discord: discordtest.New(t),
		log: &bottest.Logbook{}, clock: transcriptTime,
	}
	s.redis.ClockTTL(true)
	debug := &slog.HandlerOptions{Level: slog.LevelDebug}
	s.logger = slog.New(slog.NewMultiHandler(slog.NewTextHandler(s.log, debug), slog.NewJSONHandler(s.log, debug)))
	var err error
	if s.client, err = redisstore.Connect("redis://"+s.redis.Addr(), redisstore.Patience); err != nil {
		t.Fatal(err)
	}
	if s.store, err = redisstore.New(s.client, []byte(strings.Repeat("a secret of the test", 2)), s.now); err != nil {
		t.Fatal(err)
	}
	dc, err := discord.New(discord.Options{
		Token: discordtest.Token, APIURL: s.discord.URL, Commands: discordCommands(s.site.Words()), Now: time.Now, Log: s.logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.adapters = []bot.Adapter{dc, telegram.New(telegram.Options{
		Token: telegramtest.Token, APIURL: "http://telegram.test", Commands: telegramCommands(s.site.Words()), Now: s.now, Log: s.logger,
		HTTP: s.telegram.Transport(),
	})}
	b := bot.New(bot.Options{Site: s.site, Store: s.store, Adapters: s.adapters, Log: s.logger, Now: s.now, Seed: func() uint64 { return 11 }})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the bot ended with %v", err)
		}
	})
	t.Cleanup(func() { s.stop(); _ = s.client.Close() })
	s.awaitLog("commands registered", 2) // Discord tells nobody what it did before
	return s
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

// A talk is the terminal's bot, line by line, with a store that can be switched
// off: what every newcomer can try without an account.
type talk struct {
	t     testing.TB
	site  *flows.Site
	store bot.Store
	scene terminal.Options
}

func newTalk(t testing.TB, locale string, store bot.Store) talk {
	return talk{t: t, site: shippedSite(t), store: store, scene: terminal.Options{Locale: locale, Now: func() time.Time { return transcriptTime }}}
}

// says plays lines and returns what the bot printed.
func (k talk) says(lines ...string) string {
	k.t.Helper()
	var out bytes.Buffer
	scene := k.scene
	scene.In, scene.Out, scene.Echo = strings.NewReader(strings.Join(lines, "\n")), &out, true
	b := bot.New(bot.Options{
		Site: k.site, Store: k.store, Adapters: []bot.Adapter{terminal.New(scene)}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Now: scene.Now, Seed: func() uint64 { return 11 },
	})
	if err := b.Run(k.t.Context()); err != nil && !strings.Contains(err.Error(), terminal.ErrEnd.Error()) {
		k.t.Fatal(err)
	}
	return out.String()
}
