package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// tellWithin bounds how long a command waits for the platforms.
const tellWithin = 30 * time.Second

// tellModerators lets all who may approve see the progress of what a file sends,
// and asks them to agree if it waits for that. It counts those who were asked; nil:
// nobody had to be. What the moderators cannot be told stands in /announce.
func (d *desk) tellModerators(ctx context.Context, a *flows.Announcement) *int {
	ctx, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	log := newLogger(d.cfg, os.Stderr)
	colleagues, err := d.store.Colleagues(ctx, shell.Key)
	for _, colleague := range colleagues {
		err = errors.Join(err, d.store.Watch(ctx, a, colleague, ""))
	}
	if err != nil {
		log.Warn("could not keep where the progress is to be shown", "error", err)
	}
	if a.Stage != flows.Waiting {
		return nil
	}
	told, err := d.ask(ctx, a, colleagues, log)
	if err != nil {
		log.Warn("could not tell every moderator", "error", err)
	}
	return &told
}

func (d *desk) ask(ctx context.Context, a *flows.Announcement, colleagues []bot.Colleague, log *slog.Logger) (told int, err error) {
	adapters, _, err := openAdapters(d.cfg, d.site, nil, outbox.NewPacer(d.store), log)
	if err != nil {
		return 0, err
	}
	byName := map[bot.Name]bot.Adapter{}
	for _, adapter := range adapters {
		byName[adapter.Name()] = adapter
	}
	return bot.Tell(ctx, d.site, byName, colleagues, flows.Tell{Path: flows.CheckPath(a.ID)}, a.ID)
}
