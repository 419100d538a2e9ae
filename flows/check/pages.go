package check

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"notalone/flows"
	"notalone/i18n"
)

// Platform limits that the pages must keep (Telegram counts UTF-16 units,
// Discord code points).
const (
	telegramText = 4096
	discordText  = 2000
)

// deadEnds are pages that are meant to have no way on.
var deadEnds = map[flows.Path]bool{"hide": true, "hide/done": true, "hide/some": true, "setup/remove/now": true}

// pages walks the whole site in every language, as a person could press it.
func (c *checker) pages() {
	for _, lang := range c.words.Langs() {
		reached := map[flows.Path]bool{}
		for _, path := range append(c.site.Crawl(lang), c.site.Directly()...) {
			if !reached[path] {
				reached[path] = true
				c.rendered(lang, path)
			}
		}
		for _, path := range c.site.Paths() {
			if !reached[path] {
				c.page("unreachable", lang, path, true, "no button leads there")
			}
		}
	}
}

// rendered checks one page as it would be shown.
func (c *checker) rendered(lang i18n.Lang, path flows.Path) {
	if deadEnds[path] {
		return
	}
	page := c.site.Open(lang, path)
	if page == nil {
		c.page("dead end", lang, path, true, "there is no such page")
		return
	}
	if _, err := flows.ParsePath(string(path)); err != nil {
		c.page("path", lang, path, true, "%v; it has %d", err, len(path))
	}
	plain := page.Text.Plain()
	if n := len(utf16.Encode([]rune(plain))); n > telegramText {
		c.page("too long", lang, path, false, "%d UTF-16 units, Telegram takes %d", n, telegramText)
	}
	if n := markupLength(page.Text); n > discordText {
		c.page("too long", lang, path, false, "%d characters with marks, Discord takes %d", n, discordText)
	}
	if path.Root() == "help" && utf8.RuneCountInString(plain) > flows.MaxHelpText {
		c.page("too long", lang, path, false, "%d characters, a help message has %d or fewer", utf8.RuneCountInString(plain), flows.MaxHelpText)
	}
	if strings.TrimSpace(plain) == "" {
		c.page("empty", lang, path, true, "has no text")
	}
	if strings.Contains(plain, "{{") || strings.Contains(plain, "}}") || len(page.Text.Args()) > 0 {
		c.page("placeholder", lang, path, false, "shows a value that was not filled in")
	}
	c.buttons(lang, path, page)
}

func (c *checker) buttons(lang i18n.Lang, path flows.Path, page *flows.Page) {
	if len(page.Links()) == 0 {
		c.page("dead end", lang, path, true, "has no button that leads on")
	}
	if len(page.Rows) > flows.MaxRows {
		c.page("too many", lang, path, true, "%d rows of buttons, %d or fewer", len(page.Rows), flows.MaxRows)
	}
	if links := page.Links(); path != "help" && len(links) > 0 && links[len(links)-1] != "help" {
		c.page("layout", lang, path, true, "Help is not the last button")
	}
	known := map[flows.Path]bool{}
	for _, row := range page.Rows {
		if len(row) > flows.MaxInRow {
			c.page("too many", lang, path, true, "%d buttons in a row, %d or fewer", len(row), flows.MaxInRow)
		}
		for _, button := range row {
			if n := utf8.RuneCountInString(button.Label); n == 0 || n > flows.MaxLabel {
				c.page("label", lang, path, true, "the label %q to %q has %d characters, 1 to %d", button.Label, button.Path, n, flows.MaxLabel)
			}
			if button.Path != "" && !c.leads(button.Path) {
				c.page("dead end", lang, path, true, "a button leads to %q, which is no page", button.Path)
			}
			if button.Path != "" && known[button.Path] {
				c.page("label", lang, path, true, "two buttons lead to %q", button.Path)
			}
			known[button.Path] = true
		}
	}
}

// leads remembers what the site answers: many buttons lead to the same pages.
func (c *checker) leads(path flows.Path) bool {
	known, asked := c.led[path]
	if !asked {
		known = c.site.Leads(path)
		c.led[path] = known
	}
	return known
}

// markupLength is a text's length with Discord's marks and addresses.
func markupLength(text i18n.Text) int {
	n := 0
	for _, span := range text {
		n += utf8.RuneCountInString(span.Text)
		if span.Style != 0 {
			n += 4
		}
		if span.URL != "" {
			n += len(span.URL) + 6
		}
	}
	return n
}
