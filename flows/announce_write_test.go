package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/flows"
	"notalone/i18n"
)

// Typed words are taken for what they can be: an address is the picture, others
// tell what it shows; a time keeps its hour when the clock changes.
func TestWhatModeratorsTypeIsNotLost(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 1)
	c.open(c.at("picture"))
	if c.open("", "A poster"); c.news.Picture.URL != "" {
		t.Errorf("words became the address %q", c.news.Picture.URL)
	}
	c.open(c.at("picture"))
	c.open("", "https://example.org/poster.png")
	if c.open("", "A poster"); c.news.Picture.URL != "https://example.org/poster.png" || c.news.Picture.Alt["en"] != "A poster" {
		t.Errorf("the picture is %+v", c.news.Picture)
	}
	c.open(c.at("button"))
	if page := c.open("", "https://example.org/more"); !has(page, c.at("label", "0", "vi")) {
		t.Errorf("a link's button asks for no label: %v", page.Links())
	}
	if c.open("", "More"); c.news.Buttons[0].Labels["en"] != "More" {
		t.Errorf("words on a button's page became %+v", c.news.Buttons)
	}
	for _, form := range []string{"button", "picture"} {
		c.open(c.at(form))
		if page := c.open("", "https://elsewhere.example/x Look"); !strings.Contains(page.Text.Plain(), lineOf(c.site, "flaw.link", i18n.With("Link", "https://elsewhere.example/x"))) {
			t.Errorf("a foreign address at %s: %q", form, page.Text.Plain())
		}
	}
	if len(c.news.Buttons) != 1 || c.news.Picture.URL != "https://example.org/poster.png" {
		t.Errorf("a foreign address was kept: %+v, %+v", c.news.Buttons, c.news.Picture)
	}
	c.open(c.at("text", "en"))
	if page := c.open("", "Announce"); page.Path != "announce" || c.news.Texts["en"] == "Announce" {
		t.Errorf("the way out of a form became the text %q at %s", c.news.Texts["en"], page.Path)
	}
	c.open(c.at("when"))
	c.open("", "2026-12-01 08:00")
	at := c.news.When.At
	if page := c.open(c.at("when", "local")); !c.news.When.Local || !strings.Contains(page.Text.Plain(), "2026-12-01 08:00") {
		t.Errorf("by each receiver's clock: %q", page.Text.Plain())
	}
	if page := c.open(c.at("when")); !strings.Contains(page.Text.Plain(), lineOf(c.site, "announce.each_zone")) {
		t.Errorf("a time would be taken by each receiver's clock, but it says %q", page.Text.Plain())
	}
	if c.open(c.at("when", "local")); c.news.When.Local || c.news.When.At != at {
		t.Errorf("and back: %+v", c.news.When)
	}
	c.open(c.at("when", "local"))
	c.open(c.at("when"))
	want := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC).Unix()
	if c.open("", "2026-12-01 08:00 Asia/Jakarta"); c.news.When != (flows.When{At: want}) {
		t.Errorf("by another place's clock: %+v", c.news.When)
	}
	c.open(c.at("when"))
	if c.open("", "2026-12-01 08:00 Asia/Nowhere"); c.news.When.At != want {
		t.Errorf("by the clock of no place: %+v", c.news.When)
	}
}

// Whatever cannot be taken is named on the very page that asked for it; nothing is
// changed by it, and the form waits for better words.
func TestBadInputIsNamedAndLosesNothing(t *testing.T) {
	huge := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		form, words string
		says        i18n.Key
	}{
		{"when", "25:00", "announce.when_odd"},
		{"when", "tomorrow", "announce.when_odd"},
		{"when", "2026-12-01 25:00", "announce.when_odd"},
		{"when", "2026-02-30 08:00", "announce.when_odd"},
		{"when", "2020-01-01 08:00", "flaw.past"},
		{"when", "2026-12-01 08:00 Atlantis", "announce.when_zone"},
		{"when", huge, "announce.when_odd"},
		{"picture", "A poster", "announce.no_address"},
		{"picture", "ftp://example.org/x.png", "flaw.link"},
		{"picture", "http://example.org/x.png A poster", "flaw.link"},
		{"picture", huge, "announce.no_address"},
		{"button", "nowhere", "announce.no_page"},
		{"button", "help/self_harm", "announce.no_page"},
		{"button", "tel:111", "flaw.contact"},
		{"button", "us@elsewhere.com Write to us", "flaw.contact"},
		{"button", "https://elsewhere.example/x", "flaw.link"},
		{"button", huge, "announce.no_page"},
		{"countries", huge, "announce.no_country"},
	} {
		c := newColleague(t, flows.RoleOwner, 1)
		before, asked := c.news.Hash(), c.open(c.at(tc.form))
		page := c.open("", tc.words)
		first := strings.Join(strings.Fields(text(c.site, "en", tc.says))[:3], " ") // values come later
		if !strings.HasPrefix(page.Text.Plain(), first) || page.Path != asked.Path || !slices.Equal(page.Links(), asked.Links()) {
			t.Errorf("%s, %.30q: %.120q with %v", tc.form, tc.words, page.Text.Plain(), page.Links())
		}
		if c.news.Hash() != before || len(c.saved) > 0 || len([]rune(page.Text.Plain())) > flows.MaxText {
			t.Errorf("%s, %.30q: saved %v, %d letters", tc.form, tc.words, c.saved, len([]rune(page.Text.Plain())))
		}
	}
}

