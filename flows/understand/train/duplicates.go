package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"notalone/flows/understand/features"
)

// alike is the share of common words from which two lines are near-duplicates.
const alike = 0.7

// A counter counts lines that differ from each other.
type counter struct {
	kept    []map[string]bool
	holders map[string][]int // word → lines that hold it
}

// add keeps a line unless a kept one is alike.
func (c *counter) add(text string) bool {
	set := words(text)
	if c.like(set) {
		return false
	}
	if c.holders == nil {
		c.holders = map[string][]int{}
	}
	for w := range set {
		c.holders[w] = append(c.holders[w], len(c.kept))
	}
	c.kept = append(c.kept, set)
	return true
}

// like reports whether a kept line has mostly the same words.
func (c *counter) like(set map[string]bool) bool {
	common := map[int]int{}
	for w := range set {
		for _, k := range c.holders[w] {
			common[k]++
		}
	}
	for k, n := range common {
		if float64(n) >= alike*float64(len(set)+len(c.kept[k])-n) {
			return true
		}
	}
	return false
}

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, s := range features.Split(features.Clean(text)) {
		for _, t := range s {
			set[t.Plain] = true
		}
	}
	return set
}

// A group is the lines of one kind in one language.
type group struct {
	lang, kind      string
	lines, distinct int
}

// near misses are counted as a kind of their own beside all of none.
const nearMisses = "none, near"

// distinct counts the lines of each kind that are no near-duplicate of another.
func distinct(phrases []phrase) []group {
	groups := map[[2]string]*group{}
	counters := map[[2]string]*counter{}
	for _, p := range phrases {
		kinds := []string{p.label}
		if p.hard {
			kinds = append(kinds, nearMisses)
		}
		for _, kind := range kinds {
			key := [2]string{string(p.lang), kind}
			if groups[key] == nil {
				groups[key], counters[key] = &group{lang: key[0], kind: kind}, &counter{}
			}
			groups[key].lines++
			if counters[key].add(p.text) {
				groups[key].distinct++
			}
		}
	}
	var all []group
	for _, g := range groups {
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Or(strings.Compare(a.lang, b.lang), strings.Compare(a.kind, b.kind)) })
	return all
}

func printDistinct(out io.Writer, phrases []phrase) error {
	for _, g := range distinct(phrases) {
		if _, err := fmt.Fprintf(out, "%s %-14s %5d lines, %5d of them distinct\n", g.lang, g.kind, g.lines, g.distinct); err != nil {
			return fmt.Errorf("print the counts: %w", err)
		}
	}
	return nil
}
