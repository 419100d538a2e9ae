package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"notalone/bot/redisstore"
	"notalone/cmd/notalone/week"
	"notalone/flows"
)

// simulateCmd shows what a week of posts looks like, and proves the clock.
type simulateCmd struct {
	Groups int    `default:"500" help:"How many groups, in six time zones."`
	People int    `default:"200" help:"How many people who asked for posts of their own."`
	Days   int    `default:"7" help:"How many days go by."`
	Seed   uint64 `default:"1" help:"Draws other hours, fates and faults."`
	Kills  bool   `help:"Kill processes, cut off the store and let the platforms fail, all at random."`
	From   string `default:"2026-10-21" help:"The first day; clocks are set back in Europe on the default's fifth."`
	Redis  string `placeholder:"ADDRESS" help:"An empty Redis to use, such as redis://127.0.0.1:6379/9, instead of the embedded one."`
}

// errBroken makes the exit status 1.
var errBroken = errors.New("a promise was broken")

// Run implements the command.
func (c simulateCmd) Run(ctx context.Context) error {
	from, err := time.Parse(time.DateOnly, c.From)
	if err != nil || c.Days < 1 || c.Groups < 1 || c.People < 0 {
		return fmt.Errorf("%w: --from must be a day such as 2026-10-21, --groups and --days at least 1", errUsage)
	}
	site, err := buildSite(os.Getenv("CONTENT_DIR"), flows.Operator{})
	if err != nil {
		return err
	}
	return c.play(ctx, os.Stdout, week.Options{
		Site: site, From: from, Groups: c.Groups, People: c.People, Days: c.Days, Seed: c.Seed, Kills: c.Kills,
	})
}

func (c simulateCmd) play(ctx context.Context, out io.Writer, o week.Options) error {
	w, err := week.New(o)
	if err != nil {
		return fmt.Errorf("prepare the week: %w", err)
	}
	server, err := c.openServer(ctx)
	if err != nil {
		return err
	}
	defer server.Close()
	secret, err := redisstore.ParseSecret(redisstore.NewSecret())
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	store, err := redisstore.New(server.client, secret, w.Now)
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	began := time.Now()
	report, err := w.Play(ctx, store, server)
	if err != nil {
		return fmt.Errorf("play the week: %w", err)
	}
	if err := errors.Join(report.Sample(out), report.Summary(out)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "played in %v\n", time.Since(began).Round(time.Second/10)); err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	if len(report.Broken) > 0 {
		return errBroken
	}
	return nil
}

// A playServer is the Redis of a simulation: embedded, or one that is given.
type playServer struct {
	client   redis.UniversalClient
	embedded *miniredis.Miniredis // nil: a given one
}

func (c simulateCmd) openServer(ctx context.Context) (*playServer, error) {
	redis.SetLogger(noLog{}) // connections are cut on purpose
	s, address := &playServer{}, c.Redis
	if address == "" {
		s.embedded = miniredis.NewMiniRedis()
		if err := s.embedded.Start(); err != nil {
			return nil, fmt.Errorf("start the embedded Redis: %w", err)
		}
		address = "redis://" + s.embedded.Addr()
	}
	var err error
	if s.client, err = redisstore.Connect(address, redisstore.Patience); err != nil {
		return nil, fmt.Errorf("%w: --redis: %w", errUsage, err)
	}
	size, err := s.Size(ctx)
	if err != nil {
		return nil, err
	}
	if size.Keys > 0 {
		return nil, fmt.Errorf("%w: --redis: that database is not empty", errUsage)
	}
	return s, nil
}

type noLog struct{}

// Printf drops what the client complains about.
func (noLog) Printf(context.Context, string, ...any) {}

// Close ends the client and an embedded server.
func (s *playServer) Close() {
	_ = s.client.Close()
	if s.embedded != nil {
		s.embedded.Close()
	}
}

// Cut implements week.Redis.
func (s *playServer) Cut(ctx context.Context) error {
	if s.embedded != nil {
		s.embedded.Close()
		if err := s.embedded.Restart(); err != nil {
			return fmt.Errorf("restart the embedded Redis: %w", err)
		}
	} else {
		s.client.ScriptFlush(ctx)
		s.client.ClientKillByFilter(ctx, "TYPE", "normal", "SKIPME", "no") // it cannot answer this
	}
	return s.waitFor(ctx)
}

// waitFor waits until the client has connections again.
func (s *playServer) waitFor(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	for {
		err := s.client.Ping(within).Err()
		if err == nil {
			return nil
		}
		select {
		case <-within.Done():
			return fmt.Errorf("wait for Redis: %w", err)
		case <-every.C:
		}
	}
}

// Down implements week.Redis. One that is given cannot be stopped from here: it
// keeps every script waiting instead.
func (s *playServer) Down(ctx context.Context) (up func() error, err error) {
	if s.embedded != nil {
		s.embedded.SetError("LOADING Redis is loading the dataset in memory")
		return func() error { s.embedded.SetError(""); return nil }, nil
	}
	if err := s.client.Do(ctx, "CLIENT", "PAUSE", "60000", "WRITE").Err(); err != nil {
		return nil, fmt.Errorf("pause Redis: %w", err)
	}
	return func() error {
		if err := s.client.Do(ctx, "CLIENT", "UNPAUSE").Err(); err != nil {
			return fmt.Errorf("let Redis go on: %w", err)
		}
		return s.waitFor(ctx)
	}, nil
}

// Size implements week.Redis. The shared pace lives for a second and is left out.
func (s *playServer) Size(ctx context.Context) (week.Size, error) {
	keys, err := s.client.Keys(ctx, "*").Result()
	if err != nil {
		return week.Size{}, fmt.Errorf("list the keys in Redis: %w", err)
	}
	var size week.Size
	for _, key := range keys {
		switch {
		case strings.HasPrefix(key, "na:pace:"):
			continue
		case strings.HasSuffix(key, ":leased"):
			size.Leases++
		case strings.Contains(key, "}:v:"):
			size.Votes++
		}
		size.Keys++
	}
	return size, nil
}
