package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"notalone/cmd/notalone/week"
	"notalone/flows"
)

func TestSimulateShowsAWeekAndProvesIt(t *testing.T) {
	own := t.TempDir()
	for _, lang := range []string{"en", "id", "vi"} {
		folder := filepath.Join(own, "i18n", lang)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		words := "[class]\nclosed = \"Closed.\"\nanswer = \"It is: {{.Answer}}\"\ntogether = \"{{.Right}} of {{.All}} got it.\"\n[mine]\nfoot = \"You asked for this.\"\n"
		if err := os.WriteFile(filepath.Join(folder, "own.toml"), []byte(words), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	site, err := buildSite(own, flows.Operator{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = simulateCmd{}.play(t.Context(), &out, week.Options{
		Site: site, From: time.Date(2026, 10, 21, 0, 0, 0, 0, time.UTC), Groups: 12, People: 6, Days: 2, Seed: 1, Kills: true,
	})
	if err != nil {
		t.Error(err)
	}
	for _, want := range []string{"@ Wednesday 07:30", "@ Wednesday 15:30\n< Closed.", "12 groups in 6 time zones and 6 people", "kept: each due post once"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("not shown: %q in\n%s", want, out.String())
		}
	}
}
