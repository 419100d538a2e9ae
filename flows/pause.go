package flows

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"notalone/i18n"
)

// pauseWeeks are the lengths of a pause that are offered; longestPause bounds a
// date that is chosen or typed.
var pauseWeeks = []int{1, 2, 4, 8, 12}

const longestPause = 366 // days

// setupPause offers the length of a pause. Once paused, the date can be moved.
func setupPause(t *turn, feed Feed, _ []string) *Page {
	back := t.button("nav.back", "setup")
	t.await("setup/pause")
	if feed.PausedTill > t.event.At.Unix() {
		rows := [][]Button{{t.button("set.go_on", "setup/pause/off"), back}}
		if feed.PausedTill != pausedForEver {
			rows = append([][]Button{t.otherDates(&feed)}, rows...)
		}
		return t.page("setup/pause", i18n.Join(t.pausedTill(&feed), t.typeIt("pause.type")), rows...)
	}
	var weeks []Button
	for _, n := range pauseWeeks {
		weeks = append(weeks, Button{Label: t.line("set.weeks", i18n.Count("N", n)), Path: join("setup", "pause", strconv.Itoa(n))})
	}
	return t.page("setup/pause", i18n.Join(t.text("setup.pause"), t.typeIt("pause.type")), weeks,
		[]Button{t.button("set.pause_open", "setup/pause/open")}, []Button{back})
}

// otherDates are buttons to an earlier and to later ends of a pause.
func (t *turn) otherDates(feed *Feed) []Button {
	till := time.Unix(feed.PausedTill, 0).In(feed.location())
	var buttons []Button
	for _, other := range []struct {
		key  i18n.Key
		days int
	}{{"set.day_less", -1}, {"set.day_more", 1}, {"set.week_more", 7}} {
		date := till.AddDate(0, 0, other.days).Format(time.DateOnly)
		if _, ok := feed.pauseTill(date, t.event.At); ok {
			buttons = append(buttons, t.button(other.key, join("setup", "pause", date)))
		}
	}
	return buttons
}

// pauseTill is the beginning of a day to come, at which a pause may end.
func (f *Feed) pauseTill(date string, now time.Time) (int64, bool) {
	at, err := time.ParseInLocation(time.DateOnly, date, f.location())
	return at.Unix(), err == nil && at.After(now) && at.Before(now.AddDate(0, 0, longestPause))
}

// setupSetPause pauses for some weeks, until a date, until further notice, or ends
// the pause.
func setupSetPause(t *turn, feed Feed, args []string) *Page {
	switch args[0] {
	case "off":
		feed.PausedTill = 0
	case "open":
		feed.PausedTill = pausedForEver
	default:
		date := args[0]
		for _, n := range pauseWeeks {
			if date == strconv.Itoa(n) {
				date = t.event.At.In(feed.location()).AddDate(0, 0, 7*n).Format(time.DateOnly)
			}
		}
		till, ok := feed.pauseTill(date, t.event.At)
		if !ok {
			return nil
		}
		feed.PausedTill = till
	}
	feed.Refusals = 0
	t.keep(feed)
	if feed.PausedTill > t.event.At.Unix() {
		return setupPause(t, feed, nil)
	}
	return setupFront(t, feed, nil)
}

// pausedTill tells when posts begin again.
func (t *turn) pausedTill(feed *Feed) i18n.Text {
	if feed.PausedTill == pausedForEver {
		return t.text("setup.paused_open")
	}
	return t.text("setup.paused", i18n.With("Date", time.Unix(feed.PausedTill, 0).In(feed.location()).Format(time.DateOnly)))
}

// typedDate reads "2026-12-31", "31/12/2026" and "31.12." as the next such day.
func typedDate(folded string, now time.Time) (date string, ok bool) {
	var numbers []int
	for _, word := range strings.Fields(folded) {
		n, err := strconv.Atoi(word)
		if err != nil {
			return "", false
		}
		numbers = append(numbers, n)
	}
	year, month, day := now.Year(), 0, 0
	switch {
	case len(numbers) == 3 && numbers[0] > 31:
		year, month, day = numbers[0], numbers[1], numbers[2]
	case len(numbers) == 3:
		day, month, year = numbers[0], numbers[1], numbers[2]
	case len(numbers) == 2:
		day, month = numbers[0], numbers[1]
		if time.Month(month) < now.Month() || time.Month(month) == now.Month() && day <= now.Day() {
			year++
		}
	default:
		return "", false
	}
	date = fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	_, err := time.Parse(time.DateOnly, date)
	return date, err == nil
}
