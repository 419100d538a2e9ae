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

func TestOneGreetingEver(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	page, _ := p.do(flows.Event{Joined: true})
	if page == nil || page.Lang != "vi" || len(page.Links()) != 1 || !has(page, "setup") {
		t.Fatalf("greeted with %+v", page)
	}
	if !p.feed.Greeted || p.feed.Quiz.On() || p.feed.Tip.On() || p.feed.Practice.On() || p.feed.News || p.feed.Lang != "" {
		t.Errorf("a new group has %+v", p.feed)
	}
	if again, effects := p.do(flows.Event{Joined: true}); again != nil || len(effects) != 0 {
		t.Errorf("greeted again: %+v", again)
	}
	p.locale = "id-ID" // whoever sets it up decides, not who added the bot
	if p.press("setup/quiz/on"); p.feed.Lang != "id" || p.feed.Zone != "Asia/Jakarta" {
		t.Errorf("set up as %+v", p.feed)
	}
	p = group(t, site)
	p.offline = true
	if page, effects := p.do(flows.Event{Joined: true}); page != nil || len(effects) != 0 {
		t.Errorf("greeted though it could not be noted: %+v", page)
	}
	if page, _ := private(t, site).do(flows.Event{Joined: true}); page == nil || page.Path != "home" {
		t.Errorf("in private: %+v", page)
	}
}

func TestSetupIsForWhoManagesTheGroup(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	only := text(site, "vi", "setup.only")
	for name, tc := range map[string]struct {
		manager flows.Answer
		can     flows.Can
		path    flows.Path
		want    string // beginning of the text; empty: no page
		secret  bool
	}{
		"an admin":                           {flows.Yes, 0, "setup", "Mình đăng gì ở đây", false},
		"an admin who can be whispered to":   {flows.Yes, flows.CanWhisper, "setup", "Mình đăng gì ở đây", true},
		"a member who can be whispered to":   {flows.No, flows.CanWhisper, "setup/quiz/on", only, true},
		"a member's command":                 {flows.No, 0, "setup", only, false},
		"a member's press on an admin's own": {flows.No, 0, "setup/quiz/on", "", false},
		"a member who is told in passing":    {flows.No, flows.CanNote, "setup/quiz/on", only, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := group(t, site)
			p.manager, p.can = tc.manager, tc.can
			page := p.press(tc.path)
			switch {
			case tc.want == "" && page != nil:
				t.Errorf("showed %+v", page)
			case tc.want != "" && (page == nil || !strings.HasPrefix(page.Text.Plain(), tc.want) || page.Sensitive != tc.secret):
				t.Errorf("showed %+v", page)
			}
			if tc.manager == flows.No && p.feed != nil {
				t.Errorf("a member changed %+v", p.feed)
			}
		})
	}
	p := group(t, site)
	p.offline = true
	if page, effects := p.do(flows.Event{Path: "setup/quiz/on"}); page == nil || len(effects) != 2 || page.Text.Plain() != text(site, "vi", "setup.offline") {
		t.Errorf("without the store: %+v", page)
	}
	if page := private(t, site).press("setup/quiz/on"); page == nil || page.Path != "setup" || !has(page, "adults/school") {
		t.Errorf("in private: %+v", page)
	}
}

func TestATeacherSetsAClassUp(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	for _, path := range []flows.Path{
		"setup", "setup/lang/id", "setup/country/ID", "setup/zone/Asia.Makassar", "setup/quiz/on", "setup/quiz/days/21", "setup/quiz/hour/1600",
		"setup/tip/on", "setup/practice/on", "setup/news/on", "setup/pause/2",
	} {
		if p.press(path) == nil {
			t.Fatalf("no page for %q", path)
		}
	}
	want := flows.Feed{
		Lang: "id", Country: "ID", Zone: "Asia/Makassar", Quiz: flows.Plan{Days: 21, Minute: 960}, News: true,
		Tip: flows.Plan{Days: 32, Minute: 540}, Practice: flows.Plan{Days: 64, Minute: 540}, // weekly, on days that are free
		PausedTill: time.Date(2026, 12, 8, 0, 0, 0, 0, time.FixedZone("", 8*3600)).Unix(), LastUse: p.feed.LastUse,
	}
	if !p.feed.Equal(&want) {
		t.Errorf("set up %+v\nwant   %+v", *p.feed, want)
	}
	p.press("setup/pause/off")
	for _, path := range []flows.Path{"setup/quiz/off", "setup/tip/off", "setup/practice/off", "setup/news/off", "setup/remove"} {
		p.press(path)
	}
	if p.feed == nil || p.feed.Quiz.On() || p.feed.News || p.feed.PausedTill != 0 || p.left {
		t.Fatalf("switched off: %+v", p.feed)
	}
	if p.press("setup/remove/now"); p.feed != nil || !p.left {
		t.Error("the group was not left")
	}
}

