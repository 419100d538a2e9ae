// Package check proves what a machine can prove about the content: it reads
// every page in every language and reports each fault with file and line.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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

// onPage begins the faults that show on a rendered page.
const onPage = "the page "

// shown is 1 for the faults that only follow from another one above them.
func (f Fault) shown() int {
	if strings.HasPrefix(f.Text, onPage) {
		return 1
	}
	return 0
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
	tempts  map[i18n.Key]bool
	led     map[flows.Path]bool // whether a path leads to a page
	folder  string              // whose single texts are read; empty: all
	now     time.Time
	faults  []Fault
}

// Run checks everything. The time decides which directory entries are stale.
func Run(site *flows.Site, now time.Time) (*Report, error) { return run(site, "", now) }

// RunOverlay checks the same, but of single texts only those in the folder: what
// is shipped was read by the tests, and a start should not take long.
func RunOverlay(site *flows.Site, folder string, now time.Time) (*Report, error) {
	return run(site, folder, now)
}

func run(site *flows.Site, folder string, now time.Time) (*Report, error) {
	banned, err := readBanned()
	if err != nil {
		return nil, err
	}
	c := &checker{
		site: site, words: site.Words(), content: site.Content(), banned: banned, tempts: tempting(site.Content()),
		led: map[flows.Path]bool{}, folder: folder, now: now,
	}
	c.keys()
	c.style()
	c.pages()
	c.items()
	c.directory()
	slices.SortFunc(c.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.shown(), b.shown()), cmp.Compare(a.Text, b.Text))
	})
	return &Report{Counts: c.counts(), Faults: slices.Compact(append([]Fault{}, c.faults...))}, nil
}

// word reports a fault in a message.
func (c *checker) word(kind string, lang i18n.Lang, key i18n.Key, format string, args ...any) {
	place := c.words.Place(lang, key)
	text := fmt.Sprintf("%s: ", key) + fmt.Sprintf(format, args...)
	c.faults = append(c.faults, Fault{File: place.File, Line: place.Line, Kind: kind, Lang: lang, Text: text})
}

// item reports a fault in the structure.
func (c *checker) item(kind string, origin flows.Origin, format string, args ...any) {
	c.faults = append(c.faults, Fault{File: origin.File, Line: origin.Line, Kind: kind, Text: fmt.Sprintf(format, args...)})
}

// page reports a fault that shows on a rendered page, at its words or at its
// structure.
func (c *checker) page(kind string, lang i18n.Lang, path flows.Path, structure bool, format string, args ...any) {
	at := c.site.Where(lang, path, structure)
	text := fmt.Sprintf(onPage+"%s in %s: ", path, lang) + fmt.Sprintf(format, args...)
	c.faults = append(c.faults, Fault{File: at.File, Line: at.Line, Kind: kind, Lang: lang, Text: text})
}
