package main

import (
	"strings"
	"testing"

	"notalone/i18n"
)

// TestModeratorsFindTheirPages: by typing, on both platforms and in three
// languages. To everybody else these are words like any, and nobody learns of the pages.
func TestModeratorsFindTheirPages(t *testing.T) {
	for name, open := range map[string]func(*testing.T) scene{"telegram": newTelegramScene, "discord": newDiscordScene} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, open(t))
			for words, key := range map[string]i18n.Key{
				"/announce": "announce.front", "announce": "announce.front", "Announcements": "announce.front",
				"thông báo": "announce.front", "thong bao": "announce.front", "pengumuman": "announce.front",
				"/moderators": "announce.people_page", "moderators": "announce.people_page",
				"người điều hành": "announce.people_page", "daftar moderator": "announce.people_page",
			} {
				if got := o.answer(lan, words); !o.begins(got, key) {
					t.Errorf("%q by an owner: %q", words, got)
				}
				got := o.answer(mai, words)
				for _, hidden := range []i18n.Key{"announce.front", "announce.people_page", "announce.only", "announce.role", "announce.private"} {
					if o.begins(got, hidden) {
						t.Errorf("%q by anybody: %q", words, got)
					}
				}
			}
		})
	}
}

// answer is what the bot says last to somebody's words.
func (o *office) answer(who int, words string) string {
	o.say(who, words)
	all := o.messages(who)
	return plainer(all[len(all)-1].text)
}

// begins reports whether a text is a page's, in any language.
func (o *office) begins(text string, key i18n.Key) bool {
	for _, lang := range o.site.Words().Langs() {
		first, _, _ := strings.Cut(o.site.Words().Text(lang, key).Plain(), "\n")
		if strings.HasPrefix(text, first) {
			return true
		}
	}
	return false
}

// TestAnnouncementsAreOpenedByTyping: a number picks one from the list, although the
// page with the list was made without it.
func TestAnnouncementsAreOpenedByTyping(t *testing.T) {
	o := openOffice(t, newTelegramScene(t))
	o.answer(lan, "announce")
	draft := o.answer(lan, "1") // a new one
	o.answer(lan, "announce")
	if got := o.answer(lan, "1"); got != draft {
		t.Errorf("the first of the list is %q, want %q", got, draft)
	}
}
