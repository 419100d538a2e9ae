package flows

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"notalone/i18n"
)

// CSV is the progress as a table: outcome, why, language, platform, receivers.
func (p *Progress) CSV() []byte {
	var out bytes.Buffer
	table := csv.NewWriter(&out)
	rows := [][]string{{"outcome", "why", "language", "platform", "receivers"}}
	for _, t := range p.Tallies {
		rows = append(rows, []string{t.Outcome, t.Why, t.Lang, t.Platform, strconv.Itoa(t.N)})
	}
	_ = table.WriteAll(rows) // into memory: nothing can fail
	return out.Bytes()
}

// announceFile sends the report as a file, where the chat app takes it.
func announceFile(t *turn, a *Announcement, _ []string) *Page {
	page := announceReport(t, a, nil)
	if t.event.Desk.Refused {
		page.Text = t.text("announce.no_file", i18n.With("ID", a.ID))
		return page
	}
	t.effects = append(t.effects, Sample{Post: Post{File: &File{Name: "report-" + a.ID + ".csv", Data: t.event.Desk.Progress.CSV()}}})
	return page
}
