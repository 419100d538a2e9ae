package content

import (
	"fmt"

	"notalone/flows"
)

// A merger adds one file's items to what earlier files and sources said.
type merger struct {
	all   *flows.Content
	here  map[string]flows.Origin // kind and id of what this source said so far
	file  string
	lines lines
	wrong error // the first slip that only this source can show
}

func (m *merger) merge(f *file) {
	all := m.all
	add(m, &all.Topics, "topics", f.Topics, func(t *flows.Topic) (string, *flows.Origin) { return t.ID, &t.Origin })
	add(m, &all.Services, "services", f.Services, func(s *flows.Service) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(m, &all.Tips, "tips", f.Tips, func(t *flows.Tip) (string, *flows.Origin) { return t.ID, &t.Origin })
	add(m, &all.Questions, "questions", f.Questions, func(q *flows.Question) (string, *flows.Origin) { return q.ID, &q.Origin })
	add(m, &all.Practice, "practice", f.Practice, func(s *flows.Scenario) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(m, &all.Stories, "stories", f.Stories, func(s *flows.Story) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(m, &all.Library, "library", f.Library, func(m *flows.Material) (string, *flows.Origin) { return m.ID, &m.Origin })
	add(m, &all.Promises, "promises", f.Promises, func(p *flows.Promise) (string, *flows.Origin) { return p.ID, &p.Origin })
	add(m, &all.Lessons, "lessons", f.Lessons, func(l *flows.Lesson) (string, *flows.Origin) { return l.Topic, &l.Origin })
	add(m, &all.Signs, "signs", f.Signs, func(s *flows.Sign) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(m, &all.Pages, "pages", f.Pages, func(p *flows.Static) (string, *flows.Origin) { return string(p.Path), &p.Origin })
	add(m, &all.Directory.Global, "global", f.Global, channel)
	for i := range f.Countries {
		m.country(&f.Countries[i], i)
	}
	for topic, ids := range f.Fallback {
		if all.Directory.Fallback == nil {
			all.Directory.Fallback = map[string][]string{}
		}
		all.Directory.Fallback[topic] = ids
		all.Directory.Origin = flows.Origin{File: m.file, Line: m.line("fallback", 0)}
	}
}

func channel(c *flows.Channel) (string, *flows.Origin) { return c.ID, &c.Origin }

// country adds an overlay's channels and lets its routing win.
func (m *merger) country(country *flows.Country, i int) {
	d := &m.all.Directory
	for j := range country.Channels {
		country.Channels[j].Country = country.Code
	}
	origin := flows.Origin{File: m.file, Line: m.line("countries", i)}
	known := d.Country(country.Code)
	if known == nil {
		d.Countries = append(d.Countries, flows.Country{Code: country.Code, Near: country.Near, Routing: map[string][]string{}, Origin: origin})
		known = &d.Countries[len(d.Countries)-1]
	}
	add(m, &known.Channels, fmt.Sprintf("countries/%d/channels", i), country.Channels, channel)
	if len(country.Emergency) > 0 {
		known.Emergency, known.Origin = country.Emergency, origin
	}
	for topic, ids := range country.Routing {
		known.Routing[topic], known.Origin = ids, origin
	}
}

// add merges items by id and notes where each was written.
func add[T any](m *merger, all *[]T, list string, items []T, about func(*T) (string, *flows.Origin)) {
	places := map[string]int{}
	for i := range *all {
		id, _ := about(&(*all)[i])
		places[id] = i
	}
	for i := range items {
		id, origin := about(&items[i])
		*origin = flows.Origin{File: m.file, Line: m.line(list, i)}
		m.once(fmt.Sprintf("%T", items[i]), id, *origin)
		if old, ok := places[id]; ok {
			(*all)[old] = items[i]
			continue
		}
		places[id] = len(*all)
		*all = append(*all, items[i])
	}
}

// once notes an id; a source must not say two things of it.
func (m *merger) once(kind, id string, origin flows.Origin) {
	first, twice := m.here[kind+" "+id]
	switch {
	case id == "":
		m.fail(origin, "an item without its id")
	case twice:
		m.fail(origin, fmt.Sprintf("%q stands in %s:%d too", id, first.File, first.Line))
	}
	m.here[kind+" "+id] = origin
}

func (m *merger) fail(origin flows.Origin, what string) {
	if m.wrong == nil {
		m.wrong = fmt.Errorf("%s:%d: %s", origin.File, origin.Line, what)
	}
}

// line is where the i-th item of a list stands.
func (m *merger) line(list string, i int) int {
	if at := m.lines[list]; i < len(at) {
		return at[i]
	}
	return 1
}
