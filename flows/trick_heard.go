package flows

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"notalone/i18n"
)

// How the words of a message come to be looked at for signs of a trick: on the page
// that asks, after a question, passed on, or unasked.

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

// handed is the message in words that ask about it at once: "is this a trick? You
// won …". They begin with any words that open the page.
func (s *Site) handed(text string) (message string, ok bool) {
	first, behind := nextWord(text)
	for _, others := range s.openings[first] {
		rest, ok := afterWords(behind, others)
		if !ok {
			continue
		}
		after := strings.TrimLeftFunc(rest, func(r rune) bool { return !wordly(r) })
		parted := text[0] == '/' || strings.ContainsAny(rest[:len(rest)-len(after)], partings)
		words := len(strings.Fields(after))
		if words > 0 && parted || words >= handedFrom && 1+len(others) >= questionFrom {
			return after, true
		}
	}
	return "", false
}

// openingsOf are the words that open the page which asks for a message, without
// marks: by the first of them the others, the longest first.
func openingsOf(typed map[string]word) map[string][][]string {
	all := map[string][][]string{}
	for words, word := range typed {
		if asked := strings.Fields(i18n.Bare(words)); word.path == "trick" && len(asked) > 0 {
			all[asked[0]] = append(all[asked[0]], asked[1:])
		}
	}
	for _, others := range all {
		slices.SortFunc(others, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	}
	return all
}

const (
	partings     = ":?\n\"“«" // between a question and the message it is about
	questionFrom = 3          // words that are a question
	handedFrom   = 8          // words after one that are a message although nothing parts them
)

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// afterWords cuts folded words, without marks, off the beginning of a text.
func afterWords(text string, words []string) (rest string, ok bool) {
	for _, want := range words {
		var word string
		if word, text = nextWord(text); word != want {
			return "", false
		}
	}
	return text, true
}

// nextWord is the first word of a text, folded and without marks, and what follows.
func nextWord(text string) (word, rest string) {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !wordly(r) })
	end := strings.IndexFunc(text, func(r rune) bool { return !wordly(r) })
	if end < 0 {
		end = len(text)
	}
	return i18n.Bare(strings.ToLower(text[:end])), text[end:]
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
	result := signs.path("trick", urgent)
	topic := t.site.topicOf(signs.all())
	other := !lifeAtStake(urgent) && signs.telling() && topic != nil && !topic.Crisis
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

// suspectFrom is in characters: shorter words are no message that was passed on.
const suspectFrom = 40

// suspect offers a look at words that nobody asked to look at and that mean nothing
// sure to the bot, when they are long and show telling signs.
func (t *turn) suspect(h heard) heard {
	if t.event.Shared || h.path != "" || h.need != nil || utf8.RuneCountInString(t.event.Text) < suspectFrom {
		return h
	}
	signs := t.site.signsIn(t.event.Text)
	switch {
	case !signs.telling():
	case len(h.labels) == 0:
		h.path = signs.path("unknown", "")
	default:
		h.labels = append(withRoom(h.labels), lookLabel+signs.names())
	}
	return h
}

// lookLabel begins a choice that is no topic: to look at the message for signs.
const lookLabel = "trick-"

// withRoom are the choices of a question with room for one more: without the least
// likely one that no life is at stake in.
func withRoom(labels []string) []string {
	if len(labels) < mostChoices {
		return labels
	}
	least := len(labels) - 1
	for least > 0 && lifeAtStake(labels[least]) {
		least--
	}
	return slices.Delete(slices.Clone(labels), least, least+1)
}
