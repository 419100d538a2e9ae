// Package check proves what a machine can prove about the content: it reads
// every page in every language and reports each fault with file and line.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"notalone/flows"
	"notalone/i18n"
)

// A Fault is one thing an author has to mend.
type Fault struct {
	File string    `json:"file"`
	Line int       `json:"line"`
	Kind string    `json:"kind"`
	Lang i18n.Lang `json:"lang,omitempty"`
	Text string    `json:"text"`
}

func (f Fault) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Kind, f.Text)
}

// A Report is what a check found and how much it read.
type Report struct {
	Counts map[string]map[string]int `json:"counts"` // kind → language ("" for structure) → number
	Faults []Fault                   `json:"faults"`
}

// A checker gathers faults.
type checker struct {
	site    *flows.Site
	words   *i18n.Catalog
	content *flows.Content
	banned  bannedWords
	now     time.Time
	faults  []Fault
}

// Run checks everything. The time decides which directory entries are stale.
func Run(site *flows.Site, now time.Time) (*Report, error) {
	banned, err := readBanned()
	if err != nil {
		return nil, err
	}
	c := &checker{site: site, words: site.Words(), content: site.Content(), banned: banned, now: now}
	c.keys()
	c.style()
	c.pages()
	c.items()
	c.directory()
	slices.SortFunc(c.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
	return &Report{Counts: c.counts(), Faults: slices.Compact(c.faults)}, nil
}

// word reports a fault in a message.
func (c *checker) word(kind string, lang i18n.Lang, key i18n.Key, format string, args ...any) {
	place := c.words.Place(lang, key)
	text := fmt.Sprintf("%s: ", key) + fmt.Sprintf(format, args...)
	c.faults = append(c.faults, Fault{File: "i18n/" + place.File, Line: place.Line, Kind: kind, Lang: lang, Text: text})
}

// item reports a fault in the structure.
func (c *checker) item(kind string, origin flows.Origin, format string, args ...any) {
	c.faults = append(c.faults, Fault{File: "flows/content/" + origin.File, Line: origin.Line, Kind: kind, Text: fmt.Sprintf(format, args...)})
}

// page reports a fault that shows on a rendered page.
func (c *checker) page(kind string, lang i18n.Lang, path flows.Path, format string, args ...any) {
	c.faults = append(c.faults, Fault{File: "page " + string(path), Kind: kind, Lang: lang, Text: fmt.Sprintf(format, args...)})
}

// counts tells how much there is of each kind in each language.
func (c *checker) counts() map[string]map[string]int {
	content := c.content
	channels := len(content.Directory.Global)
	for _, country := range content.Directory.Countries {
		channels += len(country.Channels)
	}
	screens := 0
	for _, scenario := range content.Practice {
		screens += len(scenario.Screens)
	}
	counts := map[string]map[string]int{}
	for kind, n := range map[string]int{
		"topics": len(content.Topics), "services": len(content.Services), "countries": len(content.Directory.Countries), "channels": channels,
		"tips": len(content.Tips), "questions": len(content.Questions), "practice": len(content.Practice), "screens": screens,
		"stories": len(content.Stories), "library": len(content.Library), "promises": len(content.Promises), "lessons": len(content.Lessons),
	} {
		counts[kind] = map[string]int{"all": n}
	}
	for root, kind := range map[string]string{"tip.": "tips", "quiz.": "questions", "practice.": "practice", "story.": "stories", "help.": "topics"} {
		for _, lang := range c.words.Langs() {
			counts[kind][string(lang)] = c.countItems(lang, root, kind)
		}
	}
	counts["messages"] = map[string]int{}
	for _, lang := range c.words.Langs() {
		counts["messages"][string(lang)] = len(c.words.Keys(lang))
	}
	return counts
}

// countItems counts the items of a kind whose main text a language has.
func (c *checker) countItems(lang i18n.Lang, root, kind string) int {
	n := 0
	for _, want := range c.expected() {
		if want.main && want.kind == kind && c.words.Has(lang, i18n.Key(root+want.id)) {
			n++
		}
	}
	return n
}
