package discord

import (
	"errors"
	"testing"
	"time"
)

func TestSessionsAreNotBegunTooOften(t *testing.T) {
	now := time.Unix(0, 0)
	b := &budget{}
	var first time.Time
	begun := 0
	for ; begun < 2000; begun++ { // a bot that fails at once, for days
		if wait := b.wait(now); wait > 0 {
			now = now.Add(wait)
		}
		if begun == 0 {
			first = now
		}
		if now.Sub(first) >= 24*time.Hour {
			break
		}
		b.spend(now)
		now = now.Add(time.Second)
	}
	if begun > 900 || begun < 800 {
		t.Errorf("%d sessions in a day, want close to 900 and not more", begun)
	}
	if len(b.spent) > 1000 {
		t.Errorf("%d times are kept", len(b.spent))
	}
}

func TestManyQuickFailuresMakeItWait(t *testing.T) {
	now := time.Unix(0, 0)
	b := &budget{}
	for range 20 {
		if wait := b.wait(now); wait != 0 {
			t.Fatalf("waits %v too early", wait)
		}
		b.spend(now)
		now = now.Add(time.Second)
	}
	if wait := b.wait(now); wait != 10*time.Minute-20*time.Second {
		t.Errorf("waits %v, want until the first of twenty is ten minutes old", wait)
	}
}

func TestBackoff(t *testing.T) {
	for try, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if got := backoff(try, time.Second, 1); got != want*time.Second {
			t.Errorf("try %d: %v, want %vs", try, got, want)
		}
		if got := backoff(try, time.Second, 0); got != want*time.Second/2 {
			t.Errorf("try %d without luck: %v", try, got)
		}
	}
	if got := backoff(5000, time.Second, 1); got != maxBackoff {
		t.Errorf("after days: %v", got)
	}
}

func TestPulse(t *testing.T) {
	now := time.Unix(1000, 0)
	p := newPulse(func() time.Time { return now })
	check := func(when string, want error) {
		t.Helper()
		if got := p.alive(now); !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	check("at the start", errNeverConnected)
	p.beat()
	p.connected(true)
	check("connected", nil)
	now = now.Add(silentAfter)
	check("after a quiet while", nil)
	now = now.Add(time.Second)
	check("after too long a while", errSilent)
	p.beat()
	check("when heard again", nil)
	p.connected(false)
	now = now.Add(awayAfter)
	check("a minute away", nil)
	p.connected(false)
	now = now.Add(time.Second)
	check("longer away", errAway)
	p.beat()
	p.connected(true)
	check("back", nil)
}

func TestDeafnessIsSaidOnce(t *testing.T) {
	now, log := time.Unix(1000, 0), &lockedBuffer{}
	a, err := New(Options{Token: "x", Now: func() time.Time { return now }, Log: quietLog(log)})
	if err != nil {
		t.Fatal(err)
	}
	w := &watch{a: a}
	w.look()
	a.pulse.beat()
	a.pulse.connected(true)
	w.look()
	for range 3 {
		now = now.Add(2 * silentAfter)
		w.look()
	}
	a.pulse.beat()
	w.look()
	w.look()
	if deaf, back := log.count("the bot is deaf"), log.count("hears again"); deaf != 1 || back != 1 {
		t.Errorf("said %d times that it is deaf and %d that it hears again, want once each", deaf, back)
	}
}
