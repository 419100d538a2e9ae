package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
	"notalone/i18n"
)

// news is an announcement in three languages to all.
func news(change ...func(*flows.Announcement)) *flows.Announcement {
	a := &flows.Announcement{
		ID:    flows.NewsID(7),
		Texts: map[i18n.Lang]string{"vi": "Chào", "id": "Halo", "en": "Hello"},
		To:    flows.Receivers{Groups: true, People: true},
		Stage: flows.Scheduled,
	}
	for _, c := range change {
		c(a)
	}
	a.Approve("lan")
	return a
}

// announce lets an announcement out, as a moderator's last tap does.
func (s *stage) announce(a *flows.Announcement, platforms ...bot.Name) {
	s.t.Helper()
	if err := s.store.ServePlatforms(s.t.Context(), platforms...); err != nil {
		s.t.Fatal(err)
	}
	_, version, err := s.store.Announcement(s.t.Context(), a.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	if ok, err := s.store.SaveAnnouncement(s.t.Context(), flows.Moderator{Key: "lan"}, a, version, "sent"); err != nil || !ok {
		s.t.Fatalf("stored %v: %v", ok, err)
	}
}

func (s *stage) announcement() *flows.Announcement {
	s.t.Helper()
	a, _, err := s.store.Announcement(s.t.Context(), flows.NewsID(7))
	if err != nil || a == nil {
		s.t.Fatalf("the announcement is %v: %v", a, err)
	}
	return a
}

func (s *stage) progress(platforms ...bot.Name) *flows.Progress {
	s.t.Helper()
	p, err := s.store.Progress(s.t.Context(), s.announcement(), platforms)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *stage) mailer(adapters ...bot.Adapter) *outbox.Mailer {
	return outbox.NewMailer(s.options(s, s.store, adapters...), s.store)
}

// step is one look of a mailer, as its loops do once a second.
func step(ctx context.Context, m *outbox.Mailer) {
	m.Command(ctx)
	m.Work(ctx)
	m.Command(ctx)
}

// pass lets time go by for Redis too: whoever died is no captain any more.
func (s *stage) pass(d time.Duration) {
	s.wait(d)
	s.server.FastForward(d)
}

// readers are places that take news: groups and people in three languages.
func (s *stage) readers(p *platform, groups, people int) {
	langs := []i18n.Lang{"vi", "id", "en"}
	for i := range groups + people {
		feed := &flows.Feed{Lang: langs[i%3], Zone: "UTC", News: true, Private: i >= groups, Country: "VN", Kind: "group"}
		if feed.Private {
			feed.Owner = strconv.Itoa(i)
		}
		s.save(place(p, strconv.Itoa(i)), feed)
	}
}

// received lists what each place got.
func (p *platform) received() map[string][]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := map[string][]string{}
	for _, post := range p.posts {
		words, _, _ := strings.Cut(post.page.Text.Plain(), "\n")
		got[post.place.Chat()] = append(got[post.place.Chat()], words)
	}
	return got
}

func TestEverybodyGetsItOnceInTheirLanguage(t *testing.T) {
	s := newWiredStage(t)
	p := newPlatform("test", 0)
	s.readers(p, 60, 30)
	s.save(place(p, "no news"), class())
	s.announce(news(), "test")
	replicas := []*outbox.Mailer{s.mailer(p), s.mailer(p)}
	for range 3 {
		for _, m := range replicas {
			step(t.Context(), m)
		}
	}
	want := []string{"Chào", "Halo", "Hello"}
	got := p.received()
	for i := range 90 {
		if words := got[strconv.Itoa(i)]; !slices.Equal(words, want[i%3:i%3+1]) {
			t.Errorf("%d got %q", i, words)
		}
	}
	if len(got) != 90 {
		t.Errorf("%d places got it, want 90", len(got))
	}
	progress := s.progress("test")
	if a := s.announcement(); a.Stage != flows.Done || progress.All != 90 || progress.Count(flows.OutSent) != 90 || progress.Left != 0 {
		t.Errorf("the announcement is %s, progress %+v", a.Stage, progress)
	}
	for _, post := range p.posts {
		private := post.place.Chat() >= "60" && len(post.place.Chat()) == 2
		if stop := slices.Contains(post.page.Links(), "stop/now"); stop != private {
			t.Errorf("a way to stop is offered %v in private %v", stop, private)
		}
	}
	s.mustBeAtRest(t)
}

