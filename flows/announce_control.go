package flows

import (
	"slices"
	"strconv"
	"strings"

	"notalone/i18n"
)

// Pages that check an announcement, have it approved, let it out, stop it and
// tell how it went.

// announceCheck names what is wrong and whom it reaches, then offers the next step.
func announceCheck(t *turn, a *Announcement, _ []string) *Page {
	flaws := t.site.Proof(a, t.event.At)
	text := i18n.Join(t.text("announce.reach", i18n.Count("N", t.reached(a))), i18n.Plainly(t.reachTable(a)), t.flaws(flaws))
	back := t.button("nav.back", about(a.ID))
	if slices.ContainsFunc(flaws, func(f Flaw) bool { return f.Stops }) {
		return t.page(about(a.ID, "check"), text, []Button{back})
	}
	next := t.button("announce.go", about(a.ID, "go"))
	switch {
	case t.mayGo(a):
	case a.Stage == Waiting && a.By != t.event.Desk.Me.Key:
		next = t.button("announce.approve", about(a.ID, "approve"))
	default:
		next = t.button("announce.ask", about(a.ID, "ask"))
	}
	return t.page(about(a.ID, "check"), text, []Button{next}, []Button{t.button("announce.preview", about(a.ID, "preview")), back})
}

// mayGo reports whether nobody else has to agree any more.
func (t *turn) mayGo(a *Announcement) bool {
	return a.Approved() || t.site.operator.News.Solo || t.event.Desk.Voices() < 2
}

// flaws lists what is wrong, what stops first.
func (t *turn) flaws(flaws []Flaw) i18n.Text {
	if len(flaws) == 0 {
		return t.text("announce.no_flaws")
	}
	lines := make([]string, 0, len(flaws))
	for _, flaw := range flaws {
		mark := "– "
		if flaw.Stops {
			mark = "✗ "
		}
		lines = append(lines, mark+t.line(flaw.Key, flaw.Args...))
	}
	return i18n.Plainly(short(strings.Join(lines, "\n"), MaxText/2))
}

// reachTable counts the audience by platform and language, and who of it gets the
// text of another language or none.
func (t *turn) reachTable(a *Announcement) string {
	type cell struct{ platform, lang string }
	counts := map[cell]int{}
	other, none := 0, 0
	for _, r := range t.event.Desk.Reach {
		if !a.Takes(&r.Class, r.Platform) {
			continue
		}
		counts[cell{r.Platform, string(t.site.feedLang(r.Class))}] += r.N
		switch lang, ok := a.textFor(t.site.feedLang(r.Class)); {
		case !ok:
			none += r.N
		case lang != t.site.feedLang(r.Class):
			other += r.N
		}
	}
	var lines []string
	for c, n := range counts {
		lines = append(lines, c.platform+", "+t.line(i18n.Key("language_"+c.lang))+": "+strconv.Itoa(n))
	}
	slices.Sort(lines)
	if other > 0 {
		lines = append(lines, t.line("announce.reach_other", i18n.Count("N", other)))
	}
	if none > 0 {
		lines = append(lines, t.line("announce.reach_none", i18n.Count("N", none)))
	}
	return strings.Join(lines, "\n")
}

// sound runs a step only for an announcement without a flaw that stops it.
func sound(step func(t *turn, a *Announcement) *Page) func(t *turn, a *Announcement, args []string) *Page {
	return func(t *turn, a *Announcement, args []string) *Page {
		if slices.ContainsFunc(t.site.Proof(a, t.event.At), func(f Flaw) bool { return f.Stops }) {
			return announceCheck(t, a, args)
		}
		return step(t, a)
	}
}

// moved stores a change of stage, which leaves the content as it is.
func (t *turn) moved(a *Announcement, act string, watch bool) *Page {
	t.effects = append(t.effects, SaveAnnouncement{Announcement: a, Act: act, Watch: watch})
	return t.announcement(a)
}

func announceAsk(t *turn, a *Announcement) *Page {
	a.Stage = Waiting
	page := t.moved(a, "asked for approval", false)
	t.effects = append(t.effects, Tell{Path: about(a.ID, "check")})
	return page
}

// announceApprove is a second person's: nobody agrees with themselves.
func announceApprove(t *turn, a *Announcement) *Page {
	if a.Stage != Waiting || a.By == t.event.Desk.Me.Key {
		return announceCheck(t, a, nil)
	}
	a.Approval = Approval{By: t.event.Desk.Me.Key, Hash: a.Hash()}
	a.Stage = Scheduled
	return t.moved(a, "approved and sent", true)
}

