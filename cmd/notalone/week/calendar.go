package week

import (
	"math/bits"
	"time"

	"notalone/flows"
)

// The calendar tells what should be posted, by rules written down once more from
// the promises, not from the code that keeps them.

// A duty is one post that should be made.
type duty struct {
	member *member
	kind   flows.DueKind
	due    time.Time
}

// A slot is a member's kind of post on one local day; there is at most one.
type slot struct {
	member *member
	kind   flows.DueKind
	day    string
}

func (m *member) slot(kind flows.DueKind, at time.Time) slot {
	return slot{m, kind, at.In(m.zone).Format(time.DateOnly)}
}

// duties lists a member's quizzes, tips and practice stories of a time.
func (m *member) duties(from, till time.Time) []duty {
	var out []duty
	local := from.In(m.zone)
	for i := 0; ; i++ {
		day := time.Date(local.Year(), local.Month(), local.Day()+i, 0, 0, 0, 0, m.zone)
		if day.After(till) {
			return out
		}
		for _, kind := range []flows.DueKind{flows.DueQuiz, flows.DueTip, flows.DuePractice} {
			due, ok := m.dueOn(day, kind)
			if ok && due.After(from) && due.Before(till) {
				out = append(out, duty{m, kind, due})
			}
		}
	}
}

// dueOn is when the kind is due on a day: one thing a day, what comes on fewer days
// first, and by turns what comes equally often.
func (m *member) dueOn(day time.Time, kind flows.DueKind) (time.Time, bool) {
	plans := []flows.Plan{m.quiz(day.Add(12 * time.Hour)), m.feed.Tip, m.feed.Practice}
	today := uint8(1) << ((day.Weekday() + 6) % 7)
	least, turns := 8, []flows.DueKind(nil)
	var plan flows.Plan
	for i, other := range []flows.DueKind{flows.DueQuiz, flows.DueTip, flows.DuePractice} {
		if other == kind {
			plan = plans[i]
		}
		if plans[i].Days&today == 0 {
			continue
		}
		if n := bits.OnesCount8(plans[i].Days); n < least {
			least, turns = n, []flows.DueKind{other}
		} else if n == least {
			turns = append(turns, other)
		}
	}
	number := int(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
	if len(turns) == 0 || turns[number%len(turns)] != kind {
		return time.Time{}, false
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), int(plan.Minute/60), int(plan.Minute%60), 0, 0, m.zone)
	gone := m.happened(stops, at) || m.happened(leaves, at) || m.happened(forbids, at)
	return at, !gone && at.Unix() > m.feed.PausedTill
}

// quiz is the plan of the quiz that holds at a time.
func (m *member) quiz(at time.Time) flows.Plan {
	if m.happened(retimed, at) {
		return m.later
	}
	return m.feed.Quiz
}

// closing is when a group's quiz that was asked at a time is closed.
func (m *member) closing(asked time.Time) time.Time {
	local := asked.In(m.zone)
	evening := time.Date(local.Year(), local.Month(), local.Day(), 20, 30, 0, 0, m.zone)
	if after := asked.Add(8 * time.Hour); after.Before(evening) {
		return after
	}
	return evening
}

// fridays lists when a group's week is summed up.
func (m *member) fridays(from, till time.Time) []time.Time {
	var out []time.Time
	if m.feed.Private {
		return nil
	}
	local := from.In(m.zone)
	for at := time.Date(local.Year(), local.Month(), local.Day(), 16, 0, 0, 0, m.zone); at.Before(till); at = at.AddDate(0, 0, 1) {
		gone := m.happened(stops, at) || m.happened(leaves, at) || m.happened(forbids, at)
		if at.Weekday() == time.Friday && at.After(from) && m.quiz(at).On() && !gone && at.Unix() > m.feed.PausedTill {
			out = append(out, at)
		}
	}
	return out
}
