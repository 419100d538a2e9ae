package flows

import (
	"strconv"
	"strings"
	"unicode"

	"notalone/i18n"
)

// Pages on which an announcement is written: its texts, picture and buttons.

// form is a page that waits for a moderator's words and takes them as they are:
// an announcement about danger must not be taken for somebody in danger.
func (t *turn) form(a *Announcement, path Path, text i18n.Text, rows ...[]Button) *Page {
	t.await(path)
	return t.page(path, text, append(rows, []Button{t.button("nav.back", about(a.ID))})...)
}

// takesWords reports whether a form takes typed words raw.
func takesWords(form Path) bool { return form.Root() == "announce" || form.Root() == "moderators" }

// given returns the words that were typed into the form, once.
func (t *turn) given() string {
	words := strings.TrimSpace(t.typed)
	t.typed = ""
	if words != "" {
		t.state.Draft = Draft{}
	}
	return words
}

func announceTexts(t *turn, a *Announcement, _ []string) *Page { return t.texts(a) }

func (t *turn) texts(a *Announcement) *Page {
	var langs, fallback []Button
	for _, lang := range t.site.words.Langs() {
		name := t.langName(lang)
		langs = append(langs, Button{Label: name, Path: about(a.ID, "text", string(lang))})
		if a.Texts[lang] != "" {
			fallback = append(fallback, Button{Label: t.line("announce.fallback", i18n.With("Lang", name)), Path: about(a.ID, "fallback", string(lang))})
		}
	}
	rows := inRows(langs, 2)
	if missing := t.missing(a); len(missing) > 0 && len(fallback) > 0 {
		rows = append(rows, fallback[:min(len(fallback), 2)])
	}
	if a.Fallback != "" {
		rows[len(rows)-1] = append(rows[len(rows)-1], t.button("announce.no_fallback", about(a.ID, "fallback", "none")))
	}
	text, reach := t.text("announce.texts_page", i18n.With("Langs", t.langsOf(a))), t.reach(a)
	if warnings := t.reachWarnings(a, reach); len(warnings) > 0 {
		text = i18n.Join(text, t.text("announce.reach", i18n.Count("N", reach.All)), i18n.Plainly(strings.Join(warnings, "\n")))
	}
	text = i18n.Join(text, t.flawsIn(a, (*proof).texts))
	return t.page(about(a.ID, "text"), text, append(rows, []Button{t.button("nav.back", about(a.ID))})...)
}

// missing lists the languages that nobody has written a text in.
func (t *turn) missing(a *Announcement) []i18n.Lang {
	var missing []i18n.Lang
	for _, lang := range t.site.words.Langs() {
		if a.Texts[lang] == "" {
			missing = append(missing, lang)
		}
	}
	return missing
}

func announceText(t *turn, a *Announcement, args []string) *Page {
	lang := i18n.Lang(args[0])
	if !t.site.words.Knows(lang) {
		return nil
	}
	name := t.langName(lang)
	if words := t.given(); words != "" {
		a.Texts[lang] = words
		return t.saved(a, "wrote the text in "+string(lang), t.texts)
	}
	var away []Button
	if a.Texts[lang] != "" && a.Editable() {
		away = []Button{t.button("announce.drop_text", about(a.ID, "text", args[0], "none"))}
	}
	return t.form(a, about(a.ID, "text", args[0]), t.soFar(t.text("announce.write", i18n.With("Lang", name)), a.Texts[lang]), rowsOf(away)...)
}

func announceDropText(t *turn, a *Announcement, args []string) *Page {
	lang := i18n.Lang(args[0])
	if a.Texts[lang] == "" {
		return t.texts(a)
	}
	delete(a.Texts, lang)
	if a.Fallback == lang {
		a.Fallback = ""
	}
	return t.saved(a, "took the text away in "+args[0], t.texts)
}

func announceFallback(t *turn, a *Announcement, args []string) *Page {
	a.Fallback = i18n.Lang(args[0])
	if a.Texts[a.Fallback] == "" {
		a.Fallback = ""
	}
	return t.saved(a, "chose who gets which text", t.texts)
}

