package understand

import (
	"slices"

	"notalone/flows"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

// The help topics that no phrase was labelled with. Meanings that meet choose
// them, when the model takes the words for something serious as well; the label
// of the guess stays the model's.
const (
	home   = "home"
	eating = "eating"
)

// The limits of the meanings.
const (
	seriousEating = 0.02 // how likely anything but none must be
	otherHarm     = 0.3  // how likely another crisis may be when eating is told beside it
	seriousHome   = 0.25 // how likely danger, self-harm and grooming must be
	seriousPills  = 0.05 // how likely self-harm must be to go there when something was swallowed
	denial        = 12   // words at most of a message that denies a harm and tells nothing else
)

// meant is what the meanings of a message tell together.
type meant struct {
	swallowed bool // an overdose that is already taken, by no order of a doctor
	dying     bool
	eating    bool
	home      bool
	ongoing   bool // the violence is happening now
	other     bool // something follows a "but", or is happening now
	denied    bool // nobody does harm, or nobody is to die, and nothing else is told
}

// meant looks at each sentence with the one before it: "i live with my stepdad.
// he touches me" is one thing.
func (r *Reader) meant(sentences []features.Sentence, lang i18n.Lang) meant {
	var m meant
	before := map[string]bool{}
	words := 0
	for _, s := range sentences {
		words += len(s)
		found := map[string]bool{}
		r.lexicon.Meant(s, lang, found)
		m.denied = m.denied || found[features.Harmless] || found["unwished"]
		m.other = m.other || found["but"] || found["ongoing"]
		near := func(name string) bool { return found[name] || before[name] }
		m.swallowed = m.swallowed || found["swallow"] && found["pills"] && found["plenty"] && !found["prescribed"]
		m.dying = m.dying || found["dying"]
		m.ongoing = m.ongoing || found["ongoing"]
		m.eating = m.eating || found["purge"] || near("unfed") && near("thinness")
		m.home = m.home || near("kin") && (near("kin_touch") || near("kin_hurt")) && !near("outsider")
		before = found
	}
	m.denied = m.denied && !m.other && words <= denial
	return m
}

// choosePage goes to self-harm when an overdose was taken, and puts the pages of
// eating and of home first where they fit, with what else is likely beside them.
// A wish to die and violence that is happening now stay first. A harm that is
// denied is asked about.
func (r *Reader) choosePage(g *Guess, scores []float64, m meant) {
	serious := 1 - scores[len(scores)-1]
	atHome := scores[selfHarm] + scores[danger] + scores[grooming]
	switch {
	case m.swallowed && scores[selfHarm] >= seriousPills:
		r.goTo(g, scores, selfHarm, r.labels[selfHarm])
	case m.eating && serious >= seriousEating && sum(scores[danger:crisisLabels]) < otherHarm:
		r.goFirst(g, scores, eating, selfHarm, m.dying && scores[selfHarm] >= sureLife)
	case m.home && atHome >= seriousHome:
		label := likeliest([]float64{selfHarm: scores[selfHarm], danger: scores[danger], grooming: scores[grooming]})
		dying := scores[selfHarm] >= sureLife || m.dying && label == selfHarm
		r.goFirst(g, scores, home, label, dying || m.ongoing && label == danger)
	case m.denied && g.Decision == flows.Go && slices.Contains(r.labels[:crisisLabels], g.Label):
		g.Decision = flows.Ask // "nobody follows me": the model hears the following
		g.Labels = r.choices(scores)
	}
}

// goFirst goes to a topic and offers the label's page beside it, or the other way
// round when life is at stake.
func (r *Reader) goFirst(g *Guess, scores []float64, topic string, label int, life bool) {
	pages := []string{topic, r.labels[label]}
	if life {
		slices.Reverse(pages)
	}
	r.goTo(g, scores, label, pages...)
}

func (r *Reader) goTo(g *Guess, scores []float64, label int, pages ...string) {
	g.Label, g.Score, g.Decision, g.Labels = r.labels[label], scores[label], flows.Go, pages
}