func TestNothingIsSwitchedOnInAnUnknownZone(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	p.locale = "en"
	if page := p.press("setup/quiz/on"); page.Path != "setup/country" || p.feed != nil {
		t.Errorf("asked %q, kept %+v", page.Path, p.feed)
	}
	p.feed = &flows.Feed{Lang: "en", Country: "US"}
	if page := p.press("setup/quiz/on"); !has(page, "setup/quiz/on/America.Chicago") || p.feed.Quiz.On() {
		t.Errorf("asked %v, kept %+v", page.Links(), p.feed)
	}
	if p.press("setup/quiz/on/America.Chicago"); p.feed.Zone != "America/Chicago" || !p.feed.Quiz.On() {
		t.Errorf("kept %+v", p.feed)
	}
}

func TestNamesMayBeTypedInSetup(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for typed, tc := range map[string]struct {
		on            flows.Path
		country, zone string
	}{
		"thái lan":         {"setup/country", "TH", "Asia/Bangkok"},
		"Jayapura":         {"setup/zone", "ID", "Asia/Jayapura"},
		"st johns":         {"setup/zone", "CA", "America/St_Johns"},
		"2":                {"setup/country", "ID", "Asia/Jakarta"},
		"Myanmar":          {"setup/country", "MM", "Asia/Yangon"},
		"not a place, ok?": {"setup/zone", "VN", "Asia/Ho_Chi_Minh"},
	} {
		p := group(t, site)
		p.feed = &flows.Feed{Lang: "vi", Country: "VN", Zone: "Asia/Ho_Chi_Minh"}
		p.press(tc.on)
		p.do(flows.Event{Text: typed, On: tc.on})
		if p.feed.Country != tc.country || p.feed.Zone != tc.zone {
			t.Errorf("%q led to %s %s", typed, p.feed.Country, p.feed.Zone)
		}
	}
}

func TestAFeedThatWasRefusedTellsHowToGoOn(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for _, lang := range site.Words().Langs() {
		p := group(t, site)
		p.locale = string(lang)
		p.feed = &flows.Feed{Lang: lang, Zone: "Asia/Jakarta", Quiz: flows.Plan{Days: 31, Minute: 450}}
		for range 3 {
			refused := site.Refused(*p.feed, flows.DueQuiz, at, 3)
			p.feed = &refused
		}
		page := p.press("setup")
		if page.Text.Plain() != text(site, lang, "setup.refused") || !has(page, "setup/pause/off") {
			t.Errorf("%s: %q", lang, page.Text.Plain())
		}
		if p.press("setup/pause/off"); p.feed.PausedTill != 0 || p.feed.Refusals != 0 || !p.feed.Quiz.On() {
			t.Errorf("%s: kept %+v", lang, p.feed)
		}
		if p.press("setup/pause/open"); p.press("setup").Text.Plain() == text(site, lang, "setup.refused") {
			t.Errorf("%s: a pause by choice is told as a refusal", lang)
		}
	}
}

