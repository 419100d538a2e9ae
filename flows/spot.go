package flows

import "notalone/i18n"

// Where in its place a feed posts, and whether the bot may.

// where is the button to the chooser of the channel, where there is one.
func (t *turn) where(feed *Feed) []Button {
	if feed.Private || !t.event.Can.Has(CanPick) {
		return nil
	}
	return []Button{t.button("set.spot", "setup/spot")}
}

// setupSpot lets the channel be chosen.
func setupSpot(t *turn, feed Feed, _ []string) *Page {
	if !t.event.Can.Has(CanPick) {
		return setupFront(t, feed, nil)
	}
	if !t.event.Looked {
		return t.look(&feed)
	}
	page := t.page("setup/spot", i18n.Join(t.text("setup.spot"), t.lacks()), []Button{t.button("nav.back", "setup")})
	page.Pick = &Pick{Path: "setup/spot", Now: feed.Spot}
	return page
}

func setupSetSpot(t *turn, feed Feed, args []string) *Page {
	if !t.event.Can.Has(CanPick) {
		return setupFront(t, feed, nil)
	}
	feed.Spot = args[0]
	t.keep(feed)
	return setupFront(t, feed, nil)
}

// look asks what the bot may not do where the feed posts, or would begin to.
func (t *turn) look(feed *Feed) *Page {
	spot := feed.Spot
	if spot == "" {
		spot = t.event.Spot
	}
	return t.need(NeedLacks{Spot: spot})
}

// lacks names the rights that are missing and how to give them.
func (t *turn) lacks() i18n.Text {
	var text i18n.Text
	for _, lack := range t.event.Lacks {
		text = i18n.Join(text, t.text(i18n.Key("lack."+string(lack))))
	}
	if text == nil {
		return nil
	}
	return i18n.Join(t.text("setup.lacks"), text)
}

// spotGone pauses a feed whose topic or channel was deleted, and has an admin told.
func (t *turn) spotGone() *Page {
	if t.event.Feed == nil || t.event.Offline {
		return nil
	}
	feed := *t.event.Feed
	if feed.Spot == "" || feed.Spot != t.event.Spot {
		return nil
	}
	feed.Spot, feed.Round = "", Round{}
	if feed.anything() {
		feed.PausedTill, feed.Refusals = pausedForEver, max(feed.Refusals, 1)
		t.effects = append(t.effects, Alert{Feed: feed})
	}
	t.keep(feed)
	return nil
}

// Paused reports whether a feed waits for an admin, because it was refused or its
// channel is gone.
func (f *Feed) Paused() bool { return f.PausedTill == pausedForEver && f.Refusals > 0 }

// AlertPage tells who manages a place, known to them by its name, that it is
// paused and how to go on.
func (s *Site) AlertPage(feed Feed, name string) *Page {
	t := &turn{site: s, lang: s.feedLang(feed)}
	return &Page{Path: "setup/alert", Lang: t.lang, Text: t.text("setup.alert", i18n.With("Place", name))}
}
