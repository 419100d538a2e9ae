package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

var daily = flows.Plan{Days: 127, Minute: 450}

func TestNextKeepsToTheLocalHour(t *testing.T) {
	for name, tc := range map[string]struct {
		zone, after, want string
		plan              flows.Plan
		paused            string
	}{
		"London before summer time":   {"Europe/London", "2026-03-28T08:00:00Z", "2026-03-29T06:30:00Z", daily, ""},
		"London after summer time":    {"Europe/London", "2026-10-24T07:00:00Z", "2026-10-25T07:30:00Z", daily, ""},
		"New York before summer time": {"America/New_York", "2026-03-07T13:00:00Z", "2026-03-08T11:30:00Z", daily, ""},
		"New York after summer time":  {"America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T12:30:00Z", daily, ""},
		"Jakarta, over the date line": {"Asia/Jakarta", "2026-10-25T00:30:00Z", "2026-10-26T00:30:00Z", daily, ""},
		"school days over a weekend":  {"Asia/Jakarta", "2026-10-23T01:00:00Z", "2026-10-26T00:30:00Z", flows.Plan{Days: 31, Minute: 450}, ""},
		"one weekday":                 {"Asia/Jakarta", "2026-10-23T01:00:00Z", "2026-10-29T13:30:00Z", flows.Plan{Days: 8, Minute: 1230}, ""},
		"paused":                      {"Asia/Jakarta", "2026-10-01T00:00:00Z", "2026-11-02T00:30:00Z", flows.Plan{Days: 31, Minute: 450}, "2026-10-31T00:00:00Z"},
		"a pause that is over":        {"Asia/Jakarta", "2026-10-01T01:00:00Z", "2026-10-02T00:30:00Z", daily, "2026-09-01T00:00:00Z"},
		"off":                         {"Asia/Jakarta", "2026-10-01T00:00:00Z", "", flows.Plan{}, ""},
		"an hour of the night":        {"Asia/Jakarta", "2026-10-01T00:00:00Z", "", flows.Plan{Days: 127, Minute: 1260}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			feed := flows.Feed{Zone: tc.zone, Quiz: tc.plan}
			if tc.paused != "" {
				feed.PausedTill = parse(t, tc.paused).Unix()
			}
			want := time.Time{}
			if tc.want != "" {
				want = parse(t, tc.want)
			}
			if got := feed.Next(flows.DueQuiz, parse(t, tc.after)); !got.Equal(want) {
				t.Errorf("next is %s, want %s", got.UTC(), want)
			}
		})
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDuePostsInTimeOrNotAtAll(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	due := time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC) // 07:30 in Hanoi
	evening := due.Add(12*time.Hour + 45*time.Minute)     // 20:15 there
	feed := flows.Feed{Lang: "vi", Zone: "Asia/Ho_Chi_Minh", Quiz: daily}
	for name, tc := range map[string]struct {
		due, now time.Time
		change   func(*flows.Feed)
		want     bool
	}{
		"in time":               {due, due, nil, true},
		"two hours late":        {due, due.Add(2 * time.Hour), nil, true},
		"later":                 {due, due.Add(2*time.Hour + time.Second), nil, false},
		"a clock that jumps":    {due, due.Add(-3 * time.Hour), nil, false},
		"late, but night":       {evening, evening.Add(45 * time.Minute), nil, false},
		"the last one":          {evening.Add(-time.Hour), evening.Add(-15 * time.Minute), nil, true},
		"too late to answer":    {evening.Add(-time.Hour), evening.Add(-14 * time.Minute), nil, false},
		"paused":                {due, due, func(f *flows.Feed) { f.PausedTill = due.Unix() + 1 }, false},
		"switched off":          {due, due, func(f *flows.Feed) { f.Quiz = flows.Plan{} }, false},
		"one was posted":        {due, due, func(f *flows.Feed) { f.LastPost = int32((due.Unix() + 7*3600) / 86400) }, false},
		"one posted yesterday":  {due, due, func(f *flows.Feed) { f.LastPost = int32((due.Unix()+7*3600)/86400) - 1 }, true},
		"a zone nobody knows":   {due, due, func(f *flows.Feed) { f.Zone = "Mars/Base" }, false}, // 00:30 UTC
		"a language since gone": {due, due, func(f *flows.Feed) { f.Lang = "xx" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			feed := feed
			if tc.change != nil {
				tc.change(&feed)
			}
			_, effects := site.Due(feed, flows.DueQuiz, tc.due, tc.now, flows.Tally{}, 0)
			if _, posted := effect[flows.Post](effects); posted != tc.want {
				t.Errorf("posted = %v", posted)
			}
		})
	}
}

