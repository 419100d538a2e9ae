package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

// A colleague turns pages about one announcement, with the desk that the shell
// would load.
type colleague struct {
	t        *testing.T
	site     *flows.Site
	me       flows.Moderator
	all      []flows.Moderator
	news     *flows.Announcement
	reach    []flows.Reached
	now      time.Time
	saved    []string // acts
	progress flows.Progress
	told     []flows.Path
	watched  []bool // whether in the message on show
	state    flows.State
}

var deskTime = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

func newColleague(t *testing.T, role flows.Role, voices int) *colleague {
	c := &colleague{t: t, site: newsSite(t), now: deskTime, me: flows.Moderator{Key: "lan", Role: role}}
	c.all = []flows.Moderator{c.me, {Key: "budi", Role: flows.RoleModerator}}[:voices]
	c.news = &flows.Announcement{ID: flows.NewsID(7), Stage: flows.Drafted, Texts: map[i18n.Lang]string{"en": "Hello"}, To: flows.Receivers{Groups: true, People: true}, By: "lan"}
	c.reach = []flows.Reached{{Platform: "telegram", Class: flows.Feed{News: true, Lang: "en", Kind: "group"}, N: 5}, {Platform: "discord", Class: flows.Feed{News: true, Lang: "vi", Private: true}, N: 3}}
	return c
}

// open turns one event to its end, as the shell does.
func (c *colleague) open(path flows.Path, typed ...string) *flows.Page {
	c.t.Helper()
	event := flows.Event{Path: path, At: c.now, Locale: "en", Desk: &flows.Desk{Me: c.me, Members: c.all, Recent: []*flows.Announcement{c.news}, Of: c.news.ID, One: c.news, Reach: c.reach, Progress: &c.progress}}
	if len(typed) > 0 {
		event.Path, event.Text = "", typed[0]
	}
	state, effects := c.site.Turn(c.state, event)
	c.state = state
	var shown *flows.Page
	for _, effect := range effects {
		switch effect := effect.(type) {
		case flows.SaveAnnouncement:
			c.news = effect.Announcement
			c.saved = append(c.saved, effect.Act)
		case flows.Watch:
			c.watched = append(c.watched, effect.Here)
		case flows.Tell:
			c.told = append(c.told, effect.Path)
		case flows.Show:
			shown = effect.Page
		}
	}
	if shown == nil {
		c.t.Fatalf("%s shows nothing: %+v", path, effects)
	}
	return shown
}

func (c *colleague) at(parts ...string) flows.Path {
	return flows.Path(strings.Join(append([]string{"announce", c.news.ID}, parts...), "/"))
}

func (c *colleague) as(key string) *colleague { c.me.Key = key; return c }

func TestNobodyAgreesWithThemselvesAndOnlyWhatWasReadGoesOut(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 2)
	hash := c.news.Hash()
	if page := c.open(c.at("check")); has(page, c.at("go", hash)) || !has(page, c.at("ask")) {
		t.Errorf("alone it offers %v", page.Links())
	}
	c.open(c.at("go", hash))
	c.open(c.at("approve", hash))
	if c.news.Stage != flows.Drafted {
		t.Fatalf("it is %s without a second moderator", c.news.Stage)
	}
	c.open(c.at("ask"))
	c.open(c.at("approve", hash))
	if c.news.Stage != flows.Waiting || !slices.Equal(c.told, []flows.Path{c.at("check")}) {
		t.Fatalf("asked: it is %s, told %v", c.news.Stage, c.told)
	}
	c.news.Texts["en"] = "Hello, all" // changed and asked for again, while the other still looks at the first page
	c.as("budi").open(c.at("approve", hash))
	if c.news.Stage != flows.Waiting {
		t.Fatal("a button under the first content let the second one out")
	}
	c.open(c.at("approve", c.news.Hash()))
	if c.news.Stage != flows.Scheduled || !c.news.Approved() || c.news.Approval.By != "budi" {
		t.Fatalf("approved: it is %s by %q", c.news.Stage, c.news.Approval.By)
	}
	c.open(c.at("text", "en"))
	c.open("", "Hello again")
	if c.news.Stage != flows.Drafted || c.news.Approved() || c.news.By != "budi" {
		t.Errorf("after a change it is %s, approved %v", c.news.Stage, c.news.Approved())
	}
}

