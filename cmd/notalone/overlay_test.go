package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"notalone/flows"
)

// lay writes an organisation's own files, as docs/content-guide.md tells it.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// inAll repeats words for every language.
func inAll(files map[string]string, words string) map[string]string {
	for _, lang := range []string{"en", "id", "vi"} {
		files["i18n/"+lang+"/ours.toml"] = words
	}
	return files
}

// school is what a school adds: a line of its own that comes first, a tip said
// otherwise, a question and a page.
func school() map[string]string {
	return inAll(map[string]string{"content/ours.yaml": `
countries:
  - code: VN
    channels:
      - id: our-school
        kind: child_helpline
        name: Our school
        phone: 0123 456 789
        hours: unknown
        cost: free
        languages: [vi]
        topics: [bullying]
        confidence: high
        source_url: https://example.org
        source_date: "2026-11-01"
        checked_on: "2026-11-20"
    routing:
      bullying: [our-school, vn-111]
questions:
  - {id: ours, topic: scam, kind: do, level: 1, choices: [a, b], right: b, source: ["https://example.org/fact"]}
pages:
  - path: adults
    rows: [[our/rules], [adults/talk, adults/signs], [adults/settings, adults/school], [lesson, home]]
  - path: our/rules
    rows: [[adults, home]]
`}, `
[tip]
threat-stop = "Our own words."
[quiz.ours]
ask = "Which one?"
a = "This"
b = "That"
why = "That is so."
not_a = "It looks like it."
[page]
our_rules = "Our rules."
[label]
our_rules = "Our rules"
`)
}

func TestASchoolAddsItsOwn(t *testing.T) {
	site, err := buildSite(lay(t, school()), flows.Operator{Name: "Our school", Contact: "safe@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[flows.Path]string{
		"lines/bullying/VN": "0123 456 789",
		"line/our-school":   "0123 456 789",
		"tip/threat-stop":   "Our own words.",
		"quiz/ours/b":       "That is so.",
		"our/rules":         "Our rules.",
	} {
		page := site.Open("vi", path)
		if page == nil || !strings.Contains(page.Text.Plain(), want) {
			t.Errorf("%s shows %+v, want %q", path, page, want)
		}
	}
	if links := site.Open("vi", "adults").Links(); links[0] != "our/rules" {
		t.Errorf("adults leads to %v", links)
	}
}

// A fault in an overlay stops the start with one line that names file and line.
func TestAFaultyOverlayStopsTheStart(t *testing.T) {
	for name, tc := range map[string]struct{ file, text, want string }{
		"a field misspelt":            {"content/ours.yaml", "tips:\n  - {id: x, topik: scam}", "content/ours.yaml:2: unknown field \"topik\": - {id: x, topik: scam}"},
		"a kind misspelt":             {"content/ours.yaml", "tip:\n  - {id: x}", "content/ours.yaml:1: unknown field \"tip\": tip:"},
		"a bracket left open":         {"content/ours.yaml", "tips:\n  - {id: x, topic: scam\n  - {id: y}", "content/ours.yaml:3: "},
		"a tab":                       {"content/ours.yaml", "tips:\n\t- id: x", "content/ours.yaml:2: found character a tab"},
		"no id":                       {"content/ours.yaml", "tips:\n\n  - {topic: scam}", "content/ours.yaml:3: an item without its id"},
		"one id twice":                {"content/ours.yaml", "tips:\n  - {id: x, topic: scam}\n  - {id: x, topic: scam}", "content/ours.yaml:3: \"x\" stands in "},
		"a line that is not there":    {"content/ours.yaml", "countries:\n  - code: VN\n    routing:\n      scam: [nobody]", "content/ours.yaml:2: directory: scam: there is no channel \"nobody\""},
		"a link to no page":           {"content/ours.yaml", "pages:\n  - path: adults/talk\n    rows: [[nowhere, home]]", "content/ours.yaml:2: dead end: the page adults/talk in en: a button leads to \"nowhere\", which is no page"},
		"a tip without words":         {"content/ours.yaml", "tips:\n  - {id: x, topic: scam, for: teen, source: [SC-01]}", "content/ours.yaml:2: missing key: tip.x is missing in i18n/en"},
		"a story without screens":     {"content/ours.yaml", "practice:\n  - {id: x, topic: scam, source: [SC-01]}", "content/ours.yaml:2: "},
		"a quote left open":           {"i18n/vi/ours.toml", "[tip]\nthreat-stop = \"Một", "i18n/vi/ours.toml:2: "},
		"no quotes":                   {"i18n/vi/ours.toml", "[tip]\nthreat-stop = 5", "i18n/vi/ours.toml:2: tip.threat-stop: a text stands in quotes"},
		"a mark left open":            {"i18n/vi/ours.toml", "[tip]\nthreat-stop = \"**Một\"", "i18n/vi/ours.toml:2: tip.threat-stop: a mark of"},
		"a key twice":                 {"i18n/vi/ours.toml", "[tip]\nthreat-stop = \"a\"\nthreat-stop = \"b\"", "i18n/vi/ours.toml:3: "},
		"a tip that is not ours":      {"i18n/vi/ours.toml", "[tip]\nthreatstop = \"Một\"", "i18n/vi/ours.toml:2: extra key: tip.threatstop"},
		"a banned wording":            {"i18n/en/ours.toml", "[tip]\nthreat-stop = \"Calm down.\"", "i18n/en/ours.toml:2: banned wording: tip.threat-stop"},
		"a folder of no language":     {"i18n/vietnam/ours.toml", "[tip]\nthreat-stop = \"Một\"", "i18n/vietnam/ours.toml:1: the folder \"vietnam\" is named after no language"},
		"words beside the folders":    {"i18n/vi.toml", "[tip]", "i18n/vi.toml:1: not read: "},
		"structure beside the folder": {"ours.yaml", "tips:", "ours.yaml:1: not read: "},
		"another ending":              {"content/ours.yml", "tips:", "content/ours.yml:1: not read: "},
		"an editor's own ending":      {"content/ours.yaml.txt", "tips:", "content/ours.yaml.txt:1: not read: "},
	} {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, map[string]string{tc.file: tc.text})
			_, err := buildSite(dir, flows.Operator{})
			if err == nil || !errors.Is(err, errUsage) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("the start said %v", err)
			}
			if want := "CONTENT_DIR: " + filepath.Join(dir, tc.want); !strings.Contains(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestCheckListsEveryFaultOfAnOverlay(t *testing.T) {
	for name, tc := range map[string]struct {
		files map[string]string
		wants []string
		end   string
	}{
		"two files that cannot be read": {
			map[string]string{"content/a.yaml": "tip:", "i18n/vi/b.toml": "[tip"},
			[]string{"content/a.yaml:1: ", "i18n/vi/b.toml:1: "},
			"2 faults, before anything else could be checked",
		},
		"faults that only reading shows": {
			map[string]string{"content/a.yaml": "countries:\n  - code: VN\n    routing:\n      scam: [nobody]", "i18n/en/b.toml": "[tip]\nthreat-stop = \"Calm down.\""},
			[]string{"content/a.yaml:2: ", "i18n/en/b.toml:2: "},
			"2 faults",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, tc.files)
			var out bytes.Buffer
			if err := (checkCmd{}).print(&out, dir, transcriptTime); err == nil || err.Error() != tc.end {
				t.Errorf("ended with %v", err)
			}
			for _, want := range tc.wants {
				if !strings.Contains(out.String(), filepath.Join(dir, want)) {
					t.Errorf("%s is not named:\n%s", want, out.String())
				}
			}
		})
	}
}

