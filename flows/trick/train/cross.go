package main

import (
	"fmt"
	"io"
	"slices"

	"notalone/flows/trick"
)

// cross learns from all angles but one and reads that one, for each. The patterns
// were written from the same files: what they find there is not counted.
func (s *school) cross(out io.Writer, wrong bool) error {
	var angles []string
	for _, e := range s.examples {
		if !slices.Contains(angles, e.angle) {
			angles = append(angles, e.angle)
		}
	}
	for _, angle := range angles {
		likes := trick.NewLikeness(s.kinds, s.learn(func(e *example) bool { return e.angle != angle }))
		tricks, alike, named, honest, marked := 0, 0, 0, 0, 0
		for _, e := range s.examples {
			if e.angle != angle {
				continue
			}
			kinds := likes.Kinds(e.forms[0])
			right := slices.ContainsFunc(kinds, func(kind string) bool { return slices.Contains(e.signs, kind) })
			switch {
			case e.trick:
				tricks, alike, named = tricks+1, alike+one(len(kinds) > 0), named+one(right)
			default:
				honest, marked = honest+1, marked+one(len(kinds) > 0)
			}
			if wrong && right != e.trick {
				if _, err := fmt.Fprintf(out, "%s: %v, not %v: %s\n", e.lang, kinds, e.signs, e.text); err != nil {
					return fmt.Errorf("print what went wrong: %w", err)
				}
			}
		}
		if _, err := fmt.Fprintf(out, "%s: %d tricks, alike %.2f, a right sign %.2f; %d honest, alike %.3f\n",
			angle, tricks, part(alike, tricks), part(named, tricks), honest, part(marked, honest)); err != nil {
			return fmt.Errorf("print the figures: %w", err)
		}
	}
	return nil
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func part(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