func TestNewWordsAfterSendingAreAgreedToAsWell(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 2)
	c.news.Approve("budi")
	c.news.Stage, c.news.Started, c.news.Ended = flows.Done, 1, 2
	c.open(c.at("text", "en"))
	c.open("", "Other words")
	c.open(c.at("undo", "edit", c.news.Hash()))
	if c.news.Undo.Running {
		t.Fatal("one moderator alone put new words everywhere")
	}
	c.open(c.at("undo", "edit", "ask"))
	c.open(c.at("undo", "edit", c.news.Hash()))
	if c.news.Undo.Running || !c.news.Undo.Asked {
		t.Fatalf("whoever asked agreed: %+v", c.news.Undo)
	}
	c.as("budi").open(c.at("undo", "edit", c.news.Hash()))
	if !c.news.Undo.Running || c.news.Undo.Delete || !c.news.Approved() {
		t.Errorf("agreed to: %+v", c.news.Undo)
	}
	c.news.Undo = flows.Undo{Round: 1}
	if c.open(c.at("undo", "delete", "now")); !c.news.Undo.Running || !c.news.Undo.Delete || c.news.Undo.Round != 2 {
		t.Errorf("taken back by one: %+v", c.news.Undo)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	for _, path := range []string{"text/en", "to/who/groups", "check", "cancel", "pause", "undo/delete/now"} {
		for role, may := range map[flows.Role]bool{flows.RoleOwner: true, flows.RoleModerator: true, flows.RoleViewer: false, "": false} {
			c := newColleague(t, role, 1)
			page := c.open(c.at(strings.Split(path, "/")...))
			key := i18n.Key("announce.role")
			if role == "" {
				key = "announce.only"
			}
			if refused := page.Text.Plain() == text(c.site, "en", key); refused == may || !may && len(c.saved) > 0 {
				t.Errorf("%q at %s: %q, saved %v", role, path, page.Text.Plain(), c.saved)
			}
		}
	}
	for role, may := range map[flows.Role]bool{flows.RoleOwner: true, flows.RoleModerator: false, flows.RoleViewer: false} {
		c := newColleague(t, role, 2)
		if page := c.open("moderators"); has(page, "moderators/invite/viewer") != may || has(page, "moderators/budi") != may {
			t.Errorf("%s is offered %v", role, page.Links())
		}
	}
}

// Whoever is removed while a form waits for their words, or with a page still on
// the screen, changes nothing more and sees nothing more.
func TestARemovedModeratorsOpenScreensRefuse(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 2)
	c.open(c.at("text", "en"))
	c.me.Role = ""
	only := text(c.site, "en", "announce.only")
	if page := c.open("", "Words of one who left"); page.Text.Plain() != only || c.news.Texts["en"] != "Hello" {
		t.Errorf("a form that was open: %q, the text is %q", page.Text.Plain(), c.news.Texts["en"])
	}
	for _, path := range []flows.Path{"announce", "moderators", c.at(), c.at("preview", "en", "group"), c.at("report"), c.at("approve", c.news.Hash())} {
		if page := c.open(path); page.Text.Plain() != only {
			t.Errorf("%s still shows %q", path, page.Text.Plain())
		}
	}
	if len(c.saved) > 0 {
		t.Errorf("saved: %v", c.saved)
	}
}

// Whoever takes a moderator out is told what that one had approved, and so are the
// others: it needs somebody else's word.
func TestARemovedModeratorsApprovalsAreNamed(t *testing.T) {
	for name, stage := range map[string]flows.Stage{"not begun": flows.Scheduled, "going out": flows.Sending} {
		c := newColleague(t, flows.RoleOwner, 2)
		c.news.Stage = stage
		c.news.Approve("budi")
		page := c.open("moderators/budi/remove").Text.Plain()
		want := c.site.Words().Text("en", "announce.ended_approvals", i18n.With("Name", "Moderator budi"), i18n.Count("N", 1)).Plain()
		if told := strings.Contains(page, want); told != (stage == flows.Scheduled) || (len(c.told) == 1) != told {
			t.Errorf("%s: %q, told %v", name, page, c.told)
		}
	}
}

