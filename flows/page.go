package flows

import "notalone/i18n"

// A Page is what the bot says: rich text and rows of buttons.
type Page struct {
	Path      Path
	Again     Path // opens this very page once more; empty: Path does
	Lang      i18n.Lang
	Text      i18n.Text
	Rows      [][]Button
	Fresh     bool   // a message of its own: what was pressed stays as it is
	Picture   string // web address of a picture above the text; posts only
	Sensitive bool   // in a shared place for the asker's eyes only
	Fixed     bool   // the same for everybody in this language, so it may be cached
	Note      bool   // told in passing to who pressed, where CanNote is; shown to nobody else
	Pick      *Pick
}

// A Button is a link: a label and either a path or a web address. Apart asks
// for the path to be opened in the private chat, where others cannot read along;
// Add is for a link by which the bot is added somewhere, made by the platform.
type Button struct {
	Label string
	Path  Path
	URL   string
	Apart bool
	Add   Adding
}

// Adding is where a button lets people add the bot. A platform leaves out what it
// has no link for.
type Adding uint8

// The places to add the bot to.
const (
	AddNowhere Adding = iota
	AddToGroup
	AddToChannel
)

// A Pick is a chooser among the channels of the place, shown above the buttons
// where CanPick is; what is chosen opens the path with the channel's id added.
type Pick struct {
	Path Path
	Now  string // the channel chosen now, or ""
}

// Bounds that every platform can show (Discord has the narrowest).
const (
	MaxRows     = 5
	MaxInRow    = 5
	MaxLabel    = 38 // Unicode code points; Discord allows 80, a phone shows about 38
	MaxText     = 2000
	MaxHelpText = 600
)

// buttons counts the buttons of a page.
func (p *Page) buttons() int {
	n := 0
	for _, row := range p.Rows {
		n += len(row)
	}
	return n
}

// Links lists the paths a page leads to.
func (p *Page) Links() []Path {
	links := make([]Path, 0, p.buttons())
	for _, row := range p.Rows {
		for _, b := range row {
			if b.Path != "" {
				links = append(links, b.Path)
			}
		}
	}
	return links
}

// Press returns the n-th button, counted from 1 as the terminal numbers them.
func (p *Page) Press(n int) (Button, bool) {
	for _, row := range p.Rows {
		if n <= len(row) {
			if n < 1 {
				break
			}
			return row[n-1], true
		}
		n -= len(row)
	}
	return Button{}, false
}
