package telegram

import (
	"strings"
	"testing"

	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/flows/content"
	"notalone/i18n"
)

// TestEveryPageIsAccepted sends each page that can be reached from home, in each
// language, to a server that refuses what Telegram refuses.
func TestEveryPageIsAccepted(t *testing.T) {
	catalog, err := i18n.Load(i18n.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	structure, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	site, err := flows.NewSite(catalog, structure, noReader{}, nil, flows.Operator{Name: "School <&> friends", Contact: `"us" <us@example.org>`})
	if err != nil {
		t.Skipf("the content is not complete: %v", err)
	}
	for _, lang := range catalog.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			server := telegramtest.New(t)
			me := server.Private(7001, string(lang))
			a := newAdapter(server, &logbook{})
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
