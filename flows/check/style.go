package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"notalone/flows"
	"notalone/i18n"
)

// Limits of the style rules. Vietnamese writes its syllables apart, so its
// sentences count more "words".
const (
	helpSentence   = 15
	otherSentence  = 20
	helpSyllables  = 22
	otherSyllables = 30
	maxTip         = 280
	maxPrivacy     = 120
)

// listed reports whether a key lists what people may type.
func listed(key i18n.Key) bool {
	return strings.HasPrefix(string(key), "typed.") || strings.HasPrefix(string(key), "answer.") || strings.HasPrefix(string(key), "asked.")
}

// style checks every message by itself.
func (c *checker) style() {
	for _, lang := range c.words.Langs() {
		for _, key := range c.words.Keys(lang) {
			if listed(key) || !strings.HasPrefix(c.words.Place(lang, key).File, c.folder) {
				continue
			}
			for _, text := range c.words.Forms(lang, key) {
				c.message(lang, key, text)
			}
		}
	}
}

func (c *checker) message(lang i18n.Lang, key i18n.Key, text i18n.Text) {
	plain := text.Plain()
	help := aboutHarm(key)
	c.wording(lang, key, plain)
	c.sentences(lang, key, plain, help)
	if help && strings.Contains(plain, "!") {
		c.word("style", lang, key, "has an exclamation mark in a serious place")
	}
	if n := emoji(plain); n > 1 || help && n > 0 {
		c.word("style", lang, key, "has %d emoji", n)
	}
	switch n := utf8.RuneCountInString(plain); {
	case strings.HasPrefix(string(key), "tip.") && n > maxTip:
		c.word("too long", lang, key, "is %d characters long, a tip has %d or fewer", n, maxTip)
	case help && n > flows.MaxHelpText:
		c.word("too long", lang, key, "is %d characters long, a help message has %d or fewer", n, flows.MaxHelpText)
	}
	if n := len(strings.Fields(plain)) + len(text.Args()); key == "privacy" && n > maxPrivacy {
		c.word("too long", lang, key, "has %d words, privacy has %d or fewer", n, maxPrivacy)
	}
}

// aboutHarm tells the texts on abuse and danger, where the strict rules hold.
func aboutHarm(key i18n.Key) bool {
	for _, root := range []string{"help.", "report.", "line.", "lines.", "hide.", "delete.", "unknown", "media", "ask", "trick."} {
		if strings.HasPrefix(string(key), root) {
			return true
		}
	}
	return false
}

// sentences counts words between full stops. A line is a sentence of its own.
func (c *checker) sentences(lang i18n.Lang, key i18n.Key, plain string, help bool) {
	limit := otherSentence
	switch {
	case lang == "vi" && help:
		limit = helpSyllables
	case lang == "vi":
		limit = otherSyllables
	case help:
		limit = helpSentence
	}
	for _, sentence := range Sentences(plain) {
		if n := len(strings.Fields(sentence)); n > limit {
			c.word("long sentence", lang, key, "%d words, %d or fewer: %q", n, limit, sentence)
		}
	}
}

// Sentences divides a text at full stops, question marks, colons and line ends.
func Sentences(text string) []string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		rest := line
		for {
			end := sentenceEnd(rest)
			if s := strings.TrimSpace(rest[:end]); strings.ContainsFunc(s, unicode.IsLetter) {
				all = append(all, s)
			}
			if end >= len(rest) {
				break
			}
			rest = rest[end:]
		}
	}
	return all
}

// sentenceEnd is where the first sentence ends: after a mark that a space follows.
func sentenceEnd(text string) int {
	for i, r := range text {
		if strings.ContainsRune(".?!:;…", r) {
			end := i + utf8.RuneLen(r)
			if end == len(text) || strings.ContainsAny(text[end:end+1], ` "')`) {
				return end
			}
		}
	}
	return len(text)
}

func emoji(text string) int {
	n := 0
	for _, r := range text {
		if r >= 0x1F300 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF && r != '✓' {
			n++
		}
	}
	return n
}
