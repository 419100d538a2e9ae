package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/flows"
	"notalone/i18n"
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

// openDesk opens the store of the running bot.
func openDesk(ctx context.Context) (*desk, error) {
	d, err := openSite()
	if err != nil {
		return nil, err
	}
	if d.cfg.RedisURL == "" {
		return nil, fmt.Errorf("%w: REDIS_URL: is required: announcements are kept where the running bot finds them", errUsage)
	}
	client, err := redisstore.Connect(d.cfg.RedisURL)
	if err != nil {
		return nil, fmt.Errorf("%w: REDIS_URL: %w", errUsage, err)
	}
	d.close = func() { _ = client.Close() }
	within, cancel := context.WithTimeout(ctx, startWithin)
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
	out := outcome{ID: a.ID, Stage: a.Stage, Hash: a.Hash(), Flaws: d.tellFlaws(flaws)}
	if d.store != nil {
		if err := d.reach(ctx, a, &out); err != nil {
			return err
		}
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
	out.Stage = a.Stage
	if err != nil && !errors.Is(err, errWaiting) {
		return err
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
	voices, err := d.store.Voices(ctx)
	if err != nil {
		return err
	}
	if voices < 2 || d.site.Newsroom().Solo {
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

func (d *desk) tellFlaws(flaws []flows.Flaw) []told {
	list := make([]told, 0, len(flaws))
	for _, flaw := range flaws {
		list = append(list, told{Text: d.site.Words().Line(i18n.Fallback, flaw.Key, flaw.Args...), Stops: flaw.Stops})
	}
	return list
}

// reach counts the audience by platform and language.
func (d *desk) reach(ctx context.Context, a *flows.Announcement, out *outcome) error {
	platforms, err := d.store.Platforms(ctx)
	if err != nil {
		return err
	}
	all, err := d.store.Reach(ctx, platforms)
	if err != nil {
		return err
	}
	reach := d.site.ReachOf(a, all)
	out.Reach, out.Fallback, out.None = map[string]int{}, reach.Fallback, reach.None
	for _, part := range reach.Parts {
		out.Reach[part.Platform+" "+string(part.Class.Lang)] = part.N
	}
	return nil
}

// An outcome is what came of a file.
type outcome struct {
	ID    string         `json:"id"`
	Stage flows.Stage    `json:"stage"`
	Undo  string         `json:"undo,omitempty"` // deleting, editing or paused
	Hash  string         `json:"hash"`
	Flaws []told         `json:"flaws"`
	Reach map[string]int `json:"reach,omitempty"` // "telegram vi" → how many

	Fallback int `json:"fallback"` // get the text of another language
	None     int `json:"none"`     // get nothing: there is no text for them
}

type told struct {
	Text  string `json:"text"`
	Stops bool   `json:"stops"`
}

func (o outcome) print(asJSON bool) error {
	if asJSON {
		return printJSON(o)
	}
	rows := [][]string{{"id", o.ID}, {"stage", string(o.Stage)}}
	if o.Undo != "" {
		rows = append(rows, []string{"undo", o.Undo})
	}
	for _, where := range slices.Sorted(maps.Keys(o.Reach)) {
		rows = append(rows, []string{"reaches", strconv.Itoa(o.Reach[where]), where})
	}
	if o.Fallback > 0 {
		rows = append(rows, []string{"fallback", strconv.Itoa(o.Fallback), "get the text of another language"})
	}
	if o.None > 0 {
		rows = append(rows, []string{"nothing", strconv.Itoa(o.None), "there is no text in their language"})
	}
	for _, flaw := range o.Flaws {
		kind := "note"
		if flaw.Stops {
			kind = "mend"
		}
		rows = append(rows, []string{kind, flaw.Text})
	}
	return printTable(rows)
}

// printTable prints rows in columns.
func printTable(rows [][]string) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		if _, err := fmt.Fprintln(out, strings.Join(row, "\t")); err != nil {
			return fmt.Errorf("print a table: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print a table: %w", err)
	}
	return nil
}

func printJSON(value any) error {
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(value); err != nil {
		return fmt.Errorf("print the outcome: %w", err)
	}
	return nil
}
