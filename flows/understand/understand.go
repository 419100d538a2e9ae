// Package understand takes typed words for a help topic or a command page. It
// is pure and deterministic: words, letter runs and phrases are weighed by a
// linear model that was learnt from the phrase files beside it.
package understand

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"notalone/flows"
	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
	"notalone/i18n"
)

//go:embed model.bin
var packed []byte

// Reader implements flows.Reader. It is read-only after Load.
type Reader struct {
	topics *model.Model
	labels []string
}

var _ flows.Reader = (*Reader)(nil)

// Load builds a Reader from the embedded model.
func Load() (*Reader, error) {
	topics, err := model.Read(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("load understanding: %w", err)
	}
	return &Reader{topics: topics, labels: model.Labels()}, nil
}

// Read implements flows.Reader.
func (r *Reader) Read(text string, prefer i18n.Lang) flows.Reading {
	sentences := features.Split(features.Clean(text))
	if len(sentences) == 0 {
		return flows.Reading{}
	}
	scores := r.topics.Score(features.Of(sentences, prefer, false).Hashes)
	return r.decide(scores)
}

func (r *Reader) decide(scores []float64) flows.Reading {
	none := len(scores) - 1
	order := make([]int, none)
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	reading := flows.Reading{}
	order = r.lifeFirst(order, scores)
	switch {
	case scores[order[0]] >= sure:
		reading.Decision = flows.Go
	case scores[none] <= unsure || scores[order[0]] >= doubt:
		reading.Decision = flows.Ask
	default:
		return reading
	}
	for _, k := range order[:3] {
		reading.Labels = append(reading.Labels, r.labels[k])
	}
	return reading
}

// The thresholds: sure enough to go there, too unsure to say nothing, and how
// little is enough to ask when a life may be at stake.
const (
	sure   = 0.6
	unsure = 0.5
	doubt  = 0.15
)

// lifeFirst puts self-harm and danger before a surer reading: a wrong question
// costs one tap, a missed one may cost more.
func (r *Reader) lifeFirst(order []int, scores []float64) []int {
	first := make([]int, 0, len(order))
	for _, urgent := range []bool{true, false} {
		for _, k := range order {
			life := r.labels[k] == "self_harm" || r.labels[k] == "danger"
			if (life && scores[k] >= doubt) == urgent {
				first = append(first, k)
			}
		}
	}
	return first
}
