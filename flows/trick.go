package flows

import (
	"slices"
	"strings"

	"notalone/i18n"
)

// A SignReader finds the signs of a trick in a message. Package trick is the real
// one.
type SignReader interface{ Signs(text string) Signs }

// Signs are ids of signs, each once, in any order.
type Signs struct {
	Found []string // by its words or links
	Alike []string // not found; tricks that the message is like have them
}

// "Is this a trick?" The page of a result names its signs in its path, so that the
// message itself is needed by nobody once it was read.

const (
	shownSigns = 4      // on one page, the most urgent first
	shownAlike = 2      // of these, that were not found
	noSign     = "none" // in the path of a page that found nothing
	alikeSign  = "like" // in a path: those after it are signs of tricks that the message is like
)

// A suspicion is what speaks for a trick, the most urgent first.
type suspicion struct{ found, alike []*Sign }

// all are the signs of both kinds, the most urgent first of each.
func (s suspicion) all() []*Sign { return slices.Concat(s.found, s.alike) }

// telling reports whether signs speak for a trick: a strong one, two, or a likeness.
func (s suspicion) telling() bool {
	return len(s.found) > 1 || len(s.found) == 1 && s.found[0].Strong || len(s.alike) > 0
}

// path names a page by the signs it tells; urgent is the help it leads with.
func (s suspicion) path(root, urgent string) Path {
	path := join(root, s.names())
	if urgent != "" {
		path = join(string(path), urgent)
	}
	return path
}

// names are the signs as a path tells them.
func (s suspicion) names() string {
	var ids []string
	for _, sign := range s.found[:min(len(s.found), shownSigns)] {
		ids = append(ids, sign.ID)
	}
	if room := min(shownSigns-len(ids), shownAlike, len(s.alike)); room > 0 {
		ids = append(ids, alikeSign)
		for _, sign := range s.alike[:room] {
			ids = append(ids, sign.ID)
		}
	}
	if len(ids) == 0 {
		ids = []string{noSign}
	}
	return strings.Join(ids, "-")
}

// trickAsk asks for the message. Where others read along it sends to the private
// chat.
func trickAsk(t *turn, _ []string) *Page {
	text := t.text("trick.ask")
	switch {
	case t.event.Shared:
		text = t.text("trick.shared")
	case t.event.Offline: // the page on show is known all the same, until a restart
		text = i18n.Join(text, t.text("trick.offline"))
	}
	t.await("trick")
	page := t.page("trick", text, t.links([]Path{"practice", "help/scam"}, []Path{"hide", "home"})...)
	page.Sensitive = true
	return page
}

// unknownTrick is the answer to such words, with the look among the ways on.
func unknownTrick(t *turn, args []string) *Page {
	signs, ok := t.site.named(args[0])
	if !ok {
		return nil
	}
	look := []Button{t.button("trick.check", signs.path("trick", ""))}
	rows := t.links([]Path{"tips", "quiz"}, []Path{"report", "lines"})
	return t.page(signs.path("unknown", ""), t.text("unknown"), append([][]Button{look}, rows...)...)
}

// signsIn finds the signs of a message.
func (s *Site) signsIn(text string) suspicion {
	if s.signs == nil {
		return suspicion{}
	}
	signs := s.signs.Signs(text)
	return suspicion{found: s.ranked(signs.Found), alike: s.ranked(signs.Alike)}
}

// ranked are the signs with these ids, the most urgent first.
func (s *Site) ranked(ids []string) []*Sign {
	var signs []*Sign
	for i := range s.content.Signs {
		if sign := &s.content.Signs[i]; slices.Contains(ids, sign.ID) {
			signs = append(signs, sign)
		}
	}
	return signs
}

// Rank orders the ids of signs, the most urgent first, and scores them from 0 to 1:
// each adds to what the others leave open, a strong one more than half of it.
func (s *Site) Rank(found []string) (ids []string, score float64) {
	open := 1.0
	ids = []string{}
	for i := range s.content.Signs {
		sign := &s.content.Signs[i]
		switch {
		case !slices.Contains(found, sign.ID):
			continue
		case sign.Strong:
			open *= 1 - strongSign
		default:
			open *= 1 - mildSign
		}
		ids = append(ids, sign.ID)
	}
	return ids, 1 - open
}

// What a sign speaks for a trick by itself.
const (
	strongSign = 0.6
	mildSign   = 0.25
)

// named reads the signs out of a path; ok is false when it names others.
func (s *Site) named(ids string) (signs suspicion, ok bool) {
	if ids == noSign {
		return suspicion{}, true
	}
	all := strings.Split(ids, "-")
	found, alike := all, []string(nil)
	if at := slices.Index(all, alikeSign); at >= 0 {
		found, alike = all[:at], all[at+1:]
		if len(alike) == 0 || len(alike) > shownAlike {
			return suspicion{}, false
		}
	}
	signs = suspicion{found: s.ranked(found), alike: s.ranked(alike)}
	return signs, len(signs.found) == len(found) && len(signs.alike) == len(alike) && len(found)+len(alike) <= shownSigns
}

