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
	item   string // the item's id, for counting
	origin flows.Origin
}

// wants gathers what the content needs.
type wants []want

func (w *wants) need(kind, item string, origin flows.Origin, root string, ids ...string) {
	for _, id := range ids {
		*w = append(*w, want{key: i18n.Key(root + id), kind: kind, item: item, origin: origin})
	}
}

// expected lists the messages that the content needs in every language.
func (c *checker) expected() wants {
	var w wants
	for _, t := range c.content.Topics {
		w.need("topics", t.ID, t.Origin, "label.help_", t.ID)
		w.need("topics", t.ID, t.Origin, "help.", t.ID+".now")
		for _, step := range t.Steps {
			w.need("topics", t.ID, t.Origin, "help.", t.ID+"."+step)
			w.need("topics", t.ID, t.Origin, "step.", step)
		}
	}
	for _, s := range c.content.Services {
		w.need("services", s.ID, s.Origin, "", "report.service")
		for _, step := range s.Steps {
			w.need("services", s.ID, s.Origin, "report.", s.ID+"."+step)
			w.need("services", s.ID, s.Origin, "service.", step)
		}
	}
	for _, t := range c.content.Tips {
		w.need("tips", t.ID, t.Origin, "tip.", t.ID)
	}
	for _, q := range c.content.Questions {
		w.need("questions", q.ID, q.Origin, "quiz.", q.ID+".ask", q.ID+".why")
		for _, choice := range q.Choices {
			w.need("questions", q.ID, q.Origin, "quiz.", q.ID+"."+choice)
			if choice != q.Right {
				w.need("questions", q.ID, q.Origin, "quiz.", q.ID+".not_"+choice)
			}
		}
	}
	for _, p := range c.content.Practice {
		w.practice(&p)
	}
	for _, s := range c.content.Stories {
		w.need("stories", s.ID, s.Origin, "story.", s.ID+".text", s.ID+".title")
	}
	for _, m := range c.content.Library {
		w.need("library", m.ID, m.Origin, "library.", m.ID)
	}
	for _, p := range c.content.Promises {
		w.need("promises", p.ID, p.Origin, "pledge.", p.ID)
	}
	for _, l := range c.content.Lessons {
		w.need("lessons", l.Topic, l.Origin, "lesson.", l.Topic+".goal", l.Topic+".plan", l.Topic+".talk")
		w.need("lessons", l.Topic, l.Origin, "label.help_", l.Topic)
	}
	for _, s := range c.content.Signs {
		w.need("signs", s.ID, s.Origin, "trick.sign.", s.ID)
		if s.Topic != "" {
			w.need("signs", s.ID, s.Origin, "trick.do.", s.Topic)
		}
	}
	for _, p := range c.content.Pages {
		w.need("pages", string(p.Path), p.Origin, "page.", p.Path.Link())
		w.need("pages", string(p.Path), p.Origin, "label.", p.Path.Link())
	}
	w.directory(&c.content.Directory)
	return w
}

func (w *wants) practice(p *flows.Scenario) {
	w.need("practice", p.ID, p.Origin, "practice.", p.ID+".title", p.ID+".signs")
	for _, screen := range p.Screens {
		w.need("screens", p.ID+"/"+screen.ID, p.Origin, "practice.", p.ID+"."+screen.ID+".text")
		for _, choice := range screen.Choices {
			w.need("screens", p.ID+"/"+screen.ID, p.Origin, "practice.", p.ID+"."+screen.ID+"."+choice.ID)
		}
	}
}

// directory needs for each card the words of its fields.
func (w *wants) directory(d *flows.Directory) {
	card := func(ch *flows.Channel) {
		w.need("channels", ch.ID, ch.Origin, "cost.", ch.Cost)
		w.need("channels", ch.ID, ch.Origin, "hours.", ch.Hours)
		w.need("channels", ch.ID, ch.Origin, "line.kind.", ch.Kind+".who", ch.Kind+".what")
		w.need("channels", ch.ID, ch.Origin, "language_", ch.Languages...)
	}
	for i := range d.Global {
		card(&d.Global[i])
	}
	for i := range d.Countries {
		country := &d.Countries[i]
		w.need("countries", country.Code, country.Origin, "country_", country.Code)
		for j := range country.Channels {
			card(&country.Channels[j])
		}
	}
}

// ownedRoots are the tables whose every key must belong to an item.
var ownedRoots = []string{"help.", "tip.", "quiz.", "practice.", "story.", "lesson.", "report.", "pledge.", "library.", "trick.sign.", "trick.do."}

// interfaceKeys stand in those tables without belonging to an item.
var interfaceKeys = []string{
	"help.front", "help.rest", "help.steps", "help.program", "quiz.today", "quiz.right", "quiz.better", "practice.front",
	"lesson.front", "report.front", "report.service", "pledge.front", "pledge.not_enough", "pledge.done", "library.front", "trick.do.none",
}

// keys compares the languages with the content and with each other.
func (c *checker) keys() {
	known := map[i18n.Key]bool{}
	for _, want := range c.expected() {
		known[want.key] = true
		for _, lang := range c.words.Langs() {
			if !c.words.Has(lang, want.key) {
				c.faults = append(c.faults, Fault{
					File: want.origin.File, Line: want.origin.Line, Kind: "missing key", Lang: lang,
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
