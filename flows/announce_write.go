package flows

import (
	"strings"
	"unicode"

	"notalone/i18n"
)

// Pages on which an announcement is written: its texts and picture.

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