// An owner stands in the settings: no page pretends to take that away.
func TestAnOwnerIsRemovedInTheSettingsOnly(t *testing.T) {
	c := newColleague(t, flows.RoleOwner, 2)
	c.all[1].Role = flows.RoleOwner
	if page := c.open("moderators/budi"); has(page, "moderators/budi/remove") {
		t.Errorf("it offers %v", page.Links())
	}
}

// TestAnUndoIsPausedAndCancelled: what was changed until then stays as it is.
func TestAnUndoIsPausedAndCancelled(t *testing.T) {
	for _, how := range []string{"delete", "edit"} {
		t.Run(how, func(t *testing.T) {
			c := newColleague(t, flows.RoleModerator, 1)
			c.news.Approve("lan")
			c.news.Stage, c.news.Started, c.news.Ended = flows.Done, 1, 2
			what := map[string]string{"delete": "now", "edit": c.news.Hash()}[how]
			for _, step := range []struct {
				path               flows.Path
				running, paused    bool
				cancelled          bool
				offered, isMissing string
			}{
				{c.at("undo", how, what), true, false, false, "pause", "resume"},
				{c.at("pause"), true, true, false, "resume", "pause"},
				{c.at("pause"), true, true, false, "resume", "pause"},
				{c.at("resume"), true, false, false, "cancel", "resume"},
				{c.at("cancel"), false, false, true, "report", "cancel"},
				{c.at("undo", how, what), false, false, true, "report", "pause"}, // while its queue is emptied
			} {
				page := c.open(step.path)
				if u := c.news.Undo; u.Running != step.running || u.Paused != step.paused || u.Cancelled != step.cancelled || !c.news.Live() {
					t.Fatalf("after %s: %+v", step.path, u)
				}
				if !has(page, c.at(step.offered)) || has(page, c.at(step.isMissing)) {
					t.Errorf("after %s it offers %v", step.path, page.Links())
				}
			}
			acts := []string{"undo: " + how, "paused the undo", "resumed the undo", "cancelled the undo"}
			if !slices.Equal(c.saved, acts) || c.news.Stage != flows.Done {
				t.Errorf("it is %s, the log has %q", c.news.Stage, c.saved)
			}
		})
	}
}

func TestTheCheckNamesHowManyGetAnotherLanguage(t *testing.T) {
	c := newColleague(t, flows.RoleOwner, 1)
	if page := c.open(c.at("check")).Text.Plain(); !strings.Contains(page, lineOf(c.site, "announce.reach_none", i18n.Count("N", 3))) {
		t.Errorf("without a fallback: %q", page)
	}
	page := c.open(c.at("fallback", "en")).Text.Plain()
	want := lineOf(c.site, "announce.reach_other", i18n.Count("N", 3), i18n.With("Lang", "English"))
	if check := c.open(c.at("check")).Text.Plain(); !strings.Contains(page, want) || !strings.Contains(check, want) {
		t.Errorf("with a fallback: %q and %q, want %q", page, check, want)
	}
}

func lineOf(site *flows.Site, key i18n.Key, args ...i18n.Arg) string {
	return site.Words().Line("en", key, args...)
}

