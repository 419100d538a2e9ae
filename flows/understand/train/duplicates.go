package main

import (
	"fmt"

	"notalone/flows/understand/features"
)

// alike is the share of common words from which two lines are near-duplicates.
const alike = 0.7

// nearDuplicates counts the lines of a label and language whose set of words is
// alike another line's.
func nearDuplicates(texts []string) int {
	sets := make([]map[string]bool, len(texts))
	holders := map[string][]int{}
	for i, text := range texts {
		sets[i] = map[string]bool{}
		for _, s := range features.Split(features.Clean(text)) {
			for _, t := range s {
				if !sets[i][t.Plain] {
					sets[i][t.Plain] = true
					holders[t.Plain] = append(holders[t.Plain], i)
				}
			}
		}
	}
	count := 0
	for i, set := range sets {
		common := map[int]int{}
		for w := range set {
			for _, j := range holders[w] {
				common[j]++
			}
		}
		for j, n := range common {
			if j != i && float64(n) >= alike*float64(len(set)+len(sets[j])-n) {
				count++
				break
			}
		}
	}
	return count
}

// group is the lines of one label in one language.
type group struct{ lang, label string }

func byGroup(phrases []phrase) (order []group, texts map[group][]string) {
	texts = map[group][]string{}
	for _, p := range phrases {
		g := group{string(p.lang), p.label}
		if texts[g] == nil {
			order = append(order, g)
		}
		texts[g] = append(texts[g], p.text)
	}
	return order, texts
}

func printDuplicates(phrases []phrase) {
	order, texts := byGroup(phrases)
	for _, g := range order {
		n := nearDuplicates(texts[g])
		fmt.Printf("%s %-14s %5d lines, near-duplicates %4d (%.1f %%)\n", g.lang, g.label, len(texts[g]), n, 100*float64(n)/float64(len(texts[g])))
	}
}