func TestCheckPrintsForPeopleAndForMachines(t *testing.T) {
	for name, tc := range map[string]struct {
		cmd   checkCmd
		wants []string
	}{
		"counts":               {checkCmd{JSON: true}, []string{`"counts": {`, `"tips": {`, `"vi": `, `"faults": []`}},
		"the directory":        {checkCmd{Directory: true}, []string{"days  id ", "vn-111 ", " VN ", " high ", "2026-11-23", "https://"}},
		"the directory's JSON": {checkCmd{Directory: true, JSON: true}, []string{`"id": "vn-111"`, `"country": "global"`, `"days": 1`, `"source": "https://`}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := tc.cmd.print(&out, "", transcriptTime); err != nil {
				t.Fatal(err)
			}
			for _, want := range tc.wants {
				if !strings.Contains(out.String(), want) {
					t.Errorf("not printed: %q in\n%.600s", want, out.String())
				}
			}
		})
	}
}

func TestOverlaysThatAreNoFault(t *testing.T) {
	line, _, _ := strings.Cut(school()["content/ours.yaml"], "questions:")
	for name, files := range map[string]map[string]string{
		"an empty folder": {},
		"remarks, a readme, a hidden folder, a check that is old": {
			"content/ours.yaml": "# nothing yet\n", "i18n/vi/ours.toml": "# nothing yet\n", "content/notes.md": "ours", ".git/config.yaml": "x",
			"content/old.yaml": strings.Replace(line, "2026-11-20", "2020-01-01", 1),
		},
		"written on Windows": {
			"content/ours.yaml": "\ufeff# ours\r\ncountries:\r\n  - code: VN\r\n    routing:\r\n      scam: [vn-111]\r\n",
			"i18n/vi/ours.toml": "\ufeff[tip]\r\nthreat-stop = \"Một\"\r\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := buildSite(lay(t, files), flows.Operator{}); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := buildSite("/no/such/folder", flows.Operator{}); !errors.Is(err, errUsage) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