func TestProofStopsWhatMustNotGoOut(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*flows.Announcement)
		want   i18n.Key // empty: nothing stops
	}{
		"sound":                      {func(*flows.Announcement) {}, ""},
		"no text":                    {func(a *flows.Announcement) { a.Texts = nil }, "flaw.no_text"},
		"to nobody":                  {func(a *flows.Announcement) { a.To = flows.Receivers{} }, "flaw.nobody"},
		"an open mark":               {func(a *flows.Announcement) { a.Texts["en"] = "**Hello" }, "flaw.marks"},
		"too long":                   {func(a *flows.Announcement) { a.Texts["en"] = strings.Repeat("x", 1801) }, "flaw.long"},
		"a leftover":                 {func(a *flows.Announcement) { a.Texts["en"] = "Hello <name>" }, "flaw.placeholder"},
		"a foreign link":             {func(a *flows.Announcement) { a.Texts["en"] = "[Go](https://elsewhere.example)" }, "flaw.link"},
		"a bare foreign link":        {func(a *flows.Announcement) { a.Texts["en"] = "See https://elsewhere.example/x." }, "flaw.link"},
		"a host that becomes a link": {func(a *flows.Announcement) { a.Texts["en"] = "Join t.me/somewhere" }, "flaw.link"},
		"a mail address":             {func(a *flows.Announcement) { a.Texts["en"] = "Write to us@elsewhere.com." }, "flaw.contact"},
		"a link to mail":             {func(a *flows.Announcement) { a.Texts["en"] = "[Write](mailto:us@elsewhere.com)" }, "flaw.contact"},
		"a link to a phone":          {func(a *flows.Announcement) { a.Texts["en"] = "[Call](tel:111)" }, "flaw.contact"},
		"a phone link in the words":  {func(a *flows.Announcement) { a.Texts["en"] = "Call tel:111" }, "flaw.contact"},
		"a phone number as it is":    {func(a *flows.Announcement) { a.Texts["en"] = "Call 111, day and night." }, ""},
		"a button to a phone": {func(a *flows.Announcement) {
			a.Buttons = []flows.NewsButton{{URL: "tel:111", Labels: map[i18n.Lang]string{"en": "Call"}}}
		}, "flaw.contact"},
		"a name before the host": {func(a *flows.Announcement) { a.Texts["en"] = "https://me@example.org/" }, "flaw.link"},
		"dots that are no host":  {func(a *flows.Announcement) { a.Texts["en"] = "At 7.30 p.m., e.g. on Monday." }, ""},
		"a call to all":          {func(a *flows.Announcement) { a.Texts["en"] = "Hello (@everyone)" }, "flaw.mention"},
		"a call to somebody":     {func(a *flows.Announcement) { a.Texts["en"] = "Write to **@someone**" }, "flaw.mention"},
		"a name left out":        {func(a *flows.Announcement) { a.Texts["en"] = "Hello [name]" }, "flaw.placeholder"},
		"a value left in":        {func(a *flows.Announcement) { a.Texts["en"] = "Hello {{name}}" }, "flaw.placeholder"},
		"a link that is none":    {func(a *flows.Announcement) { a.Texts["en"] = "[You](tg://user?id=5)" }, "flaw.link"},
		"not https": {func(a *flows.Announcement) {
			a.Buttons = []flows.NewsButton{{URL: "http://example.org", Labels: map[i18n.Lang]string{"en": "Go"}}}
		}, "flaw.link"},
		"a foreign picture": {func(a *flows.Announcement) {
			a.Picture = flows.Picture{URL: "https://elsewhere.example/x.png", Alt: map[i18n.Lang]string{"en": "x"}}
		}, "flaw.link"},
		"a bare picture":       {func(a *flows.Announcement) { a.Picture.URL = "https://example.org/x.png" }, "flaw.alt"},
		"a button to nowhere":  {func(a *flows.Announcement) { a.Buttons = []flows.NewsButton{{Path: "nowhere"}} }, "flaw.button"},
		"a button to set-up":   {func(a *flows.Announcement) { a.Buttons = []flows.NewsButton{{Path: "setup"}} }, "flaw.button"},
		"a link without label": {func(a *flows.Announcement) { a.Buttons = []flows.NewsButton{{URL: "https://www.example.org"}} }, "flaw.label"},
		"past":                 {func(a *flows.Announcement) { a.When.At = deskTime.Add(-2 * time.Hour).Unix() }, "flaw.past"},
	} {
		t.Run(name, func(t *testing.T) {
			site := newsSite(t)
			a := newColleague(t, flows.RoleOwner, 1).news
			tc.change(a)
			var stops []i18n.Key
			for _, flaw := range site.Proof(a, deskTime) {
				if flaw.Stops {
					stops = append(stops, flaw.Key)
				}
			}
			if want := slices.DeleteFunc([]i18n.Key{tc.want}, func(k i18n.Key) bool { return k == "" }); !slices.Equal(stops, want) {
				t.Errorf("it is stopped by %v, want %v", stops, want)
			}
		})
	}
}

// newsSite is the whole site with one host that announcements may lead to.
func newsSite(t *testing.T) *flows.Site {
	t.Helper()
	return bottest.WholeSite(t, bottest.Keywords{}, nil, flows.Operator{News: flows.Newsroom{Links: []string{"example.org"}}})
}

