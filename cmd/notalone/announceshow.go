package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"notalone/flows"
)

// A shown is an announcement as scripts read it: how far it is, and then the very
// fields of a file.
type shown struct {
	standing
	announceFile
}

// A standing is how far an announcement is.
type standing struct {
	ID       string      `json:"id"`
	Stage    flows.Stage `json:"stage"`
	Stopped  string      `json:"stopped,omitempty"` // why it paused by itself
	Undo     string      `json:"undo,omitempty"`    // deleting, editing or paused
	Hash     string      `json:"hash"`
	Approved bool        `json:"approved"` // the content as it stands
	Changed  string      `json:"changed,omitempty"`
	Started  string      `json:"started,omitempty"`
	Ended    string      `json:"ended,omitempty"`
}

func standingOf(a *flows.Announcement) standing {
	return standing{
		ID: a.ID, Stage: a.Stage, Stopped: a.Stopped, Undo: a.Undo.Doing(), Hash: a.Hash(), Approved: a.Approved(),
		Changed: stamp(a.Changed), Started: stamp(a.Started), Ended: stamp(a.Ended),
	}
}

// rows are for people; what is empty is left out.
func (s standing) rows() [][]string {
	rows := [][]string{{"id", s.ID}, {"stage", string(s.Stage)}, {"stopped", s.Stopped}, {"undo", s.Undo}, {"hash", s.Hash}, {"approved", strconv.FormatBool(s.Approved)}, {"changed", s.Changed}, {"started", s.Started}, {"ended", s.Ended}}
	return slices.DeleteFunc(rows, func(row []string) bool { return row[1] == "" })
}

// stamp writes a moment; none for none.
func stamp(seconds int64) string {
	if seconds == 0 {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format(time.RFC3339)
}

// fileOf is the file that an announcement could have been read from.
func fileOf(a *flows.Announcement) announceFile {
	f := announceFile{
		Texts: a.Texts, Fallback: a.Fallback, Picture: filePicture(a.Picture), Pin: a.Pin, CrossPost: a.Spread,
		Audience: fileAudience{Countries: a.To.Countries, Languages: a.To.Langs, Platforms: a.To.Platforms, Kinds: a.To.Kinds},
	}
	if a.To.Groups != a.To.People { // both is what a file without a word on it means
		f.Audience.Who = []string{"people"}
		if a.To.Groups {
			f.Audience.Who = []string{"groups"}
		}
	}
	for _, b := range a.Buttons {
		f.Buttons = append(f.Buttons, fileButton{Open: b.Path, Link: b.URL, Label: b.Labels})
	}
	f.At, f.Zone = whenOf(a.When)
	return f
}

func whenOf(w flows.When) (at, zone string) {
	switch {
	case w.At == 0:
		return "", ""
	case w.Local:
		return time.Unix(w.At, 0).UTC().Format(clockLayout), localZone
	}
	return stamp(w.At), ""
}

type announceShowCmd struct {
	announceID `embed:""`
}

// Run prints a file that can be sent again, with how far it is in comments.
func (c announceShowCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(_ *desk, a *flows.Announcement, _ string) error {
		if c.JSON {
			return printJSON(shown{standingOf(a), fileOf(a)})
		}
		file, err := yaml.Marshal(fileOf(a))
		if err != nil {
			return fmt.Errorf("print the announcement: %w", err)
		}
		var head strings.Builder
		for _, row := range standingOf(a).rows() {
			fmt.Fprintf(&head, "# %s: %s\n", row[0], row[1])
		}
		_, err = fmt.Fprintf(os.Stdout, "%s%s", &head, file)
		return err
	})
}
