package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/flows"
)

// announceCmd works on announcements from a shell: the same checks and the same
// machinery as a moderator's chat.
type announceCmd struct {
	File   announceFileCmd   `cmd:"" default:"withargs" help:"Check an announcement in a file, and send it if asked to."`
	List   announceListCmd   `cmd:"" help:"List the latest announcements."`
	Show   announceShowCmd   `cmd:"" help:"Show one announcement."`
	Pause  announcePauseCmd  `cmd:"" help:"Pause one that is going out, or its undo."`
	Resume announceResumeCmd `cmd:"" help:"Let a paused one go on, or its undo."`
	Cancel announceCancelCmd `cmd:"" help:"Cancel one, or its undo; what is done stays done."`
	Report announceReportCmd `cmd:"" help:"Tell how one stands or went."`
}

// Exit statuses beside 0, 1 for a failure and 2 for wrong settings.
const (
	exitFlawed  = 3 // something about the announcement must be mended
	exitWaiting = 4 // a second moderator has to agree first
	exitChanged = 5 // the audit log is not as it was written
)

var (
	errFlawed  = errors.New("something must be mended before it can go out")
	errWaiting = errors.New("it waits for a second moderator to agree: /announce in a chat with the bot")
)

// shell is who acts from the command line: whoever has the key to the store.
var shell = flows.Moderator{Key: "shell", Role: flows.RoleOwner, Label: "command line"}

// A desk is what the commands work on.
type desk struct {
	cfg   *config
	site  *flows.Site
	store *redisstore.Store
	close func()
}

// shellPatience is longer than a chat's: a script would rather wait than fail.
const shellPatience = 10 * time.Second

// openDesk opens the store of the running bot.
func openDesk(ctx context.Context) (*desk, error) {
	d, err := openSite()
	if err != nil {
		return nil, err
	}
	if d.cfg.RedisURL == "" {
		return nil, fmt.Errorf("%w: REDIS_URL: is required: announcements are kept where the running bot finds them", errUsage)
	}
	client, err := redisstore.Connect(d.cfg.RedisURL, shellPatience)
	if err != nil {
		return nil, fmt.Errorf("%w: REDIS_URL: %w", errUsage, err)
	}
	d.close = func() { _ = client.Close() }
	within, cancel := context.WithTimeout(ctx, shellPatience)
	defer cancel()
	if _, err := redisstore.Check(within, client); err != nil {
		return nil, fmt.Errorf("ask Redis: %w", err)
	}
	if d.store, err = redisstore.New(client, d.cfg.secret, time.Now, d.cfg.owners...); err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return d, nil
}

// openSite is a desk without a store: enough to check a file.
func openSite() (*desk, error) {
	cfg, err := readConfig(os.Environ())
	if err != nil {
		return nil, err
	}
	operator, err := cfg.operatorOf()
	if err != nil {
		return nil, err
	}
	site, err := buildSite(cfg.ContentDir, operator)
	if err != nil {
		return nil, err
	}
	return &desk{cfg: cfg, site: site, close: func() {}}, nil
}

type announceFileCmd struct {
	Path   string `arg:"" name:"file" help:"The announcement, as docs/announcements.md tells."`
	DryRun bool   `help:"Check and count, store nothing."`
	Test   string `placeholder:"PLATFORM:ID" help:"Send it to this one chat only, such as telegram:123, and store nothing."`
	Send   bool   `help:"Let it out, or ask for approval where a second moderator has to agree."`
	At     string `help:"When, such as 2026-12-01T08:00, in the file's zone."`
	JSON   bool   `name:"json" help:"Print the outcome as JSON."`
}

