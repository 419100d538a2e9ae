package flows

import (
	"math/bits"
	"slices"
	"time"

	"notalone/i18n"
)

// When the bot may write unasked, by local time, and how late is too late.
const (
	QuietFrom = 21 * 60 // minutes after midnight
	QuietTill = 7 * 60
	TooLate   = 2 * time.Hour
	KeepFeed  = 400 * 24 * time.Hour // after the last post or use
)

// A Feed is a place that is written to unasked because somebody asked for it: a
// group, a channel, or a person's own private chat. Everything in it is off
// until chosen.
type Feed struct {
	Private    bool   // a person's own chat
	Spot       string // the topic or channel of the place that posts go to; empty: none in particular
	Kind       string // of a shared place: group, channel or server, as its platform says
	Owner      string // a private feed's person, by the platform's id: set and read by the shell alone
	Lang       i18n.Lang
	Country    string
	Zone       string // IANA name, "Asia/Ho_Chi_Minh"
	Quiz       Plan
	Tip        Plan
	Practice   Plan
	News       bool  // announcements of the campaign
	PausedTill int64 // Unix seconds; 0: not paused
	Greeted    bool  // the one greeting was sent
	LastPost   int32 // day number of the last unasked post, announcements aside
	LastUse    int64 // Unix seconds, rounded like State.LastUse
	Refusals   uint8 // posts refused in a row
	Tips       []uint16
	Round      Round   // the quiz that is open now
	Week       []Score // how the whole group did this week
}

// A Plan is when something is posted: on the days of a mask (Monday is bit 0) at
// a minute of the local day. The zero Plan is off.
type Plan struct {
	Days   uint8
	Minute uint16
}

// On reports whether anything is planned.
func (p Plan) On() bool { return p.Days != 0 }

// A Round is an open quiz of a group.
type Round struct {
	Question string // id; empty: none is open
	Message  string // the platform's id of the post
	Native   bool   // a native poll, counted by the platform
	Closes   int64  // Unix seconds
}

// A Score is how a group did on one question, as a whole.
type Score struct {
	Question string
	Right    uint16
	Answers  uint16
}

// A DueKind is what falls due in a feed.
type DueKind string

// The kinds; each feed has at most one due time of each.
const (
	DueQuiz     DueKind = "quiz"
	DueTip      DueKind = "tip"
	DuePractice DueKind = "practice"
	DueClose    DueKind = "close"  // of the open round
	DueSummary  DueKind = "weekly" // on Friday
)

// DueKinds lists all kinds.
func DueKinds() []DueKind {
	return []DueKind{DueQuiz, DueTip, DuePractice, DueClose, DueSummary}
}

// Next is when the kind falls due next, strictly after the given time; zero if it
// does not. An open round falls due when it closes, even if that is past. Daylight
// saving and odd zones are the zone data's business: a local minute that does not
// exist is taken as the one that follows.
func (f *Feed) Next(kind DueKind, after time.Time) time.Time {
	if f.PausedTill > after.Unix() && kind != DueClose {
		after = time.Unix(f.PausedTill, 0)
	}
	switch kind {
	case DueQuiz:
		return f.next(f.Quiz, after)
	case DueTip:
		return f.next(f.Tip, after)
	case DuePractice:
		return f.next(f.Practice, after)
	case DueSummary:
		if f.Private || !f.Quiz.On() {
			return time.Time{}
		}
		return f.next(Plan{Days: 1 << 4, Minute: summaryMinute}, after)
	case DueClose:
		if f.Round.Question != "" {
			return time.Unix(f.Round.Closes, 0)
		}
	}
	return time.Time{}
}

// Owed is the kind's due time that is past and not too late yet; zero if none.
// Such a post still goes out: a change of other settings does not cost it.
func (f *Feed) Owed(kind DueKind, now time.Time) time.Time {
	if at := f.Next(kind, now.Add(-TooLate)); !at.After(now) {
		return at
	}
	return time.Time{}
}

