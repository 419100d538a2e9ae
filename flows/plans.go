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

// schoolDays are Monday to Friday, and schoolMinute is when a plan begins.
const (
	schoolDays   = 1<<5 - 1
	schoolMinute = 7*60 + 30
)

// planDays and planMinutes are the choices: days by mask, and local times.
var (
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

// freeDays are the days that a plan begins with: school days, else the first day
// that no other plan takes, because only one post a day is made.
func (f *Feed) freeDays(name string) uint8 {
	if name == planQuiz {
		return schoolDays
	}
	for _, days := range planDays {
		if days&f.otherDays(name) == 0 {
			return days
		}
	}
	return schoolDays
}

func (f *Feed) otherDays(name string) uint8 {
	rest := *f
	if plan := rest.plan(name); plan != nil {
		*plan = Plan{}
	}
	return rest.Quiz.Days | rest.Tip.Days | rest.Practice.Days
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
	if name != planQuiz && plan.Days&feed.otherDays(name) != 0 {
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
		*plan = Plan{Days: feed.freeDays(name), Minute: schoolMinute}
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
	for _, minute := range planMinutes {
		buttons = append(buttons, Button{Label: clock(minute), Path: join(string(path), "hour", hourPart(minute))})
	}
	rows := slices.Collect(slices.Chunk(buttons, MaxInRow))
	return t.page(join(string(path), "hour"), t.text("plan.hour", i18n.With("Zone", city(feed.Zone))), append(rows, []Button{t.button("nav.back", path)})...)
}

func hourPart(minute uint16) string { return fmt.Sprintf("%02d%02d", minute/60, minute%60) }

func planSetHour(t *turn, feed Feed, args []string) *Page {
	chosen := slices.IndexFunc(planMinutes, func(minute uint16) bool { return hourPart(minute) == args[1] })
	if chosen < 0 {
		return nil
	}
	if plan := feed.plan(args[0]); plan != nil && plan.On() {
		plan.Minute = planMinutes[chosen]
		t.keep(feed)
	}
	return planPage(t, feed, args)
}
