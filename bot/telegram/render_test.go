package telegram

import (
	"encoding/json"
	"strings"
	"testing"

	"notalone/flows"
	"notalone/i18n"
)

func TestText(t *testing.T) {
	for name, tc := range map[string]struct {
		text i18n.Text
		want string
	}{
		"plain":        {i18n.Plainly("xin chào\n2"), "xin chào\n2"},
		"never markup": {i18n.Plainly(`<b>&amp;"\`), `&lt;b&gt;&amp;amp;&quot;\`},
		"bold":         {i18n.Text{{Text: "a", Style: i18n.Bold}, {Text: "b"}}, "<b>a</b>b"},
		"both":         {i18n.Text{{Text: "a", Style: i18n.Bold | i18n.Italic}}, "<b><i>a</i></b>"},
		"code alone":   {i18n.Text{{Text: "a", Style: i18n.Bold | i18n.Code}}, "<code>a</code>"},
		"link":         {i18n.Text{{Text: "a", URL: `https://x.org/?a=1&b="2"`}}, `<a href="https://x.org/?a=1&amp;b=&quot;2&quot;">a</a>`},
		"bold link":    {i18n.Text{{Text: "a", URL: "https://x.org", Style: i18n.Bold}}, `<b><a href="https://x.org">a</a></b>`},
		"odd link":     {i18n.Text{{Text: "a", URL: "http://x.org"}}, "a"},
		"a number":     {i18n.Text{{Text: "111", URL: "tel:111"}}, "111"},
		"a named line": {i18n.Text{{Text: "the police", URL: "tel:+84113"}}, "the police +84113"},
		"control":      {i18n.Plainly("a\x00\tb\xff"), "ab\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			if err := json.Unmarshal(append(appendText([]byte{'"'}, tc.text), '"'), &got); err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPage(t *testing.T) {
	page := &flows.Page{Path: "hide/done", Text: i18n.Plainly("Hi"), Rows: [][]flows.Button{
		{{Label: `A "quoted" one`, Path: "help"}, {Label: "", Path: "x"}, {Label: "Site", URL: "https://x.org"}},
		{},
		{{Label: "nothing"}},
		{{Label: "Alone", Path: "help/self_harm", Apart: true}},
	}}
	var got struct {
		Text   string
		Mode   string `json:"parse_mode"`
		Silent bool   `json:"disable_notification"`
		Links  struct {
			Off bool `json:"is_disabled"`
		} `json:"link_preview_options"`
		Markup struct {
			Rows [][]map[string]string `json:"inline_keyboard"`
		} `json:"reply_markup"`
	}
	if err := json.Unmarshal(append([]byte{'{'}, renderPage(page, "TheBot")...), &got); err != nil {
		t.Fatal(err)
	}
	if got.Text != "Hi" || got.Mode != "HTML" || !got.Silent || !got.Links.Off {
		t.Errorf("got %+v", got)
	}
	want := `[[{"callback_data":"help","text":"A \"quoted\" one"},{"text":"Site","url":"https://x.org"}],[{"text":"Alone","url":"https://t.me/TheBot?start=help_self_harm"}]]`
	if rows := asJSON(got.Markup.Rows); rows != want {
		t.Errorf("got  %s\nwant %s", rows, want)
	}
	if bare := string(renderPage(&flows.Page{Text: i18n.Plainly("x")}, "")); strings.Contains(bare, "reply_markup") {
		t.Errorf("a page without buttons has a keyboard: %s", bare)
	}
}

func TestPageCacheIsBounded(t *testing.T) {
	a := known(t)
	first := &flows.Page{Path: "help", Text: i18n.Plainly("x"), Fixed: true}
	tail := a.tail(first)
	if &a.tail(first)[0] != &tail[0] {
		t.Error("a fixed page was encoded twice")
	}
	for range 3 * cachedPages {
		a.tail(&flows.Page{Path: "help", Text: i18n.Plainly("x"), Fixed: true})
	}
	if n := len(a.pages.young) + len(a.pages.old); n > 2*cachedPages {
		t.Errorf("%d pages are kept", n)
	}
	a.tail(&flows.Page{Path: "help", Text: i18n.Plainly("x")})
	if &a.tail(first)[0] == &tail[0] {
		t.Error("a page that was unused for long is still kept")
	}
}
