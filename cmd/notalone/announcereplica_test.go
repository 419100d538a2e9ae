package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/discord"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
)

// asReplica makes the test binary a process that sends announcements, with the
// platforms' limits and its clock so many times as fast. It stands in for the
// built binary where a lease of a minute would be too long to wait for.
const asReplica = "NOTALONE_TEST_REPLICA"

// fastClock goes faster than the real one from a moment on.
func fastClock(from time.Time, scale float64) func() time.Time {
	if scale == 1 {
		return time.Now
	}
	return func() time.Time { return from.Add(time.Duration(float64(time.Since(from)) * scale)) }
}

// beReplica is the main function of such a process; its setting is SCALE@SECONDS.
func beReplica() int {
	factor, from, _ := strings.Cut(os.Getenv(asReplica), "@")
	scale, _ := strconv.ParseFloat(factor, 64)
	since, _ := strconv.ParseInt(from, 10, 64)
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := sendAsReplica(ctx, scale, fastClock(time.Unix(since, 0), scale), log); err != nil {
		log.Error("no replica", "error", err)
		return 1
	}
	return 0
}

func sendAsReplica(ctx context.Context, scale float64, now func() time.Time, log *slog.Logger) error {
	cfg, err := readConfig(os.Environ())
	if err != nil {
		return err
	}
	operator, err := cfg.operatorOf()
	if err != nil {
		return err
	}
	site, err := buildSite("", operator)
	if err != nil {
		return err
	}
	client, err := redisstore.Connect(cfg.RedisURL, redisstore.Patience)
	if err != nil {
		return err
	}
	store, err := redisstore.New(client, cfg.secret, now)
	if err != nil {
		return err
	}
	pacer := outbox.NewPacer(store)
	tg := telegram.New(telegram.Options{Token: cfg.TelegramToken, APIURL: cfg.TelegramAPI, Now: time.Now, Log: log, Limit: int(30 * scale), Pace: pacer})
	dc, err := discord.New(discord.Options{Token: cfg.DiscordToken, APIURL: cfg.DiscordAPI, Now: time.Now, Log: log, Limit: int(50 * scale), Pace: pacer})
	if err != nil {
		return err
	}
	outbox.NewMailer(outbox.Options{
		Site: site, Store: store, Adapters: []bot.Adapter{tg, dc}, Log: log, Now: now, Meter: newMetrics(store.Dropped), Pacer: pacer,
	}, store).Run(ctx)
	return nil
}

// startReplica runs such a process, or at the real speed the built binary.
func startReplica(tb testing.TB, scale float64, from time.Time, settings []string) *process {
	tb.Helper()
	if scale == 1 {
		return startBot(tb, settings...).process
	}
	own := asReplica + "=" + strconv.FormatFloat(scale, 'g', -1, 64) + "@" + strconv.FormatInt(from.Unix(), 10)
	env := append([]string{own, "NOTALONE_KEY=" + secretKey, "OPERATOR_CONTACT=help@example.org"}, settings...)
	return startProcess(tb, env, os.Args[0])
}
