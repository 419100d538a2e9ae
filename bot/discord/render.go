package discord

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"notalone/flows"
)

// Bounds of what stands under a message.
const (
	maxRows     = 5
	maxInRow    = 5
	maxLabel    = 80
	maxCustomID = 100
	maxURL      = 512
)

// helpPath is the one page with a look of its own: help is found at a glance.
const helpPath flows.Path = "help"

// message is what a page decides of a message. Mentions are switched off.
type message struct {
	Content    string   `json:"content"`
	Components []row    `json:"components"`
	Mentions   mentions `json:"allowed_mentions"`
}

type mentions struct {
	Parse []string `json:"parse"`
}

type row struct {
	Type       discordgo.ComponentType `json:"type"`
	Components []button                `json:"components"`
}

type button struct {
	Type     discordgo.ComponentType `json:"type"`
	Style    discordgo.ButtonStyle   `json:"style"`
	Label    string                  `json:"label"`
	CustomID string                  `json:"custom_id,omitempty"`
	URL      string                  `json:"url,omitempty"`
}

// render writes a page as the fields of a JSON object, without its braces.
func render(page *flows.Page) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	// Strings and small integers: encoding them cannot fail.
	_ = encoder.Encode(message{Content: content(page.Text), Components: components(page), Mentions: mentions{Parse: []string{}}})
	fields := bytes.TrimSpace(out.Bytes())
	return fields[1 : len(fields)-1]
}

// components are a page's buttons. The last row, which leads to help, is never
// the one that is left out.
func components(page *flows.Page) []row {
	rows := page.Rows
	if len(rows) > maxRows {
		rows = append(rows[:maxRows-1:maxRows-1], rows[len(rows)-1])
	}
	known := map[string]bool{}
	all := make([]row, 0, len(rows))
	for _, buttons := range rows {
		r := row{Type: discordgo.ActionsRowComponent}
		for _, b := range buttons {
			made, ok := newButton(b)
			if !ok || known[made.CustomID+made.URL] || len(r.Components) == maxInRow {
				continue
			}
			known[made.CustomID+made.URL] = true
			r.Components = append(r.Components, made)
		}
		if len(r.Components) > 0 {
			all = append(all, r)
		}
	}
	return all
}

// newButton refuses what Discord would refuse the whole message for.
func newButton(b flows.Button) (button, bool) {
	made := button{Type: discordgo.ButtonComponent, Style: discordgo.SecondaryButton, Label: short(b.Label)}
	switch {
	case strings.TrimSpace(made.Label) == "":
		return made, false
	case b.URL != "":
		made.Style, made.URL = discordgo.LinkButton, b.URL
		return made, strings.HasPrefix(b.URL, "https://") && utf8.RuneCountInString(b.URL) <= maxURL
	case b.Path == helpPath:
		made.Style = discordgo.PrimaryButton
	}
	made.CustomID = string(b.Path)
	return made, b.Path != "" && len(b.Path) <= maxCustomID
}

func short(label string) string {
	if utf8.RuneCountInString(label) <= maxLabel {
		return label
	}
	return string([]rune(label)[:maxLabel-1]) + "…"
}

// maxPages bounds the rendered pages that are kept: a site has some hundreds.
const maxPages = 4096

// pageCache keeps the rendering of pages that are the same for everybody.
type pageCache struct {
	mu    sync.RWMutex
	pages map[*flows.Page][]byte
}

func newPageCache() *pageCache { return &pageCache{pages: map[*flows.Page][]byte{}} }

func (c *pageCache) render(page *flows.Page) []byte {
	if !page.Fixed {
		return render(page)
	}
	c.mu.RLock()
	fields := c.pages[page]
	c.mu.RUnlock()
	if fields != nil {
		return fields
	}
	fields = render(page)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pages) >= maxPages {
		clear(c.pages)
	}
	c.pages[page] = fields
	return fields
}
