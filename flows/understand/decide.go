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

// The thresholds, found on messages of left-out hands (docs/understanding.md).
const (
	sureLife    = 0.55 // go to self-harm or danger
	sureHelp    = 0.6  // go to another help page
	sureCommand = 0.5  // go to a command's page
	unsure      = 0.5  // ask when something is at least this likely
	doubtLife   = 0.15 // ask about self-harm or danger from here on
	near        = 0.6  // an urgent guess with this share of the best one's score comes first
	offered     = 3    // choices at most
)

// score gives a probability a label. The whole message is read, and each of its
// sentences: the worst one decides.
func (r *Reader) score(sentences []features.Sentence, lang i18n.Lang) []float64 {
	return r.topics.Score(r.lexicon.Topic(sentences, lang, false).Hashes)
}

func (r *Reader) decide(scores []float64, written tongue) Guess {
	none := len(scores) - 1
	order := r.ranked(scores)
	best := order[0]
	g := Guess{Label: r.labels[best], Score: scores[best]}
	g.Lang = written.written
	life := max(scores[selfHarm], scores[danger])
	switch {
	case written.foreign:
	case scores[best] >= r.sure(best):
		g.Decision = flows.Go
	case 1-scores[none] >= unsure || life >= doubtLife:
		g.Decision = flows.Ask
	}
	if g.Decision == flows.None {
		if scores[none] > scores[best] {
			g.Label, g.Score = noLabel, scores[none]
		}
		return g
	}
	for _, k := range order[:offered] {
		g.Labels = append(g.Labels, r.labels[k])
	}
	return g
}

// The first labels are the urgent ones, self-harm before danger.
const (
	selfHarm = iota
	danger
	lifeLabels
	helpLabels = 10
)

func (r *Reader) sure(label int) float64 {
	switch {
	case label < lifeLabels:
		return sureLife
	case label < helpLabels:
		return sureHelp
	default:
		return sureCommand
	}
}

// ranked lists the labels but none, likeliest first; self-harm and danger come
// before what is only a little likelier.
func (r *Reader) ranked(scores []float64) []int {
	order := make([]int, len(scores)-1)
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	top := scores[order[0]]
	for _, k := range []int{danger, selfHarm} {
		if scores[k] >= near*top {
			at := slices.Index(order, k)
			order = slices.Insert(slices.Delete(order, at, at+1), 0, k)
		}
	}
	return order
}
