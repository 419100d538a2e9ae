// Package model is a linear model over hashed features, small enough to embed.
package model

import "math"

// Labels are what a message can be taken for, in the order of the weights.
func Labels() []string {
	return []string{
		"self_harm", "danger", "sextortion", "image_shared", "grooming", "exploitation",
		"hacked", "scam", "bullying", "saw_abuse",
		"tip", "quiz", "report", "pledge", "story", "menu", "language", "stop", "delete_data", "talk_human",
		"none",
	}
}

// OtherLang stands for every language that is not ours.
const OtherLang = "other"

// Langs are the languages that a message can be written in.
func Langs() []string { return []string{"vi", "id", "en", OtherLang} }

// A Model scores features: one row of quantised weights for each feature it knows.
type Model struct {
	Classes int
	Known   Index
	Rows    []byte    // [row*Classes + class], each a signed byte
	Scale   []float32 // by class
	Bias    []float32
}

// Score gives a probability a class: one of the classes is right.
func (m *Model) Score(hashes []uint32) []float64 { return Softmax(m.Sums(hashes)) }

// Each gives a probability a class, where any number of them may be right.
func (m *Model) Each(hashes []uint32) []float64 { return Logistics(m.Sums(hashes)) }

// Logistics turns sums into probabilities, each by itself.
func Logistics(z []float64) []float64 {
	for k, v := range z {
		z[k] = Logistic(v)
	}
	return z
}

// Logistic turns one sum into a probability.
func Logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// Sums adds the weights of the features, a sum a class. One that is not known
// adds nothing, but counts: the less is known of a message, the less sure it is.
func (m *Model) Sums(hashes []uint32) []float64 {
	sums := make([]int32, m.Classes)
	for _, h := range hashes {
		at, ok := m.Known.Row(h)
		if !ok {
			continue
		}
		for k, w := range m.Rows[at*m.Classes : (at+1)*m.Classes] {
			sums[k] += int32(int8(w))
		}
	}
	norm := Norm(len(hashes))
	z := make([]float64, m.Classes)
	for k := range z {
		z[k] = float64(m.Bias[k]) + float64(sums[k])*float64(m.Scale[k])*norm
	}
	return z
}

// Weight is what one of n features adds to a class, rounded to three digits.
func (m *Model) Weight(h uint32, class, n int) float64 {
	at, ok := m.Known.Row(h)
	if !ok {
		return 0
	}
	w := float64(int8(m.Rows[at*m.Classes+class])) * float64(m.Scale[class]) * Norm(n)
	return math.Round(w*1000) / 1000
}

// Norm is the value of each of n features.
func Norm(n int) float64 {
	if n == 0 {
		return 0
	}
	return 1 / math.Sqrt(float64(n))
}

// Softmax turns sums into probabilities that are one together.
func Softmax(z []float64) []float64 {
	top := math.Inf(-1)
	for _, v := range z {
		top = math.Max(top, v)
	}
	sum := 0.0
	for k, v := range z {
		z[k] = math.Exp(v - top)
		sum += z[k]
	}
	for k := range z {
		z[k] /= sum
	}
	return z
}
