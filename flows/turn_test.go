package flows_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

var at = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// shown is the page an event is answered with.
func shown(effects []flows.Effect) *flows.Page {
	for _, effect := range effects {
		if show, ok := effect.(flows.Show); ok {
			return show.Page
		}
	}
	return nil
}

func TestTurnIsTotal(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	paths := append(site.Crawl("en"), site.Directly()...)
	anyPath := rapid.OneOf(
		rapid.SampledFrom(paths),
		rapid.Map(rapid.StringMatching(`[a-z_/.-]{0,70}`), func(s string) flows.Path { return flows.Path(s) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		var state flows.State
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			ev := flows.Event{
				At: at.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "after")) * time.Second), Seed: rapid.Uint64().Draw(t, "seed"),
				Locale: rapid.SampledFrom([]string{"vi", "id-ID", "en", "th", ""}).Draw(t, "locale"), On: anyPath.Draw(t, "on"),
				Offline: rapid.Bool().Draw(t, "offline"), Shared: rapid.Bool().Draw(t, "shared"),
			}
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				ev.Path = anyPath.Draw(t, "path")
			case 1:
				ev.Text, ev.Forwarded = rapid.String().Draw(t, "text"), rapid.Bool().Draw(t, "forwarded")
			case 2:
				ev.Link = rapid.StringMatching(`[A-Za-z0-9_-]{0,64}`).Draw(t, "link")
			case 3:
				ev.Media = true
			}
			before := state
			next, effects := site.Turn(state, ev)
			if len(effects) == 0 {
				t.Fatalf("no answer to %+v", ev)
			}
			if page := shown(effects); page != nil && (len(page.Text) == 0 || page.Path == "") {
				t.Fatalf("an empty page for %+v", ev)
			}
			if !before.Equal(state) {
				t.Fatal("Turn changed the state it was given")
			}
			state = next
		}
	})
}

func TestUnknownWordsAlwaysEndWithHelp(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.Rune()).Draw(t, "text")
		_, effects := site.Turn(flows.State{}, flows.Event{Text: text, At: at, Locale: "en"})
		page := shown(effects)
		links := page.Links()
		if len(links) > 0 && page.Path != "help" && links[len(links)-1] != "help" {
			t.Fatalf("%q was answered without Help: %v", text, links)
		}
		if words := strings.ToLower(page.Text.Plain()); strings.Contains(words, "invalid") || strings.Contains(words, "error") {
			t.Fatalf("%q was answered with an error", text)
		}
	})
}

func TestHear(t *testing.T) {
	reader := bottest.Keywords{
		"someone took my money": {Labels: []string{"scam"}, Decision: flows.Go},
		"ai đó lừa mình":        {Labels: []string{"scam"}, Decision: flows.Go, Lang: "vi"},
		"hmm money":             {Labels: []string{"scam", "danger"}, Decision: flows.Ask},
		"a tip maybe":           {Labels: []string{"tip"}, Decision: flows.Go},
	}
	site := bottest.Site(t, reader)
	for name, tc := range map[string]struct {
		ev   flows.Event
		want flows.Path
	}{
		"a press":                            {flows.Event{Path: "tips"}, "tips"},
		"an old button":                      {flows.Event{Path: "gone/away"}, "home"},
		"a deep link":                        {flows.Event{Link: "help_scam"}, "help/scam"},
		"a deep link that leads nowhere":     {flows.Event{Link: "no_such_page"}, "home"},
		"a press in a flood":                 {flows.Event{Path: "tips", Hurried: true}, ""},
		"help in a flood":                    {flows.Event{Path: "help", Hurried: true}, "help"},
		"distress in a flood":                {flows.Event{Text: "someone took my money", Hurried: true}, "help/scam"},
		"a picture":                          {flows.Event{Media: true}, "media"},
		"a picture with words":               {flows.Event{Media: true, Text: "blub"}, "media"},
		"a picture with words for a command": {flows.Event{Media: true, Text: "a tip maybe"}, "media"},
		"a picture with words in distress":   {flows.Event{Media: true, Text: "someone took my money"}, "help/scam"},
		"a picture and what may be distress": {flows.Event{Media: true, Text: "hmm money"}, "ask"},
		"a safe word":                        {flows.Event{Text: "HELP!!"}, "help"},
		"a safe word of another language":    {flows.Event{Text: "cứu với"}, "help"},
		"hide in Indonesian":                 {flows.Event{Text: "Sembunyikan"}, ""},
		"a label":                            {flows.Event{Text: "safety tips"}, "tips"},
		"a number of the page on show":       {flows.Event{Text: "2", On: "quiz/prize"}, "quiz/prize/b"},
		"a number with no page on show":      {flows.Event{Text: "2"}, "unknown"},
		"a label of the page on show":        {flows.Event{Text: "leave it", On: "quiz/prize"}, "quiz/prize/b"},
		"words in distress":                  {flows.Event{Text: "someone took my money"}, "help/scam"},
		"words in distress on another page":  {flows.Event{Text: "someone took my money", On: "quiz/prize"}, "help/scam"},
		"words that may mean several things": {flows.Event{Text: "hmm money"}, "ask"},
		"words for a command":                {flows.Event{Text: "a tip maybe"}, "tips"},
		"a thank-you":                        {flows.Event{Text: "Makasih ya!", On: "help/scam"}, "thanks"},
		"unknown words":                      {flows.Event{Text: "blub"}, "unknown"},
		"nothing at all":                     {flows.Event{Text: "  "}, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.ev.At, tc.ev.Locale = at, "en"
			_, effects := site.Turn(flows.State{}, tc.ev)
			var got flows.Path
			if page := shown(effects); page != nil {
				got = page.Path
			}
			if got != tc.want {
				t.Errorf("answered with %q, want %q", got, tc.want)
			}
		})
	}
}

