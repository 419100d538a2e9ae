package redisstore

import (
	"math/rand/v2"
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

func take(t *testing.T, store *Store, rate float64, want int) (int, time.Duration) {
	t.Helper()
	got, wait, err := store.Pace(t.Context(), telegram, rate, want)
	if err != nil {
		t.Fatal(err)
	}
	return got, wait
}

func TestWaitTimesAreRight(t *testing.T) {
	store, server := pacing(t)
	now := time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)
	server.SetTime(now)
	steps := []struct {
		after time.Duration
		want  int
		got   int
		wait  time.Duration
	}{
		{0, 10, 3, 0}, // the burst and no more
		{0, 1, 0, 40 * time.Millisecond},
		{39 * time.Millisecond, 4, 0, time.Millisecond},
		{time.Millisecond, 4, 1, 0}, // exactly when it was told
		{0, 1, 0, 40 * time.Millisecond},
		{80 * time.Millisecond, 1, 1, 0}, // who asks for less leaves the rest
		{0, 4, 1, 0},
		{time.Hour, 10, 3, 0},                     // a long pause saves up no more than the burst
		{-time.Hour, 1, 0, 40 * time.Millisecond}, // Redis's clock was set back
	}
	for i, step := range steps {
		now = now.Add(step.after)
		server.SetTime(now)
		if got, wait := take(t, store, 25, step.want); got != step.got || wait != step.wait {
			t.Errorf("step %d: got %d and wait %v, want %d and %v", i+1, got, wait, step.got, step.wait)
		}
	}
	if got, _, err := store.Pace(t.Context(), "discord", 25, 1); err != nil || got != 1 {
		t.Errorf("another platform waits along: %d %v", got, err)
	}
}

// Replicas that ask again when they were told to, a little late, keep the rate
// together, however many they are.
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
			got, wait := take(t, store, rate, 1+random.IntN(4))
			for range got {
				sent = append(sent, now)
			}
			wake[next] += wait + time.Duration(random.IntN(2000))*time.Microsecond
		}
		want := rate * window.Seconds()
		if got := float64(len(sent)); got < want*0.97 || got > want*1.03 {
			t.Errorf("%d replicas: %v sent in %v, want %v within 3 %%", replicas, got, window, want)
		}
		for i, from := range sent { // no window, however short, holds more than the rate and the burst
			for j := i + paceBurst; j < len(sent); j++ {
				most := paceBurst + int((sent[j]-from)*rate/time.Second)
				if n := j - i + 1; n > most {
					t.Fatalf("%d replicas: %d sent within %v, at most %d allowed", replicas, n, sent[j]-from, most)
				}
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
		if _, _, err := store.Pace(b.Context(), telegram, 1e6, 4); err != nil {
			b.Fatal(err)
		}
	}
}
