package check

import "notalone/i18n"

// counts tells how many items of each kind there are ("all") and how many of them
// a language has all the words of.
func (c *checker) counts() map[string]map[string]int {
	type item struct{ kind, id string }
	lacking := map[i18n.Lang]map[item]bool{}
	for _, lang := range c.words.Langs() {
		lacking[lang] = map[item]bool{}
	}
	items := map[item]bool{}
	for _, want := range c.expected() {
		it := item{want.kind, want.item}
		items[it] = true
		for lang := range lacking {
			if !c.words.Has(lang, want.key) {
				lacking[lang][it] = true
			}
		}
	}
	counts := map[string]map[string]int{"messages": {}}
	for it := range items {
		if counts[it.kind] == nil {
			counts[it.kind] = map[string]int{}
		}
		counts[it.kind]["all"]++
		for lang := range lacking {
			if !lacking[lang][it] {
				counts[it.kind][string(lang)]++
			}
		}
	}
	for lang := range lacking {
		counts["messages"][string(lang)] = len(c.words.Keys(lang))
	}
	return counts
}
