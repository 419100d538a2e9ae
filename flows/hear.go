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
	Labels   []string // help topics and commands; empty: nothing recognised. After Go's first: what else is told
	Decision Decision
	Lang     i18n.Lang // the language written in; empty: not sure
	Foreign  bool      // surely written in a language that is none of ours
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
	labels  []string // by understanding: what the words may mean; with no path to choose from
	foreign bool     // written in a language that is none of ours
	typed   string   // words for the form at path, as they are
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
	case "announce":
		return strings.HasSuffix(string(h.path), "/progress/help")
	}
	return h.path == "" && len(h.labels) > 0
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
	case event.Path == "trick" && event.Text != "" && !event.Shared: // a command with the message behind it
		return t.hearMessage(event.Text)
	case event.Path != "":
		return heard{path: event.Path}
	case event.Link != "":
		path := t.site.fromLink(event.Link)
		if t.backstage(path) {
			path = "home"
		}
		return heard{path: path}
	case event.Media:
		return t.hearCaption(event.Text)
	default:
		return t.suspect(t.hearWords(event.Text))
	}
}

// hearCaption reads the words that came with a picture. They lead to help, or to
// the signs of a trick, as they would without it; all others are but a picture's.
func (t *turn) hearCaption(text string) heard {
	switch {
	case fold(text) == "":
		return heard{media: true}
	case t.event.Forwarded && !t.event.Shared, t.awaitsMessage():
		return t.hearMessage(text)
	}
	if reading := t.site.reader.Read(text, t.lang); t.site.mayBeHelp(reading) {
		return t.understood(reading)
	}
	return heard{media: true}
}

func (t *turn) hearWords(text string) heard {
	folded := fold(text)
	if folded == "" {
		return heard{}
	}
	if t.event.Forwarded && !t.event.Shared { // somebody else's words press nothing
		return t.hearMessage(text)
	}
	page, need := t.onShow()
	if path, ok := page.pressed(folded); ok {
		return heard{path: path}
	}
	if form := t.state.Draft.waiting(t.event.At); takesWords(form) && (t.event.On == form || t.event.On == "") && !t.site.safeWord(folded) && !t.site.deskWord(folded) {
		return heard{path: form, typed: text}
	}
	if _, desk := need.(NeedDesk); desk && !t.site.safeWord(folded) { // a label there may read like distress: "Texts"
		return heard{need: need}
	}
	if message, ok := t.site.handed(text); ok {
		if t.event.Shared {
			return heard{path: "trick"}
		}
		return t.hearMessage(message)
	}
	if asked, ok := t.site.asked(folded); ok {
		return asked
	}
	if word, ok := t.site.typed[folded]; ok && !t.backstage(word.path) {
		return heard{path: word.path, lang: t.strangers(word.lang)}
	}
	if path, ok := invitation(folded); ok {
		return heard{path: path}
	}
	if path, ok := t.answered(page, folded); ok {
		return heard{path: path}
	}
	if t.awaitsMessage() {
		return t.hearMessage(text)
	}
	var reading Reading
	if number(folded) == 0 { // a number says nothing by itself
		reading = t.site.reader.Read(text, t.lang)
	}
	if reading.Decision == Go && t.site.topics[reading.Labels[0]] != nil {
		return t.understood(reading)
	}
	if need != nil {
		return heard{need: need}
	}
	if t.event.Offline && takesWords(t.event.On) { // whatever form it was that they were for
		return heard{path: t.event.On}
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
	if path, ok := page.named(folded); ok && !t.site.mayBeHelp(reading) {
		return heard{path: path}
	}
	return t.understood(reading)
}

// backstage reports whether a page is moderators' and is not to be found here: it
// lies in their private chats, and to everybody else its name is a word like any.
func (t *turn) backstage(path Path) bool {
	return takesWords(path) && (t.event.Shared || t.event.Desk != nil && t.event.Desk.Me.Role == "")
}

// strangers is the language of a word for people of whom no other is known.
func (t *turn) strangers(lang i18n.Lang) i18n.Lang {
	client, told := t.site.words.Match(t.event.Locale)
	if t.event.OnLang != "" || told && client != i18n.Fallback || t.site.words.Knows(t.state.Lang) {
		return ""
	}
	return lang
}

// understood is where a reading leads.
func (t *turn) understood(reading Reading) heard {
	h := heard{foreign: reading.Foreign}
	if t.site.words.Knows(reading.Lang) {
		h.lang = reading.Lang
	}
	if reading.Decision != None {
		h.labels = reading.Labels
	}
	if reading.Decision == Go {
		h.path = labelPath(reading.Labels[0])
	}
	return h
}

// mayBeHelp reports whether a reading is, or may be, of somebody who needs help.
func (s *Site) mayBeHelp(reading Reading) bool {
	return reading.Decision != None && s.topics[reading.Labels[0]] != nil
}

// onShow is the page the person looks at, so that everything works without
// buttons. It is only looked at here: what it does when it is opened is left
// undone, and what it needs from the shell is returned.
func (t *turn) onShow() (*Page, Effect) {
	if t.event.On == "" {
		return nil, nil
	}
	look := *t
	look.effects = nil
	if page := look.open(t.event.On); page != nil {
		return page, nil
	}
	return nil, needed(look.effects)
}

// needed finds what a page asked the shell for before it could be made.
func needed(effects []Effect) Effect {
	for _, effect := range effects {
		switch effect.(type) {
		case NeedFeed, NeedManager, NeedLacks, NeedDesk:
			return effect
		}
	}
	return nil
}

// safeWord reports whether words lead to safety whatever is being filled in.
func (s *Site) safeWord(folded string) bool {
	switch s.typed[folded].path.Root() {
	case "help", "hide", "delete", "stop":
		return true
	}
	return false
}

// deskWord reports whether words are those that moderators' pages open by: never
// a text of an announcement, but the only way back where no command stands for it.
func (s *Site) deskWord(folded string) bool {
	path := s.typed[folded].path
	return path == "announce" || path == "moderators"
}

// A word opens a page at any time; lang is its language, if it is of one only.
type word struct {
	path Path
	lang i18n.Lang
}

// typedWords collects the labels of all main pages and the safe words of every
// language: they work at any time, whatever the person's language is.
func (s *Site) typedWords() map[string]word {
	typed := map[string]word{}
	add := func(words string, path Path, lang i18n.Lang) {
		if words = fold(words); words == "" {
			return
		}
		if known, ok := typed[words]; ok && known.lang != lang && known.path == path {
			lang = "" // the same word in two languages tells neither
		}
		typed[words] = word{path: path, lang: lang}
	}
	for _, lang := range s.words.Langs() {
		for _, key := range s.words.Keys(lang) {
			link, ok := strings.CutPrefix(string(key), "label.")
			if !ok {
				continue
			}
			path := s.fromLink(link)
			if path.Link() == link && s.Leads(path) {
				add(s.words.Line(lang, key), path, lang)
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
				add(words, path, lang)
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
	if signs, ok := strings.CutPrefix(label, lookLabel); ok {
		return join("trick", signs)
	}
	return join("help", label)
}
