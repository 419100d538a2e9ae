package flows_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"notalone/bot/bottest"
	"notalone/flows"
)

// What a teacher expects of a daily quiz, a weekly tip and a weekly story: each
// of them comes, in whatever order they were switched on.
func TestADailyQuizAndAWeeklyTipBothCome(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for name, tc := range map[string]struct {
		taps []flows.Path
		want map[flows.DueKind]int // in a week
	}{
		"quiz first":            {[]flows.Path{"setup/quiz/on", "setup/tip/on", "setup/practice/on"}, map[flows.DueKind]int{"quiz": 5, "tip": 1, "practice": 1}},
		"tip first":             {[]flows.Path{"setup/tip/on", "setup/practice/on", "setup/quiz/on"}, map[flows.DueKind]int{"quiz": 5, "tip": 1, "practice": 1}},
		"every day a quiz":      {[]flows.Path{"setup/quiz/on", "setup/quiz/days/127", "setup/tip/on", "setup/practice/on"}, map[flows.DueKind]int{"quiz": 5, "tip": 1, "practice": 1}},
		"the tip on a quiz day": {[]flows.Path{"setup/quiz/on", "setup/tip/on", "setup/tip/days/4"}, map[flows.DueKind]int{"quiz": 4, "tip": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			p := group(t, site)
			for _, path := range tc.taps {
				p.press(path)
			}
			got := posts(t, site, *p.feed, 7)
			for kind, n := range tc.want {
				if got[kind] != n {
					t.Errorf("in a week %v, want %v", got, tc.want)
				}
			}
		})
	}
}

// Whatever is chosen, nothing that is on never comes.
func TestNothingThatIsOnNeverComes(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	days := []uint8{0, 31, 127, 21, 1, 2, 4, 8, 16, 32, 64} // as set-up offers them
	rapid.Check(t, func(t *rapid.T) {
		plan := func(name string) flows.Plan {
			days := rapid.SampledFrom(days).Draw(t, name)
			if days == 0 {
				return flows.Plan{}
			}
			return flows.Plan{Days: days, Minute: rapid.SampledFrom([]uint16{420, 450, 900, 1140}).Draw(t, name+" at")}
		}
		feed := flows.Feed{Lang: "en", Zone: "Asia/Jakarta", Quiz: plan("quiz"), Tip: plan("tip"), Practice: plan("practice")}
		got := posts(t, site, feed, 21)
		for kind, on := range map[flows.DueKind]bool{"quiz": feed.Quiz.On(), "tip": feed.Tip.On(), "practice": feed.Practice.On()} {
			if on != (got[kind] > 0) {
				t.Fatalf("%+v: in three weeks %v", feed, got)
			}
		}
	})
}

// posts counts by kind what is posted in some days.
func posts(t failer, site *flows.Site, feed flows.Feed, days int) map[flows.DueKind]int {
	t.Helper()
	now := time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC) // Monday in Hanoi and Jakarta
	end, made := now.AddDate(0, 0, days), map[flows.DueKind]int{}
	for {
		_, due := soonest(&feed, now)
		if due.IsZero() || !due.Before(end) {
			return made
		}
		for _, kind := range flows.DueKinds() {
			if !feed.Next(kind, now).Equal(due) {
				continue
			}
			var effects []flows.Effect
			feed, effects = site.Due(feed, kind, due, due, flows.Tally{}, 0)
			if _, posted := effect[flows.Post](effects); posted {
				made[kind]++
			}
		}
		now = due
	}
}
