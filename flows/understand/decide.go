package understand

import (
	"cmp"
	"slices"

	"notalone/flows"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

// noLabel is the label of everything that is neither a topic nor a command.
const noLabel = "none"

// The limits, found on messages of left-out hands (docs/understanding.md). A
// wrong crisis page costs trust and a wrong question one tap, so going needs to
// be much surer than asking.
const (
	sureLife    = 0.62 // go to self-harm or danger
	sureCrisis  = 0.68 // go to another crisis page
	sureHelp    = 0.55 // go to another help page
	sureCommand = 0.5  // go to a command's page
	doubtElse   = 0.15 // do not go elsewhere when self-harm or danger is this likely
	doubtLife   = 0.2  // ask when self-harm and danger are this likely
	doubtCrisis = 0.36 // ask when the crises together are this likely
	doubtAny    = 0.9  // ask when anything but none is this likely
	told        = 0.2  // another topic that is this likely was told as well
	urgency     = 1.5  // how much likelier a crisis counts when choices are ranked; life, twice that often
	offered     = 3    // choices at most
)

// The first labels are the urgent ones, self-harm before danger.
const (
	selfHarm = iota
	danger
	lifeLabels
	grooming     = 4
	crisisLabels = 6
	helpLabels   = 10
)

// The whole message and its worst sentence both count.
const (
	wholeShare = 0.6
	worstShare = 0.4
	minWords   = 3 // of a sentence that may be the worst
)

// score gives a probability a label. The whole message is read, and each of its
// sentences: when one alone is more of a crisis than the whole, small talk around
// it must not drown it.
func (r *Reader) score(sentences []features.Sentence, lang i18n.Lang) []float64 {
	whole := r.topics.Score(r.lexicon.Topic(sentences, lang, false).Hashes)
	if len(sentences) < 2 {
		return whole
	}
	worst := whole
	for _, s := range sentences {
		if len(s) < minWords {
			continue
		}
		alone := r.topics.Score(r.lexicon.Topic([]features.Sentence{s}, lang, false).Hashes)
		if sum(alone[:crisisLabels]) > sum(worst[:crisisLabels]) {
			worst = alone
		}
	}
	scores := make([]float64, len(whole))
	for k := range scores {
		scores[k] = wholeShare*whole[k] + worstShare*worst[k]
	}
	return scores
}

func sum(scores []float64) float64 {
	total := 0.0
	for _, s := range scores {
		total += s
	}
	return total
}

func (r *Reader) decide(scores []float64, written tongue) Guess {
	none := len(scores) - 1
	best := likeliest(scores)
	g := Guess{Label: r.labels[best], Score: scores[best]}
	g.Lang, g.Foreign = written.written, written.foreign
	switch {
	case written.foreign:
	case best != none && sure(scores, best):
		g.Decision = flows.Go
		g.Labels = r.told(scores, best)
	case doubtful(scores):
		g.Decision = flows.Ask
		g.Labels = r.choices(scores)
	}
	return g
}

// doubtful reports whether to ask rather than to pass over.
func doubtful(scores []float64) bool {
	none := scores[len(scores)-1]
	return sum(scores[:lifeLabels]) >= doubtLife || sum(scores[:crisisLabels]) >= doubtCrisis || 1-none >= doubtAny
}

// choices are the labels to ask about.
func (r *Reader) choices(scores []float64) []string {
	var labels []string
	for _, k := range ranked(scores)[:offered] {
		labels = append(labels, r.labels[k])
	}
	return labels
}

// sure reports whether to go to a label's page without asking.
func sure(scores []float64, label int) bool {
	switch {
	case label < lifeLabels:
		return scores[label] >= sureLife
	case sum(scores[:lifeLabels]) >= doubtElse:
		return false
	case label < crisisLabels:
		return scores[label] >= sureCrisis
	case label < helpLabels:
		return scores[label] >= sureHelp
	default:
		return scores[label] >= sureCommand
	}
}

// told is the label to go to and what else of help topics the words tell.
func (r *Reader) told(scores []float64, best int) []string {
	labels := []string{r.labels[best]}
	for _, k := range ranked(scores)[:offered] {
		if k != best && k < helpLabels && best < helpLabels && scores[k] >= told {
			labels = append(labels, r.labels[k])
		}
	}
	return labels
}

// likeliest is the label with the highest score.
func likeliest(scores []float64) int {
	best := 0
	for k, s := range scores {
		if s > scores[best] {
			best = k
		}
	}
	return best
}

// ranked lists the labels but none, likeliest first, with the urgent ones
// weighing more.
func ranked(scores []float64) []int {
	order := make([]int, len(scores)-1)
	weighed := slices.Clone(scores)
	for k := range order {
		order[k] = k
		if k < crisisLabels {
			weighed[k] *= urgency
		}
		if k < lifeLabels {
			weighed[k] *= urgency
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weighed[b], weighed[a]) })
	return order
}