func TestWhoGetsItAndWhen(t *testing.T) {
	hour := func(h, m int) time.Time { return time.Date(2026, 11, 24, h, m, 0, 0, time.UTC) }
	for name, tc := range map[string]struct {
		feed    flows.Feed
		change  func(*flows.Announcement)
		lastUse time.Time
		now     time.Time
		want    string
		later   time.Time
		skip    string
	}{
		"a group":                       {now: half, want: "Hello"},
		"only groups":                   {feed: flows.Feed{Private: true}, change: func(a *flows.Announcement) { a.To.People = false }, now: half, skip: flows.SkipUnwanted},
		"only channels":                 {feed: flows.Feed{Kind: "group"}, change: func(a *flows.Announcement) { a.To.Kinds = []string{"channel"} }, now: half, skip: flows.SkipUnwanted},
		"people of any kind of group":   {feed: flows.Feed{Private: true}, change: func(a *flows.Announcement) { a.To.Kinds = []string{"channel"} }, now: half, want: "Hello"},
		"another country":               {feed: flows.Feed{Country: "ID"}, change: func(a *flows.Announcement) { a.To.Countries = []string{"VN"} }, now: half, skip: flows.SkipUnwanted},
		"another platform":              {change: func(a *flows.Announcement) { a.To.Platforms = []string{"other"} }, now: half, skip: flows.SkipUnwanted},
		"no text":                       {feed: flows.Feed{Lang: "id"}, change: func(a *flows.Announcement) { delete(a.Texts, "id") }, now: half, skip: flows.SkipLanguage},
		"the text of another language":  {feed: flows.Feed{Lang: "id"}, change: func(a *flows.Announcement) { delete(a.Texts, "id"); a.Fallback = "vi" }, now: half, want: "Chào"},
		"at night":                      {now: hour(22, 0), later: hour(31, 0)},
		"early in the morning":          {now: hour(3, 0), later: hour(7, 0)},
		"in a running conversation":     {feed: flows.Feed{Private: true}, lastUse: half.Add(-20 * time.Minute), now: half, later: half.Add(50 * time.Minute)},
		"an hour after one":             {feed: flows.Feed{Private: true}, lastUse: half.Add(-70 * time.Minute), now: half, want: "Hello"},
		"paused for a day":              {feed: flows.Feed{PausedTill: half.Add(24 * time.Hour).Unix()}, now: half, later: half.Add(24 * time.Hour)},
		"paused for the holidays":       {feed: flows.Feed{PausedTill: half.Add(240 * time.Hour).Unix()}, now: half, skip: flows.SkipPaused},
		"at eight by each one's clock":  {feed: flows.Feed{Zone: "Asia/Jakarta"}, change: func(a *flows.Announcement) { a.When = flows.When{At: hour(8, 0).Unix(), Local: true} }, now: hour(0, 30), later: hour(1, 0)},
		"at eight by one clock":         {feed: flows.Feed{Zone: "Asia/Jakarta"}, change: func(a *flows.Announcement) { a.When = flows.When{At: hour(8, 0).Unix()} }, now: hour(1, 0), later: hour(8, 0)},
		"at eight by each one's, there": {feed: flows.Feed{Zone: "Asia/Jakarta"}, change: func(a *flows.Announcement) { a.When = flows.When{At: hour(8, 0).Unix(), Local: true} }, now: hour(1, 0), want: "Hello"},
	} {
		t.Run(name, func(t *testing.T) {
			feed := tc.feed
			feed.News = true
			if feed.Zone == "" {
				feed.Zone = "UTC"
			}
			if feed.Lang == "" {
				feed.Lang = "en"
			}
			a := news()
			if tc.change != nil {
				tc.change(a)
			}
			var used int64
			if !tc.lastUse.IsZero() {
				used = tc.lastUse.Unix()
			}
			verdict := smallSite(t).Announce(a, &feed, "test", used, tc.now)
			got := ""
			if verdict.Post.Page != nil {
				got, _, _ = strings.Cut(verdict.Post.Page.Text.Plain(), "\n")
			}
			if got != tc.want || !verdict.Later.Equal(tc.later) || verdict.Skip != tc.skip {
				t.Errorf("gets %q, later %v, skipped %q", got, verdict.Later, verdict.Skip)
			}
		})
	}
}

