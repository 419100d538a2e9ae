package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/terminal"
	"notalone/flows"
	"notalone/i18n"
)

// chatCmd talks to the bot with nothing installed but this binary.
type chatCmd struct {
	As      string `enum:"member,admin,moderator" default:"member" help:"Who you play: member, admin or moderator."`
	In      string `enum:"private,group" default:"private" help:"Where you are: private or group."`
	Lang    string `default:"en" help:"The language of your chat app, such as vi."`
	Country string `help:"The country of your chat app, such as VN."`
	At      string `help:"The time it is there, such as 2026-11-24T08:00."`
	Open    string `help:"The page to open first, such as help/grooming."`
}

// Run implements the command.
func (c *chatCmd) Run(ctx context.Context) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	if !i18n.IsLocale(c.locale()) {
		return fmt.Errorf("%w: --lang and --country: no chat app has the language %s", errUsage, c.locale())
	}
	open := flows.Path("")
	if c.Open != "" {
		if open, err = flows.ParsePath(c.Open); err != nil {
			return fmt.Errorf("%w: --open: %w", errUsage, err)
		}
	}
	cfg, err := readConfig(chatEnviron())
	if err != nil {
		return err
	}
	operator, err := cfg.operatorOf()
	if err != nil {
		return err
	}
	site, err := buildSite(cfg.ContentDir, operator)
	if err != nil {
		return err
	}
	memory, err := newMemory(now, c.owners()...)
	if err != nil {
		return err
	}
	defer memory.Close()
	styled := isTerminal(os.Stdin) && isTerminal(os.Stdout)
	if styled {
		fmt.Println("Type words, a button's number or /help. /quit ends. I forget everything on exit.")
	}
	talk := terminal.New(terminal.Options{
		In: os.Stdin, Out: os.Stdout, Locale: c.locale(), Shared: c.In == "group", Manager: c.As == "admin",
		Styled: styled, Open: open, Now: now,
	})
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	b := bot.New(bot.Options{
		Site: site, Store: memory.store, Office: memory.store, Adapters: []bot.Adapter{talk},
		Log: log, Now: now, Seed: seed, Patient: true,
	})
	var work []func(context.Context)
	if c.As == "moderator" { // what is announced goes out here too
		posting := outbox.Options{Site: site, Store: memory.store, Adapters: []bot.Adapter{talk}, Log: log, Now: now, Meter: newMetrics(memory.store.Dropped)}
		work = append(work, outbox.NewMailer(posting, memory.store).Run)
	}
	if err := runBeside(ctx, b, work); err != nil && !errors.Is(err, terminal.ErrEnd) {
		return fmt.Errorf("chat: %w", err)
	}
	return nil
}

// owners is who is played, if that is a moderator of announcements.
func (c *chatCmd) owners() []bot.Person {
	if c.As != "moderator" {
		return nil
	}
	return []bot.Person{terminal.You}
}

// chatEnviron is the environment without platforms and Redis: the terminal needs
// neither, and no key for them.
func chatEnviron() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.ContainsFunc(secrets, func(secret string) bool { return name == secret || name == secret+"_FILE" })
	})
}

func (c *chatCmd) locale() string {
	if c.Country == "" {
		return c.Lang
	}
	return c.Lang + "-" + strings.ToUpper(c.Country)
}

// clock runs on from --at, or is the real one.
func (c *chatCmd) clock() (func() time.Time, error) {
	if c.At == "" {
		return time.Now, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339, time.DateOnly} {
		if at, err := time.ParseInLocation(layout, c.At, time.Local); err == nil {
			started := time.Now()
			return func() time.Time { return at.Add(time.Since(started)) }, nil
		}
	}
	return nil, fmt.Errorf("%w: --at: write it as 2026-11-24T08:00", errUsage)
}

// memory is an embedded Redis that forgets on exit.
type memory struct {
	server *miniredis.Miniredis
	client redis.UniversalClient
	store  *redisstore.Store
}

func newMemory(now func() time.Time, owners ...bot.Person) (*memory, error) {
	server := miniredis.NewMiniRedis()
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	server.ClockTTL(true)
	client, err := redisstore.Connect("redis://"+server.Addr(), redisstore.Patience)
	if err != nil {
		return nil, fmt.Errorf("open the embedded Redis: %w", err)
	}
	secret, err := redisstore.ParseSecret(redisstore.NewSecret())
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	store, err := redisstore.New(client, secret, now, owners...)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return &memory{server: server, client: client, store: store}, nil
}

func (m *memory) Close() {
	_ = m.client.Close()
	m.server.Close()
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
