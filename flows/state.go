package flows

import (
	"slices"
	"time"

	"notalone/i18n"
)

// How long things are kept. /privacy shows these numbers.
const (
	KeepPerson = 90 * 24 * time.Hour // after the last use
	KeepDraft  = 30 * time.Minute    // anything half filled in
	KeepTalk   = 48 * time.Hour      // message ids, for Hide
)

// useStep is how exactly the last use is kept: coarse enough to say little and
// to spare most writes, fine enough to not interrupt a running conversation.
const useStep = 10 * time.Minute

// recentTips and recentQuestions bound what "seen" remembers.
const (
	recentTips      = 32
	recentQuestions = 64
)

// State is all that is kept of a person. No name, text, age or help topic.
type State struct {
	Lang      i18n.Lang // chosen; empty: the client's
	Country   string    // chosen, "VN"; empty: by language
	LastUse   int64     // Unix seconds, rounded down to useStep
	Tips      []uint16  // marks of the last tips shown, newest last
	Questions []uint16  // marks of the last questions shown, newest last
	QuizDay   int32     // day number of the answered question of the day
	QuizRight bool
	Promises  []uint16 // marks of the pledge's chosen promises
	Draft     Draft    // kept KeepDraft only
}

// A Draft is a form that waits for typed words.
type Draft struct {
	Form Path  // the page that takes the words
	Till int64 // Unix seconds
}

// waiting returns the form that still waits for words at the time.
func (d Draft) waiting(at time.Time) Path {
	if d.Form == "" || at.Unix() >= d.Till {
		return ""
	}
	return d.Form
}

// mark is a short stable number for a content id (FNV-1a folded to 16 bits). Two
// ids may share one; then one of them is taken for seen, which harms nobody.
func mark(id string) uint16 {
	h := uint32(2166136261)
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return uint16(h>>16) ^ uint16(h)
}

// remember appends a mark to a list of at most limit marks. It never changes
// the list it is given: the state before the turn stays as it was.
func remember(list []uint16, id string, limit int) []uint16 {
	m := mark(id)
	fresh := make([]uint16, 0, limit)
	for _, old := range list {
		if old != m {
			fresh = append(fresh, old)
		}
	}
	if over := len(fresh) + 1 - limit; over > 0 {
		fresh = fresh[over:]
	}
	return append(fresh, m)
}

func seen(list []uint16, id string) bool {
	m := mark(id)
	for _, old := range list {
		if old == m {
			return true
		}
	}
	return false
}

// day numbers the days of a zone from the epoch.
func day(at time.Time) int32 {
	_, offset := at.Zone()
	return int32((at.Unix() + int64(offset)) / 86400)
}

// Equal reports whether two states are the same, so that an unchanged one is
// not written.
func (s State) Equal(o State) bool {
	return s.Lang == o.Lang && s.Country == o.Country && s.LastUse == o.LastUse &&
		slices.Equal(s.Tips, o.Tips) && slices.Equal(s.Questions, o.Questions) && slices.Equal(s.Promises, o.Promises) &&
		s.QuizDay == o.QuizDay && s.QuizRight == o.QuizRight && s.Draft == o.Draft
}
