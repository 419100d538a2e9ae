package telegramtest

import (
	"html"
	"slices"
	"strings"
)

// tags are the elements of Telegram's HTML.
func isTag(name string) bool {
	return slices.Contains([]string{
		"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "tg-spoiler", "span", "blockquote", "tg-emoji",
	}, name)
}

// plainText parses Telegram's HTML and refuses what it refuses.
func plainText(source string) (string, error) {
	var b strings.Builder
	var open []string
	for i := 0; i < len(source); {
		switch source[i] {
		case '<':
			end := strings.IndexByte(source[i:], '>')
			if end < 0 {
				return "", bad("can't parse entities: unclosed start tag at byte offset %d", i)
			}
			tag := source[i+1 : i+end]
			if name, closing := strings.CutPrefix(tag, "/"); closing {
				if len(open) == 0 || open[len(open)-1] != name {
					return "", bad("can't parse entities: unexpected end tag at byte offset %d", i)
				}
				open = open[:len(open)-1]
			} else {
				name, _, _ := strings.Cut(tag, " ")
				if !isTag(name) {
					return "", bad("can't parse entities: unsupported start tag \"%s\" at byte offset %d", name, i)
				}
				open = append(open, name)
			}
			i += end + 1
		case '&':
			entity, size := entityAt(source[i:])
			if size == 0 {
				return "", bad("can't parse entities: unknown entity at byte offset %d", i)
			}
			b.WriteString(entity)
			i += size
		default:
			b.WriteByte(source[i])
			i++
		}
	}
	if len(open) > 0 {
		return "", bad("can't parse entities: can't find end tag corresponding to start tag %s", open[len(open)-1])
	}
	return b.String(), nil
}

// entityAt reads one of the few named entities or a numeric one.
func entityAt(source string) (string, int) {
	end := strings.IndexByte(source, ';')
	if end < 0 || end > 10 {
		return "", 0
	}
	name := source[1:end]
	if !strings.HasPrefix(name, "#") && !slices.Contains([]string{"lt", "gt", "amp", "quot"}, name) {
		return "", 0
	}
	return html.UnescapeString(source[:end+1]), end + 1
}
