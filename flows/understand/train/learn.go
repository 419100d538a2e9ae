package main

import (
	"math"
	"math/rand/v2"

	"notalone/flows/understand/model"
)

// An example is what the learner sees of a message.
type example struct {
	hashes []uint32
	label  int
	weight float32
}

// options of the learner.
type options struct {
	epochs int
	rate   float64 // of learning, falling to a tenth
	drop   float64 // share of an example's features left out each time it is seen
	decay  float32 // pulls the weights of what is seen towards nothing, the rarely seen most
	bits   int     // 1<<bits rows
}

// weights are what is learnt: a row a feature, with AdaGrad's sums beside it.
type weights struct {
	classes    int
	mask       uint32
	rows, sums []float32
	bias, seen []float32
}

// fit learns a softmax. The order and what is left out come from a fixed seed,
// so the same phrases give the same weights.
func fit(examples []example, classes int, o options) *weights {
	n := classes << o.bits
	w := &weights{
		classes: classes, mask: 1<<o.bits - 1,
		rows: make([]float32, n), sums: make([]float32, n),
		bias: make([]float32, classes), seen: make([]float32, classes),
	}
	random := rand.New(rand.NewPCG(1, 2))
	order := random.Perm(len(examples))
	z := make([]float64, classes)
	kept := make([]uint32, 0, 1024)
	for epoch := range o.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := o.rate * (1 - 0.9*float64(epoch)/float64(o.epochs))
		for _, i := range order {
			kept = kept[:0]
			for _, h := range examples[i].hashes {
				if random.Float64() >= o.drop {
					kept = append(kept, h)
				}
			}
			w.step(kept, examples[i], z, float32(rate), o.decay)
		}
	}
	return w
}

// step moves the weights of one example.
func (w *weights) step(hashes []uint32, e example, z []float64, rate, decay float32) {
	w.score(hashes, z)
	norm := float32(model.Norm(len(hashes)))
	g := make([]float32, w.classes)
	for k := range z {
		d := z[k]
		if k == e.label {
			d--
		}
		g[k] = float32(d) * e.weight
		w.seen[k] += g[k] * g[k]
		w.bias[k] -= rate * g[k] / (root(w.seen[k]) + 1e-3)
		g[k] *= norm
	}
	for _, h := range hashes {
		at := int(h&w.mask) * w.classes
		row, sums := w.rows[at:at+w.classes], w.sums[at:at+w.classes]
		for k, d := range g {
			sums[k] += d * d
			row[k] -= rate * (d + decay*row[k]) / (root(sums[k]) + 1e-3)
		}
	}
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func (w *weights) score(hashes []uint32, z []float64) {
	sums := make([]float32, w.classes)
	for _, h := range hashes {
		at := int(h&w.mask) * w.classes
		for k, v := range w.rows[at : at+w.classes] {
			sums[k] += v
		}
	}
	norm := model.Norm(len(hashes))
	for k := range z {
		z[k] = float64(w.bias[k]) + float64(sums[k])*norm
	}
	model.Softmax(z)
}

// quantise rounds the weights to a byte each, with a scale a class.
func (w *weights) quantise() *model.Model {
	m := &model.Model{Classes: w.classes, Rows: make([]byte, len(w.rows)), Scale: make([]float32, w.classes), Bias: w.bias}
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
