package model

import (
	"encoding/binary"
	"math/bits"
)

// An Index tells which row a feature has: a bit for every feature there could be,
// and how many are set before each block of them.
type Index struct {
	bits   []byte // in words of 64, little-endian
	before []uint32
}

// The bits come in words, the words in blocks.
const (
	wordBits  = 64
	wordBytes = wordBits / 8
	blockBits = 8 * wordBits
)

// NewIndex makes the index of the features whose bits are set; their number is a
// power of two, blockBits or more, and rows are in the order of the features.
func NewIndex(set []byte) Index {
	x := Index{bits: set, before: make([]uint32, len(set)*8/blockBits+1)}
	for block := range len(x.before) - 1 {
		at := uint32(block) * blockBits
		x.before[block+1] = x.before[block] + x.count(at, at+blockBits)
	}
	return x
}

// Row is the row of a feature; false for one that is not known.
func (x Index) Row(h uint32) (int, bool) {
	h &= uint32(len(x.bits)*8) - 1
	if x.bits[h/8]>>(h%8)&1 == 0 {
		return 0, false
	}
	word := h / wordBits * wordBits
	before := x.before[h/blockBits] + x.count(h/blockBits*blockBits, word)
	return int(before) + bits.OnesCount64(x.word(word)&(1<<(h%wordBits)-1)), true
}

// Len is how many features are known.
func (x Index) Len() int { return int(x.before[len(x.before)-1]) }

// count is how many features are known of those from one word to another.
func (x Index) count(from, to uint32) uint32 {
	n := 0
	for ; from < to; from += wordBits {
		n += bits.OnesCount64(x.word(from))
	}
	return uint32(n)
}

func (x Index) word(h uint32) uint64 { return binary.LittleEndian.Uint64(x.bits[h/8:]) }