// A month of any settings: nothing at night, one unasked post a day.
func TestAMonthOfPosts(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	plan := rapid.Custom(func(t *rapid.T) flows.Plan {
		return flows.Plan{Days: rapid.Uint8Range(0, 127).Draw(t, "days"), Minute: rapid.Uint16Range(420, 1259).Draw(t, "minute")}
	})
	rapid.Check(t, func(t *rapid.T) {
		feed := flows.Feed{
			Private: rapid.Bool().Draw(t, "private"), Lang: "en",
			Zone: rapid.SampledFrom([]string{"Europe/London", "America/New_York", "Asia/Jakarta", "Australia/Adelaide"}).Draw(t, "zone"),
			Quiz: plan.Draw(t, "quiz"), Tip: plan.Draw(t, "tip"), Practice: plan.Draw(t, "practice"),
		}
		zone, _ := time.LoadLocation(feed.Zone)
		now := time.Date(2026, rapid.SampledFrom([]time.Month{3, 7, 10}).Draw(t, "month"), 10, 0, 0, 0, 0, time.UTC)
		end := now.AddDate(0, 0, 30)
		posts := map[string]int{}
		for {
			kind, due := soonest(&feed, now)
			if due.IsZero() || due.After(end) {
				return
			}
			now = due.Add(time.Duration(rapid.IntRange(0, 150).Draw(t, "late")) * time.Minute)
			var effects []flows.Effect
			feed, effects = site.Due(feed, kind, due, now, flows.Tally{Right: 3, Answers: 7}, flows.CanPoll)
			post, posted := effect[flows.Post](effects)
			if !posted {
				continue
			}
			local := now.In(zone)
			if local.Hour() < 7 || local.Hour() >= 21 {
				t.Fatalf("%s was posted at %s", kind, local)
			}
			if closes := time.Unix(feed.Round.Closes, 0).In(zone); post.Poll != nil &&
				(closes.Format("15:04") > "20:30" || closes.Sub(local) < 30*time.Minute || closes.Sub(local) > 8*time.Hour) {
				t.Fatalf("a quiz of %s closes at %s", local, closes)
			}
			if kind == flows.DueClose || kind == flows.DueSummary {
				continue
			}
			if posts[local.Format(time.DateOnly)]++; posts[local.Format(time.DateOnly)] > 1 {
				t.Fatalf("more than one post on %s", local)
			}
			if feed.Private && !slices.Contains(post.Page.Links(), "stop/now") {
				t.Fatal("a private post without a way to stop")
			}
		}
	})
}

// soonest is what falls due next in a feed.
func soonest(feed *flows.Feed, now time.Time) (first flows.DueKind, at time.Time) {
	for _, kind := range flows.DueKinds() {
		if due := feed.Next(kind, now); !due.IsZero() && (at.IsZero() || due.Before(at)) {
			first, at = kind, due
		}
	}
	return first, at
}

func TestAQuizDayOfAClass(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	together := func(right, all int) string {
		return site.Words().Line("en", "class.together", i18n.Count("Right", right), i18n.Count("All", all))
	}
	morning := time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)
	class := flows.Feed{Lang: "en", Zone: "Asia/Ho_Chi_Minh", Quiz: daily}
	open, effects := site.Due(class, flows.DueQuiz, morning, morning, flows.Tally{}, 0)
	post, _ := effect[flows.Post](effects)
	fits(t, post.Page)
	if post.Poll != nil || post.Page.Links()[0].Root() != "class" || open.Round.Question == "" || open.Round.Closes != morning.Add(8*time.Hour).Unix() {
		t.Fatalf("opened %+v with %v", open.Round, post.Page.Links())
	}
	for _, tc := range []struct {
		tally flows.Tally
		told  bool
	}{{flows.Tally{Right: 4, Answers: 4}, false}, {flows.Tally{Right: 4, Answers: 5}, true}, {flows.Tally{}, false}} {
		closes := time.Unix(open.Round.Closes, 0)
		closed, effects := site.Due(open, flows.DueClose, closes, closes, tc.tally, 0)
		post, ok := effect[flows.Post](effects)
		if !ok || closed.Round != (flows.Round{}) || len(closed.Week) != 1 {
			t.Fatalf("closed with %+v", closed)
		}
		if got := strings.Contains(post.Page.Text.Plain(), together(tc.tally.Right, tc.tally.Answers)); got != tc.told {
			t.Errorf("%+v was told = %v: %q", tc.tally, got, post.Page.Text.Plain())
		}
	}
	friday := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	class.Week = []flows.Score{{Question: "prize", Right: 9, Answers: 10}, {Question: "code", Right: 1, Answers: 1}, {Question: "code", Right: 5, Answers: 10}}
	after, effects := site.Due(class, flows.DueSummary, friday, friday, flows.Tally{}, 0)
	post, _ = effect[flows.Post](effects)
	if got := post.Page.Text.Plain(); !strings.Contains(got, together(14, 20)) || !strings.Contains(got, "Codes are keys") || len(after.Week) != 0 {
		t.Errorf("the week: %q", got)
	}
}

func TestOneQuestionForAllFeedsOfADate(t *testing.T) {
	site := bottest.Site(t, bottest.Keywords{})
	for d := range 7 {
		asked := map[string]bool{}
		for _, zone := range []string{"Asia/Ho_Chi_Minh", "Asia/Jayapura", "Europe/London", "America/Los_Angeles", "Pacific/Auckland"} {
			for _, minute := range []uint16{420, 1140} {
				feed := flows.Feed{Lang: "vi", Zone: zone, Quiz: flows.Plan{Days: 127, Minute: minute}}
				location, err := time.LoadLocation(zone)
				if err != nil {
					t.Fatal(err)
				}
				due := feed.Next(flows.DueQuiz, time.Date(2026, 11, 20+d, 0, 0, 0, 0, location))
				opened, _ := site.Due(feed, flows.DueQuiz, due, due, flows.Tally{}, flows.CanPoll)
				asked[opened.Round.Question] = true
			}
		}
		if len(asked) != 1 || asked[""] {
			t.Errorf("day %d: asked %v", d, asked)
		}
	}
}
