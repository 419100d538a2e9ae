package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"notalone/i18n"
)

// A SignReader finds the signs of a trick in a message. Package trick is the real
// one.
type SignReader interface {
	// Signs lists the ids of the signs found, each once, in any order.
	Signs(text string) []string
}

// "Is this a trick?" The page of a result names its signs in its path, so that the
// message itself is needed by nobody once it was read.

const (
	shownSigns  = 4      // on one page, the most urgent first
	suspectFrom = 40     // characters: shorter words are no message that was passed on
	noSign      = "none" // in the path of a page that found nothing
)

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

// awaitsMessage reports whether words are the message to be looked at: they were
// sent on the page that asks for one. The shell remembers that page, so it works
// with the store away; the draft is for when it does not.
func (t *turn) awaitsMessage() bool {
	switch {
	case t.event.Shared:
		return false
	case t.event.On != "":
		return t.event.On == "trick"
	default:
		return t.state.Draft.waiting(t.event.At) == "trick"
	}
}

// hearMessage leads to the result. Words of distress come first here too, whoever
// wrote them: they open the help, from which the way back is the result. Only when
// the signs tell of something else, and no life is at stake, the result comes first
// and leads with the help.
func (t *turn) hearMessage(text string) heard {
	t.state.Draft = Draft{}
	reading := t.site.reader.Read(text, t.lang)
	signs := t.site.signsIn(text)
	urgent := ""
	if len(reading.Labels) > 0 {
		if topic := t.site.topics[reading.Labels[0]]; topic != nil && topic.Crisis {
			urgent = topic.ID
		}
	}
	result := trickPath("trick", signs, urgent)
	topic := t.site.topicOf(signs)
	other := !lifeAtStake(urgent) && telling(signs) && topic != nil && !topic.Crisis
	if urgent == "" || reading.Decision != Go || other {
		return heard{path: result}
	}
	t.event.On = result
	h := t.understood(reading)
	if t.event.Forwarded {
		h.lang = ""
	}
	return h
}

// suspect offers a look at words that mean nothing to the bot and that nobody asked
// to look at, when they are long and show telling signs.
func (t *turn) suspect(h heard) heard {
	nothing := h.path == "" && h.need == nil && len(h.labels) == 0
	if t.event.Shared || !nothing || utf8.RuneCountInString(t.event.Text) < suspectFrom {
		return h
	}
	if signs := t.site.signsIn(t.event.Text); telling(signs) {
		h.path = trickPath("unknown", signs, "")
	}
	return h
}

// unknownTrick is the answer to such words, with the look among the ways on.
func unknownTrick(t *turn, args []string) *Page {
	signs, ok := t.site.named(args[0])
	if !ok {
		return nil
	}
	look := []Button{t.button("trick.check", trickPath("trick", signs, ""))}
	rows := t.links([]Path{"tips", "quiz"}, []Path{"report", "lines"})
	return t.page(trickPath("unknown", signs, ""), t.text("unknown"), append([][]Button{look}, rows...)...)
}

// signsIn finds the signs of a message, the most urgent first.
func (s *Site) signsIn(text string) []*Sign {
	if s.signs == nil {
		return nil
	}
	found := s.signs.Signs(text)
	var signs []*Sign
	for i := range s.content.Signs {
		if sign := &s.content.Signs[i]; slices.Contains(found, sign.ID) {
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

// telling reports whether signs speak for a trick: a strong one, or two.
func telling(signs []*Sign) bool {
	return len(signs) > 1 || len(signs) == 1 && signs[0].Strong
}

// trickPath names a page by the signs it tells; urgent is the help it leads with.
func trickPath(root string, signs []*Sign, urgent string) Path {
	ids := noSign
	if len(signs) > 0 {
		signs = signs[:min(len(signs), shownSigns)]
		list := make([]string, len(signs))
		for i, sign := range signs {
			list[i] = sign.ID
		}
		ids = strings.Join(list, "-")
	}
	if urgent == "" {
		return join(root, ids)
	}
	return join(root, ids, urgent)
}

// named reads the signs out of a path; ok is false when it names others.
func (s *Site) named(ids string) (signs []*Sign, ok bool) {
	if ids == noSign {
		return nil, true
	}
	list := strings.Split(ids, "-")
	for i := range s.content.Signs {
		if sign := &s.content.Signs[i]; slices.Contains(list, sign.ID) {
			signs = append(signs, sign)
		}
	}
	return signs, len(signs) == len(list) && len(list) <= shownSigns
}

// trickFound tells the signs, then what to do now. It never says that a message
// is all right.
func trickFound(t *turn, args []string) *Page {
	signs, ok := t.site.named(args[0])
	if !ok {
		return nil
	}
	topic := t.site.topicOf(signs)
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
	text = i18n.Join(text, t.listed(signs), t.text(t.doKey(signs, topic)))
	help := []Button{t.link(join("help", topic.ID))}
	tell := []Button{t.link("report"), t.button("step.call", join("lines", topic.ID))}
	again := []Button{t.button("trick.again", "trick"), t.link("hide")}
	page := t.page(join(append([]string{"trick"}, args...)...), text, help, tell, again)
	page.Sensitive = true
	return page
}

// listed is one line a sign, and how far that goes.
func (t *turn) listed(signs []*Sign) i18n.Text {
	if len(signs) == 0 {
		return t.text("trick.none")
	}
	heading := i18n.Key("trick.doubt")
	if telling(signs) {
		heading = "trick.likely"
	}
	text := append(i18n.Text{}, t.text(heading)...)
	for _, sign := range signs {
		text = append(text, i18n.Span{Text: "\n• "})
		text = append(text, t.text(i18n.Key("trick.sign."+sign.ID))...)
	}
	return i18n.Join(text, t.text("trick.limits"))
}

// doKey is what to do now: by the topic if it has words of its own.
func (t *turn) doKey(signs []*Sign, topic *Topic) i18n.Key {
	for _, sign := range t.site.content.Signs {
		if sign.Topic == topic.ID {
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

// trickPages lists the pages of results, one a sign, for the checks.
func (s *Site) trickPages() []Path {
	paths := []Path{join("trick", noSign), join("unknown", noSign)}
	all := make([]*Sign, len(s.content.Signs))
	for i := range s.content.Signs {
		all[i] = &s.content.Signs[i]
		paths = append(paths, trickPath("trick", all[i:i+1], ""))
	}
	for i := range s.content.Topics {
		if topic := &s.content.Topics[i]; topic.Crisis && len(all) > 0 {
			paths = append(paths, trickPath("trick", all, topic.ID), trickPath("trick", nil, topic.ID))
		}
	}
	return paths
}
