package i18n

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Text is rich text: spans in order. Adapters render it; values are plain spans.
type Text []Span

// Style is how a span is set.
type Style uint8

// The styles of the Markdown subset: **bold**, _italic_, `code`.
const (
	Bold Style = 1 << iota
	Italic
	Code
)

// A Span is a run of text in one style. URL makes it a link. Arg names the
// value that takes its place; it is empty in a filled text.
type Span struct {
	Text  string
	Style Style
	URL   string
	Arg   string
}

var (
	errUnclosed = errors.New("a mark of **bold**, _italic_, `code` or [a link](https://…) is not closed")
	errLink     = errors.New("a link starts with https:// or tel: only")
)

// Parse reads the Markdown subset: **bold**, _italic_, `code`, [label](url),
// {{.Name}} for a value, and a backslash before a mark that is meant as a letter.
// An underscore or a star inside a word is a letter.
func Parse(source string) (Text, error) {
	p := parser{rest: source}
	for p.rest != "" {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	p.flush()
	if p.style != 0 {
		return nil, errUnclosed
	}
	return p.out, nil
}

type parser struct {
	rest  string
	style Style
	plain strings.Builder
	out   Text
}

func (p *parser) next() error {
	switch {
	case strings.HasPrefix(p.rest, `\`) && len(p.rest) > 1:
		p.plain.WriteByte(p.rest[1])
		p.rest = p.rest[2:]
	case strings.HasPrefix(p.rest, "{{"):
		return p.value()
	case strings.HasPrefix(p.rest, "**"):
		p.toggle(Bold, 2)
	case p.rest[0] == '_' && p.atEdge():
		p.toggle(Italic, 1)
	case p.rest[0] == '`':
		return p.code()
	case p.rest[0] == '[':
		return p.link()
	default:
		p.plain.WriteByte(p.rest[0])
		p.rest = p.rest[1:]
	}
	return nil
}

func (p *parser) flush() {
	if p.plain.Len() > 0 {
		p.out = append(p.out, Span{Text: p.plain.String(), Style: p.style})
		p.plain.Reset()
	}
}

func (p *parser) toggle(style Style, width int) {
	p.flush()
	p.style ^= style
	p.rest = p.rest[width:]
}

// atEdge tells a mark from the underscore inside a word such as user_name.
func (p *parser) atEdge() bool {
	before, after := byte(' '), byte(' ')
	if s := p.plain.String(); s != "" {
		before = s[len(s)-1]
	}
	if len(p.rest) > 1 {
		after = p.rest[1]
	}
	return !isWord(before) || !isWord(after)
}

func isWord(b byte) bool {
	return b >= 0x80 || b == '_' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

func (p *parser) value() error {
	end := strings.Index(p.rest, "}}")
	if end < 0 {
		return errUnclosed
	}
	name, ok := strings.CutPrefix(strings.TrimSpace(p.rest[2:end]), ".")
	if !ok || name == "" {
		return fmt.Errorf("{{%s}} is not a value such as {{.Name}}", p.rest[2:end])
	}
	p.flush()
	p.out = append(p.out, Span{Arg: name, Style: p.style})
	p.rest = p.rest[end+2:]
	return nil
}

func (p *parser) code() error {
	end := strings.IndexByte(p.rest[1:], '`')
	if end < 0 {
		return errUnclosed
	}
	p.flush()
	p.out = append(p.out, Span{Text: p.rest[1 : end+1], Style: p.style | Code})
	p.rest = p.rest[end+2:]
	return nil
}

func (p *parser) link() error {
	label, rest, found := strings.Cut(p.rest[1:], "](")
	if !found || strings.Contains(label, "\n") { // a bracket in plain prose
		p.plain.WriteByte('[')
		p.rest = p.rest[1:]
		return nil
	}
	address, rest, found := strings.Cut(rest, ")")
	if !found {
		return errUnclosed
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "tel" {
		return fmt.Errorf("%w: %q", errLink, address)
	}
	p.flush()
	p.out = append(p.out, Span{Text: label, Style: p.style, URL: address})
	p.rest = rest
	return nil
}

// fill puts the values in place as plain spans. A value that is not given
// stays out of sight rather than showing its name.
func (t Text) fill(args []Arg) Text {
	filled := make(Text, 0, len(t))
	for _, span := range t {
		if span.Arg != "" {
			name := span.Arg
			span.Arg = ""
			for _, arg := range args {
				if arg.name == name {
					span.Text = arg.value
				}
			}
		}
		if span.Text != "" {
			filled = append(filled, span)
		}
	}
	return filled
}

// Plain is the text without styles; a link keeps its label only.
func (t Text) Plain() string {
	if len(t) == 1 {
		return t[0].Text
	}
	var b strings.Builder
	for _, span := range t {
		b.WriteString(span.Text)
	}
	return b.String()
}

// Args lists the names of the values a text still needs.
func (t Text) Args() []string {
	var names []string
	for _, span := range t {
		if span.Arg != "" {
			names = append(names, span.Arg)
		}
	}
	return names
}

// Join puts texts one under the other with an empty line between them.
func Join(texts ...Text) Text {
	var all Text
	for _, text := range texts {
		if len(text) == 0 {
			continue
		}
		if len(all) > 0 {
			all = append(all, Span{Text: "\n\n"})
		}
		all = append(all, text...)
	}
	return all
}

// Plainly makes rich text of words that must not be read as markup.
func Plainly(words string) Text {
	if words == "" {
		return nil
	}
	return Text{{Text: words}}
}