func TestWhatBecomesOfReceivers(t *testing.T) {
	to := bot.NewAddress("test", "new", "")
	for name, tc := range map[string]struct {
		fail    func(int) error
		outcome string // of the second look, a while later
		posts   int
		kept    bool // the feed
	}{
		"sent":            {nil, flows.OutSent, 1, true},
		"blocked":         {failing(&bot.SendError{Kind: bot.Gone}, 0), flows.OutWiped, 0, false},
		"no permission":   {failing(&bot.SendError{Kind: bot.Refused}, 0), flows.OutRefused, 0, true},
		"throttled once":  {failing(&bot.SendError{Kind: bot.Throttled, RetryAfter: 3 * time.Second}, 1), flows.OutSent, 1, true},
		"a passing fault": {failing(errors.New("reset"), 1), flows.OutSent, 1, true},
		"timed out":       {failing(context.DeadlineExceeded, 0), flows.OutUncertain, 0, true},
		"down for a day":  {failing(errors.New("reset"), 0), flows.OutFailed, 0, true},
		"moved":           {failing(&bot.SendError{Kind: bot.Refused, MovedTo: to}, 1), flows.OutSent, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newWiredStage(t)
			p := newPlatform("test", 0)
			p.fail = tc.fail
			s.readers(p, 1, 0)
			s.announce(news(), "test")
			m := s.mailer(p)
			for range 60 {
				step(t.Context(), m)
				s.wait(10 * time.Minute)
			}
			progress := s.progress("test")
			if progress.All != 1 || progress.Count(tc.outcome) != 1 || len(p.posts) != tc.posts {
				t.Errorf("%d posts, progress %+v", len(p.posts), progress)
			}
			if kept := s.feed(place(p, "0")) != nil; kept != tc.kept {
				t.Errorf("the feed is kept: %v", kept)
			}
			if s.announcement().Stage != flows.Done {
				t.Errorf("the announcement is %s", s.announcement().Stage)
			}
			s.mustBeAtRest(t)
		})
	}
}

// A hiccup fails the first post and remembers how many others came before it was
// tried again. Every post takes a second.
type hiccup struct {
	*platform
	stage  *stage
	place  bot.Address
	before int
}

func (h *hiccup) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	h.stage.wait(time.Second)
	h.mu.Lock()
	first := h.place == bot.Address{}
	switch {
	case first:
		h.place = place
	case h.place == place:
		h.before = len(h.posts)
	}
	h.mu.Unlock()
	if first {
		return bot.Sent{}, errors.New("reset")
	}
	return h.platform.Post(ctx, place, post, nonce)
}

// A receiver that failed for a moment is tried again soon, however many wait: a
// platform knows a nonce again for minutes only.
func TestARetryDoesNotWaitForTheWholeQueue(t *testing.T) {
	s := newWiredStage(t)
	h := &hiccup{platform: newPlatform("test", flows.CanRepeat), stage: s}
	s.readers(h.platform, 400, 0)
	s.announce(news(), "test")
	step(t.Context(), s.mailer(h))
	if len(h.posts) != 400 || h.before == 0 || h.before > 100 {
		t.Errorf("%d posts, %d of them before the retry", len(h.posts), h.before)
	}
}

func TestAModeratorPausesAndCancels(t *testing.T) {
	s := newWiredStage(t)
	p := newPlatform("test", 0)
	s.readers(p, 40, 0)
	s.announce(news(), "test")
	m := s.mailer(p)
	m.Command(t.Context())
	a := s.announcement()
	a.Stage = flows.Paused
	s.announce(a)
	step(t.Context(), m)
	if n := p.count(); n != 0 {
		t.Errorf("%d were sent while it was paused", n)
	}
	a = s.announcement()
	a.Stage = flows.Cancelled
	s.announce(a)
	for range 3 {
		step(t.Context(), m)
	}
	if progress := s.progress("test"); p.count() != 0 || progress.Left != 0 || s.announcement().Live() {
		t.Errorf("%d sent, progress %+v, still worked on %v", p.count(), progress, s.announcement().Live())
	}
}

