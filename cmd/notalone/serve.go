package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"notalone/bot"
	"notalone/bot/discord"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/flows"
)

// serveCmd runs the bot until it is told to stop.
type serveCmd struct{}

// startWithin is how long Redis may take to answer at the start.
const startWithin = 5 * time.Second

// clockSkew is how far this machine's clock may be from Redis's: with a clock that
// is wrong by more, nothing is posted from here at a wrong hour.
const clockSkew = 5 * time.Minute

// Run implements the command.
func (serveCmd) Run(ctx context.Context) error {
	cfg, err := readConfig(os.Environ())
	if err != nil {
		return err
	}
	if err := cfg.served(); err != nil {
		return err
	}
	log := newLogger(cfg, os.Stderr)
	operator, err := cfg.operatorOf()
	if err != nil {
		return err
	}
	site, err := buildSite(cfg.ContentDir, operator)
	if err != nil {
		return err
	}
	store, closeStore, err := openStore(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer closeStore()
	pacer := outbox.NewPacer(store)
	adapters, routes, err := openAdapters(cfg, site, store, pacer, log)
	if err != nil {
		return err
	}
	metrics := newMetrics(store.Dropped)
	metrics.watch(adapters, time.Now)
	posting := outbox.Options{Site: site, Store: store, Adapters: adapters, Log: log, Now: time.Now, Meter: metrics, Skew: clockSkew, Pacer: pacer}
	b := bot.New(bot.Options{
		Site: site, Store: store, Office: store, Adapters: adapters, Log: log, Now: time.Now, Seed: seed,
		Meter: metrics,
	})
	work := []func(context.Context){outbox.NewClock(posting).Run, outbox.NewMailer(posting, store).Run}
	web, err := listen(ctx, cfg.HTTPAddr, b.Ready, metrics.handler(), routes)
	if err != nil {
		return err
	}
	defer web.stop(ctx)
	debug.FreeOSMemory() // reading the site took several times what it needs
	log.Info("serving", "platforms", len(adapters), "http", cfg.HTTPAddr, "version", version)
	if err := runBeside(ctx, b, work); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	log.Info("stopped")
	return nil
}

// runBeside runs the bot, and beside it what posts unasked, until either ends.
func runBeside(ctx context.Context, b *bot.Bot, work []func(context.Context)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var beside sync.WaitGroup
	for _, run := range work {
		beside.Go(func() { run(ctx) })
	}
	err := b.Run(ctx)
	stop()
	beside.Wait()
	return err
}

// openAdapters connects the platforms that have a token. Replies and posts share
// pace.
func openAdapters(cfg *config, site *flows.Site, shelf bot.Shelf, pace *outbox.Pacer, log *slog.Logger) ([]bot.Adapter, map[string]http.Handler, error) {
	var adapters []bot.Adapter
	routes := map[string]http.Handler{}
	if cfg.TelegramToken != "" {
		tg := telegram.New(telegram.Options{
			Token: cfg.TelegramToken, APIURL: cfg.TelegramAPI, WebhookURL: cfg.TelegramWebhookURL, WebhookSecret: cfg.TelegramWebhookSecret,
			Commands: telegramCommands(site.Words()), Now: time.Now, Log: log, Shelf: shelf,
			Pace: pace,
		})
		adapters = append(adapters, tg)
		if cfg.TelegramWebhookURL != "" {
			routes[webhookRoute(cfg.TelegramWebhookURL)] = tg.Webhook()
		}
	}
	if cfg.DiscordToken != "" {
		dc, err := discord.New(discord.Options{
			Token: cfg.DiscordToken, APIURL: cfg.DiscordAPI, Commands: discordCommands(site.Words()), Now: time.Now, Log: log,
			Pace: pace,
		})
		if err != nil {
			return nil, nil, fmt.Errorf("open discord: %w", err)
		}
		adapters = append(adapters, dc)
	}
	return adapters, routes, nil
}

// webhookRoute serves the path of the webhook's address and nothing below it.
func webhookRoute(address string) string {
	route := "/"
	if u, err := url.Parse(address); err == nil && u.Path != "" { // checked with the settings
		route = u.Path
	}
	if strings.HasSuffix(route, "/") {
		route += "{$}"
	}
	return "POST " + route
}

// openStore connects to Redis, or to the embedded one that forgets on exit. A
// Redis that is away does not keep the bot from starting: help goes without it.
func openStore(ctx context.Context, cfg *config, log *slog.Logger) (*redisstore.Store, func(), error) {
	if cfg.RedisURL == "" {
		log.Warn("REDIS_URL is empty: the embedded store forgets everything on exit")
		memory, err := newMemory(time.Now)
		if err != nil {
			return nil, nil, err
		}
		return memory.store, memory.Close, nil
	}
	client, err := redisstore.Connect(cfg.RedisURL, redisstore.Patience)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: REDIS_URL: %w", errUsage, err)
	}
	within, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	warnings, err := redisstore.Check(within, client)
	if errors.Is(err, redisstore.ErrTooOld) {
		return nil, nil, err
	}
	if err != nil {
		log.Error("Redis does not answer yet; help, report and lines go on without it")
	}
	for _, warning := range warnings {
		log.Warn(warning)
	}
	store, err := redisstore.New(client, cfg.secret, time.Now, cfg.owners...)
	if err != nil {
		return nil, nil, fmt.Errorf("open the store: %w", err)
	}
	return store, func() { _ = client.Close() }, nil
}

func newLogger(cfg *config, out *os.File) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}
