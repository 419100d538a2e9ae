package main

import (
	"strings"
	"testing"
	"time"

	"notalone/bot/discord/discordtest"
)

// TestAMessageThatIsPassedOnIsLookedAt sends the same trick in every way that a
// platform has; it is answered by its signs, and kept nowhere.
func TestAMessageThatIsPassedOnIsLookedAt(t *testing.T) {
	const trick = "Your account will be deleted. Confirm your password in 24 hours: paypa1-login.example/zebra"
	s := newStage(t)
	heading := "Be careful. Tricks and threats look like this:"
	me := s.telegram.Private(anTelegram, "en")
	for name, send := range map[string]func(){
		"passed on": func() {
			me.Push(trick, map[string]any{"forward_origin": map[string]any{"type": "hidden_user", "sender_user_name": "X", "date": 3}})
		},
		"command":             func() { me.Say("/trick " + trick) },
		"a question":          func() { me.Say("is this a trick? " + trick) },
		"asked in Vietnamese": func() { me.Say("cái này có phải lừa đảo không: " + trick) },
	} {
		s.wait(5 * time.Second)
		send()
		if got := me.Answer().Text; !strings.HasPrefix(got, heading) || strings.Contains(got, "zebra") {
			t.Errorf("telegram, %s: answered with %q", name, got)
		}
	}
	private := discordtest.Private(linhDiscord)
	passedOn := map[string]any{"message_reference": map[string]any{"type": 1}, "message_snapshots": []any{map[string]any{"message": map[string]any{"content": trick}}}}
	for name, send := range map[string]func(){
		"passed on":  func() { s.discord.Send(private, linhDiscord, "", passedOn) },
		"a question": func() { s.discord.Say(linhDiscord, "trick: "+trick) },
		"command":    func() { s.discord.SlashText(linhDiscord, "trick", trick, private).Answer() },
	} {
		s.wait(5 * time.Second)
		send()
		if got := s.discord.Next(private).Content; !strings.Contains(got, "Đòi mã, mật khẩu") && !strings.Contains(got, "It wants a code") || strings.Contains(got, "zebra") {
			t.Errorf("discord, %s: answered with %q", name, got)
		}
	}
	if s.redis.Dump() == "" || strings.Contains(s.redis.Dump(), "zebra") || strings.Contains(s.log.String(), "zebra") {
		t.Error("the message is stored or logged")
	}
}
