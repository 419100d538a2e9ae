package i18n

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	cases := map[string]struct {
		in   string
		want Text
	}{
		"plain":                  {"Stop and breathe.", Text{{Text: "Stop and breathe."}}},
		"bold":                   {"**Stop** now", Text{{Text: "Stop", Style: Bold}, {Text: " now"}}},
		"italic":                 {"_quietly_", Text{{Text: "quietly", Style: Italic}}},
		"bold with italic":       {"**a _b_**", Text{{Text: "a ", Style: Bold}, {Text: "b", Style: Bold | Italic}}},
		"a name with underscore": {"user_name_here", Text{{Text: "user_name_here"}}},
		"code keeps marks":       {"`**x**`", Text{{Text: "**x**", Style: Code}}},
		"link":                   {"see [the page](https://example.org/a_b)", Text{{Text: "see "}, {Text: "the page", URL: "https://example.org/a_b"}}},
		"brackets in prose":      {"[sic] and more", Text{{Text: "[sic] and more"}}},
		"escaped mark":           {`2 \** 3`, Text{{Text: "2 ** 3"}}},
		"value":                  {"Call {{.Number}}.", Text{{Text: "Call "}, {Arg: "Number"}, {Text: "."}}},
	}
	cases["escaped mark"] = struct {
		in   string
		want Text
	}{`2 \*\* 3`, Text{{Text: "2 ** 3"}}}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("Parse(%q): %s", tc.in, diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"bold left open":  "**Stop",
		"code left open":  "`Stop",
		"value left open": "{{.Name",
		"expression":      "{{if .Name}}",
		"script link":     "[x](javascript:alert)",
		"plain http":      "[x](http://example.org)",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Parse(in); err == nil {
				t.Errorf("Parse(%q) = %v, want an error", in, got)
			}
		})
	}
}

func TestValuesNeverBecomeMarkup(t *testing.T) {
	text, err := Parse("**{{.Name}}** wrote")
	if err != nil {
		t.Fatal(err)
	}
	got := text.fill([]Arg{With("Name", "**[x](https://evil.example)** @everyone {{.Name}}")})
	want := Text{{Text: "**[x](https://evil.example)** @everyone {{.Name}}", Style: Bold}, {Text: " wrote"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"**a** _b_ `c` [d](https://e.org) {{.F}}", `\`, "[](", "_", "{{}}", "**_a**_"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		text, err := Parse(source)
		if err != nil {
			return
		}
		for _, span := range text {
			if span.URL != "" && !strings.HasPrefix(span.URL, "https:") && !strings.HasPrefix(span.URL, "tel:") {
				t.Errorf("Parse(%q) made a link to %q", source, span.URL)
			}
		}
		if len(text.Plain()) > len(source) {
			t.Errorf("Parse(%q) grew to %q", source, text.Plain())
		}
	})
}
