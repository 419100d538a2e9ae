package trick

import (
	_ "embed"
	"fmt"
	"math"
	"slices"

	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
)

//go:embed model.bin
var packed []byte

// Stamp tells which examples the embedded model was learnt from.
func Stamp() []byte {
	stamp, _ := model.Unstamp(packed)
	return stamp
}

// A Likeness weighs how alike a message is to known tricks, and to those with each
// sign: tricks that are told in words which no pattern has.
type Likeness struct {
	kinds []string
	model *model.Model
}

// NewLikeness builds one from its parts, as the training command does. The model
// has a class for each kind and a last one for tricks of all kinds.
func NewLikeness(kinds []string, m *model.Model) *Likeness {
	return &Likeness{kinds: kinds, model: m}
}

func loadLikeness(kinds []string) (*Likeness, error) {
	_, models := model.Unstamp(packed)
	m, _, err := model.Read(models)
	if err != nil {
		return nil, fmt.Errorf("load the likeness to tricks: %w", err)
	}
	if m.Classes != len(kinds)+1 {
		return nil, fmt.Errorf("load the likeness to tricks: it knows %d signs, there are %d", m.Classes-1, len(kinds))
	}
	return NewLikeness(kinds, m), nil
}

// Kinds are the signs that a model is learnt for, in the order of its classes.
func (r *Reader) Kinds() []string {
	kinds := slices.DeleteFunc(slices.Clone(r.signs), func(sign string) bool { return sign == warning || sign == calm })
	slices.Sort(kinds)
	return kinds
}

// Features are what the likeness is weighed by: the message without its links and
// the marks in its figures.
func (r *Reader) Features(text string) []uint32 {
	text, _ = r.links.cut(shorten(text))
	return r.features(sentencesOf(text))
}

func sentencesOf(text string) []features.Sentence {
	return features.Split(features.Clean(joinFigures(text)))
}

// features are those of all languages together: who cheats mixes them, and a
// message is too short to be sure of one.
func (r *Reader) features(sentences []features.Sentence) []uint32 {
	sentences = ends(sentences)
	var all []uint32
	for _, lang := range languages {
		all = append(all, r.lexicon.Topic(sentences, lang, false).Hashes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Of a long message the likeness is of its first and last words.
const headWords, tailWords = 100, 60

func ends(sentences []features.Sentence) []features.Sentence {
	total := 0
	for _, s := range sentences {
		total += len(s)
	}
	if total <= headWords+tailWords {
		return sentences
	}
	all := slices.Concat(sentences...)
	return []features.Sentence{all[:headWords], all[total-tailWords:]}
}

// Limits of the likeness, chosen on the development files by leaving hands out.
const (
	alikeFrom = 0.55 // a message is like a trick, and like one with this sign
	aloneFrom = 0.75 // the same when no sign was found: the likeness alone marks it
	perSign   = 1.0  // what each sign found in words adds to the sum
	perCalm   = 3.0  // what calm words take from it
)

// An alike is how alike a message is to tricks, and the signs of those it is like.
type alike struct {
	trick float64
	kinds []string
}

// Kinds are the signs of the tricks that a message with these features is like;
// none: it is like no trick.
func (l *Likeness) Kinds(hashes []uint32) []string {
	if a := l.of(hashes); a.trick >= alikeFrom {
		return a.kinds
	}
	return nil
}

func (l *Likeness) of(hashes []uint32) alike {
	each := l.model.Each(hashes)
	kinds, last := each[:len(l.kinds)], len(l.kinds)
	a := alike{trick: each[last]}
	best := 0
	for k, p := range kinds {
		if p >= alikeFrom {
			a.kinds = append(a.kinds, l.kinds[k])
		}
		if p > kinds[best] {
			best = k
		}
	}
	if len(a.kinds) == 0 {
		a.kinds = []string{l.kinds[best]}
	}
	return a
}

// sum is the likeness on the scale on which evidence adds up; 0 is even.
func (a alike) sum() float64 {
	p := min(max(a.trick, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}

// calmed is the likeness of a message with calm words.
func (a alike) calmed() alike {
	a.trick = model.Logistic(a.sum() - perCalm)
	return a
}

// added are the signs of the tricks that the message is like, beside so many that
// were found in it.
func (a alike) added(signs int) []string {
	if a.trick < alikeFrom || signs == 0 && a.trick < aloneFrom {
		return nil
	}
	return a.kinds
}

// doubts reports whether so few signs, in a message so unlike a trick, are likelier
// a chance.
func (a alike) doubts(signs int) bool { return a.sum()+perSign*float64(signs) < 0 }
