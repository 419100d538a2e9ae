// Package features turns a message into the evidence that the model weighs.
package features

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxRunes is how much of a message is looked at: its head and its tail, half each.
const MaxRunes = 2000

// Clean makes a message plain to read: compatibility forms and case folded,
// invisible and stacked marks dropped, letters repeated for effect written once.
func Clean(text string) string {
	text = norm.NFC.String(strings.ToLower(norm.NFKC.String(dropMarks(shorten(text)))))
	return squeeze(text)
}

// shorten keeps the head and the tail: the point of a long message stands at
// one of its ends.
func shorten(text string) string {
	if len(text) <= MaxRunes {
		return text
	}
	if most := MaxRunes * utf8.UTFMax; len(text) > 2*most { // a rune that is cut in two is dropped later
		text = text[:most] + text[len(text)-most:]
	}
	runes := []rune(text)
	if len(runes) <= MaxRunes {
		return text
	}
	half := MaxRunes / 2
	return string(runes[:half]) + "\n" + string(runes[len(runes)-half:])
}

// dropMarks removes what cannot be seen (zero width, direction marks, variation
// selectors) and the marks stacked beyond the two that a Vietnamese vowel has.
func dropMarks(text string) string {
	if ascii(text) {
		return text
	}
	stacked := 0
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			if stacked++; stacked > 2 || unicode.Is(unicode.Variation_Selector, r) {
				return -1
			}
			return r
		case unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		stacked = 0
		return r
	}, norm.NFD.String(text))
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// squeeze writes a letter that stands three times or more once: "helpppp", "huuuu".
func squeeze(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	runes := []rune(text)
	for i := 0; i < len(runes); {
		j := i + 1
		for j < len(runes) && runes[j] == runes[i] {
			j++
		}
		n := j - i
		if n > 2 && unicode.IsLetter(runes[i]) {
			n = 1
		} else if n > 3 && !unicode.IsDigit(runes[i]) {
			n = 3
		}
		for range n {
			b.WriteRune(runes[i])
		}
		i = j
	}
	return b.String()
}

// Plain strips the marks of a clean text: "đừng sợ" → "dung so".
func Plain(text string) string {
	if ascii(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ':
			return 'd'
		case unicode.Is(unicode.Mn, r):
			return -1
		}
		return r
	}, norm.NFD.String(text))
}
