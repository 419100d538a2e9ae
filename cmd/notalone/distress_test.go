package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/flows"
	"notalone/i18n"
)

// reachedAtLeast is the share of distress messages whose page must be opened or offered
// at once, and openedAtLeast the share that must be opened without asking.
const (
	reachedAtLeast = 0.96
	openedAtLeast  = 0.7
)

// places are where a person may be when the words come.
func places() map[string]struct {
	on    flows.Path
	draft flows.Path
} {
	return map[string]struct{ on, draft flows.Path }{
		"the first message": {}, "the menu": {on: "home"}, "a quiz question": {on: "quiz/today"}, "the pledge": {on: "pledge"},
		"a form": {on: "settings/country", draft: "settings/country"}, "help": {on: "help/scam"}, "after a guess": {on: "guess/scam/tips"},
	}
}

// Words of distress are met with help wherever they come, and one tap leads back.
func TestDistressIsMetWithHelpFirst(t *testing.T) {
	site, err := buildSite("", flows.Operator{})
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []i18n.Lang{"vi", "id", "en"} {
		for place, at := range places() {
			t.Run(string(lang)+" at "+place, func(t *testing.T) {
				state := flows.State{Lang: lang, Tips: []uint16{1}}
				if at.draft != "" {
					state.Draft = flows.Draft{Form: at.draft, Till: transcriptTime.Add(time.Minute).Unix()}
				}
				total, right, straight := 0, 0, 0
				for _, message := range distress(t, lang) {
					next, effects := site.Turn(state, flows.Event{Text: message.text, On: at.on, At: transcriptTime})
					page := firstPage(t, effects)
					want := flows.Path("help/" + message.topic)
					total++
					switch {
					case page.Path == want:
						right++
						straight++
					case page.Path == "ask" && slices.Contains(page.Links(), want):
						right++
					default:
						t.Logf("%s: %s leads to %s %v", message.topic, message.text, page.Path, page.Links())
					}
					if next.Draft != state.Draft || !slices.Equal(next.Tips, state.Tips) {
						t.Errorf("%s: the state is not kept", message.text)
					}
					if page.Path != "unknown" {
						mustLeadBack(t, page, at.on)
					}
				}
				if got := float64(right) / float64(total); got < reachedAtLeast {
					t.Errorf("%.3f of %d reach their page, %.2f wanted", got, total, reachedAtLeast)
				}
				if got := float64(straight) / float64(total); got < openedAtLeast {
					t.Errorf("%.3f of %d are answered without asking, %.2f wanted", got, total, openedAtLeast)
				}
			})
		}
	}
}

func mustLeadBack(t *testing.T, page *flows.Page, on flows.Path) {
	t.Helper()
	switch {
	case on == "":
		on = "home"
	case on.Root() == "guess":
		on = "tips"
	}
	links := page.Links()
	if !slices.Contains(links, on) || links[len(links)-1] != "help" {
		t.Errorf("%s does not lead back to %s and to help: %v", page.Path, on, links)
	}
}

// firstPage is what the person sees first.
func firstPage(t *testing.T, effects []flows.Effect) *flows.Page {
	t.Helper()
	for _, effect := range effects {
		if show, ok := effect.(flows.Show); ok {
			return show.Page
		}
	}
	t.Fatal("nothing is answered")
	return nil
}

// A distressMessage is a line of testdata/distress and the topic it stands under.
type distressMessage struct{ topic, text string }

func distress(t *testing.T, lang i18n.Lang) []distressMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "distress", string(lang)+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var messages []distressMessage
	topic := ""
	for line := range strings.Lines(string(data)) {
		switch line = strings.TrimSpace(line); {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			topic = strings.Trim(line, "[]")
		default:
			messages = append(messages, distressMessage{topic, line})
		}
	}
	if len(messages) < 150 {
		t.Fatalf("%s has %d messages", lang, len(messages))
	}
	return messages
}
