package flows

import (
	"strconv"
	"strings"
	"time"

	"notalone/i18n"
)

// ProgressPage shows how an announcement stands, in the chat of a moderator.
func (s *Site) ProgressPage(a *Announcement, progress *Progress, rate float64, lang string) *Page {
	known, _ := s.words.Match(lang)
	t := &turn{site: s, lang: known}
	return t.progressPage(a, progress, rate)
}

func (t *turn) progressPage(a *Announcement, progress *Progress, rate float64) *Page {
	text := i18n.Join(t.text("announce.stage", i18n.With("Stage", t.stage(a))), t.standing(a, progress, rate))
	if a.Stage == Sending && a.Undo.Round == 0 && progress.Left > 0 {
		text = i18n.Join(text, t.text("announce.some_later"))
	}
	base := join("announce", a.ID)
	var rows [][]Button
	change := ""
	switch {
	case a.Undo.Paused, a.Stage == Paused:
		change = "resume"
	case a.Undo.Running, a.Stage == Sending:
		change = "pause"
	}
	if change != "" {
		end := i18n.Key("announce.cancel")
		if a.Undo.Running {
			end = "announce.undo_cancel"
		}
		rows = append(rows, []Button{t.button(i18n.Key("announce."+change), join(string(base), change)), t.button(end, join(string(base), "cancel"))})
	}
	if !a.underWay() {
		return t.page(join(string(base), "progress"), text, append(rows, []Button{t.button("announce.report", join(string(base), "report")), t.button("nav.back", base)})...)
	}
	aside := func(label i18n.Key, what string) Button { return t.button(label, join(string(base), "progress", what)) }
	rows = append(rows, []Button{aside("announce.report", "report"), aside("label.announce", "list")}, []Button{aside("label.help", "help")})
	return &Page{Path: join(string(base), "progress"), Lang: t.lang, Text: text, Rows: rows}
}

// beside opens a page in a message of its own: the one that tells how far it is
// is written anew all the while.
func beside(page func(t *turn, a *Announcement, args []string) *Page) handler {
	return one(reads, func(t *turn, a *Announcement, args []string) *Page {
		shown := page(t, a, args)
		shown.Fresh = true
		return shown
	})
}

// progressHelp is help in a message of its own; it needs nothing from the store.
func progressHelp(t *turn, _ []string) *Page {
	help := *t.open("help")
	help.Fresh, help.Fixed = true, false
	return &help
}

// standing tells how far the sending is, or the undo.
func (t *turn) standing(a *Announcement, progress *Progress, rate float64) i18n.Text {
	switch {
	case a.Undo.Round == 0:
		return t.bar("announce.progress", progress, rate)
	case a.Undo.Running:
		return t.bar("announce.undo_progress", progress, rate)
	}
	return t.undone(a, progress)
}

// undone tells how many places an undo changed.
func (t *turn) undone(a *Announcement, undone *Progress) i18n.Text {
	key := i18n.Key("announce.undone_edit")
	if a.Undo.Delete {
		key = "announce.undone_delete"
	}
	return t.text(key, i18n.Count("N", undone.Count(OutSent)), i18n.Count("All", undone.All))
}

// stage names the stage; a pause of its own says why.
func (t *turn) stage(a *Announcement) string {
	switch {
	case a.Undo.Paused && a.Undo.Delete:
		return t.line("announce.stage_deleting_paused")
	case a.Undo.Paused:
		return t.line("announce.stage_editing_paused")
	case a.Undo.Running && a.Undo.Delete:
		return t.line("announce.stage_deleting")
	case a.Undo.Running:
		return t.line("announce.stage_editing")
	case a.Stage == Paused && a.Stopped == StoppedByFaults:
		return t.line("announce.stage_faults")
	}
	return t.line(i18n.Key("announce.stage_" + string(a.Stage)))
}

// barLength is the length of the bar in signs.
const barLength = 20

func (t *turn) bar(key i18n.Key, progress *Progress, rate float64) i18n.Text {
	all := max(progress.All, 1)
	done := min(barLength, progress.Ended()*barLength/all)
	bar := strings.Repeat("█", done) + strings.Repeat("░", barLength-done)
	left := "-"
	if rate > 0 && progress.Left > 0 {
		left = t.span(time.Duration(float64(progress.Left) / rate * float64(time.Second)))
	}
	return i18n.Join(i18n.Plainly(bar), t.text(key,
		i18n.Count("Ended", progress.Ended()), i18n.Count("All", progress.All), i18n.Count("Sent", progress.Count(OutSent)),
		i18n.Count("Gone", progress.Count(OutWiped)), i18n.Count("Faults", progress.Count(OutRefused)+progress.Count(OutFailed)),
		i18n.Count("Uncertain", progress.Count(OutUncertain)), i18n.Count("Skipped", progress.Count(OutSkipped)),
		i18n.With("Rate", strconv.FormatFloat(rate, 'f', 1, 64)), i18n.With("Left", left)))
}

// average is how fast an announcement went, or goes, from its beginning on; what is
// paused or undone goes at no rate.
func (t *turn) average(a *Announcement, progress *Progress) float64 {
	till := a.Ended
	if a.Stage == Sending {
		till = t.event.At.Unix()
	}
	if a.Started == 0 || till <= a.Started || a.Undo.Running {
		return 0
	}
	return float64(progress.Ended()) / float64(till-a.Started)
}

// span writes a length of time in minutes or hours.
func (t *turn) span(d time.Duration) string {
	if d < time.Hour {
		return t.line("announce.minutes", i18n.Count("N", max(1, int(d.Round(time.Minute)/time.Minute))))
	}
	return t.line("announce.hours", i18n.Count("N", int(d.Round(time.Hour)/time.Hour)))
}
