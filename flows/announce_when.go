package flows

import (
	"strings"
	"time"

	"notalone/i18n"
)

// Pages on which the time of an announcement is chosen.

// whenLayout is how a time is shown, whenTyped how it may be typed.
const (
	whenLayout = "2006-01-02 15:04"
	whenTyped  = "2006-1-2 15:4"
)

func announceWhen(t *turn, a *Announcement, _ []string) *Page {
	words := t.given()
	if words == "" {
		return t.whenPage(a)
	}
	day, hour, name := typedTime(words)
	zone, known := t.clockNamed(name)
	if !known {
		return amiss(t.text("announce.when_zone", i18n.With("Name", short(name, mostShown))), t.whenPage(a))
	}
	local := a.When.Local && name == ""
	if local {
		zone = time.UTC
	}
	at, err := time.ParseInLocation(whenTyped, day+" "+hour, zone)
	switch when := (When{At: at.Unix(), Local: local}); {
	case err != nil:
		return amiss(t.text("announce.when_odd"), t.whenPage(a))
	case when.past(t.event.At):
		return amiss(t.text(flawPast), t.whenPage(a))
	default:
		a.When = when
		return t.saved(a, "chose the time", t.announcement)
	}
}

// typedTime parts a day, an hour and the name of a clock.
func typedTime(words string) (day, hour, clock string) {
	day, rest := firstWord(words)
	if d, h, found := strings.Cut(day, "T"); found {
		return d, h, rest
	}
	hour, clock = firstWord(rest)
	return day, hour, clock
}

// clockNamed is the clock of a city or a zone such as Asia/Jakarta; without a name
// the moderator's own.
func (t *turn) clockNamed(name string) (*time.Location, bool) {
	if name == "" {
		return t.deskClock(), true
	}
	wanted := i18n.Bare(fold(name))
	for i := range lands {
		for _, zone := range lands[i].zones {
			if wanted == fold(zone) || wanted == i18n.Bare(fold(city(zone))) {
				name = zone
			}
		}
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil && name != "Local"
}

func (t *turn) whenPage(a *Announcement) *Page {
	local, zone := "announce.local", t.zoneName(t.deskZone())
	if a.When.Local {
		local, zone = "announce.one_zone", t.line("announce.each_zone")
	}
	tomorrow := t.event.At.In(t.deskClock()).AddDate(0, 0, 1).Format(time.DateOnly) + " 08:00"
	text := t.text("announce.when_page", i18n.With("When", t.when(a)), i18n.With("Zone", zone), i18n.With("Example", tomorrow))
	return t.form(a, about(a.ID, "when"), text, []Button{t.button("announce.now", about(a.ID, "when", "now")), t.button(i18n.Key(local), about(a.ID, "when", "local"))})
}

func announceSetWhen(t *turn, a *Announcement, args []string) *Page {
	switch args[0] {
	case "now":
		a.When = When{}
	case "local":
		a.When = a.When.other(t.deskClock())
	default:
		return nil
	}
	if a.When.Local {
		return t.saved(a, "chose the time", t.whenPage)
	}
	return t.saved(a, "chose the time", t.announcement)
}

// deskZone is the zone that a moderator's times are meant in.
func (t *turn) deskZone() string {
	if land := landOf(t.country()); land != nil {
		return land.zones[0]
	}
	return "UTC"
}

// deskClock is that zone's clock.
func (t *turn) deskClock() *time.Location {
	if known, err := time.LoadLocation(t.deskZone()); err == nil {
		return known
	}
	return time.UTC
}

// when tells the time of an announcement.
func (t *turn) when(a *Announcement) string {
	switch {
	case a.When.At == 0:
		return t.line("announce.at_once")
	case a.When.Local:
		return t.line("announce.at_local", i18n.With("Time", time.Unix(a.When.At, 0).UTC().Format(whenLayout)))
	}
	return t.line("announce.at", i18n.With("Time", time.Unix(a.When.At, 0).In(t.deskClock()).Format(whenLayout)), i18n.With("Zone", t.zoneName(t.deskZone())))
}
