package main

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestALogLevelThatIsNone names the variable, what may stand there, and no value.
func TestALogLevelThatIsNone(t *testing.T) {
	_, err := readConfig([]string{"LOG_LEVEL=loud"})
	want := errUsage.Error() + ": LOG_LEVEL: must be one of debug, info, warn, error"
	if !errors.Is(err, errUsage) || err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// TestAWebhookThatTelegramWouldRefuse is refused at the start, as is a path that
// cannot be served.
func TestAWebhookThatTelegramWouldRefuse(t *testing.T) {
	own := "TELEGRAM_API_URL=http://127.0.0.1:8081"
	for _, tc := range []struct {
		address, api string
		fine         bool
	}{
		{"https://bot.example.org/telegram", "", true},
		{"https://bot.example.org", "", true},
		{"https://bot.example.org:8443/a/b", "", true},
		{"https://bot.example.org/a/", "", true},
		{"https://bot.example.org:99/a", "", false},
		{"http://bot.example.org/a", "", false},
		{"http://bot.example.org:99/a", own, true},
		{"bot.example.org", "", false},
		{"https://bot.example.org/{a", "", false},
		{"https://bot.example.org/{a}", own, false},
		{"https://bot.example.org/a b", "", false},
		{"https://bot.example.org/a//b", "", false},
		{"https://bot.example.org/../a", "", false},
	} {
		_, err := readConfig([]string{"TELEGRAM_WEBHOOK_URL=" + tc.address, "TELEGRAM_WEBHOOK_SECRET=0123456789abcdef", tc.api})
		if (err == nil) != tc.fine || err != nil && !strings.HasPrefix(err.Error(), errUsage.Error()+": TELEGRAM_WEBHOOK_URL: ") {
			t.Errorf("%s, %s: %v", tc.address, tc.api, err)
		}
	}
}

func TestTheWebhooksRoute(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example": "POST /{$}", "https://a.example/": "POST /{$}", "https://a.example/tg": "POST /tg", "https://a.example/tg/": "POST /tg/{$}",
	} {
		if got := webhookRoute(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestAPortThatIsNone(t *testing.T) {
	for address, fine := range map[string]bool{"127.0.0.1:8080": true, ":0": true, "[::1]:65535": true, "127.0.0.1:99999": false, "127.0.0.1:http": false, "8080": false} {
		if _, err := readConfig([]string{"HTTP_ADDR=" + address}); (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestServingNothing says so before anything else.
func TestServingNothing(t *testing.T) {
	t.Setenv("TELEGRAM_BOT_TOKEN", "")
	t.Setenv("DISCORD_BOT_TOKEN", "")
	if err := (serveCmd{}).Run(t.Context()); !errors.Is(err, errUsage) || !strings.Contains(err.Error(), "notalone chat") {
		t.Errorf("got %v", err)
	}
}

func TestChatInALanguageThatIsNone(t *testing.T) {
	for _, chat := range []chatCmd{{Lang: "xx"}, {Lang: "en", Country: "nowhere"}, {Lang: ""}} {
		if err := chat.Run(context.Background()); !errors.Is(err, errUsage) {
			t.Errorf("%+v: got %v, want it refused as usage", chat, err)
		}
	}
}