// Moderators' words mean nothing in a group, whoever writes them; nor does a link
// to their pages, to anybody else.
func TestModeratorsPagesAreNotFoundByOthers(t *testing.T) {
	site := newsSite(t)
	for name, event := range map[string]flows.Event{
		"words in a group":                   {Text: "announce", Shared: true, Can: flows.CanWhisper},
		"a moderator's in a group":           {Text: "announce", Shared: true, Desk: &flows.Desk{Me: flows.Moderator{Role: flows.RoleOwner}}},
		"words of anybody":                   {Text: "pengumuman", Desk: &flows.Desk{}},
		"a link that anybody was given":      {Link: "announce", Desk: &flows.Desk{}},
		"a link to one announcement":         {Link: "announce_" + flows.NewsID(7), Desk: &flows.Desk{}},
		"a link to the moderators, in a way": {Link: "moderators", Desk: &flows.Desk{}},
	} {
		event.At, event.Locale = deskTime, "en"
		_, effects := site.Turn(flows.State{}, event)
		for _, effect := range effects {
			if show, ok := effect.(flows.Show); ok && (show.Page.Path.Root() == "announce" || show.Page.Path.Root() == "moderators") {
				t.Errorf("%s: %q", name, show.Page.Text.Plain())
			}
			if _, ok := effect.(flows.NeedDesk); ok {
				t.Errorf("%s: the desk is asked for", name)
			}
		}
	}
}

// The report comes as a file from the beginning of the sending on, to viewers too;
// where the chat app does not take it, the page names the other way.
func TestAReportComesAsAFile(t *testing.T) {
	c := newColleague(t, flows.RoleViewer, 1)
	if page := c.open(c.at("report")); has(page, c.at("report", "file")) {
		t.Error("a draft's report is offered as a file")
	}
	c.news.Stage, c.news.Started, c.news.Ended = flows.Done, 1, 2
	c.progress = flows.Progress{All: 3, Tallies: []flows.Tallied{{Outcome: flows.OutSent, Platform: "telegram", Lang: "vi", N: 2}, {Outcome: flows.OutFailed, Why: "429", Platform: "telegram", N: 1}}}
	if page := c.open(c.at("report")); !has(page, c.at("report", "file")) {
		t.Errorf("it offers %v", page.Links())
	}
	want := "outcome,why,language,platform,receivers\nsent,,vi,telegram,2\nfailed,429,,telegram,1\n"
	desk := &flows.Desk{Me: c.me, Of: c.news.ID, One: c.news, Progress: &c.progress}
	for refused, files := range map[bool]int{false: 1, true: 0} {
		desk.Refused = refused
		_, effects := c.site.Turn(flows.State{}, flows.Event{Path: c.at("report", "file"), At: c.now, Locale: "en", Desk: desk})
		got := 0
		for _, effect := range effects {
			switch effect := effect.(type) {
			case flows.Sample:
				if got++; string(effect.Post.File.Data) != want {
					t.Errorf("the file reads %q", effect.Post.File.Data)
				}
			case flows.Show:
				if strings.Contains(effect.Page.Text.Plain(), "report "+c.news.ID+" --csv") != refused {
					t.Errorf("refused %v: %q", refused, effect.Page.Text.Plain())
				}
			}
		}
		if got != files {
			t.Errorf("refused %v: %d files", refused, got)
		}
	}
}

// A page that is opened by hand tells the rate from the beginning on.
func TestAProgressPageTellsTheRate(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 1)
	c.news.Stage, c.news.Started = flows.Sending, deskTime.Add(-time.Minute).Unix()
	c.progress = flows.Progress{All: 1800, Left: 900, Tallies: []flows.Tallied{{Outcome: flows.OutSent, Platform: "telegram", Lang: "en", N: 900}}}
	for _, path := range []flows.Path{c.at(), c.at("report")} {
		if page := c.open(path); !strings.Contains(page.Text.Plain(), "15.0 a second") {
			t.Errorf("%s: %q", path, page.Text.Plain())
		}
	}
}

