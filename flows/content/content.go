// Package content reads the structure of the site from YAML: strictly, so that
// an author's slip is an error with file, line and excerpt. It holds no words.
package content

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"

	"notalone/flows"
)

//go:embed *.yaml */*.yaml
var embedded embed.FS

// Embedded is the content shipped with the binary.
func Embedded() fs.FS { return embedded }

// A file may hold any kinds of item, so authors divide files as they like.
type file struct {
	Topics    []flows.Topic
	Countries []flows.Country
	Global    []flows.Channel
	Fallback  map[string][]string
	Services  []flows.Service
	Tips      []flows.Tip
	Questions []flows.Question
	Practice  []flows.Scenario
	Stories   []flows.Story
	Library   []flows.Material
	Promises  []flows.Promise
	Lessons   []flows.Lesson
	Pages     []flows.Static
}

// Load reads every YAML file of each source in turn. An item of a later source
// replaces the one with the same id; a new one is added.
func Load(sources ...fs.FS) (*flows.Content, error) {
	all := &flows.Content{}
	for _, source := range sources {
		for _, pattern := range []string{"*.yaml", "*/*.yaml"} {
			names, err := fs.Glob(source, pattern)
			if err != nil {
				return nil, fmt.Errorf("list content: %w", err)
			}
			for _, name := range names {
				if err := loadFile(all, source, name); err != nil {
					return nil, err
				}
			}
		}
	}
	return all, nil
}

func loadFile(all *flows.Content, source fs.FS, name string) error {
	data, err := fs.ReadFile(source, name)
	if err != nil {
		return fmt.Errorf("read content: %w", err)
	}
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, true))
	}
	merge(all, &f, locator{name: name, lines: idLines(string(data))})
	return nil
}

func merge(all *flows.Content, f *file, at locator) {
	add(&all.Topics, f.Topics, at, func(t *flows.Topic) (string, *flows.Origin) { return t.ID, &t.Origin })
	add(&all.Services, f.Services, at, func(s *flows.Service) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(&all.Tips, f.Tips, at, func(t *flows.Tip) (string, *flows.Origin) { return t.ID, &t.Origin })
	add(&all.Questions, f.Questions, at, func(q *flows.Question) (string, *flows.Origin) { return q.ID, &q.Origin })
	add(&all.Practice, f.Practice, at, func(s *flows.Scenario) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(&all.Stories, f.Stories, at, func(s *flows.Story) (string, *flows.Origin) { return s.ID, &s.Origin })
	add(&all.Library, f.Library, at, func(m *flows.Material) (string, *flows.Origin) { return m.ID, &m.Origin })
	add(&all.Promises, f.Promises, at, func(p *flows.Promise) (string, *flows.Origin) { return p.ID, &p.Origin })
	add(&all.Lessons, f.Lessons, at, func(l *flows.Lesson) (string, *flows.Origin) { return l.Topic, &l.Origin })
	add(&all.Pages, f.Pages, at, func(p *flows.Static) (string, *flows.Origin) { return string(p.Path), &p.Origin })
	channel := func(c *flows.Channel) (string, *flows.Origin) { return c.ID, &c.Origin }
	add(&all.Directory.Global, f.Global, at, channel)
	for i := range f.Countries {
		country := &f.Countries[i]
		for j := range country.Channels {
			country.Channels[j].Country = country.Code
		}
		mergeCountry(&all.Directory, country, func(list *[]flows.Channel) { add(list, country.Channels, at, channel) })
	}
	for topic, ids := range f.Fallback {
		if all.Directory.Fallback == nil {
			all.Directory.Fallback = map[string][]string{}
		}
		all.Directory.Fallback[topic] = ids
	}
}

// mergeCountry adds an overlay's channels and lets its routing win.
func mergeCountry(d *flows.Directory, country *flows.Country, channels func(*[]flows.Channel)) {
	known := d.Country(country.Code)
	if known == nil {
		d.Countries = append(d.Countries, flows.Country{Code: country.Code, Near: country.Near, Routing: map[string][]string{}})
		known = &d.Countries[len(d.Countries)-1]
	}
	channels(&known.Channels)
	if len(country.Emergency) > 0 {
		known.Emergency = country.Emergency
	}
	for topic, ids := range country.Routing {
		known.Routing[topic] = ids
	}
}

// add merges items by id and notes where each was written.
func add[T any](all *[]T, items []T, at locator, about func(*T) (string, *flows.Origin)) {
	places := map[string]int{}
	for i := range *all {
		id, _ := about(&(*all)[i])
		places[id] = i
	}
	for i := range items {
		id, origin := about(&items[i])
		*origin = flows.Origin{File: at.name, Line: at.lines[id]}
		if old, ok := places[id]; ok {
			(*all)[old] = items[i]
			continue
		}
		places[id] = len(*all)
		*all = append(*all, items[i])
	}
}

// A locator knows on which line of a file each id stands.
type locator struct {
	name  string
	lines map[string]int
}

func idLines(source string) map[string]int {
	lines := map[string]int{}
	for i, line := range strings.Split(source, "\n") {
		line = strings.TrimPrefix(strings.TrimSpace(line), "- ")
		for _, field := range []string{"id:", "path:", "topic:"} {
			if id, ok := strings.CutPrefix(strings.TrimPrefix(line, "{"), field); ok {
				id, _, _ = strings.Cut(id, ",")
				id = strings.Trim(strings.TrimSpace(id), `"'}`)
				if lines[id] == 0 {
					lines[id] = i + 1
				}
			}
		}
	}
	return lines
}
