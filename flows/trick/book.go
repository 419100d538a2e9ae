package trick

import (
	"maps"
	"slices"
	"strings"

	"notalone/flows/understand/features"
	"notalone/i18n"
)

// gap is how many words may stand between two steps of a pattern.
const gap = 8

// near is how many words the parts of a pattern written with "&" may be apart.
const near = 25

// A pattern is steps that follow each other within gap words, or parts that stand
// near each other in any order.
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

// A book is the patterns of a language: those of steps in order, and those of parts
// together.
type book struct {
	lang           i18n.Lang
	ordered, loose *index
}

// An index finds patterns by the first word of each choice.
type index struct {
	patterns []pattern
	byWord   map[string][]choice
	byStem   map[string][]choice // choices of one open word
}

// minStem is the shortest beginning that "x*" may have.
const minStem = 3

func (r *Reader) newBook(lang i18n.Lang, words *wordFile) (*book, error) {
	b := &book{lang: lang, ordered: newIndex(), loose: newIndex()}
	for _, name := range slices.Sorted(maps.Keys(words.Signs)) {
		n := r.number(name)
		for _, text := range words.Signs[name].Say {
			if err := b.add(r.lexicon, words, pattern{sign: n, text: text}); err != nil {
				return nil, err
			}
		}
		for _, text := range words.Signs[name].Not {
			if err := b.add(r.lexicon, words, pattern{sign: n, text: text, not: true}); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

func newIndex() *index { return &index{byWord: map[string][]choice{}, byStem: map[string][]choice{}} }

// add takes a pattern as written: "send|give .. code|password" or "{won} & {pay}".
func (b *book) add(lexicon *features.Lexicon, words *wordFile, p pattern) error {
	text, err := words.filled(p.text)
	if err != nil {
		return err
	}
	x, between := b.ordered, " .. "
	if strings.Contains(text, " & ") {
		x, between = b.loose, " & "
	}
	for step := range strings.SplitSeq(text, between) {
		for said := range strings.SplitSeq(step, "|") {
			x.addChoice(lexicon, b.lang, strings.TrimSpace(said), p.steps)
		}
		p.steps++
	}
	x.patterns = append(x.patterns, p)
	return nil
}

// addChoice adds a choice as written and, if that differs, with its short forms
// written out, as the messages are read.
func (x *index) addChoice(lexicon *features.Lexicon, lang i18n.Lang, said string, step int) {
	n := len(x.patterns)
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
	spelled := lexicon.Spell(written, lang)
	x.put(choice{words: wordsOf(written), open: open, pattern: n, step: step})
	if !slices.Equal(written, spelled) {
		x.put(choice{words: wordsOf(spelled), open: open, pattern: n, step: step})
	}
}

func (x *index) put(c choice) {
	if len(c.words) == 0 {
		return
	}
	first := c.words[0].plain
	if c.open && len(c.words) == 1 && len(first) >= minStem {
		x.byStem[first] = append(x.byStem[first], c)
		return
	}
	x.byWord[first] = append(x.byWord[first], c)
}

// A span is where a choice was found.
type span struct{ start, end int }

// maxSpans is how often the same word is looked at. Only a message made to be slow
// has it more often.
const maxSpans = 24

// A hit is a pattern that a sentence matches.
type hit struct {
	sign int
	not  bool
	text string
}

// inOrder finds the patterns of steps in a sentence.
func (b *book) inOrder(s []word) []hit {
	var hits []hit
	for n, steps := range b.ordered.spans(s, true) {
		if chained(steps, len(s)) {
			hits = append(hits, b.ordered.patterns[n].hit())
		}
	}
	return hits
}

// together finds the patterns of parts in a whole message.
func (b *book) together(s []word) []hit {
	var hits []hit
	for n, parts := range b.loose.spans(s, false) {
		if nearby(parts) {
			hits = append(hits, b.loose.patterns[n].hit())
		}
	}
	return hits
}

func (p *pattern) hit() hit { return hit{sign: p.sign, not: p.not, text: p.text} }

// spans finds the choices of patterns: by pattern and step, each in the order of
// the words. The work grows with the words times the choices that begin with each, not
// with the patterns. With ordered a step counts only after the first one.
func (x *index) spans(s []word, ordered bool) map[int][][]span {
	spans := map[int][][]span{}
	times := map[string]int{}
	for i := range s {
		if times[s[i].plain]++; times[s[i].plain] > maxSpans {
			continue
		}
		for _, list := range x.beginning(s[i]) {
			for k := range list {
				c := &list[k]
				steps := spans[c.pattern]
				switch {
				case ordered && steps == nil && c.step > 0, !c.at(s[i:]):
					continue
				case steps == nil:
					steps = make([][]span, x.patterns[c.pattern].steps)
					spans[c.pattern] = steps
				}
				steps[c.step] = append(steps[c.step], span{i, i + len(c.words)})
			}
		}
	}
	return spans
}

// nearby reports whether each part stands close to one of the first.
func nearby(parts [][]span) bool {
	return slices.ContainsFunc(parts[0], func(first span) bool {
		for _, part := range parts[1:] {
			if !slices.ContainsFunc(part, func(other span) bool { return max(other.start-first.end, first.start-other.end) <= near }) {
				return false
			}
		}
		return true
	})
}

// beginning lists the choices that a word can begin.
func (x *index) beginning(w word) [][]choice {
	lists := make([][]choice, 0, 4)
	if list := x.byWord[w.plain]; list != nil {
		lists = append(lists, list)
	}
	if w.hasNumber() {
		lists = append(lists, x.byWord[anyNumber])
		if w.isSum() {
			lists = append(lists, x.byWord[anySum])
		}
	}
	for n := minStem; n <= min(len(w.plain), maxStem); n++ {
		if list := x.byStem[w.plain[:n]]; list != nil {
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
