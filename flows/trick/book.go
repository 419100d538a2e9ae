package trick

import (
	"slices"
	"strings"

	"notalone/flows/understand/features"
	"notalone/i18n"
)

// gap is how many words may stand between two steps of a pattern.
const gap = 8

// A pattern is steps that follow each other within gap words.
type pattern struct {
	sign  int
	not   bool
	steps int
	text  string
}

// A choice is one way to say one step of one pattern.
type choice struct {
	words   []word
	open    bool // the last word may go on: "ancam*"
	pattern int
	step    int
}

// A book is the patterns of a language, found by the first word of each choice.
type book struct {
	lang     i18n.Lang
	patterns []pattern
	byWord   map[string][]choice
	byStem   map[string][]choice // choices of one open word
}

// minStem is the shortest beginning that "x*" may have.
const minStem = 3

func (r *Reader) newBook(lang i18n.Lang, signs map[string]wording) *book {
	b := &book{lang: lang, byWord: map[string][]choice{}, byStem: map[string][]choice{}}
	names := make([]string, 0, len(signs))
	for name := range signs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n := r.number(name)
		for _, text := range signs[name].Say {
			b.add(r.lexicon, pattern{sign: n, text: text})
		}
		for _, text := range signs[name].Not {
			b.add(r.lexicon, pattern{sign: n, text: text, not: true})
		}
	}
	return b
}

// add takes a pattern as written: "send|give .. code|password".
func (b *book) add(lexicon *features.Lexicon, p pattern) {
	n := len(b.patterns)
	for step := range strings.SplitSeq(p.text, " .. ") {
		for said := range strings.SplitSeq(step, "|") {
			b.addChoice(lexicon, strings.TrimSpace(said), n, p.steps)
		}
		p.steps++
	}
	b.patterns = append(b.patterns, p)
}

// addChoice adds a choice as written and, if that differs, with its short forms
// written out, as the messages are read.
func (b *book) addChoice(lexicon *features.Lexicon, said string, n, step int) {
	stem, open := strings.CutSuffix(said, "*")
	var written features.Sentence
	for w := range strings.FieldsSeq(stem) {
		switch w {
		case "NUM":
			written = append(written, features.Token{Marked: anyNumber, Plain: anyNumber})
		case "SUM":
			written = append(written, features.Token{Marked: anySum, Plain: anySum})
		case "LINK":
			written = append(written, features.Token{Marked: anyLink, Plain: anyLink})
		default:
			for _, s := range features.Split(features.Clean(w)) {
				written = append(written, s...)
			}
		}
	}
	spelled := lexicon.Spell(written, b.lang)
	b.put(choice{words: wordsOf(written), open: open, pattern: n, step: step})
	if !slices.Equal(written, spelled) {
		b.put(choice{words: wordsOf(spelled), open: open, pattern: n, step: step})
	}
}

func (b *book) put(c choice) {
	if len(c.words) == 0 {
		return
	}
	first := c.words[0].plain
	if c.open && len(c.words) == 1 && len(first) >= minStem {
		b.byStem[first] = append(b.byStem[first], c)
		return
	}
	b.byWord[first] = append(b.byWord[first], c)
}

// A span is where a choice was found.
type span struct{ start, end int }

// maxSpans of one step in a sentence are looked at. Only a message made to be slow
// has more.
const maxSpans = 24

// A hit is a pattern that a sentence matches.
type hit struct {
	sign int
	not  bool
	text string
}

// look finds the patterns in a sentence. The work grows with its length times the
// choices that begin with its words, not with the patterns.
func (b *book) look(s []word) []hit {
	spans := map[int][][]span{} // by pattern and step, in the order of the sentence
	for i := range s {
		for _, list := range b.beginning(s[i]) {
			for k := range list {
				c := &list[k]
				steps := spans[c.pattern]
				switch {
				case steps == nil && c.step > 0, steps != nil && len(steps[c.step]) == maxSpans, !c.at(s[i:]):
					continue // no first step stands before it, or it is there often enough
				case steps == nil:
					steps = make([][]span, b.patterns[c.pattern].steps)
					spans[c.pattern] = steps
				}
				steps[c.step] = append(steps[c.step], span{i, i + len(c.words)})
			}
		}
	}
	var hits []hit
	for n, steps := range spans {
		if p := &b.patterns[n]; chained(steps, len(s)) {
			hits = append(hits, hit{sign: p.sign, not: p.not, text: p.text})
		}
	}
	return hits
}

// beginning lists the choices that a word can begin.
func (b *book) beginning(w word) [][]choice {
	lists := make([][]choice, 0, 4)
	if list := b.byWord[w.plain]; list != nil {
		lists = append(lists, list)
	}
	if w.hasNumber() {
		lists = append(lists, b.byWord[anyNumber])
		if w.isSum() {
			lists = append(lists, b.byWord[anySum])
		}
	}
	for n := minStem; n <= min(len(w.plain), maxStem); n++ {
		if list := b.byStem[w.plain[:n]]; list != nil {
			lists = append(lists, list)
		}
	}
	return lists
}

// maxStem is the longest beginning that is looked up.
const maxStem = 16

func (c *choice) at(s []word) bool {
	if len(s) < len(c.words) {
		return false
	}
	for k, w := range c.words {
		switch {
		case w.plain == anyNumber:
			if !s[k].hasNumber() {
				return false
			}
		case w.plain == anySum:
			if !s[k].isSum() {
				return false
			}
		case c.open && k == len(c.words)-1:
			if !strings.HasPrefix(s[k].plain, w.plain) {
				return false
			}
		case !w.is(s[k]):
			return false
		}
	}
	return true
}

// chained reports whether a span of each step follows one of the step before.
func chained(steps [][]span, length int) bool {
	reach := steps[0]
	for _, next := range steps[1:] {
		open := make([]bool, length+1)
		for _, r := range reach {
			for i := r.end; i <= min(r.end+gap, length); i++ {
				open[i] = true
			}
		}
		reach = nil
		for _, s := range next {
			if open[s.start] {
				reach = append(reach, s)
			}
		}
	}
	return len(reach) > 0
}