func TestTooManyFaultsPauseIt(t *testing.T) {
	s := newWiredStage(t)
	p := newPlatform("test", 0)
	p.fail = failing(&bot.SendError{Kind: bot.Refused}, 0)
	s.readers(p, 200, 0)
	s.announce(news(), "test")
	m := s.mailer(p)
	p.fail = func(try int) error { // the captain looks on meanwhile
		if try == 30 {
			m.Command(t.Context())
		}
		return &bot.SendError{Kind: bot.Refused}
	}
	step(t.Context(), m)
	if a := s.announcement(); a.Stage != flows.Paused || a.Stopped != flows.StoppedByFaults {
		t.Errorf("it is %s, stopped by %q", a.Stage, a.Stopped)
	}
}

func TestAnAnnouncementIsTakenBackOrPutRight(t *testing.T) {
	for name, deletes := range map[string]bool{"taken back": true, "put right": false} {
		t.Run(name, func(t *testing.T) {
			s := newWiredStage(t)
			p := newPlatform("test", 0)
			s.readers(p, 10, 5)
			s.announce(news(), "test")
			m := s.mailer(p)
			step(t.Context(), m)
			a := s.announcement()
			a.Texts["en"] = "Hello again"
			if !deletes { // to take it back, nobody has to agree to new words
				a.Approve("lan")
			}
			a.Undo = flows.Undo{Running: true, Delete: deletes, Round: 1}
			s.announce(a)
			for range 2 {
				step(t.Context(), m)
			}
			var touched []string
			if deletes {
				touched = p.deleted
			} else {
				touched = p.edited
			}
			slices.Sort(touched)
			if len(slices.Compact(touched)) != 15 || len(touched) != 15 || s.announcement().Undo.Running {
				t.Errorf("touched %v, still running %v", touched, s.announcement().Undo.Running)
			}
		})
	}
}

// TestAnUndoIsPausedAndCancelled: nothing is touched while it is paused, and after
// a cancellation nobody waits any more.
func TestAnUndoIsPausedAndCancelled(t *testing.T) {
	s := newWiredStage(t)
	p := newPlatform("test", 0)
	s.readers(p, 15, 0)
	s.announce(news(), "test")
	m := s.mailer(p)
	step(t.Context(), m)
	undo := func(change func(*flows.Announcement)) *flows.Progress {
		a := s.announcement()
		change(a)
		s.announce(a)
		step(t.Context(), m)
		return s.progress("test")
	}
	paused := undo(func(a *flows.Announcement) { a.Undo = flows.Undo{Running: true, Paused: true, Delete: true, Round: 1} })
	if len(p.deleted) > 0 || paused.Left != 15 {
		t.Fatalf("%d were taken back while it was paused, %d left", len(p.deleted), paused.Left)
	}
	cancelled := undo(func(a *flows.Announcement) { a.Cancel() })
	if len(p.deleted) > 0 || cancelled.Left != 0 || s.announcement().Live() {
		t.Fatalf("cancelled: %d taken back, %d left, worked on %v", len(p.deleted), cancelled.Left, s.announcement().Live())
	}
	undo(func(a *flows.Announcement) { a.Undo = flows.Undo{Running: true, Paused: true, Delete: true, Round: 2} })
	if undo(func(a *flows.Announcement) { a.Resume(0) }); len(p.deleted) != 15 || s.announcement().Undo.Running {
		t.Errorf("resumed: %d were taken back, still running %v", len(p.deleted), s.announcement().Undo.Running)
	}
	s.mustBeAtRest(t)
}

