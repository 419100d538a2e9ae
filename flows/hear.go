package flows

import (
	"strings"
	"unicode"

	"notalone/i18n"
)

// A Reader takes typed words for what they seem to mean. Package understand is
// the real one.
type Reader interface {
	Read(text string, prefer i18n.Lang) Reading
}

// A Reading is what typed words seem to mean, surest first.
type Reading struct {
	Labels   []string // help topics and commands; empty: nothing recognised
	Decision Decision
	Lang     i18n.Lang // the language written in; empty: not sure
}

// Decision is how sure a reading is.
type Decision uint8

// The decisions: nothing recognised, ask which of the labels, or go to the first.
const (
	None Decision = iota
	Ask
	Go
)

// pages of the labels that are no help topic.
var labelPages = map[string]Path{
	"tip": "tips", "quiz": "quiz", "report": "report", "pledge": "pledge", "story": "stories", "menu": "home",
	"language": "settings/lang", "stop": "stop", "delete_data": "delete", "talk_human": "lines",
}

// heard is an event resolved to where it leads.
type heard struct {
	path    Path
	choices []Path
	guessed bool // by understanding: offer a way back
	media   bool
	lang    i18n.Lang // typed in this language, to be answered in it
	joined  bool
	closed  bool
	found   []Path // what typed words may mean in the form that waits for them
	need    Effect // what the page on show cannot be made without
}

// urgent reports whether the person must be answered however fast they type.
func (h heard) urgent() bool {
	switch h.path.Root() {
	case "help", "lines", "line", "report", "hide", "stop":
		return true
	case "trick":
		return len(h.path.Parts()) == 3 // it leads with urgent help
	}
	return len(h.choices) > 0
}

// hear resolves an event. Distress wins over everything that is being filled in.
func (t *turn) hear() heard {
	event := t.event
	switch {
	case event.Closed:
		return heard{closed: true}
	case event.Joined && event.Shared:
		return heard{joined: true}
	case event.Joined:
		return heard{path: "home"}
	case event.Path != "":
		return heard{path: event.Path}
	case event.Link != "":
		return heard{path: t.site.fromLink(event.Link)}
	case event.Media:
		return heard{media: true}
	default:
		return t.suspect(t.hearWords(event.Text))
	}
}

func (t *turn) hearWords(text string) heard {
	folded := fold(text)
	if folded == "" {
		return heard{}
	}
	if t.event.Forwarded && !t.event.Shared { // somebody else's words press nothing
		return t.hearMessage(text)
	}
	path, need, ok := t.pressed(folded)
	if ok {
		return heard{path: path}
	}
	if path, ok := t.site.typed[folded]; ok {
		return heard{path: path}
	}
	if t.awaitsMessage() {
		return t.hearMessage(text)
	}
	reading := t.site.reader.Read(text, t.lang)
	if reading.Decision == Go && t.site.topics[reading.Labels[0]] != nil {
		return heard{path: labelPath(reading.Labels[0]), guessed: true, lang: t.typedLang(reading)}
	}
	if need != nil {
		return heard{need: need}
	}
	if form := t.state.Draft.waiting(t.event.At); form != "" {
		switch found := t.fillIn(form, folded); len(found) {
		case 0:
		case 1:
			return heard{path: found[0]}
		default:
			return heard{found: found}
		}
	}
	switch reading.Decision {
	case Go:
		return heard{path: labelPath(reading.Labels[0]), guessed: true, lang: t.typedLang(reading)}
	case Ask:
		h := heard{lang: t.typedLang(reading)}
		for _, label := range reading.Labels {
			h.choices = append(h.choices, labelPath(label))
		}
		return h
	default:
		return heard{lang: t.typedLang(reading)}
	}
}

func (t *turn) typedLang(reading Reading) i18n.Lang {
	if t.site.words.Knows(reading.Lang) {
		return reading.Lang
	}
	return ""
}

// pressed takes a typed number or label for a button of the page the person
// looks at, so that everything works without buttons. That page is only looked
// at here: what it does when it is opened is left undone, and what it needs from
// the shell is returned.
func (t *turn) pressed(folded string) (path Path, need Effect, ok bool) {
	if t.event.On == "" {
		return "", nil, false
	}
	look := *t
	look.effects = nil
	page := look.open(t.event.On)
	if page == nil {
		return "", needed(look.effects), false
	}
	if n := number(folded); n > 0 {
		button, ok := page.Press(n)
		return button.Path, nil, ok && button.Path != ""
	}
	for _, row := range page.Rows {
		for _, button := range row {
			if button.Path != "" && fold(button.Label) == folded {
				return button.Path, nil, true
			}
		}
	}
	return "", nil, false
}

// needed finds what a page asked the shell for before it could be made.
func needed(effects []Effect) Effect {
	for _, effect := range effects {
		switch effect.(type) {
		case NeedFeed, NeedManager, NeedLacks:
			return effect
		}
	}
	return nil
}

func number(text string) int {
	if len(text) > 2 {
		return 0
	}
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// typedWords collects the labels of all main pages and the safe words of every
// language: they work at any time, whatever the person's language is.
func (s *Site) typedWords() map[string]Path {
	typed := map[string]Path{}
	for _, lang := range s.words.Langs() {
		for _, key := range s.words.Keys(lang) {
			link, ok := strings.CutPrefix(string(key), "label.")
			if !ok {
				continue
			}
			path := s.fromLink(link)
			if words := fold(s.words.Line(lang, key)); words != "" && path.Link() == link && s.Leads(path) {
				typed[words] = path
			}
		}
	}
	for _, lang := range s.words.Langs() { // after the labels: these decide
		for _, key := range s.words.Keys(lang) {
			link, ok := strings.CutPrefix(string(key), "typed.")
			if !ok {
				continue
			}
			path := s.fromLink(link)
			for words := range strings.SplitSeq(s.words.Line(lang, key), ",") {
				if words = fold(words); words != "" {
					typed[words] = path
				}
			}
		}
	}
	return typed
}

// fold makes words comparable: lower case, no marks at the ends, single spaces.
func fold(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	return strings.Join(words, " ")
}

func labelPath(label string) Path {
	if path, ok := labelPages[label]; ok {
		return path
	}
	return join("help", label)
}

// ask offers the likely pages, most urgent first, as the reading ranks them.
func (t *turn) ask(choices []Path) *Page {
	var buttons []Button
	for _, path := range choices {
		if t.site.find(path) != nil {
			buttons = append(buttons, t.link(path))
		}
	}
	rows := make([][]Button, 0, MaxRows)
	for _, b := range buttons[:min(3, len(buttons))] {
		rows = append(rows, []Button{b})
	}
	page := t.page("ask", t.text("ask"), rows...)
	page.Sensitive = true
	return page
}

// withNotThat offers the way back to where the person was before a guess.
func (t *turn) withNotThat(page *Page) *Page {
	back := t.event.On
	if back == "" || t.site.find(back) == nil {
		back = "home"
	}
	copied := *page
	copied.Fixed = false
	copied.Rows = make([][]Button, 0, len(page.Rows)+1)
	notThat := t.button("label.not_that", back)
	if len(page.Rows) >= MaxRows { // no room for a row: stand beside Hide
		copied.Rows = append(copied.Rows, append(append([]Button{}, page.Rows[0]...), notThat))
		copied.Rows = append(copied.Rows, page.Rows[1:]...)
		return &copied
	}
	copied.Rows = append(append(copied.Rows, []Button{notThat}), page.Rows...)
	return &copied
}
