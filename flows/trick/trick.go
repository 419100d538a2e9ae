// Package trick finds the signs of a trick in a message that somebody got: words
// that hurry, ask for codes or promise prizes, and links that imitate a name. It
// is pure: it opens no link and keeps nothing of what it reads.
package trick

import (
	"fmt"
	"slices"

	"notalone/flows"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

// A Reader knows the signs in every language. It is read-only after Load.
type Reader struct {
	lexicon *features.Lexicon
	signs   []string // by number
	books   []*book
	links   *linkBook
	likes   *Likeness
}

var _ flows.SignReader = (*Reader)(nil)

// languages of the word files. All are looked up in every message: whoever
// cheats writes in any of them, and mixes them.
var languages = []i18n.Lang{"en", "id", "vi"}

// Load reads the embedded word and link files and the model.
func Load(lexicon *features.Lexicon) (*Reader, error) {
	r, err := Patterns(lexicon)
	if err != nil {
		return nil, err
	}
	r.likes, err = loadLikeness(r.Kinds())
	return r, err
}

// Patterns is a Reader that knows no likeness yet: the training command teaches it.
func Patterns(lexicon *features.Lexicon) (*Reader, error) {
	links, err := loadLinks()
	if err != nil {
		return nil, fmt.Errorf("load signs of tricks: %w", err)
	}
	r := &Reader{lexicon: lexicon, links: links}
	for _, lang := range languages {
		words, err := readWords(lang)
		if err != nil {
			return nil, fmt.Errorf("load signs of tricks: %w", err)
		}
		b, err := r.newBook(lang, words)
		if err != nil {
			return nil, fmt.Errorf("load signs of tricks: %s: %w", lang, err)
		}
		r.books = append(r.books, b)
	}
	return r, nil
}

// warning is no sign: a message that warns of tricks is full of their words.
const warning = "warning"

// calm is no sign: so honest people write who give, remind or notify. It makes a
// message less like a trick.
const calm = "calm"

// violence is never taken for a chance find.
const violence = "harm"

// Signs implements flows.SignReader.
func (r *Reader) Signs(text string) flows.Signs {
	signs, _ := r.read(text, false)
	return signs
}

// Evidence is a sign and what showed it: words, the kind of link, or a likeness.
type Evidence struct {
	Sign string `json:"sign"`
	What string `json:"what"`
}

// Explain is Signs with what spoke for each, for authors.
func (r *Reader) Explain(text string) (flows.Signs, []Evidence) { return r.read(text, true) }

func (r *Reader) read(text string, explain bool) (flows.Signs, []Evidence) {
	text, links := r.links.cut(shorten(text))
	sentences := sentencesOf(text)
	found, evidence := r.words(sentences, explain)
	var like alike
	if slices.Contains(found, warning) { // it names the words of a trick to warn of it
		found, evidence = nil, nil
	} else {
		like = r.likes.of(r.features(sentences))
	}
	if at := slices.Index(found, calm); at >= 0 {
		found = slices.Delete(found, at, at+1)
		like = like.calmed()
	}
	kinds := like.added(len(found) + len(links))
	if like.doubts(len(found)+len(links)) && !slices.Contains(found, violence) {
		found, evidence = nil, nil
	}
	for _, sign := range links {
		found = append(found, sign)
		evidence = append(evidence, Evidence{Sign: sign, What: "link"})
	}
	slices.Sort(found)
	signs := flows.Signs{Found: slices.Compact(found)}
	for _, sign := range kinds {
		if !slices.Contains(signs.Found, sign) {
			signs.Alike = append(signs.Alike, sign)
			evidence = append(evidence, Evidence{Sign: sign, What: "alike"})
		}
	}
	if !explain {
		evidence = nil
	}
	return signs, evidence
}

// words finds the signs that patterns show.
func (r *Reader) words(sentences []features.Sentence, explain bool) (found []string, evidence []Evidence) {
	see := func(sign int, what string) {
		if name := r.signs[sign]; !slices.Contains(found, name) {
			found = append(found, name)
		}
		if explain {
			evidence = append(evidence, Evidence{Sign: r.signs[sign], What: what})
		}
	}
	taken := map[int]bool{}
	for _, s := range sentences {
		r.look(s, search{find: (*book).inOrder, taken: taken}, see)
	}
	r.look(slices.Concat(sentences...), search{find: (*book).together, taken: taken, whole: true}, see)
	return found, evidence
}

// A search is one way to go through words: in the order of a sentence, or together
// anywhere in the message.
type search struct {
	find  func(*book, []word) []hit
	taken map[int]bool // signs that a "not" took back so far in the message
	whole bool
}

// look looks words up as typed and with their short forms written out. A "not" that
// holds in any reading takes the sign back in all of them.
func (r *Reader) look(s features.Sentence, how search, see func(sign int, what string)) {
	said := map[int]string{}
	taken := how.taken
	if !how.whole {
		taken = map[int]bool{}
	}
	typed := wordsOf(s)
	for _, b := range r.books {
		readings := [][]word{typed}
		if spelled := r.lexicon.Spell(s, b.lang); !slices.Equal(s, spelled) {
			readings = append(readings, wordsOf(spelled))
		}
		for _, reading := range readings {
			for _, hit := range how.find(b, reading) {
				if hit.not {
					taken[hit.sign], how.taken[hit.sign] = true, true
				} else if said[hit.sign] == "" || hit.text < said[hit.sign] {
					said[hit.sign] = hit.text
				}
			}
		}
	}
	for sign := range r.signs {
		if said[sign] != "" && !taken[sign] {
			see(sign, said[sign])
		}
	}
}

// number gives a sign its number; new ones are added while loading.
func (r *Reader) number(sign string) int {
	if n := slices.Index(r.signs, sign); n >= 0 {
		return n
	}
	r.signs = append(r.signs, sign)
	return len(r.signs) - 1
}
