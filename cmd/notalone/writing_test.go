package main

import (
	"strings"
	"testing"
	"time"

	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// draft is what the store has of the announcement.
func (o *office) draft() *flows.Announcement {
	o.t.Helper()
	a, _, err := o.store.Announcement(o.t.Context(), o.id)
	if err != nil || a == nil {
		o.t.Fatalf("the draft is %v: %v", a, err)
	}
	return a
}

// TestWritingSurvives: a restart, and Redis away, while a moderator writes.
func TestWritingSurvives(t *testing.T) {
	o := openOffice(t, newTelegramScene(t))
	at := func(parts ...string) string { return strings.Join(append([]string{"announce", o.id}, parts...), "/") }
	o.says(lan, "announce")
	o.presses(lan, "announce/new", at("text"), at("text", "vi"))
	o.stop()
	o.start(lan)
	o.says(lan, "Tuần lễ an toàn.")
	if got := o.draft().Texts["vi"]; got != "Tuần lễ an toàn." {
		t.Errorf("after a restart the form took %q", got)
	}
	o.presses(lan, at("text", "en"))
	o.memory.server.SetError("LOADING Redis is loading the dataset in memory")
	if got := o.answer(lan, "Safety week."); !o.begins(got, "announce.offline") {
		t.Errorf("with Redis away: %q", got)
	}
	o.memory.server.SetError("")
	for again := o.answer(lan, "Safety week."); o.begins(again, "announce.offline"); again = o.answer(lan, "Safety week.") {
		<-time.After(20 * time.Millisecond) // until the bot has seen that it is back
	}
	if a := o.draft(); a.Texts["en"] != "Safety week." || a.Texts["vi"] == "" {
		t.Errorf("the texts are %q", a.Texts)
	}
}

// TestAnOwnerTakenOutOfTheSettings is none from the next start on.
func TestAnOwnerTakenOutOfTheSettings(t *testing.T) {
	o := openOffice(t, newTelegramScene(t))
	if got := o.answer(lan, "announce"); !o.begins(got, "announce.front") {
		t.Fatalf("an owner reads %q", got)
	}
	o.stop()
	o.start(budi)
	if got := o.answer(lan, "announce"); o.begins(got, "announce.front") || o.begins(got, "announce.only") {
		t.Errorf("an owner who is named no more reads %q", got)
	}
	if got := o.answer(budi, "announce"); !o.begins(got, "announce.front") {
		t.Errorf("the new one reads %q", got)
	}
}

// TestAnInvitationIsALink on Telegram, whole, and once; who made it does not spoil
// it by trying.
func TestAnInvitationIsALink(t *testing.T) {
	o := openOffice(t, newTelegramScene(t))
	o.says(lan, "moderators")
	o.presses(lan, "moderators/invite/viewer")
	o.says(lan, "Budi")
	if link := "https://t.me/" + telegramtest.Username + "?start=join_"; !strings.Contains(strings.Join(o.lines, "\n"), link) {
		t.Errorf("no link %s… in\n%s", link, strings.Join(o.lines, "\n"))
	}
	start := "/start join_" + o.code
	if got := o.answer(lan, start); !strings.Contains(got, o.site.Words().Line("vi", "announce.role_owner")) {
		t.Errorf("an owner's own try: %q", got)
	}
	if got := o.answer(budi, start); !strings.Contains(got, o.site.Words().Line("id", "announce.role_viewer")) {
		t.Errorf("the link: %q", got)
	}
	if got := o.answer(budi, start); !o.begins(got, "announce.no_invite") {
		t.Errorf("the link again: %q", got)
	}
	o.says(lan, "announce")
	o.presses(lan, "announce/new")
	o.says(budi, "announce")
	o.presses(budi, "announce/"+o.id, "announce/"+o.id+"/preview")
	for _, m := range o.messages(budi) {
		for _, row := range m.rows {
			for _, b := range row {
				if strings.HasPrefix(b.data, "announce/"+o.id+"/text") || strings.HasSuffix(b.data, "/check") || b.data == "announce/new" {
					t.Errorf("a viewer is offered %s", b.data)
				}
			}
		}
	}
}
