package features

import (
	"slices"

	"notalone/i18n"
)

// Bits is the size of the feature space: 1<<Bits features there could be.
const Bits = 22

// A Set is the features of a message, each once.
type Set struct {
	Hashes []uint32
	Names  map[uint32]string // what each stands for; filled only when asked to explain
}

// collector gathers features; kind is a letter for each sort of them.
type collector struct {
	hashes []uint32
	names  map[uint32]string
}

// FNV-1a, with a last stir so that the low bits are good too.
const (
	offset = 2166136261
	prime  = 16777619
	stir   = 0x85ebca6b
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
	h *= stir
	h ^= h >> 13
	h &= 1<<Bits - 1
	c.hashes = append(c.hashes, h)
	if c.names != nil {
		c.names[h] = describe(kind, parts)
	}
}

func (c *collector) set() Set {
	slices.Sort(c.hashes)
	return Set{Hashes: slices.Compact(c.hashes), Names: c.names}
}

// Topic collects what tells the topic of sentences written in lang: words and
// word pairs, their letters, and the meanings that the lexicon knows.
func (l *Lexicon) Topic(sentences []Sentence, lang i18n.Lang, names bool) Set {
	c := &collector{hashes: make([]uint32, 0, 512)}
	if names {
		c.names = map[uint32]string{}
	}
	for _, s := range sentences {
		s = l.Spell(s, lang)
		c.words(s, string(lang))
		c.meanings(l, s, lang)
		for _, t := range s {
			c.letters(t.Plain)
		}
	}
	return c.set()
}

// Tongue collects what tells the language: words and letters as typed.
func Tongue(sentences []Sentence) Set {
	c := &collector{hashes: make([]uint32, 0, 256)}
	for _, s := range sentences {
		for _, t := range s {
			c.add('w', t.Marked)
			c.letters(t.Plain)
		}
	}
	return c.set()
}

func (c *collector) words(s Sentence, lang string) {
	prev, prev2 := "^", ""
	for i, t := range s {
		c.add('w', t.Plain)
		c.add('l', lang, t.Plain)
		c.add('b', prev, t.Plain)
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

// letters adds runs of three to five letters, ends marked.
func (c *collector) letters(w string) {
	w = "_" + w + "_"
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(w); i++ {
			c.add('c', w[i:i+n])
		}
	}
}

// describe words a feature for the person who asks why.
func describe(kind byte, parts []string) string {
	switch kind {
	case 'w', 'l', 'm':
		return "word " + parts[len(parts)-1]
	case 'b', 'n':
		return "words " + parts[0] + " " + parts[1]
	case 's':
		return "words " + parts[0] + " … " + parts[1]
	case 'c':
		return "letters " + parts[0]
	case 'k':
		return "meaning " + parts[0]
	case '!':
		return "meaning not " + parts[0]
	default:
		return "meanings " + parts[0] + " + " + parts[1]
	}
}
