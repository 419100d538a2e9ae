package week

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"notalone/bot/outbox"
	"notalone/flows"
)

// A Report is what came of a week.
type Report struct {
	Broken []string // promises; empty if all were kept
	week   *Week
	before Size
	during Size
	after  Size
}

func (w *Week) report(before, during, after Size) *Report {
	w.check()
	if after != before {
		w.breaks("the store is not back to its size: %+v before, %+v after", before, after)
	}
	if during.Leases > before.Leases {
		w.breaks("%d leases are left at the end", during.Leases)
	}
	return &Report{Broken: w.broken, week: w, before: before, during: during, after: after}
}

// Posts counts the posts that arrived.
func (r *Report) Posts() int {
	n := 0
	for _, p := range r.week.platforms {
		n += len(p.posts)
	}
	return n
}

// Sample writes the week of the first group as a transcript.
func (r *Report) Sample(out io.Writer) error {
	m := r.week.members[0]
	var b strings.Builder
	fmt.Fprintf(&b, "# A class in %s: a quiz on school days at 07:30, a tip on Saturday at 09:00\n\n", m.feed.Zone)
	for _, p := range r.week.platforms {
		for _, arrived := range p.posts {
			if arrived.member == m {
				transcribe(&b, arrived)
			}
		}
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print the sample: %w", err)
	}
	return nil
}

func transcribe(b *strings.Builder, arrived *post) {
	fmt.Fprintf(b, "@ %s\n", arrived.at.In(arrived.member.zone).Format("Monday 15:04"))
	for line := range strings.SplitSeq(arrived.page.Text.Plain(), "\n") {
		fmt.Fprintln(b, strings.TrimRight("< "+line, " "))
	}
	for _, row := range arrived.page.Rows {
		for _, button := range row {
			fmt.Fprintf(b, "  [%s]", button.Label)
		}
		fmt.Fprintln(b)
	}
	if answers := sum(arrived.votes); arrived.votes != nil {
		fmt.Fprintf(b, "> %d answers\n", answers)
	}
	fmt.Fprintln(b)
}

func sum(votes []int) int {
	n := 0
	for _, v := range votes {
		n += v
	}
	return n
}

// Summary writes the figures and whether the promises were kept.
func (r *Report) Summary(out io.Writer) error {
	w := r.week
	kinds := map[flows.DueKind]int{}
	for _, p := range w.platforms {
		for _, arrived := range p.posts {
			kinds[arrived.kind]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d groups in %d time zones and %d people, %d days from %s\n", w.Groups, len(homes()), w.People, w.Days, w.From.Format(time.DateOnly))
	fmt.Fprintf(&b, "%d processes at a time, %d killed; the store was cut off %d times and away %d times\n", processes, w.kills, w.cuts, w.outages)
	fmt.Fprintf(&b, "%d posts:", r.Posts())
	for _, kind := range flows.DueKinds() {
		fmt.Fprintf(&b, " %s %d", kind, kinds[kind])
	}
	fmt.Fprintf(&b, "; the latest came %v after it was due\n", w.latest.Round(time.Second))
	fmt.Fprintf(&b, "in doubt, and not repeated: %d, of which %d did not arrive; counts lost with a process: %d\n",
		w.outcomes[polls][outbox.Uncertain]+w.outcomes[buttons][outbox.Uncertain], w.doubts[polls]+w.doubts[buttons], w.uncounted)
	fmt.Fprintf(&b, "keys in the store: %d before, %d at the end of the week, %d after all had left\n", r.before.Keys, r.during.Keys, r.after.Keys)
	if len(r.Broken) == 0 {
		fmt.Fprintln(&b, "kept: each due post once, none in quiet hours, all closings right, the store back to its size")
	}
	slices.Sort(r.Broken)
	for _, line := range r.Broken[:min(len(r.Broken), 20)] {
		fmt.Fprintln(&b, "BROKEN:", line)
	}
	if over := len(r.Broken) - 20; over > 0 {
		fmt.Fprintf(&b, "BROKEN: and %d more\n", over)
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	return nil
}