// Whoever opens what is on its way has it go on telling in that very message; what
// is opened from there stands beside it, help too.
func TestWhatIsUnderWayIsWatchedWhereItIsOpened(t *testing.T) {
	for name, tc := range map[string]struct {
		role  flows.Role
		stage flows.Stage
		want  []bool
	}{
		"a moderator, going out": {flows.RoleModerator, flows.Sending, []bool{true}},
		"an owner, paused":       {flows.RoleOwner, flows.Paused, []bool{true}},
		"a viewer":               {flows.RoleViewer, flows.Sending, nil},
		"a draft":                {flows.RoleOwner, flows.Drafted, nil},
		"sent":                   {flows.RoleOwner, flows.Done, nil},
	} {
		c := newColleague(t, tc.role, 1)
		c.news.Stage, c.news.Started = tc.stage, 1
		page := c.open(c.at())
		if !slices.Equal(c.watched, tc.want) {
			t.Errorf("%s: watched %v, want %v", name, c.watched, tc.want)
		}
		if tc.want == nil {
			continue
		}
		for _, link := range page.Links() {
			if after := c.open(link); after.Path.Root() != "announce" && !after.Fresh {
				t.Errorf("%s: %s takes the message's place", name, link)
			}
		}
		for what, event := range map[string]flows.Event{"": {}, "in a hurry": {Hurried: true}, "without a store": {Offline: true}} {
			event.Path, event.At, event.Locale = c.at("progress", "help"), c.now, "en"
			_, effects := c.site.Turn(flows.State{}, event)
			if help := shown(effects); help == nil || help.Path != "help" || !help.Fresh {
				t.Errorf("%s %s: help is %+v", name, what, help)
			}
		}
	}
}

// While what was cancelled is taken off the list, the page says so: nothing is
// offered that would do nothing.
func TestWhatIsBeingEmptiedSaysSo(t *testing.T) {
	for name, change := range map[string]func(*flows.Announcement){
		"the sending": func(a *flows.Announcement) { a.Stage, a.Started = flows.Cancelled, 1 },
		"the undo": func(a *flows.Announcement) {
			a.Stage, a.Started, a.Ended, a.Undo = flows.Done, 1, 2, flows.Undo{Round: 1, Cancelled: true}
		},
	} {
		c := newColleague(t, flows.RoleModerator, 1)
		change(c.news)
		for _, path := range []flows.Path{c.at(), c.at("undo", "edit"), c.at("undo", "delete", "now")} {
			page := c.open(path)
			if !strings.Contains(page.Text.Plain(), text(c.site, "en", "announce.emptying")) || has(page, c.at("undo", "edit")) || !has(page, c.at()) {
				t.Errorf("%s, %s: %q with %v", name, path, page.Text.Plain(), page.Links())
			}
		}
	}
}

// A moderator who asks twice tells the others once.
func TestTheOthersAreAskedOnce(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 2)
	c.open(c.at("ask"))
	c.open(c.at("ask"))
	if len(c.told) != 1 || len(c.saved) != 1 {
		t.Errorf("told %v, saved %v", c.told, c.saved)
	}
	c.news.Stage, c.news.Started, c.news.Ended = flows.Done, 1, 2
	c.open(c.at("undo", "edit", "ask"))
	c.open(c.at("undo", "edit", "ask"))
	if len(c.told) != 2 || len(c.saved) != 2 {
		t.Errorf("of new words: told %v, saved %v", c.told, c.saved)
	}
}

func TestAnInvitationThatWasCopiedBadlyIsAskedForAllTheSame(t *testing.T) {
	site := newsSite(t)
	for words, code := range map[string]string{"join 3QEN5XQC43VEKZH7KIQERR637": "3QEN5XQC43VEKZH7KIQERR637", "Join 3qen5xqc43vekzh7kiqerr637vv": "3QEN5XQC43VEKZH7KIQERR637VV", "join": ""} {
		_, effects := site.Turn(flows.State{}, flows.Event{Text: words, At: deskTime, Locale: "en", Desk: &flows.Desk{}})
		if asked := slices.Contains(effects, flows.Effect(flows.Join{Code: code})); asked != (code != "") {
			t.Errorf("%q leads to %+v", words, effects)
		}
	}
}

// A name that holds lines would write entries of its own into the printed log.
func TestAModeratorsNameIsOneLine(t *testing.T) {
	c := newColleague(t, flows.RoleOwner, 1)
	c.open("moderators/invite/viewer")
	_, effects := c.site.Turn(c.state, flows.Event{Text: "Vi\n27\tremoved\x1b[2J", At: c.now, Locale: "en", Desk: &flows.Desk{Me: c.me, Members: c.all}})
	if want := flows.Effect(flows.Invite{Role: flows.RoleViewer, Label: "Vi 27 removed[2J"}); !slices.Contains(effects, want) {
		t.Errorf("the name leads to %+v", effects)
	}
}
