package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord"
)

// hearing is a platform that is heard, or not.
type hearing struct {
	*bottest.Platform
	err error
}

func (h *hearing) Alive(time.Time) error { return h.err }

// TestADeafPlatformIsSeen in the figures as it is in readiness.
func TestADeafPlatformIsSeen(t *testing.T) {
	dc, err := discord.New(discord.Options{Token: "x", Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	platform := &hearing{Platform: bottest.NewPlatform()}
	m := newMetrics(func() int64 { return 0 })
	m.watch([]bot.Adapter{platform, dc}, time.Now)
	for _, tc := range []struct {
		err  error
		want string
	}{{nil, "0"}, {io.ErrUnexpectedEOF, "1"}, {nil, "0"}} {
		platform.err = tc.err
		w := httptest.NewRecorder()
		m.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		for _, line := range []string{
			`notalone_deaf{platform="` + string(bottest.Name) + `"} ` + tc.want,
			`notalone_deaf{platform="discord"} 1`, // it was never connected
			"notalone_discord_sessions_total 0", "notalone_discord_malformed_total 0", "notalone_discord_dropped_total 0",
		} {
			if !strings.Contains(w.Body.String(), line+"\n") {
				t.Errorf("with %v there is no %q", tc.err, line)
			}
		}
	}
}
