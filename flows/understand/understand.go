// Package understand takes typed words for a help topic or a command page. It
// is pure and deterministic: words, letters and known meanings are weighed by a
// linear model that was learnt from the phrase files beside it. docs/understanding.md
// tells how; it keeps nothing of what it reads.
package understand

import (
	_ "embed"
	"fmt"
	"strings"

	"notalone/flows"
	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
	"notalone/i18n"
)

//go:embed model.bin
var packed []byte

// Stamp tells which files the embedded model was learnt from.
func Stamp() []byte {
	stamp, _ := model.Unstamp(packed)
	return stamp
}

// Reader implements flows.Reader. It is read-only after Load.
type Reader struct {
	lexicon *features.Lexicon
	topics  *model.Model
	tongues *model.Model
	labels  []string
}

var _ flows.Reader = (*Reader)(nil)

// Load builds a Reader from the embedded model.
func Load(lexicon *features.Lexicon) (*Reader, error) {
	_, models := model.Unstamp(packed)
	topics, rest, err := model.Read(models)
	if err != nil {
		return nil, fmt.Errorf("load understanding: topics: %w", err)
	}
	tongues, _, err := model.Read(rest)
	if err != nil {
		return nil, fmt.Errorf("load understanding: languages: %w", err)
	}
	return New(lexicon, topics, tongues), nil
}

// New builds a Reader from its parts, as the training command does to measure
// a model before it is written.
func New(lexicon *features.Lexicon, topics, tongues *model.Model) *Reader {
	return &Reader{lexicon: lexicon, topics: topics, tongues: tongues, labels: model.Labels()}
}

// Read implements flows.Reader.
func (r *Reader) Read(text string, prefer i18n.Lang) flows.Reading {
	return r.Guess(text, prefer).Reading
}

// A Guess is a reading with the best label, its score and why.
type Guess struct {
	flows.Reading
	Label    string  // the best guess, whatever the decision; "none" when nothing is likelier
	Score    float64 // of the label, from 0 to 1
	Evidence []Evidence
}

// Guess reads a message. The language it is written in decides over prefer
// when that is clear.
func (r *Reader) Guess(text string, prefer i18n.Lang) Guess { return r.guess(text, prefer, false) }

// Explain is Guess with the evidence.
func (r *Reader) Explain(text string, prefer i18n.Lang) Guess { return r.guess(text, prefer, true) }

func (r *Reader) guess(text string, prefer i18n.Lang, explain bool) Guess {
	sentences := features.Split(features.Clean(text))
	if onlyNumbers(sentences) {
		return Guess{Label: noLabel}
	}
	written := r.tongue(sentences, prefer)
	scores := r.score(sentences, written.read)
	g := r.decide(scores, written)
	if !g.Foreign {
		r.choosePage(&g, scores, r.meant(sentences, written.read))
	}
	if explain {
		set := r.lexicon.Topic(sentences, written.read, true)
		g.Evidence = r.evidence(set, g.Label)
	}
	return g
}

// onlyNumbers reports whether there is no word: a date or an amount alone tells no topic.
func onlyNumbers(sentences []features.Sentence) bool {
	for _, s := range sentences {
		for _, t := range s {
			if strings.Trim(t.Plain, "0123456789?") != "" {
				return false
			}
		}
	}
	return true
}
