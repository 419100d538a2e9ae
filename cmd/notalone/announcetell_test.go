package main

import (
	"errors"
	"slices"
	"testing"

	"notalone/bot"
	"notalone/bot/telegram"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// TestAFileTellsTheModerators: once, in their language, with the way to the page
// on which they agree; and whatever is sent from a file shows them its progress.
func TestAFileTellsTheModerators(t *testing.T) {
	store := shellEnv(t)
	server := telegramtest.New(t)
	chat := server.Private(7001, "vi")
	for name, value := range map[string]string{"TELEGRAM_BOT_TOKEN": telegramtest.Token, "TELEGRAM_API_URL": server.Start(), "MODERATORS": "telegram:1", "OPERATOR_CONTACT": "safety@example.org"} {
		t.Setenv(name, value)
	}
	code, err := store.Invite(t.Context(), shell, flows.RoleModerator, "Lan")
	if err != nil {
		t.Fatal(err)
	}
	lan := bot.DeskAsk{Person: bot.NewPerson(telegram.Name, "7001"), Place: bot.NewAddress(telegram.Name, "7001", ""), Lang: "vi"}
	if _, err := store.Join(t.Context(), lan, code); err != nil {
		t.Fatal(err)
	}
	send := announceFileCmd{Path: announcementFile(t, shortNews), Send: true}
	if err := send.Run(t.Context()); !errors.Is(err, errWaiting) {
		t.Fatalf("it ended with %v", err)
	}
	if err := send.Run(t.Context()); err == nil || errors.Is(err, errWaiting) {
		t.Fatalf("the second run ended with %v", err)
	}
	list, err := store.Announcements(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d are kept, %v", len(list), err)
	}
	site, err := buildSite("", flows.Operator{})
	if err != nil {
		t.Fatal(err)
	}
	said := chat.Sent()
	if len(said) != 1 || said[0].Text != site.Words().Text("vi", "announce.asks").Plain() || !slices.ContainsFunc(said[0].Rows, func(row []telegramtest.Button) bool {
		return row[0].Data == string(flows.CheckPath(list[0].ID))
	}) {
		t.Errorf("the moderator reads %+v", said)
	}
	if watchers, err := store.Watchers(t.Context(), list[0]); err != nil || len(watchers) != 1 || watchers[0].Place != lan.Place || watchers[0].Lang != "vi" {
		t.Errorf("the progress is shown to %+v, %v", watchers, err)
	}
}
