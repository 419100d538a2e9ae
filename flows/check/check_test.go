package check_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/flows/check"
	"notalone/flows/content"
	"notalone/i18n"
)

// today is when the shipped directory is young enough.
var today = time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)

// build is the shipped site with an overlay, as CONTENT_DIR lays it.
func build(t testing.TB, own fstest.MapFS) (*flows.Site, error) {
	t.Helper()
	sub := func(name string) fs.FS {
		files, err := fs.Sub(own, name)
		if err != nil {
			t.Fatal(err)
		}
		return i18n.Folder{FS: files, Name: "own/" + name}
	}
	words, err := i18n.Load(i18n.Embedded(), sub("i18n"))
	if err != nil {
		return nil, err
	}
	structure, err := content.Load(content.Embedded(), sub("content"))
	if err != nil {
		return nil, err
	}
	return flows.NewSite(words, structure, bottest.Keywords{}, nil, flows.Operator{Name: "A school", Contact: "safe@example.org"})
}

func run(t testing.TB, own fstest.MapFS) *check.Report {
	t.Helper()
	site, err := build(t, own)
	if site == nil {
		t.Fatal(err)
	}
	report, err := check.Run(site, today)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// least is what the bot promises to offer, in every language.
var least = map[string]int{
	"topics": 13, "services": 20, "channels": 80, "tips": 120, "questions": 150, "practice": 15, "stories": 10,
	"promises": 10, "lessons": 10, "library": 10, "signs": 20,
}

func TestTheShippedContentHasNoFault(t *testing.T) {
	report := run(t, nil)
	for _, fault := range report.Faults {
		t.Error(fault)
	}
	for kind, n := range least {
		counts := report.Counts[kind]
		for _, lang := range []string{"all", "en", "id", "vi"} {
			if counts[lang] < n {
				t.Errorf("%s in %s: %d, %d or more", kind, lang, counts[lang], n)
			}
		}
	}
}

// A slip is one thing that an author may do wrong: the files of the slip, and the
// fault that check has to name.
type slip struct {
	yaml string // own/content/NAME.yaml
	en   string // own/i18n/en/NAME.toml
	vi   string
	id   string
	kind string
	at   string // the end of the file and the line
	text string // part of the text
}

const sixty = "a-name-that-goes-on-and-on-until-nobody-can-keep-it-in-a-button"

// slips breaks each rule once. Every word of them is made up and belongs to nothing.
var slips = map[string]slip{
	"missing": {yaml: "tips:\n  - {id: missing, topic: scam, for: teen, source: [SC-01]}", en: "[tip]\nmissing = \"One.\"", vi: "[tip]\nmissing = \"Một.\"", kind: "missing key", at: "missing.yaml:2", text: "tip.missing is missing in i18n/id"},
	"extra":   {en: "[tip]\n\nextra = \"One.\"", vi: "[tip]\nextra = \"Một.\"", id: "[tip]\nextra = \"Satu.\"", kind: "extra key", at: "en/extra.toml:3", text: "belongs to nothing"},
	"lonely":  {vi: "[words]\nlonely = \"Một.\"", kind: "missing key", at: "vi/lonely.toml:2", text: "is missing in i18n/en"},
	"orphan":  {yaml: "pages:\n  - path: orphan\n    rows: [[home]]", kind: "unreachable", at: "orphan.yaml:2", text: "no button leads there"},
	"long-path": {
		yaml: "stories:\n  - {id: " + sixty + ", topic: scam, source: [SC-01]}", kind: "path", at: "long-path.yaml:2", text: "1 to 64 bytes",
	},
	"label":     {en: "[practice.parcel-call]\ntitle = \"" + strings.Repeat("x", 39) + "\"", kind: "label", text: "39 characters, 1 to 38"},
	"screen":    {en: "[lesson.scam]\nplan = \"" + strings.Repeat("one two three. ", 300) + "\"", kind: "too long", at: "en/screen.toml:2", text: "UTF-16 units, Telegram takes 4096"},
	"message":   {en: "[lesson.ai]\nplan = \"" + strings.Repeat("**one** two three. ", 110) + "\"", kind: "too long", at: "en/message.toml:2", text: "Discord takes 2000"},
	"help":      {en: "[help.scam]\nnever = \"" + strings.Repeat("One two three four. ", 31) + "\"", kind: "too long", at: "en/help.toml:2", text: "a help message has 600"},
	"tip":       {en: "[tip]\nthreat-stop = \"" + strings.Repeat("One two three four. ", 15) + "\"", kind: "too long", at: "en/tip.toml:2", text: "a tip has 280"},
	"privacy":   {vi: "privacy = \"" + strings.Repeat("một hai ba. ", 41) + "{{.Days}} {{.Minutes}} {{.Hours}} {{.Operator}} {{.Contact}}\"", kind: "too long", at: "vi/privacy.toml:1", text: "words, privacy has 120"},
	"sentence":  {en: "[help.hacked]\nnever = \"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen\"", kind: "long sentence", at: "en/sentence.toml:2", text: "16 words, 15 or fewer"},
	"shout":     {en: "[help.bullying]\nnever = \"Never!\"", kind: "style", at: "en/shout.toml:2", text: "exclamation mark"},
	"emoji":     {en: "[help.grooming]\nnever = \"Never 🙂\"", kind: "style", at: "en/emoji.toml:2", text: "1 emoji"},
	"banned":    {en: "[help.danger]\nnever = \"Calm down.\"", kind: "banned wording", at: "en/banned.toml:2", text: "nobody calms down"},
	"empty":     {en: "[help.home]\nnever = \"\"", kind: "empty", at: "en/empty.toml:2", text: "has no text"},
	"value":     {en: "[tip]\nblock-keep-chat = \"Hello {{.Name}}\"", kind: "placeholder", at: "en/value.toml:2", text: "i18n/vi"},
	"nothing":   {yaml: "countries:\n  - code: VN\n    channels:\n      - id: nothing\n        name: N\n        phone: 1", kind: "no source", at: "nothing.yaml:4", text: "source_url"},
	"low":       {yaml: channelYAML("low", "confidence: low"), kind: "confidence", at: "low.yaml:4", text: "only high and medium"},
	"recheck":   {yaml: channelYAML("recheck", "recheck: true"), kind: "confidence", at: "recheck.yaml:4", text: "re-check"},
	"old":       {yaml: channelYAML("old", `checked_on: "2026-05-31"`), kind: "stale", at: "old.yaml:4", text: "181 days ago"},
	"future":    {yaml: channelYAML("future", `checked_on: "2027-01-01"`), kind: "directory", at: "future.yaml:4", text: "future"},
	"undated":   {yaml: channelYAML("undated", `checked_on: "soon"`), kind: "directory", at: "undated.yaml:4", text: "checked_on must be a date"},
	"routing":   {yaml: "countries:\n  - code: ID\n    routing:\n      scam: [nobody]", kind: "directory", at: "routing.yaml:2", text: `no channel "nobody"`},
	"no-right":  {yaml: quizYAML("no-right", "right: d"), kind: "quiz", at: "no-right.yaml:2", text: `right answer "d"`},
	"twice":     {yaml: quizYAML("twice", "right: a", "choices: [a, a]"), kind: "quiz", at: "twice.yaml:2", text: "a choice twice"},
	"one":       {yaml: quizYAML("one", "right: a", "choices: [a]"), kind: "quiz", at: "one.yaml:2", text: "1 choices"},
	"no-year":   {yaml: quizYAML("no-year", "right: a", "kind: number"), kind: "quiz", at: "no-year.yaml:2", text: "the year"},
	"no-fact":   {yaml: "promises:\n  - {id: p}\ntips:\n  - {id: no-fact, topic: scam, for: teen}", kind: "no source", at: "no-fact.yaml:4", text: "names no fact"},
	"for":       {yaml: "tips:\n  - {id: for, topic: scam, for: aunt, source: [SC-01]}", kind: "tip", at: "for.yaml:2", text: `for: "aunt"`},
	"self-harm": {yaml: "tips:\n  - {id: self-harm, topic: self_harm, for: teen, source: [SH-01]}", kind: "tip", at: "self-harm.yaml:2", text: "help pages"},
	"lesson":    {yaml: "lessons:\n  - {topic: gaming, question: nothing, practice: nothing, source: [GM-03]}", kind: "lesson", at: "lesson.yaml:2", text: `no practice story "nothing"`},
	"screens":   {yaml: "practice:\n  - id: screens\n    topic: scam\n    source: [SC-01]\n    screens:\n      - {id: a, choices: [{id: x, to: b}, {id: y, to: nowhere}]}\n      - {id: b, ending: good}\n      - {id: c, ending: good}", kind: "unreachable", at: "screens.yaml:2", text: `the screen "c"`},
	"crowded":   {yaml: "pages:\n  - path: adults/signs\n    rows: [[tips], [quiz], [home], [adults], [lines]]", kind: "too many", at: "crowded.yaml:2", text: "6 rows of buttons"},
	"same":      {yaml: "pages:\n  - path: adults/settings\n    rows: [[adults, adults], [home]]", kind: "label", at: "same.yaml:2", text: "two buttons"},
	"http":      {yaml: "services:\n  - {id: http, name: N, help: [\"http://example.org\"], source: [BR-01]}", kind: "link", at: "http.yaml:2", text: "https://"},
}

func channelYAML(id, fault string) string {
	fields := []string{
		"- id: " + id, "  kind: child_helpline", "  name: N", `  phone: "1"`, "  hours: unknown", "  cost: free", "  languages: [en]",
		"  source_url: https://example.org", "  source_date: unknown",
	}
	for _, usual := range []string{"confidence: high", `checked_on: "2026-11-01"`} {
		if name, _, _ := strings.Cut(usual, ":"); !strings.HasPrefix(fault, name) {
			fields = append(fields, "  "+usual)
		}
	}
	return "countries:\n  - code: VN\n    channels:\n      " + strings.Join(append(fields, "  "+fault), "\n      ")
}

func quizYAML(id string, fields ...string) string {
	all := strings.Join(fields, ", ")
	for _, usual := range []string{"kind: do", "choices: [a, b]"} {
		if name, _, _ := strings.Cut(usual, ":"); !strings.Contains(all, name+":") {
			all += ", " + usual
		}
	}
	return "questions:\n  - {id: " + id + ", topic: scam, level: 1, source: [SC-01], " + all + "}"
}

func TestEveryRuleNamesFileAndLine(t *testing.T) {
	own := fstest.MapFS{}
	for name, s := range slips {
		for file, text := range map[string]string{"content/" + name + ".yaml": s.yaml, "i18n/en/" + name + ".toml": s.en, "i18n/vi/" + name + ".toml": s.vi, "i18n/id/" + name + ".toml": s.id} {
			if text != "" {
				own[file] = &fstest.MapFile{Data: []byte(text)}
			}
		}
	}
	report := run(t, own)
	for _, fault := range report.Faults {
		if fault.Line < 1 || !strings.HasSuffix(fault.File, ".yaml") && !strings.HasSuffix(fault.File, ".toml") {
			t.Errorf("no file or line: %+v", fault)
		}
	}
	for name, s := range slips {
		t.Run(name, func(t *testing.T) {
			var near []string
			for _, fault := range report.Faults {
				line := fault.String()
				if fault.Kind == s.kind && strings.Contains(line, s.text) && strings.Contains(line, s.at+": ") {
					return
				}
				if strings.Contains(line, name) {
					near = append(near, line)
				}
			}
			t.Errorf("not found: %s: %s … %s; near it:\n%s", s.at, s.kind, s.text, strings.Join(near, "\n"))
		})
	}
}

func TestTheDirectoryIsListedOldestFirst(t *testing.T) {
	site, err := build(t, fstest.MapFS{"content/own.yaml": {Data: []byte(channelYAML("old", `checked_on: "2026-05-31"`) + "\n" + strings.TrimPrefix(channelYAML("never", `checked_on: "soon"`), "countries:\n  - code: VN\n    channels:\n"))}})
	if err != nil {
		t.Fatal(err)
	}
	entries := check.Directory(site.Content(), today)
	if len(entries) < least["channels"] {
		t.Errorf("%d entries", len(entries))
	}
	never, old := entries[0], entries[1]
	if entries[len(entries)-1].ID == "never" {
		never, old = entries[len(entries)-1], entries[0]
	}
	if !never.Due || never.Days != -1 {
		t.Errorf("one without a date: %+v", never)
	}
	want := check.Entry{
		ID: "old", Name: "N", Country: "VN", Confidence: "high", CheckedOn: "2026-05-31", Days: 181, Due: true,
		Source: "https://example.org", File: "own/content/own.yaml", Line: 4,
	}
	if old != want {
		t.Errorf("got %+v, want %+v", old, want)
	}
	if fresh := entries[2]; fresh.Due || fresh.Days > 180 {
		t.Errorf("a fresh one: %+v", fresh)
	}
}
