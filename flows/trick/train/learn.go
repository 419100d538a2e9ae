package main

import (
	"fmt"
	"slices"

	"notalone/flows/trick"
	"notalone/flows/understand/features"
	"notalone/flows/understand/learn"
	"notalone/flows/understand/model"
)

// settings of the learner, found by leaving angles out.
var settings = learn.Options{Epochs: 20, Rate: 0.5, Drop: 0.5, Bits: 16, Link: model.Logistics}

// What an example counts.
const (
	everydayWeight = 0.3 // there is much of it
	unmarkedWeight = 0.7 // of a message's second form, without tone marks
)

// A school keeps the examples and what the learner sees of each.
type school struct {
	kinds    []string
	examples []*example
}

func newSchool(reader *trick.Reader, examples []*example) (*school, error) {
	s := &school{kinds: reader.Kinds(), examples: examples}
	for _, e := range s.examples {
		for _, sign := range e.signs {
			if !slices.Contains(s.kinds, sign) {
				return nil, fmt.Errorf("%s: there is no sign %q", e.text, sign)
			}
		}
		e.forms = append(e.forms, reader.Features(e.text))
		if plain := features.Plain(e.text); e.lang == "vi" && plain != e.text {
			e.forms = append(e.forms, reader.Features(plain))
		}
	}
	return s, nil
}

// learn fits a model to the examples that keep lets through.
func (s *school) learn(keep func(*example) bool) *model.Model {
	classes := len(s.kinds) + 1
	var examples []learn.Example
	for _, e := range s.examples {
		if !keep(e) {
			continue
		}
		truth := make([]float32, classes)
		for k, kind := range s.kinds {
			if slices.Contains(e.signs, kind) {
				truth[k] = 1
			}
		}
		if e.trick {
			truth[len(s.kinds)] = 1
		}
		for i, hashes := range e.forms {
			weight := float32(1)
			if e.angle == everyday {
				weight *= everydayWeight
			}
			if i > 0 {
				weight *= unmarkedWeight
			}
			examples = append(examples, learn.Example{Hashes: hashes, Truth: truth, Weight: weight})
		}
	}
	return learn.Fit(examples, classes, settings)
}
