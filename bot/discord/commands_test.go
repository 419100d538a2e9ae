package discord

import (
	"strings"
	"testing"
	"unicode/utf8"

	"notalone/bot/discord/discordtest"
	"notalone/i18n"
)

func TestCommandsAreRegisteredOnce(t *testing.T) {
	r := connect(t)
	r.WaitRequests(discordtest.PutCommands, 1)
	r.waitLog(t, "commands registered")
	list := r.Commands()
	if len(list) != 2 || list[0]["name"] != "help" {
		t.Fatalf("registered %v", list)
	}
	r.Forget()
	r.Drop()
	r.WaitRequests(discordtest.GetCommands, 2)
	r.WaitCounts("the second session", func(c discordtest.Counts) bool { return c.Identifies == 2 })
	if n := len(r.Requests(discordtest.PutCommands)); n != 1 {
		t.Errorf("written %d times, want once: nothing has changed", n)
	}
	for _, request := range r.Requests(discordtest.PutCommands) {
		if request.Status != 200 {
			t.Errorf("refused with %d", request.Status)
		}
	}
}

func TestCommandsAreTriedAgain(t *testing.T) {
	r := connect(t, func(r *rig) {
		r.Fail(discordtest.GetCommands, discordtest.Fault{Status: 500}, discordtest.Fault{Body: "<html>"})
		r.Fail(discordtest.PutCommands, discordtest.Fault{Status: 502})
	})
	r.waitLog(t, "commands registered")
	if n := len(r.Requests(discordtest.GetCommands)); n != 4 {
		t.Errorf("asked %d times, want 4", n)
	}
}

func TestCommandsThatAreRefusedAreLeft(t *testing.T) {
	r := connect(t, func(r *rig) { r.Fail(discordtest.PutCommands, discordtest.Fault{Status: 400, Code: 50035}) })
	r.waitLog(t, "could not register")
	r.stop()
	if n := len(r.Requests(discordtest.PutCommands)); n != 1 {
		t.Errorf("written %d times, want once", n)
	}
}

func TestCommandsInEveryLocale(t *testing.T) {
	list := commands([]Command{
		{Name: "help", Names: map[i18n.Lang]string{"en": "help", "vi": "Trợ giúp", "id": "Bantuan"}, Descriptions: map[i18n.Lang]string{"en": "Get help", "vi": "Giúp", "id": "Bantuan"}},
		{Name: "tips", Names: map[i18n.Lang]string{"en": "help", "vi": "mẹo", "id": "bantuan", "km": "x"}, Descriptions: map[i18n.Lang]string{"vi": strings.Repeat("mẹo ", 50), "km": "x"}},
	})
	if got := list[0].Descriptions; len(got) != 4 || got["en-US"] != "Get help" || got["en-GB"] != "Get help" || got["vi"] != "Giúp" || got["id"] != "Bantuan" {
		t.Errorf("descriptions %v", got)
	}
	if got := list[0].Names; len(got) != 3 || got["id"] != "bantuan" || got["vi"] != "" {
		t.Errorf("names %v, want small letters and none with a space", got)
	}
	if got := list[1].Names; len(got) != 1 || got["vi"] != "mẹo" {
		t.Errorf("names %v, want none that is taken, and no language that Discord lacks", got)
	}
	if got := list[1]; got.Description != "tips" || utf8.RuneCountInString(got.Descriptions["vi"]) != maxDescription {
		t.Errorf("%+v", got)
	}
	if got := commands([]Command{{Name: "trick", Takes: map[i18n.Lang]string{"en": "The message"}}})[0].Options; len(got) != 1 || got[0].Description != "The message" || got[0].Type != 3 {
		t.Errorf("options %+v", got)
	}
	for lang, want := range map[i18n.Lang]int{"vi": 1, "id": 1, "en": 2, "th": 1, "zh": 2, "km": 0, "": 0} {
		if got := locales(lang); len(got) != want {
			t.Errorf("%s: %v, want %d", lang, got, want)
		}
	}
	for name, want := range map[string]bool{"help": true, "giúp-đỡ": true, "ช่วย": true, "two words": false, "Big": false, "": false, "a/b": false, strings.Repeat("x", 33): false} {
		if validName(name) != want {
			t.Errorf("%q: valid %v", name, !want)
		}
	}
}
