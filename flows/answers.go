package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"notalone/i18n"
)

// Answers typed in words are taken for the buttons of the page on show.

// pressed takes a typed number or label.
func (p *Page) pressed(folded string) (Path, bool) {
	if p == nil {
		return "", false
	}
	if n := number(folded); n > 0 {
		if button, ok := p.Press(n); ok && button.Path != "" {
			return button.Path, true
		}
	}
	return p.find(func(label string) bool { return label == folded })
}

// answered takes "the second one" for a button of the page, and a bare "no"
// after a guess for "I meant something else".
func (t *turn) answered(page *Page, folded string) (Path, bool) {
	if page == nil {
		return "", false
	}
	if t.site.no[folded] {
		return page.find(func(label string) bool { return label == fold(t.site.words.Line(page.Lang, "label.not_that")) })
	}
	if n := t.site.ordinals[folded]; n > 0 {
		button, ok := page.Press(n)
		return button.Path, ok && button.Path != ""
	}
	return "", false
}

// The words of a name that stands in a label: few, and not too short.
const (
	nameWords   = 3
	nameLetters = 4
)

// named takes a few words for the only button whose label has them all, or whose
// label they hold: "facebook please".
func (p *Page) named(folded string) (Path, bool) {
	words := strings.Fields(folded)
	if p == nil || len(words) > nameWords || utf8.RuneCountInString(folded) < nameLetters {
		return "", false
	}
	return p.find(func(label string) bool {
		parts := strings.Fields(label)
		return within(words, parts) || within(parts, words)
	})
}

func within(some, all []string) bool {
	for _, word := range some {
		if !slices.Contains(all, word) {
			return false
		}
	}
	return len(some) > 0
}

// find returns the path of the only button whose folded label fits.
func (p *Page) find(fits func(label string) bool) (Path, bool) {
	var found Path
	for _, row := range p.Rows {
		for _, button := range row {
			if button.Path == "" || button.Path == found || !fits(fold(button.Label)) {
				continue
			}
			if found != "" {
				return "", false
			}
			found = button.Path
		}
	}
	return found, found != ""
}

func number(text string) int {
	if len(text) > 2 {
		return 0
	}
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}

// answerWords collects what every language says for "no" and "the second one".
func (s *Site) answerWords() (no map[string]bool, ordinals map[string]int) {
	no, ordinals = map[string]bool{}, map[string]int{}
	for _, lang := range s.words.Langs() {
		no[fold(s.words.Line(lang, "label.not_that"))] = true
		for word := range strings.SplitSeq(s.words.Line(lang, "answer.no"), ",") {
			no[fold(word)] = true
		}
		for i, key := range []i18n.Key{"answer.first", "answer.second", "answer.third", "answer.fourth"} {
			for word := range strings.SplitSeq(s.words.Line(lang, key), ",") {
				ordinals[fold(word)] = i + 1
			}
		}
	}
	delete(no, "")
	delete(ordinals, "")
	return no, ordinals
}