// What is wrong with words is told as soon as they are written, and they are kept:
// the moderator can go on from them.
func TestFlawsAreToldWhereTheyAreWritten(t *testing.T) {
	for _, tc := range []struct{ form, words, says string }{
		{"text/en", "**Open", lineOf(newsSite(t), "flaw.marks", i18n.With("Lang", "English"))},
		{"text/en", strings.Repeat("word ", 1000), lineOf(newsSite(t), "flaw.long", i18n.With("Lang", "English"), i18n.Count("N", 4999), i18n.Count("Max", 1800))},
		{"picture", "https://example.org/x.png", lineOf(newsSite(t), "flaw.alt", i18n.With("Lang", "English"))},
		{"button", "https://example.org/x", lineOf(newsSite(t), "flaw.label", i18n.With("Lang", "English"), i18n.With("Page", "https://example.org/x"))},
	} {
		c := newColleague(t, flows.RoleOwner, 1)
		c.open(c.at(strings.Split(tc.form, "/")...))
		if page := c.open("", tc.words); !strings.Contains(page.Text.Plain(), tc.says) || len(c.saved) != 1 {
			t.Errorf("%s: %q, saved %v; want %q", tc.form, page.Text.Plain(), c.saved, tc.says)
		}
		if again := c.open(c.at(strings.Split(tc.form, "/")...)).Text.Plain(); len([]rune(again)) > flows.MaxText {
			t.Errorf("%s: %d letters when it is opened again", tc.form, len([]rune(again)))
		}
	}
}

// Days and hours are read without leading zeros, and clocks by a city's name too.
func TestTimesAreReadKindly(t *testing.T) {
	for words, want := range map[string]time.Time{
		"2026-12-01 08:00":             time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
		"2026-12-1 8:05":               time.Date(2026, 12, 1, 8, 5, 0, 0, time.UTC),
		"2026-12-01T08:00":             time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
		"2026-12-01  08:00  Jakarta":   time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC),
		"2026-12-01 08:00 ho chi minh": time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC),
		"2026-12-01 08:00 UTC":         time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
	} {
		c := newColleague(t, flows.RoleModerator, 1)
		c.open(c.at("when"))
		if c.open("", words); c.news.When != (flows.When{At: want.Unix()}) {
			t.Errorf("%q: %v, want %v", words, time.Unix(c.news.When.At, 0).UTC(), want)
		}
	}
}

// Names are taken in any language, with or without marks, and codes; what cannot be
// understood changes nothing.
func TestCountriesAreTyped(t *testing.T) {
	for words, want := range map[string]string{
		"viet nam": "VN", "Việt Nam": "VN", "vietnam": "VN", "vn": "VN", "Indonesia": "ID", "viet nam, Indonesia": "VN ID", "JP; id": "JP ID",
		"Atlantis": "", "vn, Atlantis": "", "korea, vn": "KR VN", "  ": "",
	} {
		c := newColleague(t, flows.RoleModerator, 1)
		c.open(c.at("countries"))
		page := c.open("", words)
		if got := strings.Join(c.news.To.Countries, " "); got != want {
			t.Errorf("%q: %q, want %q; it says %q", words, got, want, page.Text.Plain())
		}
	}
	c := newColleague(t, flows.RoleModerator, 1)
	c.open(c.at("countries"))
	if page := c.open("", "Atlantis"); !strings.Contains(page.Text.Plain(), "Atlantis") {
		t.Errorf("it says %q", page.Text.Plain())
	}
	c.open("", "vn") // the form still waits
	if page := c.open("", "vn"); !slices.Equal(c.news.To.Countries, []string{"VN"}) || !has(page, c.at("to", "country", "VN")) {
		t.Errorf("%v, offered %v", c.news.To.Countries, page.Links())
	}
}

// A text that was written by mistake is taken away again, with what it stood in for.
func TestATextIsTakenAway(t *testing.T) {
	c := newColleague(t, flows.RoleModerator, 1)
	c.news.Fallback = "en"
	if page := c.open(c.at("text", "en")); !has(page, c.at("text", "en", "none")) {
		t.Errorf("it offers %v", page.Links())
	}
	if c.open(c.at("text", "en", "none")); len(c.news.Texts) > 0 || c.news.Fallback != "" || len(c.saved) != 1 {
		t.Errorf("left: %v, others get %q, saved %v", c.news.Texts, c.news.Fallback, c.saved)
	}
	if page := c.open(c.at("text", "en")); has(page, c.at("text", "en", "none")) {
		t.Error("what is not there is offered to be taken away")
	}
}

// What was thrown away, or cancelled before it began, can be taken up again; an
// approval does not come back with it.
func TestNothingWrittenIsLostByOneTap(t *testing.T) {
	for _, stage := range []flows.Stage{flows.Drafted, flows.Waiting, flows.Scheduled} {
		c := newColleague(t, flows.RoleModerator, 2)
		c.news.Stage = stage
		c.news.Approve("budi")
		if page := c.open(c.at("cancel")); c.news.Stage != flows.Cancelled || !has(page, c.at("draft")) {
			t.Fatalf("%s: it is %s, offered %v", stage, c.news.Stage, page.Links())
		}
		if c.open(c.at("draft")); c.news.Stage != flows.Drafted || c.news.Texts["en"] != "Hello" || c.news.Approved() {
			t.Errorf("%s: taken up again it is %s, %q, approved %v", stage, c.news.Stage, c.news.Texts["en"], c.news.Approved())
		}
	}
	c := newColleague(t, flows.RoleModerator, 1)
	c.news.Stage, c.news.Started, c.news.Ended = flows.Cancelled, 1, 2
	if c.open(c.at("draft")); c.news.Stage != flows.Cancelled {
		t.Errorf("what has gone out became %s", c.news.Stage)
	}
}