// trickFound tells the signs, then what to do now. It never says that a message
// is all right.
func trickFound(t *turn, args []string) *Page {
	signs, ok := t.site.named(args[0])
	if !ok {
		return nil
	}
	all := signs.all()
	told := t.site.topicOf(all)
	topic := told
	if len(args) > 1 {
		if topic = t.site.topics[args[1]]; topic == nil || !topic.Crisis {
			return nil
		}
	}
	if topic == nil {
		return nil
	}
	var text i18n.Text
	if topic.Crisis {
		text = t.text("trick.lead")
	}
	text = i18n.Join(text, t.listed(signs), t.text(t.doKey(all, topic)))
	help := []Button{t.link(join("help", topic.ID))}
	if told != nil && told.Crisis && told.ID != topic.ID { // what was found is urgent too
		help = append(help, t.link(join("help", told.ID)))
	}
	tell := []Button{t.link("report"), t.button("step.call", join("lines", topic.ID))}
	again := []Button{t.button("trick.again", "trick"), t.link("hide")}
	page := t.page(join(append([]string{"trick"}, args...)...), text, help, tell, again)
	page.Sensitive = true
	return page
}

// listed is one line a sign, and how far that goes.
func (t *turn) listed(signs suspicion) i18n.Text {
	var parts []i18n.Text
	switch {
	case len(signs.found) > 0 && signs.telling():
		parts = append(parts, t.bullets("trick.likely", signs.found))
	case len(signs.found) > 0:
		parts = append(parts, t.bullets("trick.doubt", signs.found))
	case len(signs.alike) == 0:
		return t.text("trick.none")
	}
	if len(signs.alike) > 0 {
		key := i18n.Key("trick.alike")
		if len(parts) > 0 {
			key = "trick.also"
		}
		parts = append(parts, t.bullets(key, signs.alike))
	}
	return i18n.Join(append(parts, t.text("trick.limits"))...)
}

func (t *turn) bullets(heading i18n.Key, signs []*Sign) i18n.Text {
	text := append(i18n.Text{}, t.text(heading)...)
	for _, sign := range signs {
		text = append(text, i18n.Span{Text: "\n• "})
		text = append(text, t.text(i18n.Key("trick.sign."+sign.ID))...)
	}
	return text
}

// doKey is what to do now: by the topic if it has words of its own. Those for a
// danger fit a threat that was found, not a message that only sounds like one.
func (t *turn) doKey(signs []*Sign, topic *Topic) i18n.Key {
	for _, sign := range t.site.content.Signs {
		found := slices.ContainsFunc(signs, func(other *Sign) bool { return other.ID == sign.ID })
		if sign.Topic == topic.ID && (found || !lifeAtStake(topic.ID)) {
			return i18n.Key("trick.do." + topic.ID)
		}
	}
	if len(signs) == 0 {
		return "trick.do.none"
	}
	return i18n.Key("trick.do." + usualTopic)
}

// Topics of signs that name none, and of no sign at all.
const (
	usualTopic  = "scam"
	unsureTopic = "unsure"
)

// topicOf is the help that fits best: an urgent one, else that of the first sign
// that names one.
func (s *Site) topicOf(signs []*Sign) *Topic {
	if len(signs) == 0 {
		return s.topics[unsureTopic]
	}
	best := s.topics[usualTopic]
	for i := len(signs) - 1; i >= 0; i-- {
		if topic := s.topics[signs[i].Topic]; topic != nil && (best == nil || topic.Crisis || !best.Crisis) {
			best = topic
		}
	}
	return best
}

// trickPages lists the pages of results, one or two a sign, for the checks.
func (s *Site) trickPages() []Path {
	paths := []Path{join("trick", noSign), join("unknown", noSign)}
	all := make([]*Sign, len(s.content.Signs))
	for i := range s.content.Signs {
		all[i] = &s.content.Signs[i]
		paths = append(paths, suspicion{found: all[i : i+1]}.path("trick", ""), suspicion{alike: all[i : i+1]}.path("trick", ""))
	}
	for i := range s.content.Topics {
		if topic := &s.content.Topics[i]; topic.Crisis && len(all) > shownSigns {
			paths = append(paths, suspicion{found: all}.path("trick", topic.ID), suspicion{}.path("trick", topic.ID))
			paths = append(paths, suspicion{found: all[:2], alike: all[2:4]}.path("trick", topic.ID))
		}
	}
	return paths
}
