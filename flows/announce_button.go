package flows

import (
	"strconv"
	"strings"

	"notalone/i18n"
)

// Pages on which the buttons of an announcement are chosen and named.

// offered are the pages that a button may lead to with one tap; others are typed.
var offered = []Path{"quiz/today", "tips", "practice", "help", "pledge", "stories"}

func announceButtons(t *turn, a *Announcement, _ []string) *Page {
	if words := t.given(); words != "" {
		return t.addButton(a, words)
	}
	return t.buttons(a)
}

func (t *turn) addButton(a *Announcement, words string) *Page {
	target, label := firstWord(strings.TrimPrefix(words, "/"))
	button := NewsButton{Path: Path(target)}
	switch path, err := ParsePath(target); {
	case len(a.Buttons) >= MaxNewsButtons:
		return amiss(t.text("announce.buttons_full"), t.buttons(a))
	case isAddress(target) && !t.site.operator.News.leadsTo(target):
		return amiss(t.text(notALink(target), i18n.With("Link", target)), t.buttons(a))
	case isAddress(target):
		button = NewsButton{URL: target}
	case err != nil || !t.site.opensFromNews(path):
		return amiss(t.text("announce.no_page", i18n.With("Page", short(target, mostShown))), t.buttons(a))
	}
	if label != "" {
		button.Labels = map[i18n.Lang]string{t.lang: label}
	}
	shown := t.buttons
	a.Buttons = append(a.Buttons, button)
	if button.URL != "" { // it needs a label in each language
		shown = func(a *Announcement) *Page { return t.oneButton(a, len(a.Buttons)-1) }
	}
	return t.saved(a, "added a button", shown)
}

func announceAddButton(t *turn, a *Announcement, args []string) *Page {
	return t.addButton(a, string(t.site.fromLink(args[0])))
}

func (t *turn) buttons(a *Announcement) *Page {
	var rows [][]Button
	for i, b := range a.Buttons {
		label := short(t.newsLabel(b)+": "+string(b.Path)+b.URL, MaxLabel)
		rows = append(rows, []Button{{Label: label, Path: about(a.ID, "button", strconv.Itoa(i))}})
	}
	if len(a.Buttons) < MaxNewsButtons {
		var add []Button
		for _, path := range offered {
			if !a.hasButton(path) && len(add) < 4 {
				add = append(add, Button{Label: t.line("announce.add", i18n.With("Page", t.line(t.site.labelKey(path)))), Path: about(a.ID, "add", path.Link())})
			}
		}
		rows = append(rows, inRows(add, MaxRows-2-len(rows))...)
	}
	return t.form(a, about(a.ID, "button"), t.text("announce.buttons_page", i18n.With("Links", t.allowedLinks())), rows...)
}

func (a *Announcement) hasButton(path Path) bool {
	for _, b := range a.Buttons {
		if b.Path == path {
			return true
		}
	}
	return false
}

// announceButton changes one button: its label in each language, or away with it.
func announceButton(t *turn, a *Announcement, args []string) *Page {
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 0 || n >= len(a.Buttons) {
		return t.buttons(a)
	}
	words := t.given()
	first, _ := firstWord(words)
	switch {
	case words == "":
		return t.oneButton(a, n)
	case isAddress(first), t.site.opensFromNews(Path(words)):
		return t.addButton(a, words)
	default:
		return t.named(a, n, t.lang, words)
	}
}

// named gives a button its label in a language.
func (t *turn) named(a *Announcement, n int, lang i18n.Lang, label string) *Page {
	if a.Buttons[n].Labels == nil {
		a.Buttons[n].Labels = map[i18n.Lang]string{}
	}
	a.Buttons[n].Labels[lang] = label
	return t.saved(a, "named a button in "+string(lang), func(a *Announcement) *Page { return t.oneButton(a, n) })
}

func (t *turn) oneButton(a *Announcement, n int) *Page {
	var langs []Button
	for _, lang := range t.site.words.Langs() {
		name := t.langName(lang)
		langs = append(langs, Button{Label: t.line("announce.label_in", i18n.With("Lang", name)), Path: about(a.ID, "label", strconv.Itoa(n), string(lang))})
	}
	rows := append(inRows(langs, 2), []Button{t.button("announce.no_button", about(a.ID, "drop", strconv.Itoa(n))), t.button("nav.back", about(a.ID, "button"))})
	b, path := a.Buttons[n], about(a.ID, "button", strconv.Itoa(n))
	t.await(path) // words are its label, an address is one button more
	text := i18n.Join(t.text("announce.button_page"), i18n.Plainly(string(b.Path)+b.URL), t.inLangs(b.Labels), t.flawsIn(a, func(p *proof) { p.button(b) }))
	return t.page(path, text, rows...)
}

func announceLabel(t *turn, a *Announcement, args []string) *Page {
	n, err := strconv.Atoi(args[0])
	lang := i18n.Lang(args[1])
	if err != nil || n < 0 || n >= len(a.Buttons) || !t.site.words.Knows(lang) {
		return t.buttons(a)
	}
	if words := t.given(); words != "" {
		return t.named(a, n, lang, words)
	}
	return t.form(a, about(a.ID, "label", args[0], args[1]), t.text("announce.label_page", i18n.With("Lang", t.langName(lang)), i18n.Count("Max", MaxLabel)))
}

func announceDropButton(t *turn, a *Announcement, args []string) *Page {
	if n, err := strconv.Atoi(args[0]); err == nil && n >= 0 && n < len(a.Buttons) {
		a.Buttons = append(a.Buttons[:n:n], a.Buttons[n+1:]...)
	}
	return t.saved(a, "took a button away", t.buttons)
}

// newsRoots are the conversations that a button of an announcement may open.
var newsRoots = []string{"home", "help", "lines", "line", "report", "tips", "tip", "quiz", "practice", "stories", "story", "library", "lesson", "pledge", "mine", "class", "trick", "about", "privacy", "adults"}

// opensFromNews reports whether an announcement may lead to a page.
func (s *Site) opensFromNews(path Path) bool {
	if strings.Contains(string(path), "self_harm") { // never pressed upon everybody
		return false
	}
	for _, root := range newsRoots {
		if path.Root() == root {
			return s.Leads(path)
		}
	}
	return false
}
