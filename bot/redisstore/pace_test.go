package redisstore

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"notalone/bot"
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

func TestEachSendHasAMomentOfItsOwn(t *testing.T) {
	store, server := pacing(t)
	now := time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)
	const each = 40 * time.Millisecond
	for i, step := range []struct {
		after      time.Duration
		want, past int
		wait       time.Duration
	}{
		{0, 3, 0, 0},
		{0, 1, 0, 3 * each},
		{3 * each, 1, 0, each},          // the three and the one are reserved before it
		{time.Hour, 1, 0, 0},            // a long pause saves nothing up
		{each, 1, 2, 2 * each},          // two replies went out meanwhile
		{0, 1, 0, 3 * each},             //
		{time.Hour, 1, 1000, 18 * each}, // a flood of replies stops posts for less than a second
		{-time.Hour, 1, 0, 0},           // Redis's clock was set back
	} {
		now = now.Add(step.after)
		server.SetTime(now)
		wait, err := store.Pace(t.Context(), telegram, 25, step.want, step.past)
		if err != nil || wait != step.wait {
			t.Errorf("step %d: wait %v (%v), want %v", i+1, wait, err, step.wait)
		}
	}
	if wait, err := store.Pace(t.Context(), "discord", 25, 1, 0); err != nil || wait != 0 {
		t.Errorf("another platform waits along: %v %v", wait, err)
	}
}

// Replicas keep the rate together, however many they are, and no window of the
// platform's holds more than its share.
func TestReplicasKeepTheRateTogether(t *testing.T) {
	const (
		rate   = 25.0
		window = 10 * time.Second
	)
	for _, replicas := range []int{1, 2, 5} {
		store, server := pacing(t)
		random := rand.New(rand.NewPCG(1, uint64(replicas)))
		start := time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)
		wake := make([]time.Duration, replicas)
		var sent []time.Duration
		for {
			next := 0
			for i := range wake {
				if wake[i] < wake[next] {
					next = i
				}
			}
			now := wake[next]
			if now >= window {
				break
			}
			server.SetTime(start.Add(now))
			want := 1 + random.IntN(4)
			wait, err := store.Pace(t.Context(), telegram, rate, want, 0)
			if err != nil {
				t.Fatal(err)
			}
			last := now
			for i := range want {
				last = now + wait + time.Duration(float64(i)*float64(time.Second)/rate)
				if last < window {
					sent = append(sent, last)
				}
			}
			wake[next] = last + time.Duration(random.IntN(2000))*time.Microsecond
		}
		slices.Sort(sent)
		if got, want := float64(len(sent)), rate*window.Seconds(); got < want*0.97 || got > want*1.05 {
			t.Errorf("%d replicas: %v sent in %v, want %v", replicas, got, window, want)
		}
		for i := 1; i < len(sent); i++ {
			if gap := sent[i] - sent[i-1]; gap < time.Duration(float64(time.Second)/rate)-time.Microsecond {
				t.Fatalf("%d replicas: two sends %v apart", replicas, gap)
			}
		}
	}
}

func BenchmarkPace(b *testing.B) {
	client, _ := embeddedClient(b)
	store, err := New(client, []byte(strings.Repeat("s", MinSecret)), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := store.Pace(b.Context(), telegram, 1e6, 4, 0); err != nil {
			b.Fatal(err)
		}
	}
}
