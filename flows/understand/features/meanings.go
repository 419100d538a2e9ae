package features

import "notalone/i18n"

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

// Meant adds to found what the page lexicon finds in a sentence written in lang.
func (l *Lexicon) Meant(s Sentence, lang i18n.Lang, found map[string]bool) {
	book := l.pages[lang]
	if book == nil {
		return
	}
	s = l.Spell(s, lang)
	for i := range s {
		book.at(s, i, func(meaning int) { found[l.meanings[meaning]] = true })
	}
}
