package flows

import (
	"errors"
	"fmt"
	"strings"

	"notalone/i18n"
)

// A Site is every page in every language: the content, the words and the router.
// It is read-only after NewSite and safe for concurrent use.
type Site struct {
	words    *i18n.Catalog
	content  *Content
	reader   Reader
	signs    SignReader
	operator Operator
	routes   map[string][]route // by first segment
	statics  map[Path]*Static
	topics   map[string]*Topic
	services map[string]*Service
	typed    map[string]word       // labels and safe words, folded, of all languages
	openings map[string][][]string // of these, what opens the page that looks at a message
	no       map[string]bool       // words that say no to a guess
	ordinals map[string]int        // "the second one" → 2
	askings  []asking
	fixed    map[i18n.Lang]map[Path]*Page
}

// Operator is who runs this bot, as /privacy and /about show it.
type Operator struct {
	Name    string
	Contact string
	News    Newsroom
}

// A handler makes the page of a path; nil says that there is no such page.
type handler func(t *turn, args []string) *Page

// A route maps a pattern such as "help/{topic}/{step}" to its handler.
type route struct {
	parts  []string
	handle handler
}

// NewSite checks the content against the words and builds the site. It refuses
// a site with a page that lacks its words in the fallback language; the site is
// returned even so, for `notalone check` to tell all that is wrong with it.
func NewSite(words *i18n.Catalog, content *Content, reader Reader, signs SignReader, operator Operator) (*Site, error) {
	s := &Site{
		words: words, content: content, reader: reader, signs: signs, operator: operator,
		routes: map[string][]route{}, statics: map[Path]*Static{},
		topics: map[string]*Topic{}, services: map[string]*Service{},
		fixed: map[i18n.Lang]map[Path]*Page{},
	}
	content.Directory.index()
	for i := range content.Topics {
		s.topics[content.Topics[i].ID] = &content.Topics[i]
	}
	for i := range content.Services {
		s.services[content.Services[i].ID] = &content.Services[i]
	}
	for i := range content.Pages {
		page := &content.Pages[i]
		s.statics[page.Path] = page
	}
	for _, r := range routeTable {
		parts := strings.Split(r.pattern, "/")
		s.routes[parts[0]] = append(s.routes[parts[0]], route{parts: parts, handle: r.handle})
	}
	s.typed = s.typedWords()
	s.openings = openingsOf(s.typed)
	s.no, s.ordinals = s.answerWords()
	s.prepare()
	return s, errors.Join(s.readAskings(), s.validate())
}

// Words is the catalogue the site speaks with.
func (s *Site) Words() *i18n.Catalog { return s.words }

// Content is the structure the site was built from.
func (s *Site) Content() *Content { return s.content }

// find returns the handler of a path, or nil.
func (s *Site) find(path Path) func(t *turn) *Page {
	if static := s.statics[path]; static != nil {
		return func(t *turn) *Page { return t.static(static) }
	}
	parts := path.Parts()
	for _, r := range s.routes[parts[0]] {
		if args, ok := r.match(parts); ok {
			return func(t *turn) *Page { return r.handle(t, args) }
		}
	}
	return nil
}

// match fits the parts of a path to the pattern and returns the {named} ones.
func (r route) match(parts []string) ([]string, bool) {
	if len(parts) != len(r.parts) {
		return nil, false
	}
	args := make([]string, 0, len(parts))
	for i, part := range r.parts {
		switch {
		case strings.HasPrefix(part, "{"):
			args = append(args, parts[i])
		case part != parts[i]:
			return nil, false
		}
	}
	return args, true
}

// A Command is one that people see in a platform's menu. Its words are
// command.NAME; the name itself is the page's path.
type Command struct {
	Name string
	For  Audience
}

// TakesText reports whether words may stand behind the command. Their description
// is command.NAME_text.
func (c Command) TakesText() bool { return c.Name == "trick" }

// Audience is who a command is shown to; it works for everybody.
type Audience uint8

// The audiences: one alone with the bot, the members of a group, those who manage it.
const (
	Alone Audience = 1 << iota
	Members
	Managers

	everybody = Alone | Members | Managers
)

// Commands are all commands, in the order of the menus.
func Commands() []Command {
	return []Command{
		{"help", everybody},
		{"report", everybody},
		{"lines", everybody},
		{"trick", everybody},
		{"tips", everybody},
		{"quiz", everybody},
		{"practice", everybody},
		{"stories", everybody},
		{"pledge", everybody},
		{"settings", everybody},
		{"mine", Alone},
		{"stop", Alone},
		{"class", everybody},
		{"setup", Managers},
		{"privacy", everybody},
		{"hide", Alone},
		{"delete", everybody},
		{"about", everybody},
	}
}

// prepare renders the fixed pages of every language once.
func (s *Site) prepare() {
	for _, lang := range s.words.Langs() {
		s.fixed[lang] = map[Path]*Page{}
		for _, path := range s.fixedPaths() {
			t := &turn{site: s, lang: lang}
			if page := t.render(path); page != nil {
				page.Fixed = true
				s.fixed[lang][path] = page
			}
		}
	}
}

