package flows

import (
	"strings"

	"notalone/i18n"
)

// textKeys are the ends of the keys under which a page's main text may stand.
var textKeys = []string{"", ".text", ".now", ".ask", ".plan", ".title", ".front"}

// Where is the file and line that an author opens to mend a page: its words or,
// if asked and there is any, its structure.
func (s *Site) Where(lang i18n.Lang, path Path, structure bool) Origin {
	parts := path.Parts()
	if origin := s.structureOf(parts); origin.Line > 0 && (structure || parts[0] == "line") {
		return origin
	}
	place := s.words.Place(lang, i18n.Key("page."+path.Link()))
	for n := len(parts); n > 0 && place.Line == 0; n-- {
		for _, end := range textKeys {
			if place.Line == 0 {
				place = s.words.Place(lang, i18n.Key(strings.Join(parts[:n], ".")+end))
			}
		}
		if place.Line == 0 {
			place = s.words.Place(lang, i18n.Key("label."+strings.Join(parts[:n], "_")))
		}
	}
	if place.Line == 0 {
		place = s.words.Place(lang, "home")
	}
	return Origin{File: place.File, Line: place.Line}
}

// structureOf is where the item that a page shows was written.
func (s *Site) structureOf(parts []string) Origin {
	if static := s.statics[join(parts...)]; static != nil {
		return static.Origin
	}
	if len(parts) < 2 {
		return Origin{}
	}
	id := parts[1]
	switch parts[0] {
	case "help":
		return find(s.content.Topics, func(t *Topic) (bool, Origin) { return t.ID == id, t.Origin })
	case "report":
		return find(s.content.Services, func(v *Service) (bool, Origin) { return v.ID == id, v.Origin })
	case "line":
		return s.channelOrigin(id)
	case "tip":
		return find(s.content.Tips, func(t *Tip) (bool, Origin) { return t.ID == id, t.Origin })
	case "quiz", "class":
		return find(s.content.Questions, func(q *Question) (bool, Origin) { return q.ID == id, q.Origin })
	case "practice":
		return find(s.content.Practice, func(p *Scenario) (bool, Origin) { return p.ID == id, p.Origin })
	case "story":
		return find(s.content.Stories, func(t *Story) (bool, Origin) { return t.ID == id, t.Origin })
	case "lesson":
		return find(s.content.Lessons, func(l *Lesson) (bool, Origin) { return l.Topic == id, l.Origin })
	}
	return Origin{}
}

func (s *Site) channelOrigin(id string) Origin {
	if channel := s.content.Directory.Channel(id); channel != nil {
		return channel.Origin
	}
	return Origin{}
}

func find[T any](all []T, is func(*T) (bool, Origin)) Origin {
	for i := range all {
		if ok, origin := is(&all[i]); ok {
			return origin
		}
	}
	return Origin{}
}
