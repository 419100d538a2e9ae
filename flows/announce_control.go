package flows

import (
	"slices"
	"strings"

	"notalone/i18n"
)

// Pages that check an announcement, have it approved, let it out, stop it and
// tell how it went.

// announceCheck names what is wrong and whom it reaches, then offers the next step.
func announceCheck(t *turn, a *Announcement, _ []string) *Page {
	flaws := t.site.Proof(a, t.event.At)
	text := i18n.Join(t.text("announce.reach", i18n.Count("N", t.reach(a).All)), i18n.Plainly(strings.Join(t.reachLines(a), "\n")), t.flaws(flaws))
	back := t.button("nav.back", about(a.ID))
	if stopped(flaws) {
		return t.page(about(a.ID, "check"), text, []Button{back})
	}
	ways := []Button{t.button("announce.preview", about(a.ID, "preview")), back}
	var next []Button
	switch {
	case a.Stage == Scheduled:
	case t.mayGo(a):
		next = []Button{t.button("announce.go", about(a.ID, "go", a.Hash()))}
	case a.Stage == Waiting && a.By != t.event.Desk.Me.Key:
		next = []Button{t.button("announce.approve", about(a.ID, "approve", a.Hash()))}
		text = i18n.Join(text, t.text("announce.read_first"))
	case a.Stage == Waiting:
		text = i18n.Join(text, t.text("announce.asked"))
	default:
		next = []Button{t.button("announce.ask", about(a.ID, "ask"))}
	}
	return t.page(about(a.ID, "check"), text, rowsOf(next, ways)...)
}

// rowsOf leaves empty rows out.
func rowsOf(rows ...[]Button) [][]Button {
	return slices.DeleteFunc(rows, func(row []Button) bool { return len(row) == 0 })
}

// stopped reports whether something has to be mended first.
func stopped(flaws []Flaw) bool {
	return slices.ContainsFunc(flaws, func(f Flaw) bool { return f.Stops })
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

// flawsIn lists what is wrong with a part, where it is written; nothing if nothing is.
func (t *turn) flawsIn(a *Announcement, part func(*proof)) i18n.Text {
	p := &proof{site: t.site, a: a}
	if part(p); len(p.flaws) == 0 {
		return nil
	}
	return t.flaws(p.flaws)
}

// amiss is a page with what was wrong about the words that it got in front; the
// form goes on waiting.
func amiss(why i18n.Text, page *Page) *Page {
	page.Text = i18n.Join(why, page.Text)
	return page
}

// sound runs a step only for an announcement without a flaw that stops it, and if
// the button names a content, only for that one: it may have been changed since.
func sound(step func(t *turn, a *Announcement) *Page) func(t *turn, a *Announcement, args []string) *Page {
	return func(t *turn, a *Announcement, args []string) *Page {
		if stopped(t.site.Proof(a, t.event.At)) || len(args) > 0 && args[0] != a.Hash() {
			return announceCheck(t, a, args)
		}
		return step(t, a)
	}
}

// moved stores a change of stage, which leaves the content as it is.
func (t *turn) moved(a *Announcement, act string, watch bool) *Page {
	t.effects = append(t.effects, SaveAnnouncement{Announcement: a, Act: act})
	if watch {
		t.effects = append(t.effects, Watch{Announcement: a, Here: a.underWay()})
	}
	return t.announcement(a)
}

// CheckPath is the page that an announcement is checked and approved on.
func CheckPath(id string) Path { return about(id, "check") }

func announceAsk(t *turn, a *Announcement) *Page {
	if a.Stage != Drafted { // once: the others were told
		return announceCheck(t, a, nil)
	}
	a.Stage = Waiting
	page := t.moved(a, "asked for approval", true)
	t.effects = append(t.effects, Tell{Path: CheckPath(a.ID)})
	return page
}

// announceApprove is a second person's: nobody agrees with themselves.
func announceApprove(t *turn, a *Announcement) *Page {
	if a.Stage != Waiting || a.By == t.event.Desk.Me.Key {
		return announceCheck(t, a, nil)
	}
	a.Approve(t.event.Desk.Me.Key)
	a.Stage = Scheduled
	return t.moved(a, "approved and sent", true)
}

func announceGo(t *turn, a *Announcement) *Page {
	if !t.mayGo(a) || a.Stage == Scheduled {
		return announceCheck(t, a, nil)
	}
	a.Approve(t.event.Desk.Me.Key)
	a.Stage = Scheduled
	act := "sent"
	if t.site.operator.News.Solo && t.event.Desk.Voices() > 1 {
		act = "sent without a second moderator, as the settings allow"
	}
	return t.moved(a, act, true)
}

func announcePause(t *turn, a *Announcement, _ []string) *Page {
	return t.changed(a, a.Pause(), true)
}

func announceResume(t *turn, a *Announcement, _ []string) *Page {
	return t.changed(a, a.Resume(t.event.Desk.Progress.Faults()), true)
}

func announceCancel(t *turn, a *Announcement, _ []string) *Page {
	return t.changed(a, a.Cancel(), false)
}

// changed stores what an act did; nothing, if there was nothing to do.
func (t *turn) changed(a *Announcement, act string, watch bool) *Page {
	if act == "" {
		return t.announcement(a)
	}
	return t.moved(a, act, watch)
}

// ColleaguePage tells another moderator that something waits for them.
func (s *Site) ColleaguePage(tell Tell, lang string) *Page {
	known, _ := s.words.Match(lang)
	t := &turn{site: s, lang: known}
	return t.page("announce", t.text("announce.asks"), []Button{t.button("announce.check", tell.Path)})
}
