package week

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

// The two platforms: one has native polls and cannot tell a repeated post, the
// other has buttons only and can.
const (
	polls   bot.Name = "polls"
	buttons bot.Name = "buttons"
)

// A fate is what happens to a member, at three in the morning.
type fate uint8

const (
	stays   fate = iota
	retimed      // the quiz gets another hour
	stops        // the feed is removed, or the person says stop
	moves        // the group gets another id
	leaves       // the bot is removed or blocked, and nobody tells it
	forbids      // the bot loses its permission
)

// A member is a group or a person who gets posts.
type member struct {
	name   string
	place  bot.Address
	after  bot.Address // where it moves to
	feed   flows.Feed  // as it was set up
	later  flows.Plan  // the quiz once it is retimed
	zone   *time.Location
	fate   fate
	fateAt time.Time
}

// home is a place and its language; all change their clocks by rules of their own.
type home struct {
	zone string
	lang i18n.Lang
}

func homes() []home {
	return []home{
		{"Asia/Ho_Chi_Minh", "vi"},
		{"Asia/Jakarta", "id"},
		{"Asia/Kathmandu", "en"},
		{"Europe/Berlin", "en"},
		{"America/New_York", "en"},
		{"Australia/Lord_Howe", "en"},
	}
}

const (
	schoolDays = 0b0011111
	allDays    = 0b1111111
	thursday   = 0b0001000
	saturday   = 0b0100000
	sunday     = 0b1000000
)

// members draws who takes part. The first one is the sample that is printed: a
// class with all there is, to whom nothing happens.
func members(o Options, random *rand.Rand) ([]*member, error) {
	all := make([]*member, 0, o.Groups+o.People)
	for i := range o.Groups + o.People {
		at := homes()[i%len(homes())]
		zone, err := time.LoadLocation(at.zone)
		if err != nil {
			return nil, fmt.Errorf("load a time zone: %w", err)
		}
		m := &member{zone: zone, feed: flows.Feed{Lang: at.lang, Zone: at.zone}}
		if i < o.Groups {
			m.group(i, random)
		} else {
			m.person(i-o.Groups, random)
		}
		if i > 0 {
			m.meet(o, random)
		}
		all = append(all, m)
	}
	return all, nil
}

func platformOf(i int) bot.Name {
	if i%2 == 0 {
		return buttons
	}
	return polls
}

func (m *member) group(i int, random *rand.Rand) {
	m.name = "group " + strconv.Itoa(i+1)
	m.place = bot.NewAddress(platformOf(i), "g"+strconv.Itoa(i), "")
	m.feed.Quiz = flows.Plan{Days: schoolDays, Minute: 7*60 + 30}
	m.feed.Tip = flows.Plan{Days: saturday, Minute: 9 * 60}
	if i == 0 {
		return
	}
	hours := []uint16{7 * 60, 7*60 + 30, 8*60 + 15, 12 * 60, 18 * 60, 19 * 60}
	m.feed.Quiz.Minute, m.later = hours[random.IntN(len(hours))], flows.Plan{Days: schoolDays, Minute: hours[random.IntN(len(hours))]}
	switch random.IntN(6) {
	case 0:
		m.feed.Quiz.Days = allDays
	case 1:
		m.feed.Practice = flows.Plan{Days: sunday, Minute: 10 * 60}
	case 2:
		m.feed.Quiz, m.feed.Tip.Days = flows.Plan{}, allDays
	case 3: // in place of that day's quiz
		m.feed.Tip.Days = thursday
	}
}

func (m *member) person(i int, random *rand.Rand) {
	m.name = "person " + strconv.Itoa(i+1)
	m.place = bot.NewAddress(platformOf(i), "p"+strconv.Itoa(i), "")
	m.feed.Private = true
	plan := flows.Plan{Days: uint8(1 + random.IntN(allDays)), Minute: uint16(7*60 + 15*random.IntN(55))}
	if random.IntN(2) == 0 {
		m.feed.Quiz, m.later = plan, flows.Plan{Days: allDays, Minute: 20 * 60}
		return
	}
	m.feed.Tip = plan
}

// meet draws a fate; most have none. Holidays are given to some from the start.
func (m *member) meet(o Options, random *rand.Rand) {
	days := o.From.AddDate(0, 0, random.IntN(max(o.Days, 1))).In(m.zone)
	m.fateAt = time.Date(days.Year(), days.Month(), days.Day(), 3, 0, 0, 0, m.zone)
	m.after = bot.NewAddress(m.place.Platform(), m.place.Chat()+"'", "")
	switch n := random.IntN(100); {
	case n < 5 && m.later.On():
		m.fate = retimed
	case n < 8:
		m.fate = stops
	case n < 11 && !m.feed.Private:
		m.fate = moves
	case n < 14:
		m.fate = leaves
	case n < 17:
		m.fate = forbids
	case n < 22:
		m.feed.PausedTill = m.fateAt.Unix()
	}
	if !m.fateAt.After(o.From) {
		m.fate = stays
	}
}

// happened reports whether the member has met its fate.
func (m *member) happened(what fate, at time.Time) bool {
	return m.fate == what && !at.Before(m.fateAt)
}
