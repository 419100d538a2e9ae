// Package learn fits linear models to labelled examples, for the training commands
// of the packages understand and trick. The bot itself does not use it.
package learn

import (
	"math"
	"math/rand/v2"

	"notalone/flows/understand/model"
)

// An Example is what the learner sees of a message.
type Example struct {
	Hashes []uint32
	Truth  []float32 // by class: 1 where it is right
	Weight float32
}

// Options of the learner.
type Options struct {
	Epochs int
	Rate   float64                   // of learning, falling to a tenth
	Drop   float64                   // share of an example's features left out each time it is seen
	Decay  float32                   // pulls the weights of what is seen towards nothing, the rarely seen most
	Bits   int                       // 1<<Bits features there could be; 9 or more
	Link   func([]float64) []float64 // model.Softmax if one class is right, model.Logistics if any number may be
}

// OneOf is true of one class alone, for each class.
func OneOf(classes int) [][]float32 {
	truths := make([][]float32, classes)
	for k := range truths {
		truths[k] = make([]float32, classes)
		truths[k][k] = 1
	}
	return truths
}

// weights are what is learnt: a row a feature, with AdaGrad's sums beside it.
type weights struct {
	classes    int
	link       func([]float64) []float64
	rows, sums []float32
	bias, seen []float32
}

// Fit learns a model. The order and what is left out come from a fixed seed, so
// the same examples give the same weights.
func Fit(examples []Example, classes int, o Options) *model.Model {
	known := o.known(examples)
	n := classes * known.Len()
	w := &weights{
		classes: classes, link: o.Link,
		rows: make([]float32, n), sums: make([]float32, n),
		bias: make([]float32, classes), seen: make([]float32, classes),
	}
	rows := make([][]int, len(examples))
	for i, e := range examples {
		for _, h := range e.Hashes {
			row, _ := known.Row(h)
			rows[i] = append(rows[i], row)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	order := random.Perm(len(examples))
	kept := make([]int, 0, 1024)
	for epoch := range o.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := o.Rate * (1 - 0.9*float64(epoch)/float64(o.Epochs))
		for _, i := range order {
			kept = kept[:0]
			for _, row := range rows[i] {
				if random.Float64() >= o.Drop {
					kept = append(kept, row)
				}
			}
			w.step(kept, examples[i], float32(rate), o.Decay)
		}
	}
	return w.quantise(known)
}

// known are the features that the examples have: one row each.
func (o Options) known(examples []Example) model.Index {
	set := make([]byte, 1<<o.Bits/8)
	for _, e := range examples {
		for _, h := range e.Hashes {
			h &= 1<<o.Bits - 1
			set[h/8] |= 1 << (h % 8)
		}
	}
	return model.NewIndex(set)
}

// step moves the weights of one example.
func (w *weights) step(rows []int, e Example, rate, decay float32) {
	norm := float32(model.Norm(len(rows)))
	slope := make([]float32, w.classes)
	for k, p := range w.score(rows) {
		slope[k] = float32(p-float64(e.Truth[k])) * e.Weight
		w.seen[k] += slope[k] * slope[k]
		w.bias[k] -= rate * slope[k] / (root(w.seen[k]) + 1e-3)
		slope[k] *= norm
	}
	for _, at := range rows {
		row, sums := w.row(w.rows, at), w.row(w.sums, at)
		for k, d := range slope {
			sums[k] += d * d
			row[k] -= rate * (d + decay*row[k]) / (root(sums[k]) + 1e-3)
		}
	}
}

func (w *weights) score(rows []int) []float64 {
	sums := make([]float32, w.classes)
	for _, at := range rows {
		for k, v := range w.row(w.rows, at) {
			sums[k] += v
		}
	}
	norm := model.Norm(len(rows))
	z := make([]float64, w.classes)
	for k := range z {
		z[k] = float64(w.bias[k]) + float64(sums[k])*norm
	}
	return w.link(z)
}

func (w *weights) row(of []float32, at int) []float32 {
	return of[at*w.classes : (at+1)*w.classes]
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// quantise rounds the weights to a byte each, with a scale a class.
func (w *weights) quantise(known model.Index) *model.Model {
	m := &model.Model{Classes: w.classes, Known: known, Rows: make([]byte, len(w.rows)), Scale: make([]float32, w.classes), Bias: w.bias}
	for k := range w.classes {
		top := 0.0
		for i := k; i < len(w.rows); i += w.classes {
			top = max(top, math.Abs(float64(w.rows[i])))
		}
		if top == 0 {
			continue
		}
		m.Scale[k] = float32(top / math.MaxInt8)
		for i := k; i < len(w.rows); i += w.classes {
			m.Rows[i] = byte(int8(math.Round(float64(w.rows[i]) / top * math.MaxInt8)))
		}
	}
	return m
}
