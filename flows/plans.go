package flows

import (
	"fmt"
	"slices"
	"strconv"

	"notalone/i18n"
)

// What can be switched on in a feed; all but news have days and an hour.
const (
	planQuiz     = "quiz"
	planTip      = "tip"
	planPractice = "practice"
	planNews     = "news"
)

// schoolDays are Monday to Friday; a plan begins at schoolMinute, on a free day
// later.
const (
	schoolDays    = 1<<5 - 1
	schoolMinute  = 7*60 + 30
	freeDayMinute = 9 * 60
)

// planDays and planMinutes are the choices: days by mask, and local times.
// weeklyDays are the days on which something weekly begins, the best first.
var (
	weeklyDays  = []uint8{1 << 5, 1 << 6, 1 << 4, 1 << 2, 1 << 0, 1 << 1, 1 << 3}
	planDays    = []uint8{schoolDays, 1<<7 - 1, 1<<0 | 1<<2 | 1<<4, 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6}
	planMinutes = []uint16{420, schoolMinute, 480, 540, 600, 720, 780, 840, 900, 960, 1020, 1080, 1140, 1200, 1230}
)

// plan is where a feed keeps one of its plans; nil for what it has not.
func (f *Feed) plan(name string) *Plan {
	switch name {
	case planQuiz:
		return &f.Quiz
	case planTip:
		return &f.Tip
	case planPractice:
		if !f.Private {
			return &f.Practice
		}
	}
	return nil
}

// anything reports whether anything is on.
func (f *Feed) anything() bool { return f.Quiz.On() || f.Tip.On() || f.Practice.On() || f.News }

// begin is how a plan begins: on school days, and what a group gets beside its
// quiz once a week, on the day that the fewest other plans take.
func (f *Feed) begin(name string) Plan {
	if f.Private || name == planQuiz {
		return Plan{Days: schoolDays, Minute: schoolMinute}
	}
	best, fewest := uint8(0), len(DueKinds())
	for _, day := range weeklyDays {
		if n := f.others(name, day); n < fewest {
			best, fewest = day, n
		}
	}
	if best&schoolDays == 0 {
		return Plan{Days: best, Minute: freeDayMinute}
	}
	return Plan{Days: best, Minute: schoolMinute}
}

// others counts the other plans on some of the days.
func (f *Feed) others(name string, days uint8) int {
	n := 0
	for _, other := range []string{planQuiz, planTip, planPractice} {
		if plan := f.plan(other); other != name && plan != nil && plan.Days&days != 0 {
			n++
		}
	}
	return n
}

// planPage shows one thing that can be posted, with what can be changed about it.
func planPage(t *turn, feed Feed, args []string) *Page {
	name := args[0]
	path, plan := join(feed.desk(), name), feed.plan(name)
	if plan == nil && name != planNews {
		return nil
	}
	text := t.text(i18n.Key(feed.desk()+"."+name), i18n.With("Now", t.now(&feed, name)))
	back := t.button("nav.back", Path(feed.desk()))
	if plan == nil && !feed.News || plan != nil && !plan.On() {
		return t.page(path, text, []Button{t.button("set.on", join(string(path), "on"))}, []Button{back})
	}
	off := []Button{t.button("set.off", join(string(path), "off")), back}
	if plan == nil {
		return t.page(path, text, off)
	}
	if feed.others(name, plan.Days) > 0 {
		text = i18n.Join(text, t.text("plan.clash"))
	}
	return t.page(path, text, []Button{t.button("set.days", join(string(path), "days")), t.button("set.hour", join(string(path), "hour"))}, off)
}

// now tells how a plan stands: "Mon-Fri, 07:30".
func (t *turn) now(feed *Feed, name string) string {
	plan := feed.plan(name)
	switch {
	case plan == nil && feed.News:
		return t.line("plan.on")
	case plan == nil || !plan.On():
		return t.line("plan.off")
	default:
		return t.line("plan.when", i18n.With("Days", t.line(daysKey(plan.Days))), i18n.With("Hour", clock(plan.Minute)))
	}
}

func daysKey(days uint8) i18n.Key { return i18n.Key("days.d" + strconv.Itoa(int(days))) }

