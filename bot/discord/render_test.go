package discord

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"notalone/flows"
	"notalone/i18n"
)

func TestMarkdown(t *testing.T) {
	bold, italic := i18n.Bold, i18n.Italic
	for name, tc := range map[string]struct {
		text i18n.Text
		want string
	}{
		"plain":                {i18n.Text{{Text: "Call 111. It is free, at safe@example.org (day and night)."}}, "Call 111. It is free, at safe@example.org (day and night)."},
		"styles":               {i18n.Text{{Text: "a "}, {Text: "b", Style: bold}, {Text: " c "}, {Text: "d", Style: italic}}, "a **b** c *d*"},
		"both":                 {i18n.Text{{Text: "x", Style: bold | italic}}, "***x***"},
		"code":                 {i18n.Text{{Text: "a`b*c", Style: i18n.Code}}, "`a'b*c`"},
		"spaces stay outside":  {i18n.Text{{Text: " b ", Style: bold}, {Text: "c"}}, " **b** c"},
		"only spaces":          {i18n.Text{{Text: "a"}, {Text: "\n\n", Style: bold}, {Text: "b"}}, "a\n\nb"},
		"neighbours are one":   {i18n.Text{{Text: "a", Style: bold}, {Text: "b", Style: bold}}, "**ab**"},
		"styles that touch":    {i18n.Text{{Text: "a", Style: bold}, {Text: "b", Style: italic}}, "**a**" + between + "*b*"},
		"marks in bold":        {i18n.Text{{Text: "**", Style: bold}}, `**\*\***`},
		"link":                 {i18n.Text{{Text: "the page", URL: "https://example.org/a"}}, "[the page](<https://example.org/a>)"},
		"link with odd signs":  {i18n.Text{{Text: "a] \n[b", URL: "https://example.org/a_(b)>"}}, `[a\] \[b](<https://example.org/a_%28b%29%3E>)`},
		"link named by itself": {i18n.Text{{Text: "https://example.org", URL: "https://example.org"}}, "<https://example.org>"},
		"bold link":            {i18n.Text{{Text: "x", URL: "https://example.org", Style: bold}}, "**[x](<https://example.org>)**"},
		"unsafe link":          {i18n.Text{{Text: "x", URL: "http://example.org"}}, "x"},
		"no link at all":       {i18n.Text{{Text: "x", URL: "javascript:alert(1)"}}, "x"},
		"a number":             {i18n.Text{{Text: "call 1 800", URL: "tel:1800"}}, "call 1 800"},
		"a number not told":    {i18n.Text{{Text: "call", URL: "tel:111"}}, "call (111)"},
		"line starts":          {i18n.Text{{Text: "- a\n+ b\n # c\n> d\n12. e\n1) f\n-# g"}}, "\\- a\n\\+ b\n \\# c\n\\> d\n12\\. e\n1\\) f\n\\-# g"},
		"inside a line":        {i18n.Text{{Text: "a - b + c # d > e 1. f"}}, "a - b + c # d > e 1. f"},
		"across spans":         {i18n.Text{{Text: "1"}, {Text: "."}, {Text: " a"}}, `1\. a`},
		"mentions":             {i18n.Text{{Text: "@everyone @here <@1> <#2> @ann"}}, `\@everyone \@here \<@1> \<#2> @ann`},
		"a split mention":      {i18n.Text{{Text: "@every", Style: 0}, {Text: "one", Style: bold}}, `\@every**one**`},
		"an address":           {i18n.Text{{Text: "https://evil.example 10:30 at: x"}}, `https\://evil.example 10:30 at: x`},
		"a picture's name":     {i18n.Text{{Text: ":smile: a:b"}}, `\:smile: a\:b`},
		"empty":                {nil, between},
	} {
		t.Run(name, func(t *testing.T) {
			if got := markdown(tc.text); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

// marked finds what Discord would read as markup, a mention, a link or a picture.
var marked = regexp.MustCompile(`(?m)^\s*(>|#{1,3}\s|-#\s|[-*+]\s|\d+[.)]\s)|[*_~|<\[\]` + "`" + `]|@(everyone|here)|https?://|:[\p{L}\p{N}_+-]+:`)

// shown is what a reader of a message sees, if it has no markup in it.
func shown(markdown string) (text string, plain bool) {
	var seen, bare strings.Builder
	for escaped := false; markdown != ""; {
		r, size := utf8.DecodeRuneInString(markdown)
		markdown = markdown[size:]
		switch {
		case escaped && unicode.IsSpace(r), escaped && (unicode.IsLetter(r) || unicode.IsDigit(r)): // no escape for Discord
			return "", false
		case escaped:
			seen.WriteRune(r)
			bare.WriteRune('\ufffc') // a sign that stands for itself
			escaped = false
		case r == '\\':
			escaped = true
		default:
			seen.WriteRune(r)
			bare.WriteRune(r)
		}
	}
	return seen.String(), !marked.MatchString(bare.String())
}

func FuzzValuesNeverBecomeMarkupOrMention(f *testing.F) {
	for _, seed := range []string{
		"@everyone", "<@1>", "**x**", "[a](https://e.example)", "# big", "`code`", "||spoiler||", "\\", "1. a", "- a\n- b", "http://a", ":a:", "@", "https:",
		"__u__", "~~s~~", "```\ncode```", "-# small", ">>> all", "\r# x", "a\u2028# b", "<t:1>", "</help:1>",
	} {
		f.Add(seed, "x", uint8(0))
		f.Add(seed, seed, uint8(1))
	}
	f.Fuzz(func(t *testing.T, value, after string, style uint8) {
		if !utf8.ValidString(value+after) || utf8.RuneCountInString(value+after) > maxContent {
			return
		}
		// Two values side by side, as a text with two places for values has them.
		text := i18n.Text{{Text: value}, {Text: after}}
		got, plain := shown(markdown(text))
		if strings.TrimSpace(value+after) != "" && (got != value+after || !plain) {
			t.Errorf("%q is shown as %q, plain %v", value+after, got, plain)
		}
		body := render(&flows.Page{Text: i18n.Text{{Text: value, Style: i18n.Style(style % 8)}, {Text: after, URL: "https://example.org/" + value}}})
		var m message
		if err := json.Unmarshal(object(body, ""), &m); err != nil || m.Content == "" || utf8.RuneCountInString(m.Content) > maxContent || len(m.Mentions.Parse) != 0 {
			t.Errorf("%q, %q: %v in %s", value, after, err, body)
		}
		if !strings.Contains(string(body), `"allowed_mentions":{"parse":[]}`) {
			t.Errorf("mentions are not switched off in %s", body)
		}
	})
}

func TestALongTextIsCutAtAWord(t *testing.T) {
	for name, tc := range map[string]struct {
		text i18n.Text
		ends string
	}{
		"words":          {i18n.Plainly(strings.Repeat("some words ", 300)), " some…"},
		"all to escape":  {i18n.Plainly(strings.Repeat("_*", 1500)), "…"},
		"one long word":  {i18n.Plainly(strings.Repeat("x", 2001)), "x…"},
		"marks on top":   {i18n.Plainly(strings.Repeat("e\u0301", 1500)), "e\u0301…"},
		"bold":           {i18n.Text{{Text: strings.Repeat("bold words ", 300), Style: i18n.Bold}}, "**…"},
		"a link at last": {i18n.Text{{Text: strings.Repeat("x", 1995)}, {Text: "a long label", URL: "https://example.org"}}, "x…"},
	} {
		got := content(tc.text)
		if n := utf8.RuneCountInString(got); n > maxContent || n < maxContent-20 && name != "words" {
			t.Errorf("%s: %d code points", name, n)
		}
		if !strings.HasSuffix(got, tc.ends) {
			t.Errorf("%s: ends with %q, want %q", name, got[len(got)-20:], tc.ends)
		}
		if strings.HasSuffix(strings.TrimSuffix(got, "…"), `\`) && !strings.HasSuffix(got, `\\…`) {
			t.Errorf("%s: cut in an escape", name)
		}
	}
	exact := strings.Repeat("x", maxContent)
	if got := content(i18n.Plainly(exact)); got != exact {
		t.Error("a text that just fits was cut")
	}
}

func TestButtons(t *testing.T) {
	link := func(path flows.Path) flows.Button { return flows.Button{Label: string(path), Path: path} }
	wide := make([]flows.Button, 7)
	for i := range wide {
		wide[i] = link(flows.Path("p" + string(rune('a'+i))))
	}
	page := &flows.Page{Rows: [][]flows.Button{
		{link("a"), link("a"), {Label: " ", Path: "b"}, {Label: strings.Repeat("é", 90), Path: "c"}},
		{{Label: "Site", URL: "https://example.org"}, {Label: "Bad", URL: "http://example.org"}, {Label: "Nothing"}, {Label: "Long", URL: "https://example.org/" + strings.Repeat("x", 600)}},
		wide,
		{link("a")},
		{{Label: "Private", Path: "d", Apart: true}},
		{link("lost")},
		{link("help")},
	}}
	rows := components(page)
	if len(rows) != 4 || len(rows[0].Components) != 2 || len(rows[1].Components) != 1 || len(rows[2].Components) != 5 {
		t.Fatalf("%+v", rows)
	}
	part := func(row, n int) button { return rows[row].Components[n].(button) }
	if got := utf8.RuneCountInString(part(0, 1).Label); got != maxLabel {
		t.Errorf("a label of %d code points", got)
	}
	if b := part(1, 0); b.Style != 5 || b.CustomID != "" || b.URL == "" {
		t.Errorf("a link is %+v", b)
	}
	if b := part(3, 0); b.CustomID != "help" || b.Style != 1 {
		t.Errorf("the last row is %+v, want help", b)
	}
}

func TestFixedPagesAreRenderedOnce(t *testing.T) {
	c := newPageCache()
	fixed, other := &flows.Page{Text: i18n.Plainly("x"), Fixed: true}, &flows.Page{Text: i18n.Plainly("x")}
	if first, again := c.render(fixed), c.render(fixed); &first[0] != &again[0] {
		t.Error("a fixed page was rendered again")
	}
	if c.render(other); len(c.pages) != 1 {
		t.Errorf("%d pages are kept, want the fixed one", len(c.pages))
	}
	for range maxPages + 10 {
		c.render(&flows.Page{Fixed: true})
	}
	if len(c.pages) > maxPages {
		t.Errorf("%d pages are kept", len(c.pages))
	}
}