// Run implements the command.
func (c announceFileCmd) Run(ctx context.Context) error {
	d, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	a, err := readAnnouncement(c.Path, c.At, d.site)
	if err != nil {
		return err
	}
	flaws := d.site.Proof(a, time.Now())
	out := outcome{Hash: a.Hash(), When: tellWhen(a.When), Flaws: d.tellFlaws(flaws)}
	if err := d.foresee(ctx, a, &out); err != nil {
		return err
	}
	for _, flaw := range flaws {
		if flaw.Stops {
			return errors.Join(out.print(c.JSON), errFlawed)
		}
	}
	switch {
	case c.Test != "":
		err = d.test(ctx, a, c.Test)
	case !c.DryRun:
		err = d.send(ctx, a, c.Send)
	}
	if err != nil && !errors.Is(err, errWaiting) {
		return err
	}
	if c.Test == "" && !c.DryRun {
		out.ID, out.Stage = a.ID, a.Stage
	}
	if c.Test == "" && !c.DryRun && c.Send {
		out.Told = d.tellModerators(ctx, a)
	}
	return errors.Join(out.print(c.JSON), err)
}

// open opens the store unless only the file is to be looked at and none is set.
func (c announceFileCmd) open(ctx context.Context) (*desk, error) {
	if (c.DryRun || c.Test != "") && os.Getenv("REDIS_URL") == "" && os.Getenv("REDIS_URL_FILE") == "" {
		return openSite()
	}
	return openDesk(ctx)
}

// send stores the announcement: as a draft, on its way, or waiting for approval.
func (d *desk) send(ctx context.Context, a *flows.Announcement, out bool) error {
	a.By = shell.Key
	if !out {
		return d.save(ctx, a, "", "began a draft from a file")
	}
	if err := d.mustBeNew(ctx, a); err != nil {
		return err
	}
	alone, err := d.alone(ctx)
	if err != nil {
		return err
	}
	if alone {
		a.Stage = flows.Scheduled
		a.Approve(shell.Key)
		return d.save(ctx, a, "", "sent from a file")
	}
	a.Stage = flows.Waiting
	return errors.Join(d.save(ctx, a, "", "asked for approval from a file"), errWaiting)
}

// mustBeNew refuses what is on its way or went out already: a script that is run
// twice sends once.
func (d *desk) mustBeNew(ctx context.Context, a *flows.Announcement) error {
	list, err := d.store.Announcements(ctx, listMost)
	if err != nil {
		return err
	}
	for _, known := range list {
		if known.Hash() == a.Hash() && known.Stage != flows.Drafted && known.Stage != flows.Cancelled {
			return fmt.Errorf("the same is %s already: see %s", known.Stage, known.ID)
		}
	}
	return nil
}

func (d *desk) save(ctx context.Context, a *flows.Announcement, version, act string) error {
	stored, err := d.store.SaveAnnouncement(ctx, shell, a, version, act)
	if err == nil && !stored {
		err = fmt.Errorf("somebody else changed it just now; look again")
	}
	return err
}

// test sends an announcement to one chat in each of its languages.
func (d *desk) test(ctx context.Context, a *flows.Announcement, to string) error {
	person, err := readPerson(to)
	if err != nil {
		return fmt.Errorf("%w: --test: %w", errUsage, err)
	}
	adapters, _, err := openAdapters(d.cfg, d.site, nil, outbox.NewPacer(d.store), newLogger(d.cfg, os.Stderr))
	if err != nil {
		return err
	}
	for _, adapter := range adapters {
		if adapter.Name() != person.Platform() {
			continue
		}
		place := bot.NewAddress(person.Platform(), person.ID(), "")
		for _, lang := range d.site.Words().Langs() {
			if a.Texts[lang] == "" {
				continue
			}
			private := person.Platform() == telegram.Name // of Discord it is a channel's number
			post := d.site.AnnouncementPost(a, lang, private)
			post.Pin, post.Spread = false, false
			if _, err := adapter.Post(ctx, place, post, a.ID+string(lang)); err != nil {
				return fmt.Errorf("send the test: %w", err)
			}
		}
		return nil
	}
	return fmt.Errorf("%w: --test: there is no token for %s", errUsage, person.Platform())
}
