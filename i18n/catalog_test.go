package i18n

import (
	"strings"
	"testing"
	"testing/fstest"
)

func testCatalog(t *testing.T, overlays ...fstest.MapFS) *Catalog {
	t.Helper()
	base := fstest.MapFS{
		"en/ui.toml": {Data: []byte("hello = \"Hello {{.Name}}\"\nonly_en = \"Here\"\n[days]\none = \"{{.N}} day\"\nother = \"{{.N}} days\"\n")},
		"vi/ui.toml": {Data: []byte("hello = \"Chào {{.Name}}\"\ndays = \"{{.N}} ngày\"\n")},
		"id/ui.toml": {Data: []byte("hello = \"Halo {{.Name}}\"\ndays = \"{{.N}} hari\"\n")},
	}
	c, err := Load(base)
	if len(overlays) > 0 {
		c, err = Load(base, overlays[0])
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPlurals(t *testing.T) {
	c := testCatalog(t)
	for _, tc := range []struct {
		lang Lang
		n    int
		want string
	}{{"en", 1, "1 day"}, {"en", 2, "2 days"}, {"en", 0, "0 days"}, {"vi", 1, "1 ngày"}, {"id", 5, "5 hari"}} {
		if got := c.Line(tc.lang, "days", Count("N", tc.n)); got != tc.want {
			t.Errorf("%s %d: %q, want %q", tc.lang, tc.n, got, tc.want)
		}
	}
}

func TestAMissingMessageFallsBackToEnglishAndNeverToItsKey(t *testing.T) {
	c := testCatalog(t)
	if got := c.Line("vi", "only_en"); got != "Here" {
		t.Errorf("got %q, want the English text", got)
	}
	if got := c.Line("vi", "nowhere"); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}

func TestAnOverlayReplacesSingleMessages(t *testing.T) {
	c := testCatalog(t, fstest.MapFS{"vi/own.toml": {Data: []byte("hello = \"Chào bạn {{.Name}}\"\n")}})
	if got := c.Line("vi", "hello", With("Name", "An")); got != "Chào bạn An" {
		t.Errorf("got %q", got)
	}
	if got := c.Line("vi", "days", Count("N", 3)); got != "3 ngày" {
		t.Errorf("the rest of the language changed: %q", got)
	}
}

func TestMatch(t *testing.T) {
	c := testCatalog(t)
	for locale, want := range map[string]struct {
		lang Lang
		sure bool
	}{
		"vi": {"vi", true}, "vi-VN": {"vi", true}, "id": {"id", true}, "in": {"id", true}, "id-ID": {"id", true}, "ms": {"id", true},
		"en-GB": {"en", true}, "en-US": {"en", true}, "km": {"en", false}, "th": {"en", false}, "": {"en", false}, "no such": {"en", false},
	} {
		lang, sure := c.Match(locale)
		if lang != want.lang || sure != want.sure {
			t.Errorf("Match(%q) = %q %v, want %q %v", locale, lang, sure, want.lang, want.sure)
		}
	}
}

func TestRegion(t *testing.T) {
	for locale, want := range map[string]string{"vi-VN": "VN", "en-GB": "GB", "vi": "", "": "", "x y": ""} {
		if got := Region(locale); got != want {
			t.Errorf("Region(%q) = %q, want %q", locale, got, want)
		}
	}
}

func TestFaultsNameFileAndLine(t *testing.T) {
	_, err := Load(fstest.MapFS{"en/ui.toml": {Data: []byte("a = \"fine\"\n\n[help.scam]\nnow = \"\"\"\nline\n**open\"\"\"\n")}})
	if err == nil || !strings.Contains(err.Error(), "en/ui.toml:4: help.scam.now") {
		t.Errorf("got %v, want file, line and key", err)
	}
}

func TestEmbeddedWordsLoad(t *testing.T) {
	c, err := Load(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []Lang{"en", "vi", "id"} {
		if !c.Knows(lang) {
			t.Errorf("the language %q is missing", lang)
		}
	}
}
