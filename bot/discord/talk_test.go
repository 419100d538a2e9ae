package discord

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord/discordtest"
	"notalone/flows"
	"notalone/i18n"
)

// start runs the whole bot against a fake Discord for the time of the test.
func start(t *testing.T) (*discordtest.Server, *Adapter, <-chan error) {
	t.Helper()
	server := discordtest.New(t)
	adapter, err := New(Options{
		Token: discordtest.Token, APIURL: server.URL, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Commands: []Command{
			{Name: "help", Names: map[i18n.Lang]string{"en": "help"}, Descriptions: map[i18n.Lang]string{"en": "Help", "vi": "Giúp", "id": "Bantuan"}},
			{Name: "tips", Names: map[i18n.Lang]string{"en": "tips"}, Descriptions: map[i18n.Lang]string{"en": "Tips", "vi": "Mẹo", "id": "Tips"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	adapter.pace.first = time.Millisecond
	b := bot.New(bot.Options{
		Site: bottest.Site(t, bottest.Keywords{"they took my money": {Labels: []string{"scam"}, Decision: flows.Go}}), Store: bottest.NewStore(),
		Adapters: []bot.Adapter{adapter}, Log: slog.New(slog.DiscardHandler), Now: time.Now, Seed: func() uint64 { return 3 },
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	done := make(chan struct{})
	go func() { ended <- b.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return server, adapter, ended
}

const (
	ann    = "200000000000000001"
	guild  = "300000000000000001"
	school = "400000000000000001"
)

func TestWordsInAPrivateChatAreAnsweredAndPressesEditInPlace(t *testing.T) {
	server, _, _ := start(t)
	server.WaitReady()
	server.Say(ann, "they took my money")
	answer := server.Next(discordtest.Private(ann))
	if !strings.Contains(answer.Content, "Stop paying") || answer.Nonce == "" {
		t.Fatalf("answered with %+v", answer)
	}
	press := server.Press(ann, answer, "help/scam/tell")
	if kind := press.First(); kind != updateMessage {
		t.Errorf("the press was answered with kind %d, want an edit in place", kind)
	}
}

func TestInAServerEveryAnswerIsForTheAskerAlone(t *testing.T) {
	server, _, _ := start(t)
	server.WaitReady()
	place := discordtest.Channel(guild, school)
	for _, command := range []string{"help", "tips"} {
		in := server.Slash(ann, command, place)
		if kind := in.First(); kind != newMessage {
			t.Fatalf("/%s was answered with kind %d", command, kind)
		}
	}
	for _, m := range server.Visible("200000000000000009", place) {
		t.Errorf("somebody else sees %q", m.Content)
	}
	if seen := server.Visible(ann, place); len(seen) != 2 {
		t.Errorf("the asker sees %d answers, want 2", len(seen))
	}
}

func TestHideDeletesTheBotsMessages(t *testing.T) {
	server, _, _ := start(t)
	server.WaitReady()
	server.Say(ann, "they took my money")
	answer := server.Next(discordtest.Private(ann))
	server.Press(ann, answer, "hide").First()
	line := server.Next(discordtest.Private(ann))
	if len(line.Rows) != 0 || line.ID == answer.ID {
		t.Errorf("left %+v, want one neutral line", line)
	}
	for _, m := range server.Visible(ann, discordtest.Private(ann)) {
		if m.ID == answer.ID {
			t.Error("the hidden message is still there")
		}
	}
}

func TestAFatalCloseCodeStopsTheBotWithAClearLine(t *testing.T) {
	server, _, ended := start(t)
	server.WaitReady()
	server.Close(4014)
	select {
	case err := <-ended:
		if err == nil || strings.Contains(err.Error(), discordtest.Token) {
			t.Errorf("ended with %v", err)
		}
	case <-t.Context().Done():
	}
}

func TestALostConnectionComesBack(t *testing.T) {
	server, _, _ := start(t)
	server.WaitReady()
	server.Drop()
	server.WaitGone()
	server.WaitReady()
	server.Say(ann, "they took my money")
	if m := server.Next(discordtest.Private(ann)); m.Content == "" {
		t.Error("no answer after the connection came back")
	}
}

func TestAPostCarriesANonceAndArrivesOnce(t *testing.T) {
	server, adapter, _ := start(t)
	server.WaitReady()
	server.Say(ann, "they took my money")
	place := bot.NewAddress(Name, server.Next(discordtest.Private(ann)).Channel, "")
	page := &flows.Page{Path: "tip/x", Lang: "en", Text: i18n.Plainly("A tip")}
	first, err := adapter.Post(t.Context(), place, flows.Post{Page: page}, "quiz261124073000")
	if err != nil {
		t.Fatal(err)
	}
	again, err := adapter.Post(t.Context(), place, flows.Post{Page: page}, "quiz261124073000")
	if err != nil || again.Message != first.Message {
		t.Errorf("repeated: %v %v, want the first message again", again, err)
	}
	page.Sensitive = true
	var refused *bot.SendError
	if _, err := adapter.Post(t.Context(), place, flows.Post{Page: page}, "n"); !errors.As(err, &refused) || refused.Kind != bot.Refused {
		t.Errorf("a sensitive page was posted: %v", err)
	}
}

func TestIntentsAreNotPrivileged(t *testing.T) {
	if Intents != 1<<0|1<<12 {
		t.Errorf("intents = %b, want guilds and direct messages only", Intents)
	}
}
