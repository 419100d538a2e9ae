package telegram

import (
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

// A page is sent as the tail of a JSON object: the text as HTML and the buttons.
// Where it goes stands in the head, so that a page which is the same for
// everybody is encoded once.

// cachedPages bounds each of the cache's two generations.
const cachedPages = 2048

// pageCache keeps the tails of fixed pages, forgetting what is long unused.
type pageCache struct {
	mu         sync.RWMutex
	young, old map[*flows.Page][]byte
}

func newPageCache() *pageCache { return &pageCache{young: map[*flows.Page][]byte{}} }

func (c *pageCache) get(page *flows.Page) []byte {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if tail := c.young[page]; tail != nil {
		return tail
	}
	return c.old[page]
}

func (c *pageCache) put(page *flows.Page, tail []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= cachedPages {
		c.old, c.young = c.young, map[*flows.Page][]byte{}
	}
	c.young[page] = tail
}

// tail encodes a page, or takes it from the cache. It must not be changed.
func (a *Adapter) tail(page *flows.Page) []byte {
	if page.Fixed {
		if tail := a.pages.get(page); tail != nil {
			return tail
		}
	}
	tail := renderPage(page, a.me.Load().Name)
	if page.Fixed {
		a.pages.put(page, tail)
	}
	return tail
}

// renderPage encodes text, settings and buttons, up to the closing brace. The
// text of a message with a picture is its caption.
func renderPage(page *flows.Page, username string) []byte {
	b := make([]byte, 0, 2048)
	if page.Picture != "" {
		b = appendText(append(b, `"caption":"`...), page.Text)
		b = append(b, `","parse_mode":"HTML"`...)
	} else {
		b = appendText(append(b, `"text":"`...), page.Text)
		b = append(b, `","parse_mode":"HTML","link_preview_options":{"is_disabled":true}`...)
	}
	if page.Path.Root() == "hide" { // somebody may be looking over a shoulder
		b = append(b, `,"disable_notification":true`...)
	}
	if rows := appendRows(nil, page.Rows, username); len(rows) > 0 {
		b = append(b, `,"reply_markup":{"inline_keyboard":[`...)
		b = append(append(b, rows...), `]}`...)
	}
	return append(b, '}')
}

func appendRows(b []byte, rows [][]flows.Button, username string) []byte {
	for _, row := range rows {
		line := len(b)
		for _, button := range row {
			var opening string
			switch {
			case button.Label == "", button.Path == "" && button.URL == "" && button.Add == flows.AddNowhere: // Telegram would refuse the whole page
				continue
			case len(b) > line:
				opening = `,{"text":"`
			case line > 0:
				opening = `,[{"text":"`
			default:
				opening = `[{"text":"`
			}
			b = appendJSON(append(b, opening...), button.Label)
			switch {
			case button.URL != "":
				b = appendJSON(append(b, `","url":"`...), button.URL)
			case button.Add != flows.AddNowhere:
				b = appendJSON(append(b, `","url":"`...), addLink(username, button.Add))
			case button.Apart:
				b = appendJSON(append(b, `","url":"`...), privateLink(username, button.Path))
			default:
				b = appendJSON(append(b, `","callback_data":"`...), string(button.Path))
			}
			b = append(b, `"}`...)
		}
		if len(b) > line {
			b = append(b, ']')
		}
	}
	return b
}

// privateLink opens the private chat with the bot on a page.
func privateLink(username string, path flows.Path) string {
	return "https://t.me/" + username + "?start=" + path.Link()
}

// addLink lets people choose where to add the bot. In a group set-up opens at once;
// in a channel a bot is always an administrator, and this one only has to post.
func addLink(username string, to flows.Adding) string {
	if to == flows.AddToChannel {
		return "https://t.me/" + username + "?startchannel&admin=post_messages"
	}
	return "https://t.me/" + username + "?startgroup=setup"
}

// appendText writes rich text as Telegram's HTML. Code stands alone there, and
// only web links are links: of tel: the number is what counts.
func appendText(b []byte, text i18n.Text) []byte {
	for _, span := range text {
		words := span.Text
		link := strings.HasPrefix(span.URL, "https://")
		if number, ok := strings.CutPrefix(span.URL, "tel:"); ok && !strings.Contains(digits(words), digits(number)) {
			words += " " + number
		}
		if span.Style&i18n.Code != 0 {
			b = append(appendHTML(append(b, "<code>"...), words), "</code>"...)
			continue
		}
		if span.Style&i18n.Bold != 0 {
			b = append(b, "<b>"...)
		}
		if span.Style&i18n.Italic != 0 {
			b = append(b, "<i>"...)
		}
		if link {
			b = append(appendHTML(append(b, `<a href=\"`...), span.URL), `\">`...)
		}
		b = appendHTML(b, words)
		if link {
			b = append(b, "</a>"...)
		}
		if span.Style&i18n.Italic != 0 {
			b = append(b, "</i>"...)
		}
		if span.Style&i18n.Bold != 0 {
			b = append(b, "</b>"...)
		}
	}
	return b
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// appendHTML writes words inside a JSON string as HTML that can never be markup.
func appendHTML(b []byte, words string) []byte {
	start := 0
	for i := range len(words) {
		escaped := ""
		switch words[i] {
		case '&':
			escaped = "&amp;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '"':
			escaped = "&quot;"
		default:
			continue
		}
		b = append(appendJSON(b, words[start:i]), escaped...)
		start = i + 1
	}
	return appendJSON(b, words[start:])
}

// appendJSON writes words inside a JSON string.
func appendJSON(b []byte, words string) []byte {
	if !utf8.ValidString(words) {
		words = strings.ToValidUTF8(words, "\uFFFD")
	}
	for i := range len(words) {
		switch c := words[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c >= ' ':
			b = append(b, c)
		}
	}
	return b
}

// appendPlace opens a JSON object with the chat and the topic, up to a comma.
func appendPlace(b []byte, place bot.Address) []byte {
	b = appendID(append(b, `{"chat_id":`...), place.Chat())
	if thread := place.Thread(); thread != "" {
		b = appendID(append(b, `,"message_thread_id":`...), thread)
	}
	return append(b, ',')
}

// appendID writes an id as the number it is; anything else becomes a string,
// which the server refuses.
func appendID(b []byte, id string) []byte {
	if _, err := strconv.ParseInt(id, 10, 64); err != nil {
		return append(appendJSON(append(b, '"'), id), '"')
	}
	return append(b, id...)
}
