package measure

import (
	"slices"

	"notalone/flows"
	"notalone/flows/understand"
	"notalone/flows/understand/model"
)

const none = "none"

// crisis and help are the first labels of the model: the urgent, then all help.
const crisis, help = 6, 10

// Figures of a set of messages. Read recall and false alarms together.
type Figures struct {
	Messages, Right int
	Labels          map[string]*Label

	Crisis, CrisisExact, CrisisAny, CrisisMissed, CrisisReached int
	Life, LifeReached                                           int // self-harm and danger
	Help, HelpAny                                               int

	Asked, Went, WentRight, Wanted, Reached int

	None, NoneHard, NoneAsked, NoneAskedCrisis int
	Alarms, AlarmsHard, AlarmsHelp             int // went straight to a crisis page, to a help page
	Commands, CommandsCrisis                   int

	Tags   map[string]*Share
	Wrongs []Wrong
}

// A Label counts how often it was wanted, given and right.
type Label struct{ Wanted, Given, Right int }

// A Share of messages that were right: best guess, and reached.
type Share struct{ Messages, Right, Reached int }

// A Wrong is a message whose page was not reached, or a false alarm.
type Wrong struct {
	Row   Row
	Guess understand.Guess
}

// Of measures a reader on rows.
func Of(reader *understand.Reader, rows []Row) *Figures {
	f := &Figures{Labels: map[string]*Label{}, Tags: map[string]*Share{}}
	for _, name := range model.Labels() {
		f.Labels[name] = &Label{}
	}
	for _, row := range rows {
		if f.Labels[row.Label] != nil {
			f.count(row, reader.Guess(row.Text, row.Lang))
		}
	}
	return f
}

// given is the label that the person meets first: none unless the bot acts.
func given(g understand.Guess) string {
	if g.Decision == flows.None {
		return none
	}
	return g.Label
}

func (f *Figures) count(row Row, g understand.Guess) {
	got := given(g)
	right := got == row.Label
	reached := right
	if g.Decision == flows.Ask {
		reached = slices.Contains(g.Labels, row.Label)
	}
	f.Messages++
	f.Labels[row.Label].Wanted++
	f.Labels[got].Given++
	if right {
		f.Right++
		f.Labels[row.Label].Right++
	}
	switch g.Decision {
	case flows.Ask:
		f.Asked++
	case flows.Go:
		f.Went++
		f.WentRight += one(right)
	case flows.None:
	}
	f.byKind(row, g, got, reached)
	for _, tag := range row.Tags {
		if f.Tags[tag] == nil {
			f.Tags[tag] = &Share{}
		}
		f.Tags[tag].Messages++
		f.Tags[tag].Right += one(right)
		f.Tags[tag].Reached += one(reached)
	}
	if !reached || row.Label == none && g.Decision != flows.None {
		f.Wrongs = append(f.Wrongs, Wrong{row, g})
	}
}

func (f *Figures) byKind(row Row, g understand.Guess, got string, reached bool) {
	if row.Label == none {
		f.countNone(row, g, got)
		return
	}
	f.Wanted++
	f.Reached += one(reached)
	switch {
	case among(row.Label, crisis):
		f.Crisis++
		f.CrisisExact += one(got == row.Label)
		f.CrisisAny += one(among(got, crisis))
		f.CrisisMissed += one(got == none)
		f.CrisisReached += one(reached)
	case !among(row.Label, help):
		f.Commands++
		f.CommandsCrisis += one(among(got, crisis))
	}
	if among(row.Label, 2) {
		f.Life++
		f.LifeReached += one(reached)
	}
	if among(row.Label, help) {
		f.Help++
		f.HelpAny += one(among(got, help))
	}
}

func (f *Figures) countNone(row Row, g understand.Guess, got string) {
	f.None++
	f.NoneHard += one(row.Hard)
	switch g.Decision {
	case flows.Ask:
		f.NoneAsked++
		f.NoneAskedCrisis += one(slices.ContainsFunc(g.Labels, func(l string) bool { return among(l, crisis) }))
	case flows.Go:
		f.Alarms += one(among(got, crisis))
		f.AlarmsHard += one(among(got, crisis) && row.Hard)
		f.AlarmsHelp += one(among(got, help))
	case flows.None:
	}
}

// among reports whether a label is one of the first n.
func among(label string, n int) bool {
	return slices.Contains(model.Labels()[:n], label)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