// Whatever is pressed, in whatever order: the pages can be shown and the feed
// posts nothing that nobody chose, and nothing at night.
func TestRandomPressesKeepAFeedValid(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	below := map[bool][]flows.Path{}
	for _, path := range site.Crawl("en") {
		switch path.Root() {
		case "setup":
			below[true] = append(below[true], path)
		case "mine", "stop":
			below[false] = append(below[false], path)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := private(t, site)
		if rapid.Bool().Draw(t, "group") {
			p = group(t, site)
			p.do(flows.Event{Joined: true})
		}
		p.locale = rapid.SampledFrom([]string{"vi", "id-ID", "en-US", "en", "th"}).Draw(t, "locale")
		page := p.press(flows.Path(map[bool]string{true: "setup", false: "mine"}[p.shared]))
		for range rapid.IntRange(1, 40).Draw(t, "presses") {
			path := rapid.SampledFrom(below[p.shared]).Draw(t, "any")
			if page != nil && rapid.IntRange(0, 4).Draw(t, "jump") > 0 {
				path = rapid.SampledFrom(page.Links()).Draw(t, "link")
			}
			switch path.Root() {
			case "setup", "mine", "stop":
				page = p.press(path)
				valid(t, site, p.feed)
			}
		}
	})
}

func TestDistressInAGroupGetsTheNeutralLineAndTheNumbers(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{
		"he has a knife": {Labels: []string{"danger"}, Decision: flows.Go},
		"he may come":    {Labels: []string{"danger", "scam"}, Decision: flows.Ask},
		"I paid them":    {Labels: []string{"scam"}, Decision: flows.Go},
		"a tip":          {Labels: []string{"tip"}, Decision: flows.Go},
	})
	for name, tc := range map[string]struct {
		text    string
		can     flows.Can
		feed    *flows.Feed
		want    flows.Path
		numbers bool
	}{
		"danger":                     {"he has a knife", 0, &flows.Feed{Country: "VN"}, "elsewhere", true},
		"danger by the safe label":   {"I am in danger now", 0, &flows.Feed{Country: "VN"}, "elsewhere", true},
		"likely danger":              {"he may come", 0, &flows.Feed{Country: "VN"}, "elsewhere", true},
		"danger where none is known": {"he has a knife", 0, nil, "elsewhere", false},
		"another trouble":            {"I paid them", 0, &flows.Feed{Country: "VN"}, "elsewhere", false},
		"a safe word":                {"help", 0, &flows.Feed{Country: "VN"}, "elsewhere", false},
		"danger, told alone":         {"he has a knife", flows.CanWhisper, nil, "help/danger", false},
		"no trouble":                 {"a tip", 0, nil, "tips", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := group(t, site)
			p.locale, p.can, p.feed = "en", tc.can, tc.feed
			page, _ := p.do(flows.Event{Text: tc.text})
			if page.Path != tc.want || strings.Contains(page.Text.Plain(), "113") != tc.numbers {
				t.Errorf("answered with %q: %q", page.Path, page.Text.Plain())
			}
			if tc.want == "elsewhere" && (page.Sensitive || !page.Rows[0][0].Apart || page.Rows[0][0].Path != "help" || strings.Contains(page.Text.Plain(), "Stop paying")) {
				t.Errorf("not neutral: %+v", page)
			}
		})
	}
}

