package main

import (
	"math"
	"math/rand/v2"

	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
)

// An example is what the learner sees of a message.
type example struct {
	hashes []uint32
	label  int
	weight float32
}

// options of the learner, found by cross-validation.
type options struct {
	epochs int
	rate   float64
	l2     float64
	drop   float64
}

// learn fits a softmax by AdaGrad. The order is shuffled by a fixed seed, so
// the same phrases give the same weights.
func learn(examples []example, classes int, o options) *weights {
	w := newWeights(classes)
	random := rand.New(rand.NewPCG(1, 2))
	order := random.Perm(len(examples))
	z := make([]float64, classes)
	kept := make([]uint32, 0, 512)
	for epoch := range o.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := o.rate * (1 - 0.9*float64(epoch)/float64(o.epochs))
		for _, i := range order {
			e := examples[i]
			kept = kept[:0]
			for _, h := range e.hashes {
				if o.drop == 0 || random.Float64() >= o.drop {
					kept = append(kept, h)
				}
			}
			w.step(kept, e, z, rate, o.l2)
		}
	}
	return w
}

type weights struct {
	classes int
	rows    []float32
	grads   []float32
	bias    []float32
	biasG   []float32
}

func newWeights(classes int) *weights {
	n := classes << features.Bits
	return &weights{classes, make([]float32, n), make([]float32, n), make([]float32, classes), make([]float32, classes)}
}

func (w *weights) step(hashes []uint32, e example, z []float64, rate, l2 float64) {
	w.score(hashes, z)
	norm := model.Norm(len(hashes))
	g := make([]float32, w.classes)
	for k := range z {
		d := z[k]
		if k == e.label {
			d--
		}
		g[k] = float32(d) * e.weight
		w.biasG[k] += g[k] * g[k]
		w.bias[k] -= float32(rate) * g[k] / float32(math.Sqrt(float64(w.biasG[k])+1e-6))
	}
	fn, fr, fl := float32(norm), float32(rate), float32(l2)
	for _, h := range hashes {
		base := int(h) * w.classes
		row, gr := w.rows[base:base+w.classes], w.grads[base:base+w.classes]
		for k, gk := range g {
			d := gk*fn + fl*row[k]
			gr[k] += d * d
			row[k] -= fr * d / (float32(math.Sqrt(float64(gr[k]))) + 1e-3)
		}
	}
}

func (w *weights) score(hashes []uint32, z []float64) {
	sums := make([]float32, w.classes)
	for _, h := range hashes {
		row := w.rows[int(h)*w.classes : int(h+1)*w.classes]
		for k, v := range row {
			sums[k] += v
		}
	}
	norm := model.Norm(len(hashes))
	for k := range z {
		z[k] = float64(w.bias[k]) + float64(sums[k])*norm
	}
	model.Softmax(z)
}