// plans reports whether the kind is still wanted on the local day of a time.
func (f *Feed) plans(kind DueKind, now time.Time) bool {
	switch kind {
	case DueQuiz, DueTip, DuePractice:
		return f.slot(now) == kind
	case DueSummary:
		return f.Quiz.On()
	default:
		return true
	}
}

// slot tells which kind has the one unasked post of a local day: the rarest of
// those planned for it, and equally rare ones one after the other. So a weekly
// tip comes in place of that day's quiz, and nothing that is on never comes.
func (f *Feed) slot(now time.Time) DueKind {
	local := now.In(f.location())
	today := weekday(local)
	var rarest []DueKind
	fewest := 8
	for _, planned := range []struct {
		kind DueKind
		days uint8
	}{{DueQuiz, f.Quiz.Days}, {DueTip, f.Tip.Days}, {DuePractice, f.Practice.Days}} {
		switch n := bits.OnesCount8(planned.days); {
		case planned.days&today == 0 || n > fewest:
		case n < fewest:
			rarest, fewest = []DueKind{planned.kind}, n
		default:
			rarest = append(rarest, planned.kind)
		}
	}
	if len(rarest) == 0 {
		return ""
	}
	return rarest[int(day(local))%len(rarest)]
}

// weekday is the bit of a time's day in a mask.
func weekday(at time.Time) uint8 { return 1 << ((int(at.Weekday()) + 6) % 7) }

// summaryMinute is when the week is summed up on Friday, local time.
const summaryMinute = 16 * 60

func (f *Feed) next(plan Plan, after time.Time) time.Time {
	if !plan.On() || plan.Minute < QuietTill || plan.Minute >= QuietFrom {
		return time.Time{}
	}
	local := after.In(f.location())
	for days := range 8 {
		at := time.Date(local.Year(), local.Month(), local.Day()+days, int(plan.Minute)/60, int(plan.Minute)%60, 0, 0, local.Location())
		if plan.Days&weekday(at) != 0 && at.After(after) {
			return at
		}
	}
	return time.Time{}
}

// location is the feed's zone; an unknown one is taken as UTC.
func (f *Feed) location() *time.Location {
	if zone, err := time.LoadLocation(f.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// Quiet reports whether nothing may be posted at the time.
func (f *Feed) Quiet(at time.Time) bool {
	local := at.In(f.location())
	minute := local.Hour()*60 + local.Minute()
	return minute < QuietTill || minute >= QuietFrom
}

// Unused reports whether nobody has switched anything on or paused it.
func (f *Feed) Unused() bool {
	return !f.anything() && f.PausedTill == 0 && f.Round == (Round{}) && len(f.Week) == 0
}

// Equal reports whether two feeds are the same, or both none.
func (f *Feed) Equal(o *Feed) bool {
	if f == nil || o == nil {
		return f == o
	}
	a, b := *f, *o
	same := slices.Equal(a.Tips, b.Tips) && slices.Equal(a.Week, b.Week)
	a.Tips, a.Week, b.Tips, b.Week = nil, nil, nil, nil
	return same && a.Lang == b.Lang && a.Country == b.Country && a.Zone == b.Zone && a.Private == b.Private && a.Spot == b.Spot && a.Kind == b.Kind && a.Owner == b.Owner &&
		a.Quiz == b.Quiz && a.Tip == b.Tip && a.Practice == b.Practice && a.News == b.News && a.PausedTill == b.PausedTill &&
		a.Greeted == b.Greeted && a.LastPost == b.LastPost && a.LastUse == b.LastUse && a.Refusals == b.Refusals && a.Round == b.Round
}

// Posted takes over what the clock changed in a feed, and nothing of what its
// people chose meanwhile.
func (f Feed) Posted(after Feed) Feed {
	if after.PausedTill == pausedForEver && after.Refusals > f.Refusals { // the clock paused it just now
		f.PausedTill = after.PausedTill
	}
	f.LastPost, f.Refusals, f.Tips, f.Round, f.Week = after.LastPost, after.Refusals, after.Tips, after.Round, after.Week
	return f
}