func TestAnAnswerToTheGroupsQuiz(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	open := flows.Round{Question: "prize", Closes: at.Unix() + 1}
	again := text(site, "vi", "class.again")
	for name, tc := range map[string]struct {
		round   flows.Round
		can     flows.Can
		voted   bool
		offline bool
		path    flows.Path
		counted bool
		want    string // part of the page; empty: none
		not     string
	}{
		"right":                 {round: open, can: flows.CanWhisper, path: "class/prize/b", counted: true, want: "Đúng rồi", not: again},
		"another one":           {round: open, can: flows.CanWhisper, path: "class/prize/a", counted: true, want: "A fee first is a sign", not: again},
		"again":                 {round: open, can: flows.CanWhisper, voted: true, path: "class/prize/b", counted: true, want: again},
		"without whispers":      {round: open, path: "class/prize/b", counted: true},
		"told in passing":       {round: open, can: flows.CanNote, path: "class/prize/b", counted: true, want: "Đúng rồi", not: again},
		"none such, in passing": {round: open, can: flows.CanNote, path: "class/gone/z"},
		"after the close":       {round: flows.Round{Question: "prize", Closes: at.Unix()}, can: flows.CanWhisper, path: "class/prize/a", want: "A fee first is a sign", not: again},
		"of yesterday":          {round: flows.Round{Question: "code", Closes: at.Unix() + 1}, can: flows.CanWhisper, path: "class/prize/b", want: "Đúng rồi"},
		"of yesterday, in view": {round: flows.Round{Question: "code", Closes: at.Unix() + 1}, path: "class/prize/b"},
		"a native poll's":       {round: flows.Round{Question: "prize", Native: true, Closes: at.Unix() + 1}, can: flows.CanWhisper, path: "class/prize/b", want: "Đúng rồi"},
		"without the store":     {round: open, can: flows.CanWhisper, offline: true, path: "class/prize/b", want: "Đúng rồi", not: again},
		"no such choice":        {round: open, can: flows.CanWhisper, path: "class/prize/z", want: text(site, "vi", "old")},
		"no such choice, seen":  {round: open, path: "class/gone/z"},
	} {
		t.Run(name, func(t *testing.T) {
			p := group(t, site)
			p.can, p.offline, p.voted = tc.can, tc.offline, tc.voted
			p.feed = &flows.Feed{Lang: "vi", Zone: "Asia/Ho_Chi_Minh", Round: tc.round}
			ev := flows.Event{Path: tc.path, At: at, Shared: true, HasFeed: true, Feed: p.feed, Can: tc.can, Offline: tc.offline, Locale: "vi"}
			_, effects := site.Turn(flows.State{}, ev)
			vote, counted := effect[flows.Vote](effects)
			if counted != tc.counted || counted && vote != (flows.Vote{Question: "prize", Choice: string(tc.path[len(tc.path)-1])}) {
				t.Errorf("counted %+v", vote)
			}
			page := p.press(tc.path)
			if page == nil {
				if tc.want != "" {
					t.Error("nothing was shown")
				}
				return
			}
			got := page.Text.Plain()
			if tc.want == "" || !strings.Contains(got, tc.want) || tc.not != "" && strings.Contains(got, tc.not) {
				t.Errorf("showed %q", got)
			}
			if page.Path.Root() == "class" && !page.Sensitive && !page.Note {
				t.Error("everybody sees how one answered")
			}
		})
	}
}

func TestThePageForTheTeacher(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	together := func(lang i18n.Lang, right, all int) string {
		return site.Words().Line(lang, "class.together", i18n.Count("Right", right), i18n.Count("All", all))
	}
	p := group(t, site)
	p.feed = &flows.Feed{Lang: "vi", Week: []flows.Score{{Question: "prize", Right: 3, Answers: 4}}}
	if page := p.press("class"); !strings.Contains(page.Text.Plain(), "Talk.") || !has(page, "quiz/prize") || !has(page, "practice/parcel") || strings.Contains(page.Text.Plain(), together("vi", 3, 4)) {
		t.Errorf("with four answers: %q", page.Text.Plain())
	}
	p.feed.Week = append(p.feed.Week, flows.Score{Question: "code", Right: 4, Answers: 5})
	if page := p.press("class"); !strings.Contains(page.Text.Plain(), together("vi", 4, 5)) {
		t.Errorf("with five to one question: %q", page.Text.Plain())
	}
	if page := private(t, site).press("class"); !has(page, "lesson/scam") {
		t.Errorf("in private: %v", page.Links())
	}
}

func TestATypedNumberFitsWhatASearchFound(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	p.feed = &flows.Feed{Lang: "en", Country: "ID", Zone: "Asia/Jakarta"}
	p.press("setup/country")
	page, _ := p.do(flows.Event{Text: "in", On: "setup/country"})
	if page == nil || page.Path != "found" || page.Again == "" || len(page.Links()) < 2 {
		t.Fatalf("found %+v", page)
	}
	second := page.Links()[1]
	if p.do(flows.Event{Text: "2", On: page.Again}); !strings.HasSuffix(string(second), p.feed.Country) {
		t.Errorf("2 led to %s, the button to %s", p.feed.Country, second)
	}
	if page, _ := p.do(flows.Event{Path: "found/nowhere/x..y"}); page == nil {
		t.Error("a forged path has no answer")
	}
}
