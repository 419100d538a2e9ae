package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"notalone/flows/understand"
	"notalone/flows/understand/measure"
)

// cross learns from all hands but one and measures on that one, for each hand or
// for those that are asked for.
func (s *school) cross(asked string, share float64, wrong bool) error {
	var hands []string
	for _, p := range s.phrases {
		if asked == "" && !slices.Contains(hands, p.hand) {
			hands = append(hands, p.hand)
		}
	}
	if asked != "" {
		hands = strings.Split(asked, ",")
	}
	figures := make([]*measure.Figures, len(hands))
	gate := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	for h, hand := range hands {
		wg.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			figures[h] = s.leaveOut(hand, share)
		})
	}
	wg.Wait()
	for h, hand := range hands {
		if err := figures[h].Summary(os.Stdout, hand); err != nil {
			return fmt.Errorf("print the figures: %w", err)
		}
		if wrong {
			if err := figures[h].PrintWrongs(os.Stdout); err != nil {
				return fmt.Errorf("print what went wrong: %w", err)
			}
		}
	}
	return nil
}

// parallel is how many hands are left out at a time: each takes about 300 MB.
const parallel = 2

func (s *school) leaveOut(group string, share float64) *measure.Figures {
	left := strings.Split(group, "+")
	n := 0
	topics, tongues := s.learn(func(p phrase) bool {
		n++
		return !slices.Contains(left, p.hand) && float64(n*7919%1000) < share*1000
	})
	reader := understand.New(s.lexicon, topics, tongues)
	var rows []measure.Row
	for _, p := range s.phrases {
		if p.hand == left[0] {
			rows = append(rows, measure.Row{Lang: p.lang, Text: p.text, Label: p.label, Hard: p.hard})
		}
	}
	return measure.Of(reader, rows)
}