func announcePicture(t *turn, a *Announcement, _ []string) *Page {
	words := t.given()
	address, alt := firstWord(words)
	switch {
	case words == "":
		return t.picture(a)
	case !isAddress(address) && a.Picture.URL == "":
		return amiss(t.text("announce.no_address"), t.picture(a))
	case !isAddress(address): // then they tell what it shows
		address, alt = a.Picture.URL, words
	case !t.site.operator.News.leadsTo(address):
		return amiss(t.text(notALink(address), i18n.With("Link", address)), t.picture(a))
	}
	a.Picture.URL = address
	if alt != "" {
		a.Picture.describe(t.lang, alt)
	}
	return t.saved(a, "chose a picture", t.picture)
}

// firstWord parts an address or a page from what is said of it.
func firstWord(words string) (first, rest string) {
	if i := strings.IndexFunc(words, unicode.IsSpace); i >= 0 {
		return words[:i], strings.TrimSpace(words[i:])
	}
	return words, ""
}

// isAddress reports whether a word is meant as an address, of whatever kind.
func isAddress(word string) bool {
	return strings.Contains(word, "://") || contact.MatchString(word) || bareAddress.MatchString(word)
}

func (p *Picture) describe(lang i18n.Lang, alt string) {
	if p.Alt == nil {
		p.Alt = map[i18n.Lang]string{}
	}
	p.Alt[lang] = alt
}

func (t *turn) picture(a *Announcement) *Page {
	if a.Picture.URL == "" {
		return t.form(a, about(a.ID, "picture"), t.text("announce.picture_page", i18n.With("Links", t.allowedLinks())))
	}
	var alts []Button
	for _, lang := range t.site.words.Langs() {
		alts = append(alts, Button{Label: t.line("announce.alt_in", i18n.With("Lang", t.langName(lang))), Path: about(a.ID, "alt", string(lang))})
	}
	rows := append(inRows(alts, 2), []Button{t.button("announce.no_picture", about(a.ID, "nopicture"))})
	text := i18n.Join(t.text("announce.picture_now"), i18n.Plainly(a.Picture.URL), t.inLangs(a.Picture.Alt), t.flawsIn(a, (*proof).picture), t.flawsIn(a, (*proof).texts))
	return t.form(a, about(a.ID, "picture"), text, rows...)
}

// inLangs shows what is written in each language.
func (t *turn) inLangs(words map[i18n.Lang]string) i18n.Text {
	var lines []string
	for _, lang := range t.site.words.Langs() {
		if words[lang] != "" {
			lines = append(lines, t.langName(lang)+": "+short(words[lang], mostShown))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return i18n.Plainly(strings.Join(lines, "\n"))
}

// mostShown is how much is shown of words that are to be a line.
const mostShown = 200

func announceNoPicture(t *turn, a *Announcement, _ []string) *Page {
	a.Picture = Picture{}
	return t.saved(a, "took the picture away", t.announcement)
}

func announceAlt(t *turn, a *Announcement, args []string) *Page {
	lang := i18n.Lang(args[0])
	if !t.site.words.Knows(lang) {
		return nil
	}
	if words := t.given(); words != "" {
		a.Picture.describe(lang, words)
		return t.saved(a, "described the picture in "+args[0], t.picture)
	}
	return t.form(a, about(a.ID, "alt", args[0]), t.soFar(t.text("announce.alt_page", i18n.With("Lang", t.langName(lang))), a.Picture.Alt[lang]))
}

// soFar adds what stands there now, if anything does.
func (t *turn) soFar(text i18n.Text, words string) i18n.Text {
	if words == "" {
		return text
	}
	return i18n.Join(text, t.text("announce.so_far"), i18n.Plainly(short(words, MaxText-400)))
}

func (t *turn) allowedLinks() string {
	if len(t.site.operator.News.Links) == 0 {
		return t.line("announce.none")
	}
	return strings.Join(t.site.operator.News.Links, ", ")
}

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
