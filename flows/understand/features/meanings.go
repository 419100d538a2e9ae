package features

import (
	"slices"

	"notalone/i18n"
)

// reach is how many words before a meaning a negation still covers it.
const reach = 3

// meanings adds what the lexicon finds in a sentence: each meaning, whether a
// negation stands before it, and which meanings meet.
func (c *collector) meanings(l *Lexicon, s Sentence, lang i18n.Lang) {
	found := make([]bool, len(l.meanings))
	not := -reach - 1
	for i := range s {
		negated := i-not <= reach
		mark := func(meaning int) {
			name := l.meanings[meaning]
			if name == "not" {
				not = i
			} else if negated {
				c.add('!', name)
			}
			found[meaning] = true
		}
		for _, book := range []i18n.Lang{lang, "en"} {
			if b := l.phrases[book]; b != nil {
				b.at(s, i, mark)
			}
			if lang == "en" {
				break
			}
		}
	}
	c.meetings(l, found)
}

func (c *collector) meetings(l *Lexicon, found []bool) {
	for a, here := range found {
		if !here {
			continue
		}
		c.add('k', l.meanings[a])
		for b := a + 1; b < len(found); b++ {
			if found[b] {
				c.add('p', l.meanings[a], l.meanings[b])
			}
		}
	}
}

// Names in the page lexicon: what takes back the next words ("nobody hits me",
// "touches my phone"), what ends that ("nobody knows"), and which words can be
// taken back. Harmless is found when a harm was.
const (
	denied   = "denied"
	but      = "but"
	harm     = "harm"
	kinTouch = "kin_touch"
	kinHurt  = "kin_hurt"
	Harmless = "harmless"
)

// Meant adds to found what the page lexicon finds in a sentence written in lang
// and what is not denied just before.
func (l *Lexicon) Meant(s Sentence, lang i18n.Lang, found map[string]bool) {
	book := l.pages[lang]
	if book == nil {
		return
	}
	s = l.Spell(s, lang)
	not := -reach - 1
	var here []string
	for i := range s {
		here = here[:0]
		book.at(s, i, func(meaning int) { here = append(here, l.meanings[meaning]) })
		switch {
		case slices.Contains(here, but):
			not = -reach - 1
		case slices.Contains(here, denied):
			not = i
		}
		for _, name := range here {
			switch {
			case i-not > reach || name != harm && name != kinTouch && name != kinHurt:
				found[name] = true
			case name == harm:
				found[Harmless] = true
			}
		}
	}
}
