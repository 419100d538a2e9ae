package redisstore

import (
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"pgregory.net/rapid"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/outbox/outboxtest"
)

const telegram bot.Name = "telegram"

func pacing(t *testing.T) (*Store, *miniredis.Miniredis) {
	t.Helper()
	client, server := embeddedClient(t)
	store, err := New(client, []byte(strings.Repeat("s", MinSecret)), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return store, server
}

// waits are how long reserved sends wait.
func waits(t *testing.T, s *Store, limit outbox.Limit, want, past int) string {
	t.Helper()
	got, err := s.Pace(t.Context(), telegram, limit, want, past)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, moment := range got.Moments {
		all = append(all, moment.Sub(got.Now).String())
	}
	return strings.Join(all, " ")
}

func TestEachSendHasAMomentOfItsOwn(t *testing.T) {
	store, server := pacing(t)
	now := time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)
	limit := outbox.Limit{Most: 3, Window: time.Second}
	for i, step := range []struct {
		after      time.Duration
		want, past int
		waits      string
	}{
		{0, 2, 0, "0s 300ms"},
		{0, 3, 0, "600ms 1s 1.3s"},                          // the fourth a second after the first
		{1300 * time.Millisecond, 1, 0, "300ms"},            // … and a second after the third
		{time.Hour, 4, 0, "0s 300ms 600ms 1s"},              // a long pause saves nothing up
		{-time.Hour, 2, 0, "0s 300ms"},                      // Redis's clock was set back
		{time.Hour, 3, 1, "0s 1s 2s"},                       // one replied: a send a second is left to posts
		{time.Minute, 3, 0, "0s 300ms 600ms"},               // the replies are over
		{time.Minute, 3, 1000, "0s 1s 2s"},                  // a flood of replies does not stop posts
		{1900 * time.Millisecond, 2, 0, "1.1s 2.1s"},        // it is not over at once
		{time.Minute + time.Second, 1, 0, "0s"},             //
		{100 * time.Millisecond, 3, 0, "200ms 500ms 900ms"}, //
	} {
		now = now.Add(step.after)
		server.SetTime(now)
		if got := waits(t, store, limit, step.want, step.past); got != step.waits {
			t.Errorf("step %d: wait %s, want %s", i+1, got, step.waits)
		}
	}
	if got, err := store.Pace(t.Context(), "discord", limit, 1, 0); err != nil || got.Moments[0] != got.Now {
		t.Errorf("another platform waits along: %v %v", got, err)
	}
}

// The script does what the model does, of which the pacer's tests show that no
// second holds more than a platform takes.
func TestThePaceIsLikeItsModel(t *testing.T) {
	store, server := pacing(t)
	rapid.Check(t, func(rt *rapid.T) {
		server.FlushAll()
		now := time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)
		model := &outboxtest.Ring{Clock: func() time.Time { return now }}
		limit := outbox.Limit{Most: rapid.IntRange(1, 40).Draw(rt, "most"), Window: time.Second}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(rt, "ms")) * time.Millisecond)
			server.SetTime(now)
			want, past := rapid.IntRange(1, 8).Draw(rt, "want"), max(0, rapid.IntRange(-20, 5).Draw(rt, "past"))
			got, err := store.Pace(t.Context(), telegram, limit, want, past)
			if err != nil {
				rt.Fatal(err)
			}
			expected, _ := model.Pace(t.Context(), telegram, limit, want, past)
			if got.First != expected.First || len(got.Moments) != want {
				rt.Fatalf("%d sends from slot %d on, want %d from %d", len(got.Moments), got.First, want, expected.First)
			}
			for i, moment := range got.Moments {
				if off := moment.Sub(expected.Moments[i]).Abs(); off > 100*time.Microsecond {
					rt.Fatalf("send %d waits %v, want %v", i, moment.Sub(got.Now), expected.Moments[i].Sub(now))
				}
			}
			if late := rapid.IntRange(0, 200).Draw(rt, "late"); late > 100 {
				at, slots := got.Moments[0].Add(time.Duration(late)*time.Millisecond), []int64{got.First, got.First - 50}
				if err := store.Late(t.Context(), telegram, limit, at, slots...); err != nil {
					rt.Fatal(err)
				}
				_ = model.Late(t.Context(), telegram, limit, at, slots...)
			}
		}
	})
}

func BenchmarkPace(b *testing.B) {
	client, _ := embeddedClient(b)
	store, err := New(client, []byte(strings.Repeat("s", MinSecret)), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := store.Pace(b.Context(), telegram, outbox.Limit{Most: 1000, Window: time.Second}, 8, 0); err != nil {
			b.Fatal(err)
		}
	}
}
