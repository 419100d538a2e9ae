package features

import (
	"embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"notalone/i18n"
)

//go:embed lexicon/*.yaml
var files embed.FS

// A Lexicon knows the short forms of each language and what words and phrases
// mean. It is read-only after LoadLexicon.
type Lexicon struct {
	meanings []string // names, by number
	slang    map[i18n.Lang]map[string]Sentence
	phrases  map[i18n.Lang]*phrasebook
	pages    map[i18n.Lang]*phrasebook // what chooses a page without the model
}

// LoadLexicon reads the embedded lexicon files.
func LoadLexicon() (*Lexicon, error) {
	l := &Lexicon{slang: map[i18n.Lang]map[string]Sentence{}, phrases: map[i18n.Lang]*phrasebook{}, pages: map[i18n.Lang]*phrasebook{}}
	for _, lang := range []i18n.Lang{"vi", "id", "en"} {
		if err := l.readSlang(lang); err != nil {
			return nil, err
		}
		var err error
		if l.phrases[lang], err = l.readBook("meanings", lang); err != nil {
			return nil, err
		}
		if l.pages[lang], err = l.readBook("pages", lang); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// entry is a line of a lexicon file: a name and what is listed for it.
type entry struct {
	name  string
	words []string
}

func readEntries(kind string, lang i18n.Lang) ([]entry, error) {
	name := "lexicon/" + kind + "." + string(lang) + ".yaml"
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var lines yaml.MapSlice
	if err := yaml.Unmarshal(data, &lines); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	entries := make([]entry, 0, len(lines))
	for _, line := range lines {
		e := entry{name: fmt.Sprint(line.Key)}
		for w := range strings.SplitSeq(fmt.Sprint(line.Value), ",") {
			if w = strings.TrimSpace(w); w != "" {
				e.words = append(e.words, w)
			}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func (l *Lexicon) readSlang(lang i18n.Lang) error {
	entries, err := readEntries("slang", lang)
	if err != nil {
		return err
	}
	words := map[string]Sentence{}
	for _, e := range entries {
		for _, typed := range e.words {
			if words[typed] != nil {
				continue // the first line that lists it decides
			}
			for w := range strings.FieldsSeq(e.name) {
				words[typed] = append(words[typed], word(w))
			}
		}
	}
	l.slang[lang] = words
	return nil
}

func (l *Lexicon) readBook(kind string, lang i18n.Lang) (*phrasebook, error) {
	entries, err := readEntries(kind, lang)
	if err != nil {
		return nil, err
	}
	book := newPhrasebook()
	for _, e := range entries {
		n := l.number(e.name)
		for _, text := range e.words {
			stem, open := strings.CutSuffix(text, "*")
			stem, exact := strings.CutSuffix(stem, "!")
			var words Sentence
			for _, s := range Split(Clean(stem)) {
				words = append(words, l.Spell(s, lang)...)
			}
			book.add(expression{meaning: n, words: words, open: open, exact: exact})
		}
	}
	return book, nil
}

func (l *Lexicon) number(name string) int {
	for n, known := range l.meanings {
		if known == name {
			return n
		}
	}
	l.meanings = append(l.meanings, name)
	return len(l.meanings) - 1
}

// Spell writes out the short forms of a sentence: "k bt" → "không biết".
func (l *Lexicon) Spell(s Sentence, lang i18n.Lang) Sentence {
	words := l.slang[lang]
	out := make(Sentence, 0, len(s)+4)
	for _, t := range s {
		if full := words[t.Marked]; full != nil {
			out = append(out, full...)
		} else {
			out = append(out, t)
		}
	}
	return out
}
