package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"notalone/flows/trick"
	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
)

// The learner's settings, found by leaving angles out.
const (
	epochs         = 20
	firstRate      = 0.5 // of learning, falling to a tenth
	drop           = 0.5 // share of an example's features left out each time it is seen
	bits           = 16  // 1<<bits rows
	everydayWeight = 0.3 // there is much of it
	unmarkedWeight = 0.7 // of a message's second form, without tone marks
)

// A school keeps the examples and what the learner sees of each.
type school struct {
	lexicon  *features.Lexicon
	kinds    []string
	examples []*example
}

func (s *school) prepare() error {
	for _, e := range s.examples {
		for _, sign := range e.signs {
			if !slices.Contains(s.kinds, sign) {
				return fmt.Errorf("%s: there is no sign %q", e.text, sign)
			}
		}
		texts := []string{e.text}
		if plain := features.Plain(e.text); e.lang == "vi" && plain != e.text {
			texts = append(texts, plain)
		}
		for _, text := range texts {
			sentences, err := trick.Sentences(text)
			if err != nil {
				return err
			}
			e.forms = append(e.forms, trick.Features(s.lexicon, sentences))
		}
	}
	return nil
}

// seen is an example in one form, with what is true of it by class.
type seen struct {
	hashes []uint32
	truth  []float32
	weight float32
}

func (s *school) seen(keep func(*example) bool) []seen {
	var all []seen
	for _, e := range s.examples {
		if !keep(e) {
			continue
		}
		truth := make([]float32, len(s.kinds)+1)
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
			all = append(all, seen{hashes, truth, weight})
		}
	}
	return all
}

// weights are what is learnt: a row a feature, with AdaGrad's sums beside it.
type weights struct {
	classes    int
	rows, sums []float32
	bias, seen []float32
}

// learn fits one logistic curve a class. The order and what is left out come from a
// fixed seed, so the same examples give the same weights.
func (s *school) learn(keep func(*example) bool) *model.Model {
	list, classes := s.seen(keep), len(s.kinds)+1
	w := &weights{
		classes: classes, rows: make([]float32, classes<<bits), sums: make([]float32, classes<<bits),
		bias: make([]float32, classes), seen: make([]float32, classes),
	}
	random := rand.New(rand.NewPCG(1, 2))
	var kept []uint32
	for epoch := range epochs {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		rate := float32(firstRate * (1 - 0.9*float64(epoch)/epochs))
		for _, e := range list {
			kept = kept[:0]
			for _, h := range e.hashes {
				if random.Float64() >= drop {
					kept = append(kept, h)
				}
			}
			w.step(kept, e, rate)
		}
	}
	return w.quantise()
}

// step moves the weights of one example.
func (w *weights) step(hashes []uint32, e seen, rate float32) {
	norm := float32(model.Norm(len(hashes)))
	slope := make([]float32, w.classes)
	for _, h := range hashes {
		for k, v := range w.row(w.rows, h) {
			slope[k] += v
		}
	}
	for k := range slope {
		p := float32(model.Logistic(float64(w.bias[k] + slope[k]*norm)))
		slope[k] = (p - e.truth[k]) * e.weight
		w.seen[k] += slope[k] * slope[k]
		w.bias[k] -= rate * slope[k] / (root(w.seen[k]) + 1e-3)
		slope[k] *= norm
	}
	for _, h := range hashes {
		row, sums := w.row(w.rows, h), w.row(w.sums, h)
		for k, d := range slope {
			sums[k] += d * d
			row[k] -= rate * d / (root(sums[k]) + 1e-3)
		}
	}
}

func (w *weights) row(of []float32, h uint32) []float32 {
	at := int(h&(1<<bits-1)) * w.classes
	return of[at : at+w.classes]
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// quantise rounds the weights to a byte each, with a scale a class.
func (w *weights) quantise() *model.Model {
	m := &model.Model{Classes: w.classes, Rows: make([]byte, len(w.rows)), Scale: make([]float32, w.classes), Bias: w.bias}
	top := make([]float64, w.classes)
	for i, v := range w.rows {
		top[i%w.classes] = max(top[i%w.classes], math.Abs(float64(v)))
	}
	for i, v := range w.rows {
		if k := i % w.classes; top[k] > 0 {
			m.Rows[i] = byte(int8(math.Round(float64(v) / top[k] * math.MaxInt8)))
			m.Scale[k] = float32(top[k] / math.MaxInt8)
		}
	}
	return m
}
