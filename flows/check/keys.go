package check

import (
	"slices"
	"strings"

	"notalone/flows"
	"notalone/i18n"
)

// A want is a message that an item of the content needs.
type want struct {
	key    i18n.Key
	kind   string
	id     string // of the key after its root, for counting
	main   bool   // the item's first text
	origin flows.Origin
}

// expected lists the messages that the content needs in every language.
func (c *checker) expected() []want {
	var all []want
	need := func(kind string, origin flows.Origin, root string, ids ...string) {
		for i, id := range ids {
			all = append(all, want{key: i18n.Key(root + id), kind: kind, id: id, main: i == 0, origin: origin})
		}
	}
	for _, t := range c.content.Topics {
		ids := []string{t.ID + ".now"}
		for _, step := range t.Steps {
			ids = append(ids, t.ID+"."+step)
			need("steps", t.Origin, "step.", step)
		}
		need("topics", t.Origin, "help.", ids...)
		need("labels", t.Origin, "label.help_", t.ID)
	}
	for _, s := range c.content.Services {
		for _, step := range s.Steps {
			need("services", s.Origin, "report.", s.ID+"."+step)
			need("steps", s.Origin, "service.", step)
		}
	}
	for _, t := range c.content.Tips {
		need("tips", t.Origin, "tip.", t.ID)
	}
	for _, q := range c.content.Questions {
		ids := []string{q.ID + ".ask", q.ID + ".why"}
		for _, choice := range q.Choices {
			ids = append(ids, q.ID+"."+choice)
			if choice != q.Right {
				ids = append(ids, q.ID+".not_"+choice)
			}
		}
		need("questions", q.Origin, "quiz.", ids...)
	}
	for _, p := range c.content.Practice {
		ids := []string{p.ID + ".title", p.ID + ".signs"}
		for _, screen := range p.Screens {
			ids = append(ids, p.ID+"."+screen.ID+".text")
			for _, choice := range screen.Choices {
				ids = append(ids, p.ID+"."+screen.ID+"."+choice.ID)
			}
		}
		need("practice", p.Origin, "practice.", ids...)
	}
	for _, s := range c.content.Stories {
		need("stories", s.Origin, "story.", s.ID+".text", s.ID+".title")
	}
	for _, m := range c.content.Library {
		need("library", m.Origin, "library.", m.ID)
	}
	for _, p := range c.content.Promises {
		need("promises", p.Origin, "pledge.", p.ID)
	}
	for _, l := range c.content.Lessons {
		need("lessons", l.Origin, "lesson.", l.Topic+".goal", l.Topic+".plan", l.Topic+".talk")
	}
	for _, p := range c.content.Pages {
		need("pages", p.Origin, "page.", p.Path.Link())
	}
	return all
}

// ownedRoots are the tables whose every key must belong to an item.
var ownedRoots = []string{"help.", "tip.", "quiz.", "practice.", "story.", "lesson.", "report.", "pledge.", "library."}

// interfaceKeys stand in those tables without belonging to an item.
var interfaceKeys = []string{
	"help.front", "help.rest", "help.steps", "help.program", "quiz.today", "quiz.right", "quiz.better", "practice.front",
	"lesson.front", "report.front", "report.service", "pledge.front", "pledge.not_enough", "pledge.done", "library.front",
}

// keys compares the languages with the content and with each other.
func (c *checker) keys() {
	known := map[i18n.Key]bool{}
	for _, want := range c.expected() {
		known[want.key] = true
		for _, lang := range c.words.Langs() {
			if !c.words.Has(lang, want.key) {
				c.faults = append(c.faults, Fault{
					File: "flows/content/" + want.origin.File, Line: want.origin.Line, Kind: "missing key", Lang: lang,
					Text: string(want.key) + " is missing in i18n/" + string(lang),
				})
			}
		}
	}
	for _, lang := range c.words.Langs() {
		for _, key := range c.words.Keys(lang) {
			c.key(lang, key, known[key])
		}
	}
}

func (c *checker) key(lang i18n.Lang, key i18n.Key, known bool) {
	for _, root := range ownedRoots {
		if strings.HasPrefix(string(key), root) && !known && !slices.Contains(interfaceKeys, string(key)) {
			c.word("extra key", lang, key, "belongs to nothing in flows/content")
		}
	}
	for _, other := range c.words.Langs() {
		if !c.words.Has(other, key) {
			c.word("missing key", lang, key, "is missing in i18n/%s", other)
			continue
		}
		if a, b := c.args(lang, key), c.args(other, key); !slices.Equal(a, b) {
			c.word("placeholder", lang, key, "has the values %v here and %v in i18n/%s", a, b, other)
		}
	}
	if fallback := c.words.Forms(lang, key); len(fallback) == 0 || fallback[0].Plain() == "" && len(fallback[0].Args()) == 0 {
		c.word("empty", lang, key, "has no text")
	}
}

// args lists the values of a message, each once and in order.
func (c *checker) args(lang i18n.Lang, key i18n.Key) []string {
	var names []string
	for _, text := range c.words.Forms(lang, key) {
		names = append(names, text.Args()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
