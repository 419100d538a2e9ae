package main

import (
	"math"

	"notalone/flows/understand/model"
)

// quantise rounds the weights to a byte each, with a scale a class.
func (w *weights) quantise() *model.Model {
	m := &model.Model{Classes: w.classes, Rows: make([]int8, len(w.rows)), Scale: make([]float32, w.classes), Bias: w.bias}
	for k := range w.classes {
		top := 0.0
		for i := k; i < len(w.rows); i += w.classes {
			top = max(top, math.Abs(float64(w.rows[i])))
		}
		if top == 0 {
			continue
		}
		m.Scale[k] = float32(top / 127)
		for i := k; i < len(w.rows); i += w.classes {
			m.Rows[i] = int8(math.Round(float64(w.rows[i]) / top * 127))
		}
	}
	return m
}
