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
	// A killed process delays its posts, and the close with them; only a week
	// without kills is on the minute.
	calm, kills := []string{"@ Wednesday 07:30", "@ Wednesday 15:30\n< Closed."}, []string{"@ Wednesday 07:3", "\n< Closed."}
	for name, tc := range map[string]struct {
		kills bool
		wants []string
	}{
		"a quiet week is on the minute":         {false, calm},
		"with kills a post may come a bit late": {true, kills},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := simulateCmd{}.play(t.Context(), &out, week.Options{
				Site: site, From: time.Date(2026, 10, 21, 0, 0, 0, 0, time.UTC), Groups: 12, People: 6, Days: 2, Seed: 1, Kills: tc.kills,
			})
			if err != nil {
				t.Error(err)
			}
			for _, want := range append(tc.wants, "12 groups in 6 time zones and 6 people", "kept: each due post once") {
				if !strings.Contains(out.String(), want) {
					t.Errorf("not shown: %q in\n%s", want, out.String())
				}
			}
		})
	}
}
