package flows

import (
	"strings"

	"notalone/i18n"
)

// A guess is what understanding took typed words for. Its page can be opened
// again by a path that names the guess and where the person was, so that typed
// numbers fit the buttons on show; nothing about it is stored.

// mostChoices are what a question has rows for.
const mostChoices = MaxRows - 2

// ask offers the likely pages, most urgent first, as the reading ranks them.
func (t *turn) ask(labels []string, back Path) *Page {
	var rows [][]Button
	for _, label := range labels {
		if path := labelPath(label); t.site.find(path) != nil && len(rows) < mostChoices {
			rows = append(rows, []Button{t.choice(label, path)})
		}
	}
	if len(rows) == 0 {
		return unknown(t, nil)
	}
	page := t.page("ask", t.text("ask"), append(rows, []Button{t.notThat(back)})...)
	page.Sensitive = true
	page.Again = again("ask", labels, back)
	return page
}

func (t *turn) choice(label string, path Path) Button {
	if strings.HasPrefix(label, lookLabel) {
		return t.button("trick.check", path)
	}
	return t.link(path)
}

// withNotThat adds to a page that understanding chose the way back to where the
// person was, and the other thing they told, if any.
func (t *turn) withNotThat(page *Page, labels []string, back Path) *Page {
	aside := []Button{t.notThat(back)}
	if len(labels) > 1 {
		if path := labelPath(labels[1]); t.site.find(path) != nil {
			aside = append(aside, t.link(path))
		}
	}
	copied := *page
	copied.Fixed = false
	copied.Again = again("guess", labels[:min(2, len(labels))], back)
	if len(page.Rows) < MaxRows {
		copied.Rows = append([][]Button{aside}, page.Rows...)
		return &copied
	}
	// no room for a row: stand beside Hide
	copied.Rows = append([][]Button{append(append([]Button{}, page.Rows[0]...), aside...)}, page.Rows[1:]...)
	return &copied
}

func (t *turn) notThat(back Path) Button {
	return t.button("label.not_that", back)
}

// back is where the person was before a guess: before the first of several.
func (t *turn) back() Path {
	back := t.event.On
	if parts := back.Parts(); len(parts) == 3 && (parts[0] == "ask" || parts[0] == "guess") {
		back = unpack(parts[2])
	}
	if back == "" || t.site.find(back) == nil {
		return "home"
	}
	return back
}

// again is the path that opens a guess once more: its labels, and where the
// person was if that fits; the signs of a message only if they fit too.
func again(kind string, labels []string, back Path) Path {
	path := join(kind, strings.Join(labels, "."), strings.ReplaceAll(string(back), "/", "."))
	if len(path) > MaxPath || strings.Contains(string(back), ".") {
		path = join(kind, strings.Join(labels, "."), "home")
	}
	if last := len(labels) - 1; len(path) > MaxPath && strings.HasPrefix(labels[last], lookLabel) {
		return again(kind, labels[:last], back)
	}
	return path
}

func unpack(packed string) Path { return Path(strings.ReplaceAll(packed, ".", "/")) }

// askAgain and guessAgain open a guess by its path.
func askAgain(t *turn, args []string) *Page {
	return t.ask(strings.Split(args[0], "."), t.knownBack(args[1]))
}

func guessAgain(t *turn, args []string) *Page {
	labels := strings.Split(args[0], ".")
	page := t.open(labelPath(labels[0]))
	if page == nil {
		return nil
	}
	return t.withNotThat(page, labels, t.knownBack(args[1]))
}

func (t *turn) knownBack(packed string) Path {
	if back := unpack(packed); t.site.find(back) != nil {
		return back
	}
	return "home"
}

// unknown is the answer to words that mean nothing to the bot.
func unknown(t *turn, _ []string) *Page {
	return t.words("unknown", "unknown", []Path{"tips", "quiz"}, []Path{"report", "lines"})
}

// thanks answers a thank-you and a nod.
func thanks(t *turn, _ []string) *Page { return t.words("thanks", "thanks", []Path{"tips", "home"}) }

// foreign answers a language that the bot does not speak, in those it does.
func foreign(t *turn, _ []string) *Page {
	var texts []i18n.Text
	for _, lang := range t.site.words.Langs() {
		texts = append(texts, t.site.words.Text(lang, "foreign"))
	}
	return t.page("foreign", i18n.Join(texts...), t.languageRows()...)
}

// media answers a picture, voice message, file or place, which is never looked at.
func media(t *turn, _ []string) *Page { return t.words("media", "media") }
