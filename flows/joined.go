package flows

import "notalone/i18n"

// greet is the one greeting of a place that the bot was added to. A place that
// still has its settings was left without the bot being told: they go on.
func (t *turn) greet() *Page {
	switch {
	case t.event.Offline: // it could not be noted that it was said
		return nil
	case !t.event.HasFeed:
		return t.need(NeedFeed{})
	}
	var feed Feed
	if t.event.Feed != nil {
		feed = *t.event.Feed
	}
	if feed.Greeted && !feed.Paused() {
		return nil
	}
	greeted := feed.Greeted
	if t.event.Broadcast && !greeted { // who writes there later is not told: it speaks as who added the bot
		feed = t.feed()
	}
	feed.Greeted = true
	if feed.Paused() {
		feed.PausedTill, feed.Refusals = 0, 0
	}
	t.keep(feed)
	if greeted {
		return nil
	}
	if feed.Lang != "" {
		t.lang = t.site.feedLang(feed)
	}
	text := t.text("joined")
	if t.event.Broadcast {
		text = t.text("joined_channel")
	}
	return &Page{Path: "joined", Lang: t.lang, Text: text, Rows: [][]Button{{t.link("setup")}}}
}

// aside answers words in a place where others read along and nothing can be
// told to one person alone: a neutral line and the private way, and when danger
// is meant the emergency numbers of the country.
func (t *turn) aside(heard heard, page *Page) *Page {
	if page == nil || !page.Sensitive || !t.event.Shared || t.event.Text == "" || t.event.Can.Has(CanWhisper) {
		return page
	}
	neutral := t.site.ElsewherePage(t.lang, "", false)
	if !heard.now() {
		return neutral
	}
	numbers := *neutral
	numbers.Text = i18n.Join(t.text("elsewhere_danger"), t.emergency(), neutral.Text)
	return &numbers
}

// now reports whether somebody may be hurt this minute.
func (h heard) now() bool {
	return h.path == "help/danger" || h.path == "help/home" || len(h.labels) > 0 && h.labels[0] == "danger"
}

// emergency lists the emergency numbers of where the group is.
func (t *turn) emergency() i18n.Text {
	code := t.country()
	if t.event.Feed != nil && t.event.Feed.Country != "" {
		code = t.event.Feed.Country
	}
	var text i18n.Text
	if country := t.site.content.Directory.Country(code); country != nil {
		for _, id := range country.Emergency {
			if channel := t.site.content.Directory.Channel(id); channel != nil {
				text = i18n.Join(text, t.glance(channel))
			}
		}
	}
	if text == nil {
		return t.text("lines.none")
	}
	return text
}
