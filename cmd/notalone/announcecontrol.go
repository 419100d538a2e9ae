package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"notalone/bot/redisstore"
	"notalone/flows"
)

type announceListCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// listMost is how many announcements are listed.
const listMost = 100

// Run implements the command.
func (c announceListCmd) Run(ctx context.Context) error {
	d, err := openDesk(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	list, err := d.store.Announcements(ctx, listMost)
	if err != nil {
		return err
	}
	if c.JSON {
		all := make([]shown, 0, len(list))
		for _, a := range list {
			all = append(all, shown{standingOf(a), fileOf(a)})
		}
		return printJSON(all)
	}
	var rows [][]string
	for _, a := range list {
		rows = append(rows, []string{a.ID, string(a.Stage), stamp(a.Changed), a.Hash()})
	}
	return printTable(rows)
}

// announceID names one announcement.
type announceID struct {
	ID   string `arg:"" name:"id" help:"Its id, as list shows it."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// with opens the desk with one announcement on it.
func (c announceID) with(ctx context.Context, do func(d *desk, a *flows.Announcement, version string) error) error {
	d, err := openDesk(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	a, version, err := d.store.Announcement(ctx, c.ID)
	if err != nil {
		return err
	}
	if a == nil {
		return fmt.Errorf("%w: there is no announcement %q", errUsage, c.ID)
	}
	return do(d, a, version)
}

// move does something with one announcement; an act that tells nothing was none.
func (c announceID) move(ctx context.Context, do func(d *desk, a *flows.Announcement) (act string, err error)) error {
	return c.with(ctx, func(d *desk, a *flows.Announcement, version string) error {
		act, err := do(d, a)
		if err != nil {
			return err
		}
		if act == "" {
			return fmt.Errorf("it is %s: that cannot be done with it", cmp.Or(a.Undo.Doing(), string(a.Stage)))
		}
		if err := d.save(ctx, a, version, act); err != nil {
			return err
		}
		now := standingOf(a)
		if c.JSON {
			return printJSON(now)
		}
		return printTable(now.rows())
	})
}

func (d *desk) progress(ctx context.Context, a *flows.Announcement) (*flows.Progress, error) {
	platforms, err := d.store.Platforms(ctx)
	if err != nil {
		return nil, err
	}
	return d.store.Progress(ctx, a, platforms)
}

type announcePauseCmd struct {
	announceID `embed:""`
}

// Run implements the command.
func (c announcePauseCmd) Run(ctx context.Context) error {
	return c.move(ctx, func(_ *desk, a *flows.Announcement) (string, error) { return a.Pause(), nil })
}

type announceResumeCmd struct {
	announceID `embed:""`
}

// Run implements the command.
func (c announceResumeCmd) Run(ctx context.Context) error {
	return c.move(ctx, func(d *desk, a *flows.Announcement) (string, error) {
		progress, err := d.progress(ctx, a.Sent())
		if err != nil {
			return "", err
		}
		return a.Resume(progress.Faults()), nil
	})
}

type announceCancelCmd struct {
	announceID `embed:""`
}

// Run implements the command.
func (c announceCancelCmd) Run(ctx context.Context) error {
	return c.move(ctx, func(_ *desk, a *flows.Announcement) (string, error) { return a.Cancel(), nil })
}

type announceReportCmd struct {
	announceID `embed:""`
	CSV        bool `name:"csv" help:"Print CSV: outcome, why, language, platform, receivers."`
}

// A report is how an announcement stands, as a whole.
type report struct {
	ID      string             `json:"id"`
	Stage   flows.Stage        `json:"stage"`
	Started string             `json:"started,omitempty"`
	Seconds int64              `json:"seconds,omitempty"`
	All     int                `json:"all"`
	Left    int                `json:"left"`
	Tallies []flows.Tallied    `json:"tallies"`
	Presses map[flows.Path]int `json:"presses,omitempty"` // those of 10 or more
	Undo    *undoReport        `json:"undo,omitempty"`    // the last one
}

// An undoReport is how the last undo stands: "sent" are those it changed.
type undoReport struct {
	How     string          `json:"how"` // delete or edit
	Doing   string          `json:"doing,omitempty"`
	All     int             `json:"all"`
	Left    int             `json:"left"`
	Tallies []flows.Tallied `json:"tallies"`
}

// Run implements the command.
func (c announceReportCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(d *desk, a *flows.Announcement, _ string) error {
		r, err := d.report(ctx, a)
		if err != nil {
			return err
		}
		switch {
		case c.JSON:
			return printJSON(r)
		case c.CSV:
			return r.csv()
		}
		return r.print()
	})
}

func (d *desk) report(ctx context.Context, a *flows.Announcement) (report, error) {
	progress, err := d.progress(ctx, a.Sent())
	if err != nil {
		return report{}, err
	}
	r := report{ID: a.ID, Stage: a.Stage, Started: stamp(a.Started), All: progress.All, Left: progress.Left, Tallies: progress.Tallies, Presses: progress.Shown()}
	if a.Started > 0 && a.Ended > 0 {
		r.Seconds = a.Ended - a.Started
	}
	if a.Undo.Round == 0 {
		return r, nil
	}
	undone, err := d.progress(ctx, a)
	if err != nil {
		return report{}, err
	}
	r.Undo = &undoReport{How: "edit", Doing: a.Undo.Doing(), All: undone.All, Left: undone.Left, Tallies: undone.Tallies}
	if a.Undo.Delete {
		r.Undo.How = "delete"
	}
	return r, nil
}

func (r report) csv() error {
	sent := flows.Progress{Tallies: r.Tallies}
	if _, err := os.Stdout.Write(sent.CSV()); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}

func (r report) print() error {
	rows := [][]string{{"id", r.ID}, {"stage", string(r.Stage)}, {"receivers", strconv.Itoa(r.All)}, {"left", strconv.Itoa(r.Left)}}
	for _, t := range r.Tallies {
		rows = append(rows, []string{t.Outcome, strconv.Itoa(t.N), t.Platform, t.Lang, t.Why})
	}
	for _, path := range slices.Sorted(maps.Keys(r.Presses)) {
		rows = append(rows, []string{"pressed", strconv.Itoa(r.Presses[path]), string(path)})
	}
	if r.Undo != nil {
		rows = append(rows, []string{"undo", r.Undo.How, r.Undo.Doing}, []string{"undo of", strconv.Itoa(r.Undo.All)}, []string{"undo left", strconv.Itoa(r.Undo.Left)})
		for _, t := range r.Undo.Tallies {
			rows = append(rows, []string{"undo " + t.Outcome, strconv.Itoa(t.N), t.Platform, t.Lang, t.Why})
		}
	}
	return printTable(rows)
}

type auditCmd struct {
	JSON  bool   `name:"json" help:"Print one JSON line an entry."`
	Since string `placeholder:"FINGERPRINT" help:"Also prove that an entry noted earlier is still there."`
}

// Run prints the audit log and proves that nobody changed it.
func (c auditCmd) Run(ctx context.Context) error {
	d, err := openDesk(ctx)
	if err != nil {
		return err
	}
	defer d.close()
	n, last, found := 0, "", c.Since == ""
	err = d.store.Audit(ctx, func(e redisstore.Entry) error {
		n, last, found = n+1, e.Sum, found || e.Sum == c.Since
		if c.JSON {
			return json.NewEncoder(os.Stdout).Encode(e)
		}
		_, err := fmt.Printf("%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.N, time.Unix(e.At, 0).UTC().Format(time.RFC3339), e.Who, e.Label, e.Act, e.ID, e.Hash)
		return err
	})
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w: no entry has the fingerprint %s", redisstore.ErrTampered, c.Since)
	}
	_, err = fmt.Fprintf(os.Stderr, "%d entries, the chain is whole and ends in %s\n", n, last)
	return err
}
