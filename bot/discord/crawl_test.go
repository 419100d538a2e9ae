package discord

import (
	"regexp"
	"testing"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord/discordtest"
	"notalone/flows"
)

// leftover is what no reader should see: a place without its value, or a mark
// that found no partner.
var leftover = regexp.MustCompile(`\{\{|\}\}|\\\*\\\*|\]\(h`)

// TestEveryPageIsAccepted answers with each page that can be reached from home,
// in each language, to a fake that refuses what Discord refuses.
func TestEveryPageIsAccepted(t *testing.T) {
	site := bottest.WholeSite(t, bottest.Keywords{}, nil, flows.Operator{Name: "A *school* <@1>", Contact: "us_all@example.org"})
	for _, lang := range site.Words().Langs() {
		t.Run(string(lang), func(t *testing.T) {
			server := discordtest.New(t)
			a := newAdapter(t, server.URL, quietLog(&lockedBuffer{}))
			place := discordtest.Private(ann)
			for _, path := range site.Crawl(lang) {
				page := site.Open(lang, path)
				if page == nil { // an act rather than a page
					continue
				}
				in := server.Slash(ann, "help", place)
				_, err := a.Answer(t.Context(), &bot.Event{
					Place: bot.NewAddress(Name, place.Channel, ""), Reply: &reply{interaction: in.ID, app: discordtest.App, token: in.Token},
				}, page)
				if err != nil {
					requests := server.Requests(discordtest.Callback)
					t.Errorf("%s: %v: %s", path, err, requests[len(requests)-1].Body)
					continue
				}
				whole(t, page, in.Answer())
			}
		})
	}
}

// whole tells what of a page did not arrive.
func whole(t *testing.T, page *flows.Page, m *discordtest.Message) {
	t.Helper()
	if found := leftover.FindString(m.Content); found != "" {
		t.Errorf("%s: %q is left in %q", page.Path, found, m.Content)
	}
	if text := markdown(page.Text); m.Content != text {
		t.Errorf("%s: too long, cut to %q", page.Path, m.Content)
	}
	if len(m.Rows) != len(page.Rows) {
		t.Errorf("%s: %d rows of buttons, want %d", page.Path, len(m.Rows), len(page.Rows))
		return
	}
	for i, row := range page.Rows {
		if len(m.Rows[i]) != len(row) {
			t.Errorf("%s: row %d has %d buttons, want %d", page.Path, i, len(m.Rows[i]), len(row))
		}
	}
}
