package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"notalone/flows"
	"notalone/i18n"
)

// newsButtons are pages that announcements lead to; one of each sort.
func newsButtons() []flows.Path {
	return []flows.Path{"quiz/today", "practice/parcel-call", "help/scam"}
}

// newcomers have never used the bot; their apps are in three languages.
func newcomers() []i18n.Lang { return []i18n.Lang{"vi", "id", "en"} }

// sendsButtons lets an announcement with buttons out to the group and to Mai.
func (o *office) sendsButtons() {
	o.t.Helper()
	a := &flows.Announcement{ID: o.id, Stage: flows.Scheduled, Texts: map[i18n.Lang]string{"vi": "Chào", "id": "Halo", "en": "Hello"}, To: flows.Receivers{Groups: true, People: true}}
	for _, path := range newsButtons() {
		a.Buttons = append(a.Buttons, flows.NewsButton{Path: path})
	}
	a.Approve(shell.Key)
	if ok, err := o.store.SaveAnnouncement(o.t.Context(), shell, a, "", "sent"); err != nil || !ok {
		o.t.Fatal(ok, err)
	}
	for _, step := range []func(context.Context){o.mailer.Command, o.mailer.Work, o.mailer.Command} {
		step(o.t.Context())
	}
}

func (o *office) via(path flows.Path) string { return "via/" + o.id + "/" + string(path) }

// opening is how a page begins in a language: what tells that it is the right one.
func (o *office) opening(lang i18n.Lang, path flows.Path) string {
	o.t.Helper()
	key := map[flows.Path]i18n.Key{"quiz/today": "quiz.today", "practice/parcel-call": "practice.parcel-call.call.text", "help/scam": "help.scam.now"}[path]
	words, _, _ := strings.Cut(o.site.Words().Text(lang, key).Plain(), "\n")
	if words == "" {
		o.t.Fatalf("%s has no words in %s", path, lang)
	}
	return words
}

// TestAnAnnouncementsButtonsInATelegramGroup: whoever presses one reads the page
// alone, in the language of their app. Where Telegram knows no message for one
// member's eyes, the private chat opens at that very page.
func TestAnAnnouncementsButtonsInATelegramGroup(t *testing.T) {
	for _, whispers := range []bool{true, false} {
		t.Run(fmt.Sprintf("whispers=%v", whispers), func(t *testing.T) {
			s := newTelegramScene(t).(*telegramScene)
			s.Whispers(whispers)
			o := openOffice(t, s)
			o.sendsButtons()
			sent := s.places[group].Sent()
			s.places[group].As(9999, "en").Say("/about") // what nobody minds shows whether whispers work
			s.Settle()
			public := len(s.places[group].Messages())
			for i, lang := range newcomers() {
				person := int64(9000 + i)
				for _, path := range newsButtons() {
					member := s.places[group].As(person, string(lang))
					member.PressOn(sent[0], o.via(path))
					s.Settle()
					read := member.Messages()
					if !whispers {
						mustOpen(t, s, path)
						private := s.Private(person, string(lang))
						private.Say("/start " + path.Link())
						s.Settle()
						read = private.Messages()
					}
					if last := read[len(read)-1]; !strings.Contains(last.Text, o.opening(lang, path)) {
						t.Errorf("%s in %s reads %q", path, lang, last.Text)
					}
				}
			}
			if all := s.places[group].Messages(); len(all) != public || all[0].Edits > 0 {
				t.Errorf("everybody reads %+v", all[public:])
			}
		})
	}
}

// mustOpen checks that the last press leads to a page of the private chat.
func mustOpen(t *testing.T, s *telegramScene, path flows.Path) {
	t.Helper()
	calls := s.Calls("answerCallbackQuery")
	if last := calls[len(calls)-1].Params; !strings.Contains(last, "?start="+path.Link()+`"`) {
		t.Errorf("%s opens %s", path, last)
	}
}

func TestAnAnnouncementsButtonsOnADiscordServer(t *testing.T) {
	s := newDiscordScene(t).(*discordScene)
	o := openOffice(t, s)
	o.sendsButtons()
	channel := o.place(group).Thread()
	sent := s.In(channel)
	for i, user := range []string{"840000000000000091", "620000000000000092", "100000000000000093"} {
		lang := newcomers()[i]
		for _, path := range newsButtons() {
			read := s.Press(user, &sent[0], o.via(path)).Answer()
			if read.Only != user || !strings.Contains(plainer(read.Content), o.opening(lang, path)) {
				t.Errorf("%s in %s: %q reads %q", path, lang, read.Only, read.Content)
			}
		}
	}
	for _, m := range s.In(channel) {
		if m.Only == "" && (m.ID != sent[0].ID || m.Edits > 0) {
			t.Errorf("everybody reads %q", m.Content)
		}
	}
}

// TestAnAnnouncementsButtonsInPrivate: the announcement stays, the page comes below.
func TestAnAnnouncementsButtonsInPrivate(t *testing.T) {
	for name, open := range map[string]func(*testing.T) scene{"telegram": newTelegramScene, "discord": newDiscordScene} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, open(t))
			o.sendsButtons()
			sent := o.messages(mai)[0]
			for _, path := range newsButtons() {
				o.press(mai, sent.id, o.via(path))
				all := o.messages(mai)
				if last := all[len(all)-1]; !strings.Contains(plainer(last.text), o.opening("vi", path)) {
					t.Errorf("%s reads %q", path, last.text)
				}
				if at := slices.IndexFunc(all, func(v view) bool { return v.id == sent.id }); at < 0 || all[at].text != sent.text {
					t.Errorf("after %s the announcement is gone or reads otherwise", path)
				}
			}
		})
	}
}

// plainer takes the marks of Discord's Markdown away.
func plainer(text string) string { return strings.NewReplacer("*", "", `\`, "").Replace(text) }
