package flows

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"notalone/i18n"
)

// longestAsked is how long a question about the bot itself may be, in bytes; in
// a longer one there is something else.
const longestAsked = 90

// An asking is how a language asks for a page in many ways: who are you, are you
// human. It is a pattern because an honest answer must not hang on the wording.
type asking struct {
	lang    i18n.Lang
	path    Path
	pattern *regexp.Regexp
}

// readAskings reads the patterns under "asked." in every language.
func (s *Site) readAskings() error {
	var faults []error
	for _, lang := range s.words.Langs() {
		for _, key := range s.words.Keys(lang) {
			link, ok := strings.CutPrefix(string(key), "asked.")
			if !ok {
				continue
			}
			pattern, err := regexp.Compile("^(" + s.words.Line(lang, key) + ")$")
			if err != nil {
				at := s.words.Place(lang, key)
				faults = append(faults, fmt.Errorf("%s:%d: %s: %w", at.File, at.Line, key, err))
				continue
			}
			s.askings = append(s.askings, asking{lang: lang, path: s.fromLink(link), pattern: pattern})
		}
	}
	return errors.Join(faults...)
}

// asked takes typed words that are a question and nothing else for its page, with
// or without tone marks.
func (s *Site) asked(folded string) (heard, bool) {
	if len(folded) > longestAsked {
		return heard{}, false
	}
	bare := i18n.Bare(folded)
	for _, asking := range s.askings {
		if asking.pattern.MatchString(bare) {
			return heard{path: asking.path, lang: asking.lang}, true
		}
	}
	return heard{}, false
}
