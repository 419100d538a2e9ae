package features

import "strings"

// A phrasebook finds expressions by their first word.
type phrasebook struct {
	words map[string][]expression // by the plain first word
	stems map[string][]expression // single words that may go on, by their plain beginning
}

// An expression is words that mean something.
type expression struct {
	meaning int
	words   Sentence
	open    bool // the last word may go on: "ancam*"
	exact   bool // a single word that must have its marks: "tát!", as "tat" is many words
}

// minStem is the shortest beginning that "x*" may have.
const minStem = 2

func newPhrasebook() *phrasebook {
	return &phrasebook{words: map[string][]expression{}, stems: map[string][]expression{}}
}

func (b *phrasebook) add(e expression) {
	if len(e.words) == 0 {
		return
	}
	first := e.words[0].Plain
	if e.open && len(e.words) == 1 && len(first) >= minStem {
		b.stems[first] = append(b.stems[first], e)
		return
	}
	b.words[first] = append(b.words[first], e)
}

// at reports the meaning of every expression that begins at s[i].
func (b *phrasebook) at(s Sentence, i int, found func(meaning int)) {
	first := s[i].Plain
	for _, e := range b.words[first] {
		if e.begins(s[i:]) {
			found(e.meaning)
		}
	}
	for n := minStem; n <= len(first); n++ {
		for _, e := range b.stems[first[:n]] {
			found(e.meaning)
		}
	}
}

func (e *expression) begins(s Sentence) bool {
	if len(s) < len(e.words) {
		return false
	}
	if e.exact && s[0].Marked != e.words[0].Marked {
		return false
	}
	for k, w := range e.words {
		if !same(w, s[k], e.open && k == len(e.words)-1) {
			return false
		}
	}
	return true
}

// same compares a word of the lexicon with a typed one. A word typed without
// marks matches any marks; a word typed with marks only its own.
func same(want, typed Token, open bool) bool {
	if typed.Marked != typed.Plain && want.Marked != want.Plain {
		return want.Marked == typed.Marked
	}
	if open {
		return strings.HasPrefix(typed.Plain, want.Plain)
	}
	return want.Plain == typed.Plain
}
