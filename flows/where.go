package flows

import (
	"slices"

	"notalone/i18n"
)

// Where a feed is: its country and time zone, asked for alike in a group and in
// a private chat.

func countryList(t *turn, feed Feed, args []string) *Page {
	return t.countries(feed, args[0], t.text(i18n.Key(feed.desk()+".country")))
}

// countries lists them all; a name may be typed as well.
func (t *turn) countries(feed Feed, page string, text i18n.Text) *Page {
	base := join(feed.desk(), "country")
	var buttons []Button
	for i := range lands {
		code := lands[i].code
		buttons = append(buttons, t.button(i18n.Key("country_"+code), join(string(base), code)))
	}
	t.await(base)
	return t.listing(base, page, i18n.Join(text, t.typeIt("list.type")), 3, buttons, t.link(Path(feed.desk())))
}

// countrySet takes the country's first zone along and asks if there are others.
func countrySet(t *turn, feed Feed, args []string) *Page {
	land := landOf(args[0])
	if land == nil {
		return nil
	}
	if feed.Private {
		t.state.Country = land.code
		if !feed.anything() {
			feed.Country, feed.Zone = land.code, land.start()
			return mineFront(t, feed, nil)
		}
	}
	feed.Country, feed.Zone = land.code, land.zones[0]
	t.keep(feed)
	if len(land.zones) > 1 {
		return zoneList(t, feed, nil)
	}
	return front(t, feed)
}

// zoneList offers the zones of the country and tells what time it is there, by
// which people see whether it is right.
func zoneList(t *turn, feed Feed, _ []string) *Page {
	land := landOf(feed.Country)
	if land == nil {
		return countryList(t, feed, []string{"1"})
	}
	base := join(feed.desk(), "zone")
	text := t.text("zone.which")
	if feed.Zone != "" {
		now := t.event.At.In(feed.location())
		text = i18n.Join(t.text("zone.now", i18n.With("Zone", city(feed.Zone)), i18n.With("Time", now.Format("15:04"))), t.text("zone.change"), t.typeIt("list.type"))
	}
	t.await(base)
	rows := zoneRows(land, base)
	last := []Button{t.button("set.country", join(feed.desk(), "country")), t.button("nav.back", Path(feed.desk()))}
	return t.page(base, text, append(rows, last)...)
}

// zoneRows are the zones of a country as buttons below a path.
func zoneRows(land *land, base Path) [][]Button {
	var buttons []Button
	for _, zone := range land.zones {
		buttons = append(buttons, Button{Label: city(zone), Path: join(string(base), zonePart(zone))})
	}
	return slices.Collect(slices.Chunk(buttons, 3))
}

func zoneSet(t *turn, feed Feed, args []string) *Page {
	zone := zoneOf(args[0])
	land := landWith(zone)
	if land == nil {
		return nil
	}
	feed.Country, feed.Zone = land.code, zone
	t.keep(feed)
	return front(t, feed)
}

// whichZone asks for the zone before something is switched on: without it a post
// could come at night.
func (t *turn) whichZone(feed Feed, name string) *Page {
	land := landOf(feed.Country)
	if land == nil {
		return t.countries(feed, "1", i18n.Join(t.text("zone.first"), t.text(i18n.Key(feed.desk()+".country"))))
	}
	path := join(feed.desk(), name, "on")
	last := []Button{t.button("set.country", join(feed.desk(), "country")), t.button("nav.back", Path(feed.desk()))}
	return t.page(path, i18n.Join(t.text("zone.first"), t.text("zone.which")), append(zoneRows(land, path), last)...)
}
