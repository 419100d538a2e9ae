package trick

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

//go:embed links.yaml
var linkFile []byte

// A linkBook is what links are looked up in.
type linkBook struct {
	Brands     map[string][]string // a name → the addresses that are really its own
	Affixes    []string            // what a short name is dressed up with
	Shorteners []string
	Endings    []string // odd top-level domains
	Chats      []string // addresses that lead into another chat
	Known      []string // endings that make bare words an address
	brands     []brand
}

func loadLinks() (*linkBook, error) {
	b := &linkBook{}
	if err := yaml.UnmarshalWithOptions(linkFile, b, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("links.yaml: %s", yaml.FormatError(err, false, true))
	}
	for name := range b.Brands {
		b.brands = append(b.brands, brand{name: lookAlike(name), short: len(name) < longName})
	}
	slices.SortFunc(b.brands, func(x, y brand) int { return strings.Compare(x.name, y.name) })
	return b, nil
}

// The signs that links show.
const (
	imitates = "link"  // a name in an address that is not its own, or a hidden one
	hides    = "short" // shortened, or an odd ending
	installs = "app"
	moves    = "move"
)

// maxLinks of a message are looked at.
const maxLinks = 20

// cut replaces the links of a text by one word and returns the signs they show.
func (b *linkBook) cut(text string) (rest string, signs []string) {
	var out strings.Builder
	out.Grow(len(text))
	links := 0
	for len(text) > 0 {
		start := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) })
		if start < 0 {
			break
		}
		out.WriteString(text[:start])
		text = text[start:]
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		chunk := text[:end]
		text = text[end:]
		if strings.HasSuffix(strings.ToLower(strings.TrimRight(chunk, closing)), ".apk") {
			signs = append(signs, installs)
		}
		var l link
		ok := links < maxLinks
		if ok {
			l, ok = b.parse(chunk)
		}
		if !ok {
			out.WriteString(chunk)
			continue
		}
		links++
		signs = append(signs, b.signs(l)...)
		out.WriteString(" " + anyLink + chunk[len(strings.TrimRight(chunk, closing)):])
	}
	return out.String(), signs
}

// Marks that stand around a link without being of it.
const (
	opening = `([{<"'“‘*_~`
	closing = `)]}>"'”’*_~.,;:!?…`
)

// undisguise mends addresses that were written so that no filter sees them.
var undisguise = strings.NewReplacer("[.]", ".", "(.)", ".", "hxxp", "http")

// A link is an address taken apart, small letters throughout.
type link struct {
	user bool   // something stands before an "@"
	host string // without a port
	path string
}

// parse takes an address apart by hand: what hides one is rarely well-formed.
func (b *linkBook) parse(chunk string) (link, bool) {
	if len(chunk) > 512 || !strings.ContainsRune(chunk, '.') && !strings.Contains(chunk, "://") {
		return link{}, false
	}
	s := strings.ToLower(strings.TrimRight(strings.TrimLeft(chunk, opening), closing))
	s = undisguise.Replace(s)
	if at := strings.Index(s, "http"); at > 0 { // glued to the word before it
		s = s[at:]
	}
	scheme := false
	for _, prefix := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			s, scheme = rest, true
		}
	}
	end := strings.IndexAny(s, "/?#\\")
	if end < 0 {
		end = len(s)
	}
	l := link{host: s[:end], path: s[end:]}
	if at := strings.LastIndexByte(l.host, '@'); at >= 0 {
		if !scheme { // an e-mail address
			return link{}, false
		}
		l.user, l.host = true, l.host[at+1:]
	}
	l.host, _, _ = strings.Cut(l.host, ":")
	l.host = strings.Trim(l.host, ".")
	return l, b.isHost(l, scheme || strings.HasPrefix(l.host, "www."))
}

// isHost tells an address from words with a stop between them.
func (b *linkBook) isHost(l link, sure bool) bool {
	labels := strings.Split(l.host, ".")
	for _, label := range labels {
		if label == "" || strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}) {
			return false
		}
	}
	last := labels[len(labels)-1]
	switch {
	case sure:
		return true
	case len(labels) < 2 || len(labels[len(labels)-2]) < 2 && l.path == "":
		return false
	case strings.IndexFunc(last, unicode.IsDigit) >= 0:
		return len(labels) == 4 && isNumeric(l.host) && l.path != ""
	case l.path != "":
		return len(last) >= 2
	default:
		return slices.Contains(b.Known, last) || slices.Contains(b.Endings, last) && len(last) > 2
	}
}

func isNumeric(host string) bool { return strings.Trim(host, "0123456789.") == "" }

// signs tells what is wrong with a link.
func (b *linkBook) signs(l link) []string {
	var signs []string
	if l.user || isNumeric(l.host) || odd(l.host) || b.imitated(l.host) {
		signs = append(signs, imitates)
	}
	labels := strings.Split(l.host, ".")
	if within(l.host, b.Shorteners) || slices.Contains(b.Endings, labels[len(labels)-1]) || len(labels) > 2 && slices.Contains(b.Endings, labels[len(labels)-2]) {
		signs = append(signs, hides)
	}
	if within(l.host, b.Chats) {
		signs = append(signs, moves)
	}
	return signs
}

// odd reports letters that only look like those of a name: none of the real
// addresses has any but plain ones.
func odd(host string) bool {
	if strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--") {
		return true
	}
	return strings.IndexFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) >= 0
}

// within reports an address of a list, also one that begins like it: "bit.ly.example".
func within(host string, list []string) bool {
	return slices.ContainsFunc(list, func(known string) bool {
		return host == known || strings.HasSuffix(host, "."+known) || strings.HasPrefix(host, known+".")
	})
}
