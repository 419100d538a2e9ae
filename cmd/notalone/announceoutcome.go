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
	"strings"
	"text/tabwriter"

	"notalone/flows"
	"notalone/i18n"
)

// An outcome is what came of a file.
type outcome struct {
	ID       string         `json:"id,omitempty"` // of what is kept
	Stage    flows.Stage    `json:"stage,omitempty"`
	Hash     string         `json:"hash"`
	When     string         `json:"when,omitempty"`
	Approval string         `json:"approval,omitempty"` // needed or not needed
	Flaws    []told         `json:"flaws"`
	All      int            `json:"all"`             // whom it goes to
	Reach    map[string]int `json:"reach,omitempty"` // "telegram vi" → how many; nil: nobody knows

	Fallback int `json:"fallback"` // get the text of another language
	None     int `json:"none"`     // get nothing: there is no text for them

	Told *int `json:"told,omitempty"` // moderators who were asked to agree; nil: nobody had to be
}

type told struct {
	Text  string `json:"text"`
	Stops bool   `json:"stops"`
}

// alone reports whether nobody else has to agree.
func (d *desk) alone(ctx context.Context) (bool, error) {
	voices, err := d.store.Voices(ctx)
	return voices < 2 || d.site.Newsroom().Solo, err
}

// foresee tells whom an announcement would reach, by platform and language, and
// who has to agree; without a store nobody knows.
func (d *desk) foresee(ctx context.Context, a *flows.Announcement, out *outcome) error {
	if d.store == nil {
		return nil
	}
	alone, err := d.alone(ctx)
	if err != nil {
		return err
	}
	out.Approval = "needed"
	if alone {
		out.Approval = "not needed"
	}
	platforms, err := d.store.Platforms(ctx)
	if err != nil {
		return err
	}
	all, err := d.store.Reach(ctx, platforms)
	if err != nil {
		return err
	}
	reach := d.site.ReachOf(a, all)
	out.All, out.Fallback, out.None, out.Reach = reach.All, reach.Fallback, reach.None, map[string]int{}
	for _, part := range reach.Parts {
		out.Reach[part.Platform+" "+string(part.Class.Lang)] = part.N
	}
	return nil
}

func tellWhen(w flows.When) string {
	at, zone := whenOf(w)
	if zone == localZone {
		at += " on each receiver's clock"
	}
	return cmp.Or(at, "at once")
}

func (d *desk) tellFlaws(flaws []flows.Flaw) []told {
	list := make([]told, 0, len(flaws))
	for _, flaw := range flaws {
		list = append(list, told{Text: d.site.Words().Line(i18n.Fallback, flaw.Key, flaw.Args...), Stops: flaw.Stops})
	}
	return list
}

func (o outcome) print(asJSON bool) error {
	if asJSON {
		return printJSON(o)
	}
	var rows [][]string
	for _, row := range [][]string{{"id", o.ID}, {"stage", string(o.Stage)}, {"hash", o.Hash}, {"when", o.When}, {"approval", o.Approval}} {
		if row[1] != "" {
			rows = append(rows, row)
		}
	}
	receivers := "not known without REDIS_URL"
	if o.Reach != nil {
		receivers = strconv.Itoa(o.All)
	}
	rows = append(rows, []string{"receivers", receivers})
	for _, where := range slices.Sorted(maps.Keys(o.Reach)) {
		rows = append(rows, []string{"reaches", strconv.Itoa(o.Reach[where]), where})
	}
	if o.Fallback > 0 {
		rows = append(rows, []string{"fallback", strconv.Itoa(o.Fallback), "get the text of another language"})
	}
	if o.None > 0 {
		rows = append(rows, []string{"nothing", strconv.Itoa(o.None), "there is no text in their language"})
	}
	if o.Told != nil {
		rows = append(rows, []string{"told", strconv.Itoa(*o.Told), "moderators in a chat with the bot"})
	}
	if len(o.Flaws) == 0 {
		rows = append(rows, []string{"checks", "nothing is wrong"})
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