func (s *stage) onceEach(rt *rapid.T, p *platform) {
	progress := s.progress("test")
	got := p.received()
	for chat, words := range got {
		if len(words) > 1 {
			rt.Fatalf("%s got it %d times", chat, len(words))
		}
	}
	sent, uncertain := progress.Count(flows.OutSent), progress.Count(flows.OutUncertain)
	if progress.Left != 0 || sent+uncertain != 18 || s.announcement().Stage != flows.Done {
		rt.Fatalf("%s: progress %+v", s.announcement().Stage, progress)
	}
	if len(got)+uncertain < 18 || sent > len(got) {
		rt.Fatalf("%d arrived, %d counted as sent, %d in doubt", len(got), sent, uncertain)
	}
}

// moderator makes somebody one, who writes from a place.
func (s *stage) moderator(name string, place bot.Address) flows.Moderator {
	s.t.Helper()
	code, err := s.store.Invite(s.t.Context(), flows.Moderator{Key: "lan"}, flows.RoleModerator, name)
	if err != nil {
		s.t.Fatal(err)
	}
	person := bot.NewPerson(place.Platform(), name)
	if role, err := s.store.Join(s.t.Context(), bot.DeskAsk{Person: person, Place: place}, code); err != nil || role == "" {
		s.t.Fatalf("joined as %q: %v", role, err)
	}
	desk, err := s.store.Desk(s.t.Context(), bot.DeskAsk{Person: person, Place: place})
	if err != nil {
		s.t.Fatal(err)
	}
	return desk.Me
}

// watchedStage has news for five groups, and a moderator who may ask for the
// progress to be shown.
func watchedStage(t *testing.T) (s *stage, p *platform, watch func()) {
	t.Helper()
	s, p = newWiredStage(t), newPlatform("test", 0)
	s.readers(p, 5, 0)
	s.announce(news(), "test")
	chat := place(p, "moderator")
	mai := bot.Colleague{Key: s.moderator("mai", chat).Key, Place: chat, Lang: "en"}
	return s, p, func() {
		t.Helper()
		if err := s.store.Watch(t.Context(), &flows.Announcement{ID: flows.NewsID(7)}, mai, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheProgressIsShownInOneMessage(t *testing.T) {
	s, p, watch := watchedStage(t)
	watch()
	m := s.mailer(p)
	m.Command(t.Context()) // begins
	m.Command(t.Context()) // shows
	for range 3 {
		watch() // as a pause does
		step(t.Context(), m)
		s.wait(6 * time.Second)
	}
	shown := p.received()["moderator"]
	if len(shown) != 1 || len(p.edited) == 0 {
		t.Errorf("shown in %d messages, edited %d times", len(shown), len(p.edited))
	}
	acts := "sent, invited as moderator, joined as moderator, began, done"
	if entries := strings.Join(audit(t, s), ", "); entries != acts {
		t.Errorf("the log tells %v", entries)
	}
}

// TestTheEndIsTold: a moderator sees the report also when the platform has no time
// for it at once; a platform that stays away does not hold the end up for ever.
func TestTheEndIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		throttled int // calls that are
		within    time.Duration
		shown     int
	}{
		"at once":       {0, 0, 1},
		"after a while": {3, 30 * time.Second, 1},
		"not at all":    {1000, 90 * time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, p, watch := watchedStage(t)
			m := s.mailer(p)
			m.Command(t.Context())
			m.Work(t.Context())
			p.fail = func(tries int) error {
				if tries <= 5+c.throttled {
					return &bot.SendError{Kind: bot.Throttled, RetryAfter: 2 * time.Second, Op: "post"}
				}
				return nil
			}
			began := s.now()
			watch()
			for s.announcement().Stage != flows.Done && s.now().Sub(began) < 5*time.Minute {
				m.Command(t.Context())
				s.wait(time.Second)
			}
			shown := p.received()["moderator"]
			if took := s.now().Sub(began) - time.Second; took > c.within || len(shown) != c.shown {
				t.Errorf("done after %v, the report was shown %d times: %q", took, len(shown), shown)
			}
		})
	}
}

func audit(t *testing.T, s *stage) []string {
	t.Helper()
	var acts []string
	err := s.store.Audit(t.Context(), func(e auditEntry) error { acts = append(acts, e.Act); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return acts
}
