package features

import (
	"strings"
	"unicode"
)

// A Token is a word as written and without its marks.
type Token struct {
	Marked, Plain string
}

// A Sentence is what stands between two ends: a stop, a question mark, a new line.
type Sentence []Token

// Split cuts a clean text into sentences of words. Emoji and emoticons become
// words, amounts of money keep their figures and gain a class.
func Split(clean string) []Sentence {
	var out []Sentence
	var s Sentence
	end := func() {
		if len(s) > 0 {
			out = append(out, s)
			s = nil
		}
	}
	runes := []rune(clean)
	for i := 0; i < len(runes); {
		r := runes[i]
		switch {
		case wordRune(r):
			j := i + 1
			for j < len(runes) && (wordRune(runes[j]) || apostrophe(runes, j)) {
				j++
			}
			s = append(s, word(string(runes[i:j])))
			i = j
			continue
		case r == '\n' || r == '.' || r == '!' || r == ';' || r == '…':
			end()
		case r == '?':
			s = append(s, Token{"?", "?"})
			end()
		default:
			if name := sign(runes, i); name != "" {
				s = append(s, Token{name, name})
			}
		}
		i++
	}
	end()
	return out
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func apostrophe(runes []rune, i int) bool {
	return (runes[i] == '\'' || runes[i] == '’') && i+1 < len(runes) && unicode.IsLetter(runes[i+1])
}

func word(w string) Token {
	if strings.ContainsAny(w, "'’") {
		w = strings.NewReplacer("'", "", "’", "").Replace(w)
	}
	return Token{w, Plain(w)}
}

// sign names an emoji or an emoticon's mouth; "" for other marks.
func sign(runes []rune, i int) string {
	r := runes[i]
	switch {
	case r == '(' && i > 0 && (runes[i-1] == ':' || runes[i-1] == '('):
		return ":("
	case r == ')' && i > 0 && (runes[i-1] == ':' || runes[i-1] == '=' || runes[i-1] == ')'):
		return ":)"
	case r >= 0x2600 && r != 0xfe0f && unicode.IsSymbol(r):
		return string(r)
	}
	return ""
}
