package main

import (
	"bytes"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/terminal"
	"notalone/flows"
)

var update = flag.Bool("update", false, "rewrite the golden conversations")

// transcriptTime is when every transcript takes place: a school morning.
var transcriptTime = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// TestTranscripts plays the conversations of testdata/transcripts: "# " lines set
// the scene, "> " lines are what the person does, the rest is what the bot says.
func TestTranscripts(t *testing.T) {
	site, err := buildSite("", flows.Operator{Name: "Example School", Contact: "safety@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, site, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the conversation changed (make transcripts rewrites it):\n%s", diff)
			}
		})
	}
}

// The conversations of docs are those of testdata: five in each language.
func TestPrintedConversationsAreUpToDate(t *testing.T) {
	for _, lang := range []string{"vi", "id", "en"} {
		files, err := filepath.Glob("testdata/transcripts/" + lang + "-*.txt")
		if err != nil || len(files) < 5 {
			t.Errorf("%s has %d conversations, 5 or more: %v", lang, len(files), err)
		}
		want, err := printed(files)
		if err != nil {
			t.Fatal(err)
		}
		path := "../../docs/conversations/" + lang + ".md"
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is not what was played (make conversations rewrites it): %v\n%s", path, err, cmp.Diff(string(got), want))
		}
	}
}

// play runs the "> " lines of a script through the whole bot.
func play(t *testing.T, site *flows.Site, script string) string {
	t.Helper()
	var scene, input []string
	options := terminal.Options{Echo: true, Now: func() time.Time { return transcriptTime }}
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if said, ok := strings.CutPrefix(line, "> "); ok {
			input = append(input, said)
		}
		if setting, ok := strings.CutPrefix(line, "# "); ok {
			scene = append(scene, line)
			name, value, _ := strings.Cut(setting, ": ")
			switch name {
			case "locale":
				options.Locale = value
			case "place":
				options.Shared = value == "group"
			case "open":
				options.Open = flows.Path(value)
			}
		}
	}
	var out bytes.Buffer
	options.In, options.Out = strings.NewReader(strings.Join(input, "\n")), &out
	b := bot.New(bot.Options{
		Site: site, Store: bottest.NewStore(), Adapters: []bot.Adapter{terminal.New(options)},
		Log: slog.New(slog.DiscardHandler), Now: options.Now, Seed: func() uint64 { return 11 },
	})
	if err := b.Run(t.Context()); err != nil && !errors.Is(err, terminal.ErrEnd) {
		t.Fatal(err)
	}
	return strings.Join(scene, "\n") + "\n\n" + out.String()
}
