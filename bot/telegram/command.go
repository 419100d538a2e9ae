package telegram

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"notalone/bot"
	"notalone/flows"
)

// A command is "/name@bot argument argument".
type command struct {
	name, bot string
	args      []string
	rest      string // the arguments as they were typed
}

// maxArgs is the depth of the deepest page that a command can name: more words
// are a sentence.
const maxArgs = 2

// parseCommand reads a command off the beginning of a text. It works on the text
// alone: offsets that come with it may be forged.
func parseCommand(text string) (command, bool) {
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return command{}, false
	}
	words := strings.Fields(rest)
	if len(words) == 0 || !strings.HasPrefix(rest, words[0]) {
		return command{}, false
	}
	name, bot, _ := strings.Cut(words[0], "@")
	if name == "" || len(name) > 32 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return command{}, false
	}
	return command{name: strings.ToLower(name), bot: bot, args: words[1:], rest: strings.TrimSpace(rest[len(words[0]):])}, true
}

// opens sets where a command leads and reports whether it is one of ours.
func (a *Adapter) opens(ev *bot.Event, c command) bool {
	switch {
	case c.name == "start" && len(c.args) > 0:
		ev.Link = c.args[0]
	case c.name == "start":
		ev.Path = "home"
	case a.commands[c.name]:
		ev.Path = flows.Path(c.name)
		if len(c.args) == 0 {
			break
		}
		if len(c.args) > maxArgs {
			ev.Text = c.rest
			break
		}
		if path, err := flows.ParsePath(c.name + "/" + strings.Join(c.args, "/")); err == nil {
			ev.Path = path
		}
	default:
		return false
	}
	return true
}

// withoutMention finds a mention of the bot among the marked parts of a message
// and returns the text without it.
func (a *Adapter) withoutMention(m *message) (string, bool) {
	for _, e := range m.entities {
		start, end, ok := byteRange(m.text, e.offset, e.length)
		if !ok {
			continue
		}
		name, isName := strings.CutPrefix(m.text[start:end], "@")
		if e.kind == "mention" && isName && a.isUs(name) || e.kind == "text_mention" && e.user != 0 && e.user == a.me.Load().ID {
			return strings.TrimSpace(strings.TrimSpace(m.text[:start]) + " " + strings.TrimSpace(m.text[end:])), true
		}
	}
	return m.text, false
}

// byteRange turns a span of UTF-16 units, as Telegram counts, into one of bytes.
func byteRange(text string, offset, length int) (start, end int, ok bool) {
	if offset < 0 || length <= 0 {
		return 0, 0, false
	}
	start, end = -1, -1
	units := 0
	for i := 0; ; {
		if units == offset && start < 0 {
			start = i
		}
		if units == offset+length && start >= 0 {
			end = i
			break
		}
		if i == len(text) {
			break
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		units += max(1, utf16.RuneLen(r))
		i += size
	}
	return start, end, start >= 0 && end >= start
}
