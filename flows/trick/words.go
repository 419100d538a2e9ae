package trick

import (
	"embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"notalone/flows/understand/features"
	"notalone/i18n"
)

//go:embed words/*.yaml
var files embed.FS

// wording is what makes a sign, and what takes it back in the same sentence.
type wording struct{ Say, Not []string }

// wordFile is what a language has: words for one thing under a name, and the
// wording of the signs.
type wordFile struct {
	Classes map[string]string // "money": "cash|dollars"
	Signs   map[string]wording
}

// readWords reads the word file of a language.
func readWords(lang i18n.Lang) (*wordFile, error) {
	name := "words/" + string(lang) + ".yaml"
	data, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	words := &wordFile{}
	if err := yaml.UnmarshalWithOptions(data, words, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	return words, nil
}

// filled puts the words of classes into a pattern: "{money} & first".
func (f *wordFile) filled(pattern string) (string, error) {
	for {
		before, rest, ok := strings.Cut(pattern, "{")
		if !ok {
			return pattern, nil
		}
		name, after, ok := strings.Cut(rest, "}")
		words := f.Classes[name]
		if !ok || words == "" || strings.Contains(words, "{") {
			return "", fmt.Errorf("%q: there is no class %q", pattern, name)
		}
		pattern = before + words + after
	}
}

// Words that stand for something else in the word files.
const (
	anyNumber = "num0"   // a word with a figure; written NUM
	anySum    = "sum0"   // an amount of money; written SUM
	anyLink   = "linkzz" // what a link in a message is replaced by; written LINK
)

// maxBytes of a message are read: its head and its tail, half each.
const maxBytes = 8000

// shorten keeps the time bounded; features.Clean cuts to letters later.
func shorten(text string) string {
	if len(text) > maxBytes {
		text = text[:maxBytes/2] + "\n" + text[len(text)-maxBytes/2:]
	}
	return strings.ToValidUTF8(text, "")
}

// currencies become a word of their own that stays with the figures.
var currencies = strings.NewReplacer("$", " usd", "£", " usd", "€", " usd")

// joinFigures takes the marks out of figures, which would end a sentence:
// "1.500.000" → "1500000".
func joinFigures(text string) string {
	text = currencies.Replace(text)
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		if (text[i] == '.' || text[i] == ',') && i > 0 && i+1 < len(text) && figure(text[i-1]) && figure(text[i+1]) {
			continue
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func figure(c byte) bool { return c >= '0' && c <= '9' }

// A word is a token as it is compared: without marks, and its marks apart, so that
// "hoá" and "hóa" are the same.
type word struct {
	plain, marks string
	exact        bool // typed among words with marks: that it has none is meant
}

func wordOf(t features.Token) word {
	if t.Marked == t.Plain {
		return word{plain: t.Plain}
	}
	return word{plain: t.Plain, marks: marksOf(t.Marked)}
}

// markedFrom is the share of marked words, as 1 in so many, from which a sentence
// counts as written with marks. Proper Vietnamese has three in four.
const markedFrom = 3

func wordsOf(s features.Sentence) []word {
	words := make([]word, len(s))
	marked := 0
	for i, t := range s {
		words[i] = wordOf(t)
		if words[i].marks != "" {
			marked++
		}
	}
	for i := range words {
		words[i].exact = marked*markedFrom >= len(s)
	}
	return words
}

// is compares a word of a word file with a typed one. In a sentence without marks
// a word matches any marks, else only its own.
func (w word) is(typed word) bool {
	return w.plain == typed.plain && (w.marks == typed.marks || typed.marks == "" && !typed.exact)
}

// hasNumber reports a figure: "7", "200k", "usd30", "10h".
func (w word) hasNumber() bool { return strings.ContainsAny(w.plain, "0123456789") }

// isSum reports an amount of money: three figures or more, or a unit of money.
func (w word) isSum() bool {
	if len(strings.Trim(w.plain, "abcdefghijklmnopqrstuvwxyz")) >= 3 {
		return true
	}
	for _, unit := range sumUnits {
		if rest, ok := strings.CutSuffix(w.plain, unit); ok && rest != "" && figure(rest[len(rest)-1]) {
			return true
		}
	}
	return w.hasNumber() && (strings.HasPrefix(w.plain, "rp") || strings.HasPrefix(w.plain, "usd"))
}

// sumUnits are the units of money that stand right behind a figure.
var sumUnits = []string{"k", "tr", "rb", "ribu", "jt", "juta", "trieu", "ty", "m", "usd", "vnd", "cu", "eur", "bucks"}
