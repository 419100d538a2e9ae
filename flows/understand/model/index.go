package model

import "math/bits"

// An Index tells which row a feature has: a bit for every feature there could be,
// and how many bits are set before each word of them.
type Index struct {
	words  []uint64
	before []uint32
}

// NewIndex makes the index of the features whose bits are set; their number is a
// power of two, and rows are in the order of the features.
func NewIndex(words []uint64) Index {
	x := Index{words: words, before: make([]uint32, len(words)+1)}
	for i, w := range words {
		x.before[i+1] = x.before[i] + uint32(bits.OnesCount64(w))
	}
	return x
}

// Row is the row of a feature; false for one that is not known.
func (x Index) Row(h uint32) (int, bool) {
	h &= uint32(len(x.words)*64) - 1
	word, bit := x.words[h/64], uint64(1)<<(h%64)
	if word&bit == 0 {
		return 0, false
	}
	return int(x.before[h/64]) + bits.OnesCount64(word&(bit-1)), true
}

// Len is how many features are known.
func (x Index) Len() int { return int(x.before[len(x.words)]) }
