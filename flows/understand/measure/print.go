package measure

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"notalone/flows"
	"notalone/flows/understand/model"
)

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// CrisisReach is the share of crisis messages that reach their page.
func (f *Figures) CrisisReach() float64 { return share(f.CrisisReached, f.Crisis) }

// LifeReach is the share of self-harm and danger messages that reach their page.
func (f *Figures) LifeReach() float64 { return share(f.LifeReached, f.Life) }

// Accuracy is the share of messages whose first label is right.
func (f *Figures) Accuracy() float64 { return share(f.Right, f.Messages) }

// FalseAlarms is the share of none that goes straight to a crisis page.
func (f *Figures) FalseAlarms() float64 { return share(f.Alarms, f.None) }

// NeedlessAsks is the share of none that is asked about.
func (f *Figures) NeedlessAsks() float64 { return share(f.NoneAsked, f.None) }

// MacroF1 is the mean F1 of all labels that occur.
func (f *Figures) MacroF1() float64 {
	sum, n := 0.0, 0
	for _, l := range f.Labels {
		if l.Wanted > 0 {
			sum += l.f1()
			n++
		}
	}
	return sum / max(1, float64(n))
}

func (l *Label) f1() float64 { return share(2*l.Right, l.Wanted+l.Given) }

// Summary prints the figures that matter most in one line.
func (f *Figures) Summary(out io.Writer, name string) error {
	_, err := fmt.Fprintf(out, "%-12s %5d  crisis reached %.3f (life %.3f), first %.3f | first of all %.3f, macro-F1 %.3f | false alarms %.3f (hard %.3f), asked on none %.3f\n",
		name, f.Messages, f.CrisisReach(), f.LifeReach(), share(f.CrisisExact, f.Crisis), f.Accuracy(), f.MacroF1(),
		f.FalseAlarms(), share(f.AlarmsHard, f.NoneHard), f.NeedlessAsks())
	return err
}

// Print prints all figures.
func (f *Figures) Print(out io.Writer, name string) error {
	p := &printer{out: out}
	p.line("== %s: %d messages", name, f.Messages)
	p.line("first label right %.3f, macro-F1 %.3f", f.Accuracy(), f.MacroF1())
	p.line("crisis (%d): reached %.3f, first right %.3f, any crisis first %.3f, taken for none %.3f", f.Crisis, f.CrisisReach(),
		share(f.CrisisExact, f.Crisis), share(f.CrisisAny, f.Crisis), share(f.CrisisMissed, f.Crisis))
	p.line("self-harm and danger (%d): reached %.3f", f.Life, f.LifeReach())
	p.line("any help first for help (%d): %.3f; reached of all but none (%d): %.3f", f.Help, share(f.HelpAny, f.Help), f.Wanted, share(f.Reached, f.Wanted))
	p.line("none (%d, hard %d): false alarms %.3f (hard %.3f, plain %.3f), straight to help %.3f, asked %.3f, asked about a crisis %.3f",
		f.None, f.NoneHard, f.FalseAlarms(), share(f.AlarmsHard, f.NoneHard), share(f.Alarms-f.AlarmsHard, f.None-f.NoneHard),
		share(f.AlarmsHelp, f.None), f.NeedlessAsks(), share(f.NoneAskedCrisis, f.None))
	p.line("acted without asking %.3f of all, right then %.3f; asked %.3f; commands taken for a crisis %.3f",
		share(f.Went, f.Messages), share(f.WentRight, f.Went), share(f.Asked, f.Messages), share(f.CommandsCrisis, f.Commands))
	p.line("%-14s %6s %9s %6s %6s", "label", "recall", "precision", "F1", "count")
	for _, name := range model.Labels() {
		if l := f.Labels[name]; l.Wanted > 0 {
			p.line("%-14s %6.3f %9.3f %6.3f %6d", name, share(l.Right, l.Wanted), share(l.Right, l.Given), l.f1(), l.Wanted)
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(f.Tags)) {
		t := f.Tags[tag]
		p.line("tag %-14s first right %.3f, reached %.3f of %d", tag, share(t.Right, t.Messages), share(t.Reached, t.Messages), t.Messages)
	}
	return p.err
}

// PrintWrongs prints every message whose page was not reached and every
// needless guess, a line each.
func (f *Figures) PrintWrongs(out io.Writer) error {
	p := &printer{out: out}
	for _, w := range f.Wrongs {
		p.line("%s: wanted %s, %s %s (%.2f) %v | %s", w.Row.Lang, w.Row.Label, decision(w.Guess.Decision), w.Guess.Label, w.Guess.Score, w.Guess.Labels, w.Row.Text)
	}
	return p.err
}

func decision(d flows.Decision) string {
	switch d {
	case flows.Go:
		return "went to"
	case flows.Ask:
		return "asked"
	default:
		return "did nothing,"
	}
}

// A printer keeps the first error of many lines.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}
