// Package features turns a message into the numbers that the model weighs:
// words, word pairs and letter runs of its cleaned form.
package features

import (
	"notalone/i18n"
)

// Bits is the size of the feature space: 1<<Bits weights a label.
const Bits = 18

// A Set is the features of a message, each once.
type Set struct {
	Hashes []uint32
	Names  map[uint32]string // filled only when asked to explain
}

type collector struct {
	seen  map[uint32]bool
	set   Set
	names bool
}

const (
	offset = 2166136261
	prime  = 16777619
)

func hash(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * prime
	}
	return h
}

func (c *collector) add(kind byte, parts ...string) {
	h := (uint32(offset) ^ uint32(kind)) * prime
	for _, p := range parts {
		h = (hash(h, p) ^ ' ') * prime
	}
	h ^= h >> 15
	h *= 0x85ebca6b
	h ^= h >> 13
	h &= 1<<Bits - 1
	if c.seen[h] {
		return
	}
	c.seen[h] = true
	c.set.Hashes = append(c.set.Hashes, h)
	if c.names {
		name := string(kind) + ":"
		for i, p := range parts {
			if i > 0 {
				name += " "
			}
			name += p
		}
		c.set.Names[h] = name
	}
}

// Of collects the features of sentences written in lang.
func Of(sentences []Sentence, lang i18n.Lang, names bool) Set {
	c := &collector{seen: map[uint32]bool{}, names: names}
	if names {
		c.set.Names = map[uint32]string{}
	}
	for _, s := range sentences {
		c.words(s, lang)
		for _, t := range s {
			c.letters(t.Plain)
		}
	}
	return c.set
}

func (c *collector) words(s Sentence, lang i18n.Lang) {
	prev, prev2 := "^", ""
	for i, t := range s {
		c.add('w', t.Plain)
		c.add('l', string(lang), t.Plain)
		c.add('b', prev, t.Plain)
		if prev2 != "" {
			c.add('t', prev2, prev, t.Plain)
		}
		if i > 1 {
			c.add('s', prev2, t.Plain)
		}
		if t.Marked != t.Plain {
			c.add('m', t.Marked)
			if i > 0 {
				c.add('n', s[i-1].Marked, t.Marked)
			}
		}
		prev2, prev = prev, t.Plain
	}
	c.add('b', prev, "$")
}

func (c *collector) letters(w string) {
	w = "_" + w + "_"
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(w); i++ {
			c.add('c', w[i:i+n])
		}
	}
}
