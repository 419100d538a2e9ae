package check_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/flows/check"
	"notalone/flows/content"
	"notalone/i18n"
)

// FuzzOverlay lays files of an author's own making over nothing: whatever stands in
// them, reading and checking ends with a site or with an error of file and line.
func FuzzOverlay(f *testing.F) {
	f.Add("tips:\n  - {id: x, topic: scam, for: teen, source: [SC-01]}\n", "[tip]\nx = \"One **bold** {{.Value}}.\"\n")
	f.Add("pages:\n  - path: a/b\n    rows: [[home], [a/b]]\n", "home = \"Hi\"\n[page]\na_b = \"[x](https://example.org)\"\n")
	f.Add("countries:\n  - code: VN\n    routing: {scam: [x]}\n    channels:\n      - {id: x, kind: police, name: N, phone: 0113}\n", "[cost]\nfree = '''x'''\n")
	f.Add("practice:\n  - {id: p, topic: scam, screens: [{id: a, choices: [{id: b, to: a}]}]}\nquestions:\n  - {id: q, choices: [a]}\n", "[asked]\nabout = \"(\"\n")
	f.Add("topics: [&a {id: t}, *a]\n---\n", "x = 5\n")
	f.Fuzz(func(t *testing.T, structure, words string) {
		catalog, wrongWords := i18n.Load(fstest.MapFS{"en/own.toml": {Data: []byte(words)}})
		if wrongWords != nil && !strings.Contains(wrongWords.Error(), "en/own.toml:") && !strings.Contains(wrongWords.Error(), "missing or empty") {
			t.Errorf("no file and line: %v", wrongWords)
		}
		tree, wrongContent := content.Load(fstest.MapFS{"own.yaml": {Data: []byte(structure)}})
		if wrongContent != nil && !strings.HasPrefix(wrongContent.Error(), "own.yaml:") {
			t.Errorf("no file and line: %v", wrongContent)
		}
		if wrongWords != nil || wrongContent != nil {
			return
		}
		site, _ := flows.NewSite(catalog, tree, bottest.Keywords{}, nil, flows.Operator{}) // its error is told by the report
		if _, err := check.Run(site, today); err != nil {
			t.Error(err)
		}
	})
}