func TestATypedLanguageIsAnsweredInIt(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{"ai đó lừa mình": {Labels: []string{"scam"}, Decision: flows.Go, Lang: "vi"}})
	state, effects := site.Turn(flows.State{Lang: "en"}, flows.Event{Text: "ai đó lừa mình", At: at})
	if page := shown(effects); page.Lang != "vi" {
		t.Errorf("answered in %q", page.Lang)
	}
	if state.Lang != "en" {
		t.Error("the chosen language was changed by a message")
	}
}

func TestNotThatLeadsBackToWhereThePersonWas(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{"x": {Labels: []string{"scam"}, Decision: flows.Go}})
	state := flows.State{Draft: flows.Draft{Form: "settings/country", Till: at.Add(time.Minute).Unix()}}
	next, effects := site.Turn(state, flows.Event{Text: "x", On: "quiz/prize", At: at, Locale: "en"})
	if next.Draft != state.Draft {
		t.Error("the form was lost")
	}
	found := false
	for _, link := range shown(effects).Links() {
		found = found || link == "quiz/prize"
	}
	if !found {
		t.Errorf("no way back in %v", shown(effects).Links())
	}
}

func TestDistressWinsOverAForm(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{"Indonesia": {Labels: []string{"danger"}, Decision: flows.Go}})
	state := flows.State{Draft: flows.Draft{Form: "settings/country", Till: at.Add(time.Minute).Unix()}}
	_, effects := site.Turn(state, flows.Event{Text: "Indonesia", At: at, Locale: "en"})
	if page := shown(effects); page.Path != "help/danger" {
		t.Errorf("answered with %q", page.Path)
	}
}

func TestTheQuestionOfTheDayIsTheSameForAllAndComesBackLate(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	pool := len(site.Content().Questions)
	last := map[string]int{}
	for d := range 2 * pool {
		q := site.QuestionOf(at.AddDate(0, 0, d))
		if before, ok := last[q.ID]; ok && d-before < pool {
			t.Errorf("%s came again after %d days, the pool has %d", q.ID, d-before, pool)
		}
		last[q.ID] = d
	}
}

func TestPrivacyTellsTheNumbersTheCodeKeepsTo(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for _, lang := range []i18n.Lang{"en", "vi", "id"} {
		words := site.Open(lang, "privacy").Text.Plain()
		for _, number := range []string{" 90 ", " 30 ", " 48 ", "A school", "safe@example.org"} {
			if !strings.Contains(words, number) {
				t.Errorf("%s: %q is missing in %q", lang, number, words)
			}
		}
	}
}

func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"home", "help/self_harm", "a//b", "/", strings.Repeat("x", 65), "quiz/a/b?c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		path, err := flows.ParsePath(raw)
		if err == nil && (string(path) != raw || len(path) > flows.MaxPath || strings.ContainsAny(raw, " \n\x00<&")) {
			t.Errorf("ParsePath(%q) = %q", raw, path)
		}
	})
}

func TestWhoWritesInTheirLanguageIsAnsweredInIt(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{"ai đó lừa mình": {Labels: []string{"scam"}, Decision: flows.Go, Lang: "vi"}})
	for name, tc := range map[string]struct {
		state flows.State
		ev    flows.Event
		want  i18n.Lang
	}{
		"a safe word, and the client tells nothing":     {flows.State{}, flows.Event{Text: "cứu với"}, "vi"},
		"a safe word on a phone in English":             {flows.State{}, flows.Event{Text: "tolong", Locale: "en"}, "id"},
		"a safe word of several languages":              {flows.State{}, flows.Event{Text: "menu"}, "en"},
		"an English word on a phone in Vietnamese":      {flows.State{}, flows.Event{Text: "help", Locale: "vi"}, "vi"},
		"an English word in a talk in Vietnamese":       {flows.State{}, flows.Event{Text: "help", On: "home", OnLang: "vi"}, "vi"},
		"a press on what was answered in Vietnamese":    {flows.State{}, flows.Event{Path: "tips", On: "help/scam", OnLang: "vi", Locale: "en"}, "vi"},
		"what nobody understands":                       {flows.State{}, flows.Event{Text: "blub", On: "help/scam", OnLang: "vi"}, "vi"},
		"a phone in Indonesian is believed":             {flows.State{}, flows.Event{Path: "tips", On: "home", OnLang: "en", Locale: "id"}, "id"},
		"a language that was chosen stays":              {flows.State{Lang: "id"}, flows.Event{Path: "tips", On: "help/scam", OnLang: "vi"}, "id"},
		"a sentence decides whatever the client tells":  {flows.State{}, flows.Event{Text: "ai đó lừa mình", Locale: "id"}, "vi"},
		"a language that is gone from the bot says not": {flows.State{}, flows.Event{Path: "tips", OnLang: "xx", Locale: "en"}, "en"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.ev.At = at
			_, effects := site.Turn(tc.state, tc.ev)
			if page := shown(effects); page == nil || page.Lang != tc.want {
				t.Errorf("answered with %v, want %s", page, tc.want)
			}
		})
	}
}
