package flows_test

import (
	"strings"
	"testing"
	"time"

	"notalone/bot/bottest"
	"notalone/flows"
)

func TestAPauseUntilADate(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for name, tc := range map[string]struct {
		typed string
		press flows.Path
		want  string // the day posts begin again; empty: no pause
	}{
		"two weeks":                {press: "setup/pause/2", want: "2026-12-08"},
		"a date":                   {press: "setup/pause/2026-12-31", want: "2026-12-31"},
		"yesterday":                {press: "setup/pause/2026-11-23"},
		"in two years":             {press: "setup/pause/2028-11-24"},
		"no date":                  {press: "setup/pause/2026-13-01"},
		"no length that is told":   {press: "setup/pause/3"},
		"typed":                    {typed: "31/12/2026", want: "2026-12-31"},
		"typed with points":        {typed: "31.12.", want: "2026-12-31"},
		"typed as sorted":          {typed: "2027-01-04", want: "2027-01-04"},
		"typed, next year's":       {typed: "4/1", want: "2027-01-04"},
		"typed, no such day":       {typed: "31/2"},
		"typed, something else":    {typed: "not yet 3"},
		"typed, a time of the day": {typed: "7 30 15 20"},
	} {
		t.Run(name, func(t *testing.T) {
			p := group(t, site)
			p.can = flows.CanHear
			p.feed = &flows.Feed{Lang: "en", Zone: "Asia/Ho_Chi_Minh", Quiz: daily}
			if page := p.press("setup/pause"); !strings.Contains(page.Text.Plain(), "31/12") {
				t.Fatalf("does not say that a date may be typed: %q", page.Text.Plain())
			}
			page, _ := p.do(flows.Event{Path: tc.press, Text: tc.typed, On: "setup/pause"})
			if tc.want == "" {
				if p.feed.PausedTill != 0 {
					t.Errorf("paused till %s", time.Unix(p.feed.PausedTill, 0))
				}
				return
			}
			zone, _ := time.LoadLocation(p.feed.Zone)
			if got := time.Unix(p.feed.PausedTill, 0).In(zone).Format(time.DateTime); got != tc.want+" 00:00:00" || !strings.Contains(page.Text.Plain(), tc.want) {
				t.Errorf("paused till %s: %q", got, page.Text.Plain())
			}
		})
	}
}

func TestThePausesDateCanBeMoved(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	p.feed = &flows.Feed{Lang: "en", Zone: "Asia/Ho_Chi_Minh", Quiz: daily}
	page := p.press("setup/pause/1")
	for _, path := range []flows.Path{"setup/pause/2026-12-02", "setup/pause/2026-12-09", "setup/pause/2026-12-08"} {
		if !has(page, path) {
			t.Fatalf("no way to %q from %v", path, page.Links())
		}
		page = p.press(path)
	}
	if page = p.press("setup/pause/2026-11-25"); has(page, "setup/pause/2026-11-24") {
		t.Error("a pause can be made to end in the past")
	}
	if page = p.press("setup/pause/off"); p.feed.PausedTill != 0 || page.Path != "setup" {
		t.Errorf("went on with %+v", p.feed)
	}
}

func TestASearchForACountry(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{"thai": {}, "in": {}})
	for typed, want := range map[string][]flows.Path{
		"thai lan":  {"setup/country/TH"},
		"Nhat":      {"setup/country/JP"},
		"in":        {"setup/country/ID", "setup/country/IN"},
		"zealand":   {"setup/country/NZ"},
		"nowhere":   nil,
		"i":         nil,
		"indonesia": {"setup/country/ID"},
	} {
		p := group(t, site)
		p.can = flows.CanHear
		p.feed = &flows.Feed{Lang: "vi", Country: "VN", Zone: "Asia/Ho_Chi_Minh"}
		p.press("setup/country")
		page, _ := p.do(flows.Event{Text: typed, On: "setup/country"})
		switch {
		case len(want) == 0:
			if p.feed.Country != "VN" || page.Path != "unknown" {
				t.Errorf("%q led to %s with %s", typed, page.Path, p.feed.Country)
			}
		case len(want) == 1:
			if flows.Path("setup/country/"+p.feed.Country) != want[0] {
				t.Errorf("%q chose %s", typed, p.feed.Country)
			}
		default:
			fits(t, page)
			for _, path := range want {
				if !has(page, path) {
					t.Errorf("%q does not offer %s: %v", typed, path, page.Links())
				}
			}
		}
	}
	p := group(t, site)
	if page := p.press("setup/country"); strings.Contains(page.Text.Plain(), text(site, "vi", "list.type")) {
		t.Error("words are asked for where they do not arrive")
	}
}

