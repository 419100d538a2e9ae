package telegram

import (
	"strings"
	"testing"

	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// TestEveryPageIsAccepted sends each page that can be reached from home, in each
// language, to a server that refuses what Telegram refuses.
func TestEveryPageIsAccepted(t *testing.T) {
	site := bottest.WholeSite(t, bottest.Keywords{}, nil, flows.Operator{Name: "School <&> friends", Contact: `"us" <us@example.org>`})
	for _, lang := range site.Words().Langs() {
		t.Run(string(lang), func(t *testing.T) {
			server := telegramtest.New(t)
			me := server.Private(7001, string(lang))
			a := newAdapter(server, &bottest.Logbook{})
			a.me.Store(&identity{ID: telegramtest.BotID, Name: telegramtest.Username})
			sent := 0
			for _, path := range site.Crawl(lang) {
				page := site.Open(lang, path)
				if page == nil { // an act rather than a page
					continue
				}
				if _, err := a.Answer(t.Context(), toPrivate(7001), page); err != nil {
					t.Errorf("%s: %v: %s", path, err, server.Calls("sendMessage")[sent].Error)
				}
				sent++
			}
			for _, m := range me.Messages() {
				if strings.Contains(m.Text, "{{") || strings.Contains(m.Text, "**") {
					t.Errorf("markup or a value is left in %q", m.Text)
				}
			}
			t.Logf("%d pages", sent)
		})
	}
}
