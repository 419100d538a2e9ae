package flows

import (
	"cmp"
	"slices"
)

// Content is the language-free structure of what the bot offers. Package
// content reads it from YAML; the words stand in the catalogue.
type Content struct {
	Topics    []Topic
	Directory Directory
	Services  []Service
	Tips      []Tip
	Questions []Question
	Practice  []Scenario
	Stories   []Story
	Library   []Material
	Promises  []Promise
	Lessons   []Lesson
	Pages     []Static
	Signs     []Sign
}

// Origin is where an item was written, for the reports of `notalone check`.
type Origin struct {
	File string
	Line int
}

// A Topic is one kind of trouble with its tree of help pages.
// Words: label.help.ID, help.ID.now and help.ID.STEP for every step.
type Topic struct {
	ID     string
	Crisis bool     // leads to urgent help
	First  bool     // stands on the first help page
	Steps  []string // never, evidence, tell, friend …; "call" and "report" are pages of their own
	Links  []Path   // neighbours worth offering
	Source []string // ids of the facts it rests on: "SX-01"
	Origin Origin   `yaml:"-"`
}

// A Tip is one idea. Words: tip.ID
type Tip struct {
	ID     string
	Topic  string
	For    string   // teen, parent or teacher
	Season []string // exam, tet, ramadan, summer, school, sid, convention
	Source []string // ids of the facts it rests on: "SX-01"
	Origin Origin   `yaml:"-"`
}

// A Question of the quiz. Words: quiz.ID.ask, .a .b .c .d for the choices, .why, and
// .not_a … for why a wrong choice tempts.
type Question struct {
	ID      string
	Topic   string
	Kind    string // do, number, trick, myth
	Level   int    // 1 to 3
	Choices []string
	Right   string
	Year    int // of the number, kind number only
	Source  []string
	Origin  Origin `yaml:"-"`
}

// A Scenario is a branching practice story. Words: practice.ID.title,
// practice.ID.SCREEN.text, practice.ID.SCREEN.CHOICE and practice.ID.signs.
type Scenario struct {
	ID      string
	Topic   string
	Screens []Screen
	Source  []string
	Origin  Origin `yaml:"-"`
}

// A Screen of a scenario; the first is the opening. One without choices ends it.
type Screen struct {
	ID      string
	Choices []Choice
	Ending  string // good, late or "" for a screen that goes on
}

// A Choice leads to another screen of its scenario.
type Choice struct{ ID, To string }

// A Story of somebody who got through. Words: story.ID.title and story.ID.text
type Story struct {
	ID     string
	Topic  string
	Source []string // ids of the facts it rests on: "SX-01"
	Origin Origin   `yaml:"-"`
}

// Material is an item of the library. Words: library.ID
type Material struct {
	ID     string
	Title  string // in its own language
	URL    string
	Langs  []string
	Source []string // ids of the facts it rests on: "SX-01"
	Origin Origin   `yaml:"-"`
}

// A Promise of the pledge. Words: pledge.ID
type Promise struct {
	ID     string
	Source []string // ids of the facts it rests on: "SX-01"
	Origin Origin   `yaml:"-"`
}

// A Lesson plan for a class. Words: lesson.ID.goal, .plan and .talk
type Lesson struct {
	Topic    string
	Question string // id of a quiz question to open with
	Practice string // id of a practice story to project
	Source   []string
	Origin   Origin `yaml:"-"`
}

// A Sign of a trick. Words: trick.sign.ID. They are listed from the most urgent
// to the mildest; package trick finds them.
type Sign struct {
	ID     string
	Topic  string // the help that fits; empty: that of the other signs
	Strong bool   // speaks for a trick by itself
	Source []string
	Origin Origin `yaml:"-"`
}

// Static is a page that is words and links only. Words: page.PATH with dots.
type Static struct {
	Path      Path
	Rows      [][]Path
	Sensitive bool
	Origin    Origin `yaml:"-"`
}

// A Service is an app or game that one can report to. Words: report.ID.STEP
type Service struct {
	ID     string
	Name   string
	Steps  []string // message, account, content, block, hacked, images, teen …
	Help   []string // official addresses
	Source []string // ids of the facts it rests on: "SX-01"
	Origin Origin   `yaml:"-"`
}

// Directory holds the reporting channels and their order by topic.
type Directory struct {
	Countries []Country
	Global    []Channel
	Fallback  map[string][]string // topic → channel ids, for a country without routing
	Origin    Origin              // of the fallback
	channels  map[string]*Channel `yaml:"-"`
}

// A Country with its channels. Words: country.CODE
type Country struct {
	Code      string
	Near      bool                // of the region: listed first
	Emergency []string            // channel ids for danger to life
	Routing   map[string][]string // topic → channel ids
	Channels  []Channel
	Origin    Origin `yaml:"-"` // of the routing
}

// A Channel is one place to turn to. Words: line.ID.who and line.ID.what, else
// those of its kind: line.KIND.what
type Channel struct {
	ID         string
	Country    string
	Kind       string // child_helpline, emergency, police_cyber …
	Name       string // in its own language
	Phone      string
	PhoneAlt   string `yaml:"phone_alt"`
	SMS        string
	WhatsApp   string
	Email      string
	URL        string
	App        string
	Chat       string
	Hours      string // all_day, web, unknown or a key hours.ID
	Cost       string // free, unknown or a key cost.ID
	Languages  []string
	Account    bool // needs an account or identity papers
	Topics     []string
	Confidence string
	Recheck    bool
	SourceURL  string `yaml:"source_url"`
	SourceDate string `yaml:"source_date"`
	CheckedOn  string `yaml:"checked_on"` // YYYY-MM-DD
	Origin     Origin `yaml:"-"`
}

// Channel finds a channel by id.
func (d *Directory) Channel(id string) *Channel { return d.channels[id] }

// Country finds a country by code.
func (d *Directory) Country(code string) *Country {
	for i := range d.Countries {
		if d.Countries[i].Code == code {
			return &d.Countries[i]
		}
	}
	return nil
}

// index orders the countries, those with routing of their own first, then the
// near ones, and builds the look-up by id.
func (d *Directory) index() {
	rank := func(c Country) int {
		switch {
		case len(c.Routing) > 0:
			return 0
		case c.Near:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(d.Countries, func(a, b Country) int { return cmp.Compare(rank(a), rank(b)) })
	d.channels = map[string]*Channel{}
	for i := range d.Global {
		d.channels[d.Global[i].ID] = &d.Global[i]
	}
	for i := range d.Countries {
		for j := range d.Countries[i].Channels {
			d.channels[d.Countries[i].Channels[j].ID] = &d.Countries[i].Channels[j]
		}
	}
}