func TestMissingRightsAreNamedWithHowToGiveThem(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for _, lang := range site.Words().Langs() {
		for _, lack := range flows.Lacks() {
			p := group(t, site)
			p.locale, p.lacks = string(lang), []flows.Lack{lack}
			p.feed = &flows.Feed{Lang: lang, Country: "VN", Zone: "Asia/Ho_Chi_Minh"}
			if got := p.press("setup").Text.Plain(); !strings.Contains(got, "→") || strings.Contains(got, "lack.") {
				t.Errorf("%s: %s: %q", lang, lack, got)
			}
		}
	}
}

func TestTheChannelIsChosenWhereThereIsAChooser(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	p.can, p.spot = flows.CanPick|flows.CanWhisper, "71"
	if page := p.press("setup/quiz/on"); p.feed.Spot != "71" || !page.Sensitive {
		t.Fatalf("posts go to %q", p.feed.Spot)
	}
	if page := p.press("setup/spot"); page.Pick == nil || page.Pick.Now != "71" {
		t.Fatalf("shown %+v", page)
	}
	p.press("setup/spot/72")
	if p.press("setup/tip/on"); p.feed.Spot != "72" {
		t.Errorf("posts go to %q, want the chosen channel", p.feed.Spot)
	}
	p.can = 0
	if page := p.press("setup/spot/73"); page.Path != "setup" || p.feed.Spot == "73" {
		t.Errorf("chosen without a chooser: %q", p.feed.Spot)
	}
	if p.press("setup/tip/off"); p.feed.Spot != "71" {
		t.Errorf("posts go to %q, want the topic it was asked in", p.feed.Spot)
	}
}

func TestTheChannelIsDeleted(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	p.can, p.spot = flows.CanPick|flows.CanWhisper, "71"
	p.press("setup/quiz/on")
	p.spot = "72"
	if p.do(flows.Event{Closed: true}); p.feed.PausedTill != 0 || p.alerts != 0 {
		t.Fatal("another channel's end paused it")
	}
	p.spot = "71"
	for range 2 { // the second is of no interest any more
		if page, _ := p.do(flows.Event{Closed: true}); page != nil || !p.feed.Paused() || p.alerts != 1 || !p.feed.Quiz.On() {
			t.Fatalf("kept %+v after %d alerts", p.feed, p.alerts)
		}
	}
	p.spot = "72"
	page := p.press("setup")
	if page.Text.Plain() != text(site, "vi", "setup.gone") || !has(page, "setup/spot") {
		t.Errorf("set-up shows %q", page.Text.Plain())
	}
	p.press("setup/spot/73")
	if p.press("setup/pause/off"); p.feed.Paused() || p.feed.Spot != "73" {
		t.Errorf("went on with %+v", p.feed)
	}
	if page := site.AlertPage(*p.feed, "Class *8A*"); !strings.Contains(page.Text.Plain(), "Class *8A*") {
		t.Errorf("told %q", page.Text.Plain())
	}
}

func TestWhatIsSentFollowsTheLanguageAtOnce(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := private(t, site)
	p.press("mine/tip/on")
	if p.press("settings/lang/id"); p.feed.Lang != "id" || p.state.Lang != "id" {
		t.Errorf("sent in %q, talked to in %q", p.feed.Lang, p.state.Lang)
	}
	p.feed = nil
	if p.press("settings/lang/en"); p.feed != nil || p.state.Lang != "en" {
		t.Errorf("a choice of language made %+v", p.feed)
	}
	p.offline = true
	if page := p.press("settings/lang/vi"); page == nil || page.Lang != "vi" {
		t.Error("no language without the store")
	}
}
