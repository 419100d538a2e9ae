package bottest

import (
	"testing"
	"testing/fstest"

	"notalone/flows"
	"notalone/flows/content"
	"notalone/i18n"
)

// smallContent has one item of each kind, so that tests of the shell and of
// adapters do not depend on what authors write.
const smallContent = `
topics:
  - {id: danger, crisis: true, first: true, steps: [tell, friend]}
  - {id: scam, first: true, steps: [tell, friend, never]}
  - {id: unsure, steps: [tell]}
tips: [{id: code-word, topic: scam, for: teen}]
questions:
  - {id: prize, topic: scam, kind: do, level: 1, choices: [a, b], right: b}
  - {id: code, topic: scam, kind: do, level: 1, choices: [a, b], right: a}
practice: [{id: parcel, topic: scam, screens: [{id: start, choices: [{id: doubt, to: end}, {id: obey, to: end}]}, {id: end, ending: good}]}]
stories: [{id: an, topic: scam}]
library: [{id: page, title: A page, url: "https://example.org"}]
promises: [{id: ask}, {id: tell}, {id: kind}]
lessons: [{topic: scam, question: prize, practice: parcel}]
services: [{id: chatapp, name: ChatApp, steps: [message, block]}]
countries: [{code: VN, emergency: [vn-113], channels: [{id: vn-113, kind: emergency, name: Công an 113, phone: "113", hours: all_day, cost: free}]}]
pages:
  - {path: adults, rows: [[lesson, home], [adults/school]]}
  - {path: adults/school, rows: [[setup, class], [home]]}
`

const smallWords = `
[help.danger]
now = "Get to people now."
tell = "Tell them."
friend = "Stay with them."
[help.scam]
now = "Stop paying."
tell = "Tell them."
friend = "Stay with them."
never = "Never share a code."
[help.unsure]
now = "Let us look."
tell = "Tell them."
[tip]
code-word = "Agree on a code word."
[quiz.prize]
ask = "A prize you never played for?"
a = "Pay the fee"
b = "Leave it"
why = "No entry, no prize."
not_a = "A fee first is a sign."
[quiz.code]
ask = "A code you did not ask for?"
a = "Keep it"
b = "Send it"
why = "Codes are keys."
not_b = "That opens your account."
[practice.parcel]
title = "The parcel"
signs = "Hurry and secrecy."
start.text = "A caller asks for money."
start.doubt = "Hang up"
start.obey = "Pay"
end.text = "You looked closely."
[story.an]
title = "An"
text = "An told her aunt."
[library]
page = "A page"
[pledge]
ask = "I ask."
tell = "I tell."
kind = "I am kind."
[lesson.scam]
goal = "Spot it."
plan = "Play it."
talk = "Talk."
[report.chatapp]
message = "Hold the message."
block = "Open the profile."
[page]
adults = "For you."
adults_school = "For your class."
[line.kind.emergency]
who = "anyone"
what = "They send help."
`

// Site is a small whole site in the languages that are shipped.
func Site(t testing.TB, reader flows.Reader) *flows.Site {
	t.Helper()
	words, err := i18n.Load(i18n.Embedded(), fstest.MapFS{
		"en/small.toml": {Data: []byte(smallWords)}, "vi/small.toml": {Data: []byte(smallWords)}, "id/small.toml": {Data: []byte(smallWords)},
	})
	if err != nil {
		t.Fatal(err)
	}
	structure, err := content.Load(fstest.MapFS{"small.yaml": {Data: []byte(smallContent)}})
	if err != nil {
		t.Fatal(err)
	}
	site, err := flows.NewSite(words, structure, reader, nil, flows.Operator{Name: "A school", Contact: "safe@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// WholeSite is the site as it is shipped.
func WholeSite(t testing.TB, reader flows.Reader, signs flows.SignReader, operator flows.Operator) *flows.Site {
	t.Helper()
	words, err := i18n.Load(i18n.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	structure, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	site, err := flows.NewSite(words, structure, reader, signs, operator)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// Keywords is a Reader that knows a few exact phrases.
type Keywords map[string]flows.Reading

// Read implements flows.Reader.
func (k Keywords) Read(text string, _ i18n.Lang) flows.Reading { return k[text] }
