package discord

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
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
	Components []any                   `json:"components"` // button or chooser
}

// chooser lets one of the server's channels be chosen.
type chooser struct {
	Type     discordgo.ComponentType `json:"type"`
	CustomID string                  `json:"custom_id"`
	Channels []discordgo.ChannelType `json:"channel_types"`
	Now      []chosen                `json:"default_values,omitempty"`
}

type chosen struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// newChooser offers the channels in which messages stand by themselves.
func newChooser(pick *flows.Pick) row {
	c := chooser{
		Type: discordgo.ChannelSelectMenuComponent, CustomID: string(pick.Path),
		Channels: []discordgo.ChannelType{discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildNews},
	}
	if isID(pick.Now) {
		c.Now = []chosen{{ID: pick.Now, Type: "channel"}}
	}
	return row{Type: discordgo.ActionsRowComponent, Components: []any{c}}
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
	all := make([]row, 0, maxRows)
	if page.Pick != nil {
		all = append(all, newChooser(page.Pick))
	}
	rows, room := page.Rows, maxRows-len(all)
	if len(rows) > room {
		rows = append(rows[:room-1:room-1], rows[len(rows)-1])
	}
	known := map[string]bool{}
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

// inviteRights are what the bot needs in a server: to see channels, write, embed
// links and read what it wrote.
const inviteRights = discordgo.PermissionViewChannel | discordgo.PermissionSendMessages |
	discordgo.PermissionEmbedLinks | discordgo.PermissionReadMessageHistory

// render writes a page, with Discord's own link where it offers to add the bot.
func (a *Adapter) render(page *flows.Page) []byte {
	if page.Fixed || !adds(page) {
		return a.pages.render(page)
	}
	own := *page
	own.Rows = make([][]flows.Button, len(page.Rows))
	for i, buttons := range page.Rows {
		own.Rows[i] = slices.Clone(buttons)
		for j := range own.Rows[i] {
			if b := &own.Rows[i][j]; b.Add == flows.AddToGroup {
				b.URL = fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", a.gateway.self.Load().app, inviteRights)
			}
		}
	}
	return render(&own)
}

func adds(page *flows.Page) bool {
	return slices.ContainsFunc(page.Rows, func(row []flows.Button) bool {
		return slices.ContainsFunc(row, func(b flows.Button) bool { return b.Add != flows.AddNowhere })
	})
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