// clock writes a minute of the day: "07:30".
func clock(minute uint16) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// planOn switches something on, once it is known what time it is there.
func planOn(t *turn, feed Feed, args []string) *Page {
	name := args[0]
	plan := feed.plan(name)
	switch {
	case plan == nil && name != planNews:
		return nil
	case feed.Zone == "":
		return t.whichZone(feed, name)
	case plan == nil:
		feed.News = true
	case !plan.On():
		*plan = feed.begin(name)
	}
	t.keep(feed)
	if feed.Private {
		return mineFront(t, feed, nil)
	}
	return planPage(t, feed, args)
}

// planOnIn is planOn with the zone it was asked for.
func planOnIn(t *turn, feed Feed, args []string) *Page {
	zone := zoneOf(args[1])
	land := landWith(zone)
	if land == nil {
		return nil
	}
	feed.Country, feed.Zone = land.code, zone
	return planOn(t, feed, args[:1])
}

func planOff(t *turn, feed Feed, args []string) *Page {
	switch plan := feed.plan(args[0]); {
	case plan != nil:
		*plan = Plan{}
	case args[0] == planNews:
		feed.News = false
	default:
		return nil
	}
	t.keep(feed)
	switch {
	case !feed.Private:
		return planPage(t, feed, args)
	case feed.anything():
		return mineFront(t, feed, nil)
	default:
		return t.stopped("stop.done")
	}
}

// planDaysPage offers the days of a plan; off, there is nothing to choose.
func planDaysPage(t *turn, feed Feed, args []string) *Page {
	plan := feed.plan(args[0])
	if plan == nil || !plan.On() {
		return planPage(t, feed, args)
	}
	path := join(feed.desk(), args[0])
	var buttons []Button
	for _, days := range planDays {
		buttons = append(buttons, t.button(daysKey(days), join(string(path), "days", strconv.Itoa(int(days)))))
	}
	return t.page(join(string(path), "days"), t.text("plan.days"),
		buttons[:3], buttons[3:7], buttons[7:], []Button{t.button("nav.back", path)})
}

func planSetDays(t *turn, feed Feed, args []string) *Page {
	days, err := strconv.ParseUint(args[1], 10, 8)
	if err != nil || !slices.Contains(planDays, uint8(days)) {
		return nil
	}
	if plan := feed.plan(args[0]); plan != nil && plan.On() {
		plan.Days = uint8(days)
		t.keep(feed)
	}
	return planPage(t, feed, args)
}

// planHourPage offers the hours of a plan.
func planHourPage(t *turn, feed Feed, args []string) *Page {
	plan := feed.plan(args[0])
	if plan == nil || !plan.On() {
		return planPage(t, feed, args)
	}
	path := join(feed.desk(), args[0])
	var buttons []Button
	for _, minute := range feed.minutes(args[0]) {
		buttons = append(buttons, Button{Label: clock(minute), Path: join(string(path), "hour", hourPart(minute))})
	}
	rows := slices.Collect(slices.Chunk(buttons, MaxInRow))
	return t.page(join(string(path), "hour"), t.text("plan.hour", i18n.With("Zone", city(feed.Zone))), append(rows, []Button{t.button("nav.back", path)})...)
}

// minutes are the times that a plan can be set to: a group's quiz needs some time
// until it closes.
func (f *Feed) minutes(name string) []uint16 {
	if f.Private || name != planQuiz {
		return planMinutes
	}
	return planMinutes[:slices.Index(planMinutes, lastQuiz)+1]
}

func hourPart(minute uint16) string { return fmt.Sprintf("%02d%02d", minute/60, minute%60) }

func planSetHour(t *turn, feed Feed, args []string) *Page {
	minutes := feed.minutes(args[0])
	chosen := slices.IndexFunc(minutes, func(minute uint16) bool { return hourPart(minute) == args[1] })
	if chosen < 0 {
		return nil
	}
	if plan := feed.plan(args[0]); plan != nil && plan.On() {
		plan.Minute = minutes[chosen]
		t.keep(feed)
	}
	return planPage(t, feed, args)
}
