package flows

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"notalone/i18n"
)

// A Reach is how many an announcement would get to, as a whole.
type Reach struct {
	All      int
	Fallback int       // get the text of another language
	None     int       // get nothing: there is no text for them
	Parts    []Reached // by platform and language
}

// ReachOf counts the audience of an announcement among all who take news.
func (s *Site) ReachOf(a *Announcement, all []Reached) Reach {
	var reach Reach
	type part struct {
		platform string
		lang     i18n.Lang
	}
	counts := map[part]int{}
	for _, r := range all {
		if !a.Takes(&r.Class, r.Platform) {
			continue
		}
		own := s.feedLang(r.Class)
		reach.All += r.N
		counts[part{r.Platform, own}] += r.N
		switch lang, ok := a.textFor(own); {
		case !ok:
			reach.None += r.N
		case lang != own:
			reach.Fallback += r.N
		}
	}
	for p, n := range counts {
		reach.Parts = append(reach.Parts, Reached{Platform: p.platform, Class: Feed{Lang: p.lang}, N: n})
	}
	slices.SortFunc(reach.Parts, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Class.Lang, b.Class.Lang))
	})
	return reach
}

func (t *turn) reach(a *Announcement) Reach { return t.site.ReachOf(a, t.event.Desk.Reach) }

// reachLines tell the audience by platform and language, and warn of who gets the
// text of another language or none.
func (t *turn) reachLines(a *Announcement) []string {
	reach := t.reach(a)
	var lines []string
	for _, part := range reach.Parts {
		lines = append(lines, appName(part.Platform)+", "+t.langName(part.Class.Lang)+": "+strconv.Itoa(part.N))
	}
	return append(lines, t.reachWarnings(a, reach)...)
}

func (t *turn) reachWarnings(a *Announcement, reach Reach) []string {
	var lines []string
	if reach.Fallback > 0 {
		lines = append(lines, "⚠ "+t.line("announce.reach_other", i18n.Count("N", reach.Fallback), i18n.With("Lang", t.langName(a.Fallback))))
	}
	if reach.None > 0 {
		lines = append(lines, "⚠ "+t.line("announce.reach_none", i18n.Count("N", reach.None)))
	}
	return lines
}

// appName is a platform's name as people write it.
func appName(platform string) string {
	if platform == "" {
		return ""
	}
	return strings.ToUpper(platform[:1]) + platform[1:]
}
