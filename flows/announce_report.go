package flows

import (
	"strconv"
	"strings"

	"notalone/i18n"
)

// announceReport tells how it went, as a whole.
func announceReport(t *turn, a *Announcement, _ []string) *Page {
	progress := t.event.Desk.Progress
	text := i18n.Join(t.text("announce.stage", i18n.With("Stage", t.stage(a))), t.bar("announce.progress", progress, t.average(a, progress)), i18n.Plainly(strings.Join(t.reportLines(a, progress), "\n")))
	if undone := t.event.Desk.Undone; undone != nil {
		text = i18n.Join(text, t.undone(a, undone))
	}
	rows := []Button{t.button("announce.again", about(a.ID, "report"))}
	if a.Started > 0 {
		rows = append(rows, t.button("announce.file", about(a.ID, "report", "file")))
	}
	return t.page(about(a.ID, "report"), text, append(rows, t.button("nav.back", about(a.ID))))
}

// leastPresses is from how many presses on their number is shown.
const leastPresses = 10

// reportLines are the endings by platform and language, how long it took, and the
// presses on each button.
func (t *turn) reportLines(a *Announcement, progress *Progress) []string {
	var lines []string
	for _, tally := range progress.Tallies {
		parts := []string{appName(tally.Platform), t.line(i18n.Key("announce.out_" + tally.Outcome))}
		if tally.Lang != "" {
			parts = append(parts, t.langName(i18n.Lang(tally.Lang)))
		}
		if tally.Why != "" {
			parts = append(parts, tally.Why)
		}
		lines = append(lines, strings.Join(parts, ", ")+": "+strconv.Itoa(tally.N))
	}
	if a.Started > 0 && a.Ended >= a.Started {
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
