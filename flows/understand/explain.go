package understand

import (
	"cmp"
	"slices"

	"notalone/flows/understand/features"
)

// Evidence is a word, phrase or meaning and how much it spoke for the label.
type Evidence struct {
	What   string  `json:"what"`
	Weight float64 `json:"weight"`
}

// shown is how many pieces of evidence are told.
const shown = 8

// evidence lists what spoke most for a label.
func (r *Reader) evidence(set features.Set, label string) []Evidence {
	k := slices.Index(r.labels, label)
	var out []Evidence
	for _, h := range set.Hashes {
		if w := r.topics.Weight(h, k, len(set.Hashes)); w > 0 {
			out = append(out, Evidence{What: set.Names[h], Weight: w})
		}
	}
	slices.SortStableFunc(out, func(a, b Evidence) int { return cmp.Compare(b.Weight, a.Weight) })
	return out[:min(shown, len(out))]
}
