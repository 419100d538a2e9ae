package flows

import (
	"notalone/i18n"
)

// A turn is one event being answered.
type turn struct {
	site    *Site
	state   State
	event   Event
	lang    i18n.Lang
	guessed bool   // the page was chosen by understanding typed words
	typed   string // words for a form that takes them as they are
	effects []Effect
}

// Turn is total: every state and every event has an answer. The caller stores
// the returned State before it carries out any Effect.
func (s *Site) Turn(state State, event Event) (State, []Effect) {
	t := &turn{site: s, state: state, event: event, lang: s.langOf(state, event)}
	if t.state.Draft.waiting(event.At) == "" {
		t.state.Draft = Draft{}
	}
	heard := t.hear()
	if event.Hurried && !heard.urgent() {
		return state, nil
	}
	page := t.aside(heard, t.answer(heard))
	if !event.Offline {
		t.touch()
	}
	if page != nil {
		t.effects = append(t.effects, Show{Page: page}, Count{Name: t.total(page)})
	}
	return t.state, t.effects
}

// langOf is the chosen language, else the client's. A client that tells none, or
// the one that phones come with, says less than the page being looked at: whoever
// wrote in their language is answered in it until they leave.
func (s *Site) langOf(state State, event Event) i18n.Lang {
	if s.words.Knows(state.Lang) {
		return state.Lang
	}
	lang, told := s.words.Match(event.Locale)
	if feed := event.Feed; !told && event.Shared && feed != nil && s.words.Knows(feed.Lang) { // nobody in particular asks
		return feed.Lang
	}
	if (!told || lang == i18n.Fallback) && s.words.Knows(event.OnLang) {
		return event.OnLang
	}
	return lang
}

// touch notes the time of use, alike for every kind of use.
func (t *turn) touch() {
	if t.forgets() {
		return
	}
	step := int64(useStep.Seconds())
	t.state.LastUse = t.event.At.Unix() / step * step
}

func (t *turn) forgets() bool {
	for _, effect := range t.effects {
		if _, ok := effect.(Forget); ok {
			return true
		}
	}
	return false
}

// total names the daily count of a page: by conversation and language, and for
// help never finer than "help".
func (t *turn) total(page *Page) string {
	return page.Path.Root() + ":" + string(page.Lang)
}

// answer makes the page for what was heard.
func (t *turn) answer(heard heard) *Page {
	if heard.lang != "" {
		t.lang = heard.lang
	}
	t.guessed, t.typed = len(heard.labels) > 0, heard.typed
	switch {
	case heard.joined:
		return t.greet()
	case heard.closed:
		return t.spotGone()
	case heard.need != nil:
		return t.need(heard.need)
	case heard.media:
		return media(t, nil)
	case heard.path != "":
		page := t.open(heard.path)
		if page == nil && len(t.effects) == 0 {
			return t.words("home", "old", homeRows...)
		}
		if page != nil && t.guessed {
			return t.withNotThat(page, heard.labels, t.back())
		}
		return page
	case len(heard.found) > 0:
		return t.found(heard.found)
	case t.guessed:
		return t.ask(heard.labels, t.back())
	case heard.foreign:
		return foreign(t, nil)
	default:
		return unknown(t, nil)
	}
}

// open finds and renders a page, from the prepared ones if it is fixed.
func (t *turn) open(path Path) *Page {
	if page := t.site.fixed[t.lang][path]; page != nil {
		return page
	}
	return t.render(path)
}

func (t *turn) render(path Path) *Page {
	handle := t.site.find(path)
	if handle == nil {
		return nil
	}
	page := handle(t)
	if page != nil && page.Path == "" {
		page.Path = path
	}
	return page
}

// static makes a page of words and links.
func (t *turn) static(static *Static) *Page {
	page := t.words(static.Path, i18n.Key("page."+static.Path.Link()), static.Rows...)
	page.Sensitive = static.Sensitive
	return page
}

// words makes a page of one message and rows of links; Help comes last.
func (t *turn) words(path Path, key i18n.Key, rows ...[]Path) *Page {
	return t.page(path, t.text(key), t.links(rows...)...)
}

// page puts a page together. Help is always the last row, with the same label,
// except on the help pages' own front, which it would lead to.
func (t *turn) page(path Path, text i18n.Text, rows ...[]Button) *Page {
	page := &Page{Path: path, Lang: t.lang, Text: text}
	for _, row := range rows {
		if len(row) > 0 {
			page.Rows = append(page.Rows, row)
		}
	}
	if path != "help" {
		page.Rows = append(page.Rows, []Button{t.link("help")})
	}
	return page
}

func (t *turn) text(key i18n.Key, args ...i18n.Arg) i18n.Text {
	return t.site.words.Text(t.lang, key, args...)
}

func (t *turn) line(key i18n.Key, args ...i18n.Arg) string {
	return t.site.words.Line(t.lang, key, args...)
}

// link is a button to a page under the page's own label.
func (t *turn) link(path Path) Button {
	return Button{Label: t.line(i18n.Key("label." + path.Link())), Path: path}
}

// button is a link under another label.
func (t *turn) button(key i18n.Key, path Path) Button {
	return Button{Label: t.line(key), Path: path}
}

func (t *turn) links(rows ...[]Path) [][]Button {
	all := make([][]Button, len(rows))
	for i, row := range rows {
		for _, path := range row {
			all[i] = append(all[i], t.link(path))
		}
	}
	return all
}

// pairs lays buttons out two in a row, as a phone shows them well.
func pairs(buttons []Button) [][]Button {
	var rows [][]Button
	for i := 0; i < len(buttons); i += 2 {
		rows = append(rows, buttons[i:min(i+2, len(buttons))])
	}
	return rows
}
