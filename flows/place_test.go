package flows_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"notalone/flows"
	"notalone/i18n"
)

// A place stands in for the shell: it answers what a page needs, keeps what it
// saves, and remembers who voted.
type place struct {
	t       failer
	site    *flows.Site
	state   flows.State
	feed    *flows.Feed
	shared  bool
	manager flows.Answer
	offline bool
	can     flows.Can
	now     time.Time
	locale  string
	voted   bool
	left    bool
	lacks   []flows.Lack
	spot    string
	alerts  int
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func group(t failer, site *flows.Site) *place {
	return &place{t: t, site: site, shared: true, manager: flows.Yes, now: at, locale: "vi-VN"}
}

func private(t failer, site *flows.Site) *place {
	return &place{t: t, site: site, now: at, locale: "vi-VN"}
}

// do turns an event, again for each thing that its page needs.
func (p *place) do(ev flows.Event) (*flows.Page, []flows.Effect) {
	p.t.Helper()
	ev.At, ev.Locale, ev.Shared, ev.Can, ev.Offline, ev.Spot = p.now, p.locale, p.shared, p.can, p.offline, p.spot
	ev.HasFeed = p.shared
	for range 5 {
		ev.Feed = nil
		if ev.HasFeed && !p.offline {
			ev.Feed = p.feed
		}
		state, effects := p.site.Turn(p.state, ev)
		again := false
		for _, effect := range effects {
			switch effect.(type) {
			case flows.NeedFeed:
				ev.HasFeed, again = true, true
			case flows.NeedManager:
				ev.Manager, again = p.manager, true
			case flows.NeedLacks:
				ev.Looked, ev.Lacks, again = true, p.lacks, true
			case flows.Vote:
				ev.Voted, again = flows.Yes, true
				if p.voted {
					ev.Voted = flows.No
				}
				p.voted = true
			}
		}
		if !again {
			p.state = state
			p.carryOut(effects)
			return shown(effects), effects
		}
	}
	p.t.Fatalf("a page asks again and again: %+v", ev)
	return nil, nil
}

func (p *place) carryOut(effects []flows.Effect) {
	for _, effect := range effects {
		switch effect := effect.(type) {
		case flows.SaveFeed:
			p.feed = &effect.Feed
		case flows.DropFeed:
			p.feed = nil
		case flows.Alert:
			p.alerts++
		case flows.Leave:
			p.left = true
		}
	}
}

// press opens a path and proves that the page can be shown.
func (p *place) press(path flows.Path) *flows.Page {
	p.t.Helper()
	page, _ := p.do(flows.Event{Path: path})
	if page != nil {
		fits(p.t, page)
	}
	return page
}

// fits proves what every platform needs of a page.
func fits(t failer, page *flows.Page) {
	t.Helper()
	if len(page.Text) == 0 || strings.Contains(page.Text.Plain(), "{{") || utf8.RuneCountInString(page.Text.Plain()) > flows.MaxText {
		t.Fatalf("%s: the text does not fit: %q", page.Path, page.Text.Plain())
	}
	if len(page.Rows) > flows.MaxRows {
		t.Fatalf("%s: %d rows of buttons", page.Path, len(page.Rows))
	}
	known := map[flows.Path]bool{}
	for _, row := range page.Rows {
		if len(row) == 0 || len(row) > flows.MaxInRow {
			t.Fatalf("%s: %d buttons in a row", page.Path, len(row))
		}
		for _, button := range row {
			if n := utf8.RuneCountInString(button.Label); n == 0 || n > flows.MaxLabel {
				t.Fatalf("%s: the label %q of %q does not fit", page.Path, button.Label, button.Path)
			}
			if _, err := flows.ParsePath(string(button.Path)); button.Add != flows.AddNowhere {
				continue
			} else if err != nil || known[button.Path] {
				t.Fatalf("%s: the button to %q is wrong or stands twice", page.Path, button.Path)
			}
			known[button.Path] = true
		}
	}
}

// valid proves that nothing can be posted at a wrong time.
func valid(t failer, site *flows.Site, feed *flows.Feed) {
	t.Helper()
	if feed == nil {
		return
	}
	for _, plan := range []flows.Plan{feed.Quiz, feed.Tip, feed.Practice} {
		if !plan.On() {
			if plan != (flows.Plan{}) {
				t.Fatalf("a plan that is off kept %+v", plan)
			}
			continue
		}
		if plan.Days > 127 || plan.Minute < flows.QuietTill || plan.Minute >= flows.QuietFrom {
			t.Fatalf("a plan of days %b at minute %d", plan.Days, plan.Minute)
		}
		if _, err := time.LoadLocation(feed.Zone); err != nil || feed.Zone == "" {
			t.Fatalf("something is on in the zone %q", feed.Zone)
		}
	}
	if feed.Lang != "" && !site.Words().Knows(feed.Lang) || feed.Lang == "" && feed.Zone != "" {
		t.Fatalf("posts in %q", feed.Lang)
	}
	if feed.Private && (feed.Practice.On() || !feed.Quiz.On() && !feed.Tip.On() && !feed.News) {
		t.Fatalf("of a person's chat something is kept for nothing: %+v", feed)
	}
}

func has(page *flows.Page, path flows.Path) bool {
	for _, link := range page.Links() {
		if link == path {
			return true
		}
	}
	return false
}

func effect[E flows.Effect](effects []flows.Effect) (E, bool) {
	for _, effect := range effects {
		if e, ok := effect.(E); ok {
			return e, true
		}
	}
	var none E
	return none, false
}

// text is a message as people read it.
func text(site *flows.Site, lang i18n.Lang, key i18n.Key) string { return site.Words().Line(lang, key) }

var _ failer = (*testing.T)(nil)