// fixedPaths lists the pages that depend on their path and language only.
func (s *Site) fixedPaths() []Path {
	var paths []Path
	for i := range s.content.Pages {
		paths = append(paths, s.content.Pages[i].Path)
	}
	for i := range s.content.Topics {
		topic := &s.content.Topics[i]
		paths = append(paths, join("help", topic.ID), join("help", topic.ID, "more"))
		for _, step := range topic.Steps {
			paths = append(paths, join("help", topic.ID, step))
		}
	}
	return append(paths, "help", "help/more")
}

// validate proves at start that what people can reach has its words.
func (s *Site) validate() error {
	var missing []error
	leads := map[Path]bool{} // nearly every page has the same few buttons
	for _, path := range s.Crawl(i18n.Fallback) {
		page := s.Open(i18n.Fallback, path)
		if page == nil {
			continue
		}
		fault := func(format string, args ...any) {
			at := s.Where(i18n.Fallback, path, true)
			missing = append(missing, fmt.Errorf("%s:%d: the page %q %s", at.File, at.Line, path, fmt.Sprintf(format, args...)))
		}
		if len(page.Text) == 0 {
			fault("has no text in %q", i18n.Fallback)
		}
		for _, row := range page.Rows {
			for _, button := range row {
				if _, known := leads[button.Path]; !known {
					leads[button.Path] = button.Path == "" || s.Leads(button.Path)
				}
				switch {
				case !leads[button.Path]:
					fault("has a button to %q, which is no page", button.Path)
				case button.Label == "":
					fault("has a button to %q without a label", button.Path)
				}
			}
		}
	}
	return errors.Join(missing...)
}

// Open renders a page as a stranger of the language would see it, for previews,
// checks and the crawler. It is nil when there is no such page.
func (s *Site) Open(lang i18n.Lang, path Path) *Page {
	t := &turn{site: s, lang: lang, event: preview(path)}
	return t.render(path)
}

// preview is the event by which a page is looked at from outside. Set-up is seen
// as by who manages a group, and below its front, as below that of the own
// messages, with something on that can be changed.
func preview(path Path) Event {
	event := Event{HasFeed: true, Manager: Yes, Voted: Yes, Looked: true, Can: CanPick | CanHear, Shared: path.Root() == "setup"}
	switch root := path.Root(); {
	case root != "setup" && root != "mine":
	case string(path) == root:
		event.Locale = "vi-VN"
	default:
		daily := Plan{Days: schoolDays, Minute: schoolMinute}
		event.Feed = &Feed{Private: !event.Shared, Country: "ID", Zone: "Asia/Jakarta", Quiz: daily, Tip: daily, Practice: daily, News: true}
	}
	return event
}

// Leads reports whether a path shows a page or does something.
func (s *Site) Leads(path Path) bool {
	return s.Open(i18n.Fallback, path) != nil || s.acts(path)
}

// acts reports whether a path does something instead of showing a page.
func (s *Site) acts(path Path) bool {
	t := &turn{site: s, lang: i18n.Fallback, event: preview(path)}
	t.render(path)
	return len(t.effects) > 0
}

// Crawl lists every path that can be reached from home by pressing buttons.
func (s *Site) Crawl(lang i18n.Lang) []Path {
	known := map[Path]bool{"home": true}
	queue := []Path{"home"}
	for i := 0; i < len(queue); i++ {
		page := s.Open(lang, queue[i])
		if page == nil {
			continue
		}
		for _, link := range page.Links() {
			if !known[link] {
				known[link] = true
				queue = append(queue, link)
			}
		}
	}
	return queue
}

// HasTopic reports whether tips and questions may be filed under a topic.
func (s *Site) HasTopic(topic string) bool {
	return s.topics[topic] != nil || has(tipOnlyTopics, topic)
}

// Paths lists the pages that people should be able to reach by pressing buttons.
func (s *Site) Paths() []Path {
	paths := []Path{"home"}
	for i := range s.content.Pages {
		paths = append(paths, s.content.Pages[i].Path)
	}
	paths = append(paths, s.fixedPaths()...)
	for _, service := range s.content.Services {
		for _, step := range service.Steps {
			paths = append(paths, join("report", service.ID, step))
		}
	}
	for _, story := range s.content.Stories {
		paths = append(paths, join("story", story.ID))
	}
	for _, scenario := range s.content.Practice {
		paths = append(paths, join("practice", scenario.ID))
	}
	return paths
}

// Directly lists pages that chance or the clock picks: no button leads to each
// of them, but people are shown them.
func (s *Site) Directly() []Path {
	var paths []Path
	for _, tip := range s.content.Tips {
		paths = append(paths, join("tip", tip.ID))
	}
	for _, question := range s.content.Questions {
		paths = append(paths, join("quiz", question.ID))
		for _, choice := range question.Choices {
			paths = append(paths, join("quiz", question.ID, choice))
		}
	}
	for _, country := range s.content.Directory.Countries {
		for _, channel := range country.Channels {
			paths = append(paths, join("line", channel.ID))
		}
	}
	paths = append(paths, s.trickPages()...)
	for _, command := range Commands() {
		paths = append(paths, Path(command.Name))
	}
	return paths
}
