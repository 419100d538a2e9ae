package discord

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"notalone/i18n"
)

// maxContent is the most that Discord takes in a message, in code points of the
// Markdown source.
const maxContent = 2000

// between parts two marks that would otherwise be read as one.
const between = "\u200b"

// markdown writes rich text in Discord's Markdown. Whatever a span says is shown
// as it stands: it can become neither markup nor a mention.
func markdown(text i18n.Text) string {
	w := writer{lineStart: true}
	for _, span := range merged(text) {
		w.span(span)
	}
	if strings.TrimSpace(w.out.String()) == "" { // Discord refuses an empty message
		return between
	}
	return w.out.String()
}

// content is the Markdown of a text, cut at a word when it is too long. The
// checks keep texts shorter, so this is a last resort.
func content(text i18n.Text) string {
	whole := markdown(text)
	if utf8.RuneCountInString(whole) <= maxContent {
		return whole
	}
	short, long := 0, utf8.RuneCountInString(text.Plain())
	for short+1 < long { // the longest head that fits: Markdown only grows with it
		middle := (short + long) / 2
		if utf8.RuneCountInString(markdown(head(text, middle))) < maxContent {
			short = middle
		} else {
			long = middle
		}
	}
	return markdown(head(text, short)) + "…"
}

// head is the first runes of a text, back to the last space among them.
func head(text i18n.Text, runes int) i18n.Text {
	var cut i18n.Text
	for _, span := range text {
		n := utf8.RuneCountInString(span.Text)
		if n <= runes {
			cut = append(cut, span)
			runes -= n
			continue
		}
		part := string([]rune(span.Text)[:runes])
		if space := strings.LastIndexFunc(part, unicode.IsSpace); space >= 0 {
			part = part[:space]
		} else {
			part = wholeLetters(part, span.Text[len(part):])
		}
		if part != "" && span.URL == "" {
			span.Text = part
			cut = append(cut, span)
		}
		break
	}
	return cut
}

// wholeLetters keeps a cut from parting a letter from its marks, or the pieces of
// a picture from one another.
func wholeLetters(part, rest string) string {
	for part != "" {
		next, _ := utf8.DecodeRuneInString(rest)
		last, size := utf8.DecodeLastRuneInString(part)
		if !joins(next) && last != zeroWidthJoiner {
			break
		}
		part, rest = part[:len(part)-size], string(last)
	}
	return part
}

const zeroWidthJoiner = '\u200d'

// joins reports whether a rune belongs to the one before it.
func joins(r rune) bool {
	return r == zeroWidthJoiner || unicode.In(r, unicode.M) || r >= 0x1F3FB && r <= 0x1F3FF || r >= 0x1F1E6 && r <= 0x1F1FF
}

// merged joins neighbours of one style: **a****b** would not be read as bold.
func merged(text i18n.Text) i18n.Text {
	all := make(i18n.Text, 0, len(text))
	for _, span := range text {
		last := len(all) - 1
		if last >= 0 && span.URL == "" && all[last].URL == "" && span.Style == all[last].Style {
			all[last].Text += span.Text
			continue
		}
		all = append(all, span)
	}
	return all
}

// writer escapes with an eye on where in the line it stands.
type writer struct {
	out       strings.Builder
	lineStart bool // only spaces so far
	digits    bool // only a number so far
	marked    bool // a mark was closed last
}

func (w *writer) span(span i18n.Span) {
	body := strings.TrimSpace(span.Text)
	if span.Style == 0 && span.URL == "" || body == "" {
		w.plain(span.Text)
		return
	}
	before, after, _ := strings.Cut(span.Text, body)
	w.plain(before) // marks do not hold beside a space
	if w.marked {
		w.out.WriteString(between)
	}
	open, shut := marks(span.Style)
	w.out.WriteString(open)
	switch {
	case span.URL != "":
		w.link(body, span.URL)
	case span.Style&i18n.Code != 0:
		w.raw("`" + strings.ReplaceAll(body, "`", "'") + "`")
	default:
		w.plain(body)
	}
	w.out.WriteString(shut)
	w.lineStart, w.digits, w.marked = false, false, true
	w.plain(after)
}

func marks(style i18n.Style) (open, shut string) {
	switch style &^ i18n.Code { //nolint:exhaustive // code is set apart before
	case i18n.Bold:
		return "**", "**"
	case i18n.Italic:
		return "*", "*"
	case i18n.Bold | i18n.Italic:
		return "***", "***"
	}
	return "", ""
}

func (w *writer) raw(s string) { w.out.WriteString(s) }

// link writes a link of our own. A label that is itself an address would not be
// shown as a link.
func (w *writer) link(label, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		w.plain(label)
		if err == nil && u.Scheme == "tel" && !strings.Contains(digitsOf(label), digitsOf(u.Opaque)) {
			w.plain(" (" + u.Opaque + ")")
		}
		return
	}
	target := unlinked.Replace(u.String())
	if strings.Contains(label, "://") {
		w.raw("<" + target + ">")
		return
	}
	w.raw("[")
	w.plain(strings.Join(strings.Fields(label), " "))
	w.raw("](<" + target + ">)")
}

// unlinked keeps an address from ending its own link.
var unlinked = strings.NewReplacer("<", "%3C", ">", "%3E", "(", "%28", ")", "%29", " ", "%20", `\`, "%5C", "\n", "")

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// plain writes words so that they are shown as they stand.
func (w *writer) plain(s string) {
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		if w.special(r, s) {
			w.out.WriteByte('\\')
		}
		w.out.WriteRune(r)
		w.marked = false
		switch {
		case r == '\n' || r == '\r':
			w.lineStart, w.digits = true, false
		case w.lineStart && unicode.IsSpace(r):
		default:
			w.digits = (w.lineStart || w.digits) && unicode.IsDigit(r)
			w.lineStart = false
		}
	}
}

// special reports whether a letter would start markup or a mention where it
// stands. What follows in the next span is unknown, so an end counts as a yes.
func (w *writer) special(r rune, rest string) bool {
	switch r {
	case '\\', '*', '_', '~', '|', '`', '<', '[', ']':
		return true
	case '>', '#', '-', '+': // quote, heading, list
		return w.lineStart
	case '.', ')': // numbered list
		return w.digits
	case '@': // @everyone, @here
		return rest == "" || strings.HasPrefix(rest, "everyone") || strings.HasPrefix(rest, "here") || partOf(rest, "everyone", "here")
	case ':': // https://, :emoji:
		return rest == "" || strings.HasPrefix(rest, "/") || emoji(rest)
	}
	return false
}

// partOf reports whether the words may go on, in the next span, to one of these.
func partOf(rest string, words ...string) bool {
	for _, word := range words {
		if strings.HasPrefix(word, rest) {
			return true
		}
	}
	return false
}

// emoji reports whether a colon may begin the name of a picture.
func emoji(rest string) bool {
	end := strings.IndexFunc(rest, func(r rune) bool {
		return r != '_' && r != '+' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return end < 0 || end > 0 && rest[end] == ':'
}
