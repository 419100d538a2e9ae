package week

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"notalone/bot/redisstore"
	"notalone/flows"
	"notalone/flows/content"
	"notalone/flows/understand"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

// words stand for what the house says around a quiz, so that these tests do not
// depend on it.
const words = `
[class]
closed = "Closed."
answer = "The answer: {{.Answer}}."
together = "{{.Right}} of {{.All}} got it."
week = "{{.N}} questions this week."
talk = "To talk about:"
[mine]
foot = "You asked for this."
`

func site(t *testing.T) *flows.Site {
	t.Helper()
	own := fstest.MapFS{}
	for _, lang := range []string{"en", "id", "vi"} {
		own[lang+"/own.toml"] = &fstest.MapFile{Data: []byte(words)}
	}
	catalog, err := i18n.Load(i18n.Embedded(), own)
	if err != nil {
		t.Fatal(err)
	}
	structure, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := features.LoadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := understand.Load(lexicon)
	if err != nil {
		t.Fatal(err)
	}
	site, err := flows.NewSite(catalog, structure, reader, nil, flows.Operator{})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// server is an embedded Redis that is never really cut off: it only forgets its
// scripts and answers nobody for a while.
type server struct{ *miniredis.Miniredis }

func (s server) Cut(context.Context) error {
	s.SetError("LOADING Redis is loading the dataset in memory")
	s.SetError("")
	return nil
}

func (s server) Down(context.Context) (func() error, error) {
	s.SetError("LOADING Redis is loading the dataset in memory")
	return func() error { s.SetError(""); return nil }, nil
}

func (s server) Size(context.Context) (Size, error) {
	var size Size
	for _, key := range s.Keys() {
		switch {
		case strings.HasPrefix(key, "na:pace:"):
			continue
		case strings.HasSuffix(key, ":leased"):
			size.Leases++
		}
		size.Keys++
	}
	return size, nil
}

func play(t *testing.T, o Options) *Report {
	t.Helper()
	o.Site, o.From = site(t), time.Date(2026, 10, 23, 0, 0, 0, 0, time.UTC)
	w, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	redis := server{miniredis.RunT(t)}
	client, err := redisstore.Connect("redis://"+redis.Addr(), redisstore.Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	store, err := redisstore.New(client, []byte(strings.Repeat("s", redisstore.MinSecret)), w.Now)
	if err != nil {
		t.Fatal(err)
	}
	report, err := w.Play(t.Context(), store, redis)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestEveryPromiseIsKept(t *testing.T) {
	for name, o := range map[string]Options{
		"in peace":     {Groups: 18, People: 12, Days: 4, Seed: 1},
		"with trouble": {Groups: 36, People: 12, Days: 3, Seed: 2, Kills: true},
	} {
		t.Run(name, func(t *testing.T) {
			report := play(t, o)
			var b strings.Builder
			if err := report.Summary(&b); err != nil {
				t.Fatal(err)
			}
			if len(report.Broken) > 0 || report.Posts() < o.Groups {
				t.Error(b.String())
			}
			if o.Kills && report.week.kills == 0 {
				t.Error("no process was killed")
			}
		})
	}
}

// What a broken clock would do is found.
func TestABrokenPromiseIsFound(t *testing.T) {
	kept := play(t, Options{Groups: 12, People: 6, Days: 2, Seed: 3})
	if len(kept.Broken) > 0 {
		t.Fatal(kept.Broken)
	}
	first := func(w *Week, kind flows.DueKind) (*platform, int) {
		for _, p := range w.platforms {
			for i, arrived := range p.posts {
				if arrived.kind == kind && (kind != flows.DueQuiz || !arrived.member.feed.Private) {
					return p, i
				}
			}
		}
		t.Fatalf("no %s was posted", kind)
		return nil, 0
	}
	for name, tc := range map[string]struct {
		spoil func(w *Week)
		found string
	}{
		"twice": {func(w *Week) {
			p, i := first(w, flows.DueQuiz)
			p.posts = append(p.posts, p.posts[i])
		}, "was posted 2 times"},
		"never": {func(w *Week) {
			p, i := first(w, flows.DueClose)
			p.posts = append(p.posts[:i:i], p.posts[i+1:]...)
		}, "close on"},
		"at night": {func(w *Week) {
			p, i := first(w, flows.DueTip)
			night := *p.posts[i]
			night.at = night.at.Add(14 * time.Hour)
			p.posts = append(p.posts, &night)
		}, "in quiet hours"},
		"unasked": {func(w *Week) {
			p, i := first(w, flows.DueTip)
			story := *p.posts[i]
			story.kind = flows.DuePractice
			p.posts = append(p.posts, &story)
		}, "nothing asked for it"},
		"another count": {func(w *Week) {
			for _, p := range w.platforms {
				for _, quiz := range p.open {
					quiz.votes = []int{50, 50}
				}
			}
		}, "is not told"},
		"in doubt": {func(w *Week) { w.Posted(buttons, "uncertain") }, "in doubt"},
	} {
		t.Run(name, func(t *testing.T) {
			w := kept.week
			saved := map[*platform][]*post{}
			for _, p := range w.platforms {
				saved[p] = p.posts
				p.posts = append([]*post(nil), p.posts...)
			}
			tc.spoil(w)
			w.broken = nil
			w.check()
			if !strings.Contains(strings.Join(w.broken, "\n"), tc.found) {
				t.Errorf("found %q, want %q", w.broken, tc.found)
			}
			for p, posts := range saved {
				p.posts = posts
			}
		})
	}
}
