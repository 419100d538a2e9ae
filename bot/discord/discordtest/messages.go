package discordtest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Message as it stands in a channel.
type Message struct {
	ID      string
	Channel string
	Author  string
	Content string // Discord's Markdown
	Rows    [][]Button
	Chooser string // the custom id of a chooser among channels, or ""
	Chosen  string // the channel it shows
	Only    string // who alone sees it, or ""
	Flags   int
	Nonce   string
	Picture string // address of an embedded one
	File    string // its name and, from the next line on, what is in it
	Pinned  bool
	Spread  bool // to those who follow the channel
	Edits   int
	Deleted bool
}

// A Button under a message.
type Button struct {
	Label, CustomID, URL string
	Style                int
}

// Button finds a button by its label or its custom id.
func (m *Message) Button(name string) (Button, bool) {
	for _, row := range m.Rows {
		for _, b := range row {
			if b.Label == name || b.CustomID == name {
				return b, true
			}
		}
	}
	return Button{}, false
}

// wire is the little of a message that the bot may want to read.
func (m *Message) wire() map[string]any {
	return map[string]any{"id": m.ID, "channel_id": m.Channel, "content": m.Content, "flags": m.Flags}
}

// show is a message as a line of the transcript.
func (m *Message) show() string {
	line := "bot: " + m.Content
	if m.Only != "" {
		line = "bot, to one alone: " + m.Content
	}
	if m.Chooser != "" {
		line += "\n     (a chooser among the channels)"
	}
	for _, row := range m.Rows {
		line += "\n    "
		for _, b := range row {
			line += " [" + b.Label + "]"
		}
	}
	return line
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// put adds a message of the bot. Callers hold the lock.
func (s *Server) put(c *channel, id string, m *Message) {
	m.ID, m.Channel, m.Author = s.id(), id, Bot
	c.messages = append(c.messages, m)
	s.messages[m.ID] = m
	s.note(m.show())
	s.happened()
}

// edit replaces what a message says. Callers hold the lock.
func (s *Server) edit(m *Message, data map[string]any) error {
	changed, err := newMessage(data, allowedEdit)
	if err != nil {
		return err
	}
	m.Content, m.Rows, m.Chooser, m.Chosen = changed.Content, changed.Rows, changed.Chooser, changed.Chosen
	m.Picture = changed.Picture
	m.Flags = m.Flags&^allowedEdit | changed.Flags
	m.Edits++
	s.note("(edited) " + m.show())
	s.happened()
	return nil
}

// known are the fields of a message that the bot has a use for. The real one
// passes over others; here they are a slip of the bot.
var known = []string{"content", "components", "allowed_mentions", "flags", "nonce", "enforce_nonce", "embeds", "attachments"}

// newMessage reads a body and refuses what Discord refuses.
func newMessage(body map[string]any, flags int) (*Message, error) {
	for field := range body {
		if !slices.Contains(known, field) {
			return nil, fmt.Errorf("%s: unknown field", field)
		}
	}
	content, ok := body["content"].(string)
	attached, _ := body["attachments"].([]any)
	if (!ok || strings.TrimSpace(content) == "") && len(attached) == 0 {
		return nil, errors.New("cannot send an empty message (50006)")
	}
	if utf8.RuneCountInString(content) > 2000 {
		return nil, errors.New("content: must be 2000 or fewer in length")
	}
	nonce, _ := body["nonce"].(string)
	if utf8.RuneCountInString(nonce) > 25 {
		return nil, errors.New("nonce: must be 25 or fewer in length")
	}
	m := &Message{Content: content, Nonce: nonce, Flags: number(body["flags"])}
	if m.Flags&^flags != 0 {
		return nil, fmt.Errorf("flags: %d cannot be set here", m.Flags&^flags)
	}
	if err := m.readPicture(body["embeds"]); err != nil {
		return nil, err
	}
	return m, m.readRows(body["components"])
}

func (m *Message) readRows(raw any) error {
	list, _ := raw.([]any)
	if len(list) > 5 {
		return errors.New("components: must be 5 or fewer rows")
	}
	ids := map[string]bool{}
	for _, item := range list {
		row, _ := item.(map[string]any)
		parts, _ := row["components"].([]any)
		if number(row["type"]) != 1 || len(parts) < 1 || len(parts) > 5 {
			return errors.New("components: a row of 1 to 5 is expected")
		}
		var buttons []Button
		for _, part := range parts {
			if m.readChooser(part) && len(parts) == 1 {
				continue
			}
			b, err := readButton(part)
			if err != nil {
				return err
			}
			if b.CustomID != "" && ids[b.CustomID] {
				return errors.New("components: custom id cannot be duplicated")
			}
			ids[b.CustomID] = true
			buttons = append(buttons, b)
		}
		if len(buttons) > 0 {
			m.Rows = append(m.Rows, buttons)
		}
	}
	return nil
}

// readChooser takes a chooser among channels, which stands alone in its row.
func (m *Message) readChooser(raw any) bool {
	part, _ := raw.(map[string]any)
	id, _ := part["custom_id"].(string)
	if number(part["type"]) != channelSelect || id == "" || m.Chooser != "" {
		return false
	}
	m.Chooser = id
	if now, _ := part["default_values"].([]any); len(now) == 1 {
		one, _ := now[0].(map[string]any)
		m.Chosen, _ = one["id"].(string)
	}
	return true
}

func readButton(raw any) (Button, error) {
	part, _ := raw.(map[string]any)
	b := Button{Style: number(part["style"])}
	b.Label, _ = part["label"].(string)
	b.CustomID, _ = part["custom_id"].(string)
	b.URL, _ = part["url"].(string)
	switch {
	case number(part["type"]) != 2:
		return b, errors.New("components: only buttons are expected")
	case strings.TrimSpace(b.Label) == "" || utf8.RuneCountInString(b.Label) > 80:
		return b, errors.New("label: must be between 1 and 80 in length")
	case b.Style == 5:
		u, err := url.Parse(b.URL)
		if err != nil || u.Host == "" || len(b.URL) > 512 || b.CustomID != "" {
			return b, errors.New("url: a link button has an address and nothing else")
		}
	case b.Style < 1 || b.Style > 4:
		return b, errors.New("style: not one of Discord's")
	case b.CustomID == "" || utf8.RuneCountInString(b.CustomID) > 100 || b.URL != "":
		return b, errors.New("custom_id: must be between 1 and 100 in length")
	}
	return b, nil
}

func number(raw any) int {
	n, _ := raw.(float64)
	return int(n)
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// locales that Discord knows.
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

func checkCommands(list []map[string]any) error {
	names := map[string]bool{}
	for _, command := range list {
		name, _ := command["name"].(string)
		if !commandName.MatchString(name) || strings.ToLower(name) != name || names[name] {
			return errors.New("name: command name is invalid or double")
		}
		names[name] = true
		description, _ := command["description"].(string)
		if n := utf8.RuneCountInString(description); n < 1 || n > 100 {
			return errors.New("description: must be between 1 and 100 in length")
		}
		if err := checkLocalized(command); err != nil {
			return err
		}
	}
	return nil
}

func checkLocalized(command map[string]any) error {
	for field, ok := range map[string]func(string) bool{
		"name_localizations":        func(s string) bool { return commandName.MatchString(s) && strings.ToLower(s) == s },
		"description_localizations": func(s string) bool { return s != "" && utf8.RuneCountInString(s) <= 100 },
	} {
		words, _ := command[field].(map[string]any)
		for locale, raw := range words {
			word, _ := raw.(string)
			if !slices.Contains(locales, locale) || !ok(word) {
				return fmt.Errorf("%s: %s is invalid", field, locale)
			}
		}
	}
	return nil
}
