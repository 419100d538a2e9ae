package check

import (
	"regexp"
	"slices"

	"notalone/flows"
)

var (
	factID    = regexp.MustCompile(`^([A-Z]{1,3}-\d{2,3}[a-z]?|platform-[a-z]+|https://\S+)$`)
	audiences = []string{"teen", "parent", "teacher"}
	seasons   = []string{"exam", "tet", "ramadan", "summer", "school", "sid", "convention"}
	kinds     = []string{"do", "number", "trick", "myth"}
)

// items checks the structure of tips, questions and stories.
func (c *checker) items() {
	for _, topic := range c.content.Topics {
		c.source(topic.Origin, topic.ID, topic.Source)
	}
	for _, tip := range c.content.Tips {
		c.source(tip.Origin, tip.ID, tip.Source)
		if !slices.Contains(audiences, tip.For) {
			c.item("tip", tip.Origin, "%s: for: %q is none of %v", tip.ID, tip.For, audiences)
		}
		for _, season := range tip.Season {
			if !slices.Contains(seasons, season) {
				c.item("tip", tip.Origin, "%s: season: %q is none of %v", tip.ID, season, seasons)
			}
		}
		c.topic(tip.Origin, tip.ID, tip.Topic)
		if tip.Topic == "self_harm" {
			c.item("tip", tip.Origin, "%s: self-harm belongs in the help pages, not in tips", tip.ID)
		}
	}
	for _, question := range c.content.Questions {
		c.question(question)
	}
	for _, scenario := range c.content.Practice {
		c.scenario(scenario)
	}
	for _, sign := range c.content.Signs {
		c.source(sign.Origin, sign.ID, sign.Source)
		if sign.Topic != "" {
			c.topic(sign.Origin, sign.ID, sign.Topic)
		}
	}
	for _, lesson := range c.content.Lessons {
		c.lesson(lesson)
	}
}

func (c *checker) source(origin flows.Origin, id string, source []string) {
	if len(source) == 0 {
		c.item("no source", origin, "%s names no fact it rests on", id)
	}
	for _, fact := range source {
		if !factID.MatchString(fact) {
			c.item("no source", origin, "%s: %q is no fact id such as SX-01 and no https:// address", id, fact)
		}
	}
}

func (c *checker) topic(origin flows.Origin, id, topic string) {
	if !c.site.HasTopic(topic) {
		c.item("topic", origin, "%s: there is no topic %q", id, topic)
	}
}

func (c *checker) question(q flows.Question) {
	c.source(q.Origin, q.ID, q.Source)
	c.topic(q.Origin, q.ID, q.Topic)
	if n := len(q.Choices); n < 2 || n > 4 {
		c.item("quiz", q.Origin, "%s has %d choices, 2 to 4", q.ID, n)
	}
	if !slices.Contains(q.Choices, q.Right) {
		c.item("quiz", q.Origin, "%s: the right answer %q is none of its choices", q.ID, q.Right)
	}
	if choices := slices.Compact(slices.Sorted(slices.Values(q.Choices))); len(choices) != len(q.Choices) {
		c.item("quiz", q.Origin, "%s has a choice twice", q.ID)
	}
	if !slices.Contains(kinds, q.Kind) {
		c.item("quiz", q.Origin, "%s: kind: %q is none of %v", q.ID, q.Kind, kinds)
	}
	if q.Level < 1 || q.Level > 3 {
		c.item("quiz", q.Origin, "%s: level: %d is not 1 to 3", q.ID, q.Level)
	}
	if (q.Kind == "number") != (q.Year != 0) {
		c.item("quiz", q.Origin, "%s: a number has the year it is from, other questions have none", q.ID)
	}
}

// scenario proves that every screen can be reached and that every way ends.
func (c *checker) scenario(s flows.Scenario) {
	c.source(s.Origin, s.ID, s.Source)
	screens := map[string]flows.Screen{}
	for _, screen := range s.Screens {
		if _, twice := screens[screen.ID]; twice {
			c.item("practice", s.Origin, "%s has the screen %q twice", s.ID, screen.ID)
		}
		screens[screen.ID] = screen
		if n := len(screen.Choices); n == 1 || n > 4 {
			c.item("practice", s.Origin, "%s/%s has %d choices, 2 to 4, or none at an ending", s.ID, screen.ID, n)
		}
		if (len(screen.Choices) == 0) != (screen.Ending != "") {
			c.item("practice", s.Origin, "%s/%s: an ending has no choices, and only an ending", s.ID, screen.ID)
		}
	}
	if len(s.Screens) == 0 {
		c.item("practice", s.Origin, "%s has no screens", s.ID)
		return
	}
	reached := map[string]bool{s.Screens[0].ID: true}
	queue := []string{s.Screens[0].ID}
	for i := 0; i < len(queue); i++ {
		for _, choice := range screens[queue[i]].Choices {
			if _, ok := screens[choice.To]; !ok {
				c.item("practice", s.Origin, "%s/%s: the choice %q leads to %q, which is no screen", s.ID, queue[i], choice.ID, choice.To)
				continue
			}
			if !reached[choice.To] {
				reached[choice.To] = true
				queue = append(queue, choice.To)
			}
		}
	}
	for id := range screens {
		if !reached[id] {
			c.item("unreachable", s.Origin, "%s: no choice leads to the screen %q", s.ID, id)
		}
		if !ends(screens, id, map[string]bool{}) {
			c.item("practice", s.Origin, "%s/%s: no way from here ends", s.ID, id)
		}
	}
}

func ends(screens map[string]flows.Screen, id string, seen map[string]bool) bool {
	if seen[id] {
		return false
	}
	seen[id] = true
	if len(screens[id].Choices) == 0 {
		return true
	}
	for _, choice := range screens[id].Choices {
		if ends(screens, choice.To, seen) {
			return true
		}
	}
	return false
}

func (c *checker) lesson(l flows.Lesson) {
	c.topic(l.Origin, "lesson "+l.Topic, l.Topic)
	c.source(l.Origin, "lesson "+l.Topic, l.Source)
	if !slices.ContainsFunc(c.content.Questions, func(q flows.Question) bool { return q.ID == l.Question }) {
		c.item("lesson", l.Origin, "%s: there is no question %q to open with", l.Topic, l.Question)
	}
	if !slices.ContainsFunc(c.content.Practice, func(s flows.Scenario) bool { return s.ID == l.Practice }) {
		c.item("lesson", l.Origin, "%s: there is no practice story %q to project", l.Topic, l.Practice)
	}
}
