package flows_test

import (
	"testing"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

// Getting out takes as many taps as getting in, and never more.
func TestOptInAndOutTakeTheSameNumberOfTaps(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for _, locale := range []string{"vi", "id-ID", "vi-VN"} {
		for _, what := range []string{"tip", "quiz", "news"} {
			p := private(t, site)
			p.locale = locale
			in := flows.Path("mine/" + what + "/on")
			if page := p.press("mine"); !has(page, in) {
				t.Fatalf("%s: %s is not one tap away: %v", locale, in, page.Links())
			}
			page := p.press(in)
			if p.feed == nil || !p.feed.Private || !has(page, "stop/now") {
				t.Fatalf("%s: after %s: %+v %v", locale, in, p.feed, page.Links())
			}
			if page = p.press("stop/now"); p.feed != nil || page.Text.Plain() != text(site, page.Lang, "stop.done") {
				t.Errorf("%s: after stopping: %+v", locale, p.feed)
			}
		}
	}
}

func TestMineIsTheChatOfOne(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := group(t, site)
	if page := p.press("mine/tip/on"); !page.Sensitive || p.feed != nil {
		t.Errorf("in a group: %+v, %+v", page, p.feed)
	}
	p = private(t, site)
	p.offline = true
	for path, key := range map[flows.Path]i18n.Key{"mine/tip/on": "mine.offline", "stop/now": "stop.offline", "stop": "stop.offline"} {
		if page := p.press(path); page.Text.Plain() != text(site, "vi", key) {
			t.Errorf("%s without the store: %q", path, page.Text.Plain())
		}
	}
}

func TestMineFollowsThePerson(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := private(t, site)
	p.locale = "en-US"
	if page := p.press("mine"); !has(page, "mine/country") || has(page, "mine/tip/on") {
		t.Fatalf("from nowhere: %v", page.Links())
	}
	if page := p.press("mine/country/US"); !has(page, "mine/tip/on") || p.feed != nil || p.state.Country != "US" {
		t.Fatalf("the country alone kept %+v", p.feed)
	}
	if page := p.press("mine/tip/on"); !has(page, "mine/tip/on/Pacific.Honolulu") || p.feed != nil {
		t.Fatalf("a wide country: %v", page.Links())
	}
	p.press("mine/tip/on/Pacific.Honolulu")
	p.press("mine/tip/days/32")
	p.press("mine/tip/hour/2030")
	if want := (flows.Plan{Days: 32, Minute: 1230}); p.feed.Tip != want || p.feed.Zone != "Pacific/Honolulu" || p.feed.Lang != "en" {
		t.Fatalf("kept %+v", p.feed)
	}
	p.state.Lang = "vi"
	if p.press("mine"); p.feed.Lang != "vi" {
		t.Error("posts do not follow the language")
	}
	p.press("mine/quiz/on")
	if p.press("mine/tip/off"); p.feed == nil || p.feed.Tip.On() || !p.feed.Quiz.On() {
		t.Errorf("one of two switched off: %+v", p.feed)
	}
	if page := p.press("mine/quiz/off"); p.feed != nil || page.Text.Plain() != text(site, "vi", "stop.done") {
		t.Errorf("the last switched off: %+v", p.feed)
	}
	if p.press("mine/quiz/days/127"); p.feed != nil {
		t.Error("an old button switched something on again")
	}
}

func TestStopWorksAtOnce(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{"they never stop": {Labels: []string{"stop"}, Decision: flows.Go}})
	on := flows.Feed{Private: true, Lang: "vi", Zone: "Asia/Jakarta", Tip: flows.Plan{Days: 127, Minute: 450}}
	for name, tc := range map[string]struct {
		ev   flows.Event
		none bool // nothing is on
		want i18n.Key
	}{
		"a tap on the post":          {ev: flows.Event{Path: "stop/now"}, want: "stop.done"},
		"the command":                {ev: flows.Event{Path: "stop"}, want: "stop.done"},
		"stop":                       {ev: flows.Event{Text: "STOP"}, want: "stop.done"},
		"dừng":                       {ev: flows.Event{Text: "dừng"}, want: "stop.done"},
		"berhenti":                   {ev: flows.Event{Text: "Berhenti!"}, want: "stop.done"},
		"while something else shows": {ev: flows.Event{Text: "stop", On: "mine/tip"}, want: "stop.done"},
		"nothing is on":              {ev: flows.Event{Text: "stop"}, none: true, want: "stop.nothing"},
		"a tap, nothing is on":       {ev: flows.Event{Path: "stop/now"}, none: true, want: "stop.nothing"},
		"words that may mean it":     {ev: flows.Event{Text: "they never stop"}},
		"the flood":                  {ev: flows.Event{Text: "stop", Hurried: true}, want: "stop.done"},
	} {
		t.Run(name, func(t *testing.T) {
			p := private(t, site)
			if !tc.none {
				p.feed = &on
			}
			page, _ := p.do(tc.ev)
			if tc.want == "" {
				if p.feed == nil || !has(page, "stop/now") {
					t.Errorf("a guess stopped it: %v", page.Links())
				}
				return
			}
			if p.feed != nil || page.Text.Plain() != text(site, "vi", tc.want) {
				t.Errorf("kept %+v, said %q", p.feed, page.Text.Plain())
			}
		})
	}
	p := group(t, site)
	p.feed = &flows.Feed{Lang: "vi", Quiz: flows.Plan{Days: 31, Minute: 450}}
	if page, _ := p.do(flows.Event{Text: "stop"}); p.feed == nil || !has(page, "setup") {
		t.Errorf("anybody stopped a group: %+v", p.feed)
	}
}

// A number typed at a page that stops, leaves or switches presses its button
// and does not do the page's own work again.
func TestLookingAtAPageDoesNothing(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	p := private(t, site)
	p.feed = &flows.Feed{Private: true, Lang: "vi", Zone: "Asia/Jakarta", Tip: flows.Plan{Days: 127, Minute: 450}}
	for _, on := range []flows.Path{"stop/now", "mine/tip/off", "delete/now", "mine"} {
		if _, effects := p.do(flows.Event{Text: "blub", On: on}); p.feed == nil {
			t.Errorf("at %q words did %+v", on, effects)
		} else if _, forgot := effect[flows.Forget](effects); forgot {
			t.Errorf("at %q words deleted the person", on)
		}
	}
	page, _ := p.do(flows.Event{Text: "1", On: "mine"})
	if page.Path != "mine/tip" {
		t.Errorf("a typed number led to %q", page.Path)
	}
}