func announceGo(t *turn, a *Announcement) *Page {
	if !t.mayGo(a) || a.Stage == Scheduled {
		return announceCheck(t, a, nil)
	}
	a.Stage = Scheduled
	act := "sent"
	if t.site.operator.News.Solo && t.event.Desk.Voices() > 1 {
		act = "sent without a second moderator, as the settings allow"
	}
	return t.moved(a, act, true)
}

func announcePause(t *turn, a *Announcement, _ []string) *Page {
	if a.Stage != Sending {
		return t.announcement(a)
	}
	a.Stage, a.Stopped = Paused, ""
	return t.moved(a, "paused", true)
}

func announceResume(t *turn, a *Announcement, _ []string) *Page {
	if a.Stage != Paused {
		return t.announcement(a)
	}
	a.Stage, a.Stopped = Sending, ""
	if t.event.Desk.Progress != nil {
		a.Pardoned = t.event.Desk.Progress.Faults()
	}
	return t.moved(a, "resumed", true)
}

func announceCancel(t *turn, a *Announcement, _ []string) *Page {
	if a.Stage == Done || a.Stage == Cancelled {
		return t.announcement(a)
	}
	a.Stage = Cancelled
	return t.moved(a, "cancelled", false)
}

// announceReport tells how it went, as a whole.
func announceReport(t *turn, a *Announcement, _ []string) *Page {
	progress := t.event.Desk.Progress
	text := i18n.Join(t.text("announce.stage", i18n.With("Stage", t.stage(a))), t.bar(progress, 0), i18n.Plainly(strings.Join(t.reportLines(a, progress), "\n")))
	return t.page(about(a.ID, "report"), text, []Button{t.button("announce.report", about(a.ID, "report")), t.button("nav.back", about(a.ID))})
}

// leastPresses is from how many presses on their number is shown.
const leastPresses = 10

// reportLines are the endings by platform and language, how long it took, and the
// presses on each button.
func (t *turn) reportLines(a *Announcement, progress *Progress) []string {
	var lines []string
	for _, tally := range progress.Tallies {
		parts := []string{tally.Platform, t.line(i18n.Key("announce.out_" + tally.Outcome))}
		if tally.Lang != "" {
			parts = append(parts, t.line(i18n.Key("language_"+tally.Lang)))
		}
		if tally.Why != "" {
			parts = append(parts, tally.Why)
		}
		lines = append(lines, strings.Join(parts, ", ")+": "+strconv.Itoa(tally.N))
	}
	if a.Ended > a.Started && a.Started > 0 {
		lines = append(lines, t.line("announce.took", i18n.With("Time", t.span(seconds(a.Ended-a.Started)))))
	}
	for _, b := range a.Buttons {
		switch n := progress.Presses[b.Path]; {
		case b.Path == "":
		case n >= leastPresses:
			lines = append(lines, t.line("announce.presses", i18n.With("Button", t.newsLabel(b)), i18n.Count("N", n)))
		default:
			lines = append(lines, t.line("announce.few_presses", i18n.With("Button", t.newsLabel(b)), i18n.Count("N", leastPresses)))
		}
	}
	return lines
}

// ended is one for what is done to an announcement that went out.
func ended(page func(t *turn, a *Announcement, args []string) *Page) handler {
	return one(writes, func(t *turn, a *Announcement, args []string) *Page {
		if a.Started == 0 || a.Stage != Done && a.Stage != Cancelled || a.Undo.Running {
			return t.announcement(a)
		}
		return page(t, a, args)
	})
}

func announceUndo(t *turn, a *Announcement, args []string) *Page {
	key := "announce.undo_" + args[0] + "_page"
	if args[0] != "edit" && args[0] != "delete" {
		return nil
	}
	return t.page(about(a.ID, "undo", args[0]), t.text(i18n.Key(key)),
		[]Button{t.button(i18n.Key("announce.undo_"+args[0]+"_now"), about(a.ID, "undo", args[0], "now"))}, []Button{t.button("nav.back", about(a.ID))})
}

func announceUndoNow(t *turn, a *Announcement, args []string) *Page {
	if args[0] != "edit" && args[0] != "delete" {
		return nil
	}
	if args[0] == "edit" && slices.ContainsFunc(t.site.Proof(a, t.event.At), func(f Flaw) bool { return f.Stops && f.Key != flawPast }) {
		return announceCheck(t, a, nil)
	}
	a.Undo = Undo{Running: true, Delete: args[0] == "delete", Round: a.Undo.Round + 1}
	return t.moved(a, "undo: "+args[0], true)
}

// ColleaguePage tells another moderator that something waits for them.
func (s *Site) ColleaguePage(tell Tell, lang string) *Page {
	known, _ := s.words.Match(lang)
	t := &turn{site: s, lang: known}
	return t.page("announce", t.text("announce.asks"), []Button{t.button("announce.check", tell.Path)})
}
