package flows

import "notalone/i18n"

// own makes the handler of a page about what a person is sent in private.
func own(page feedPage) handler {
	return func(t *turn, args []string) *Page {
		switch {
		case t.event.Shared:
			shown := t.words("mine", "mine.shared", []Path{"home"})
			shown.Sensitive = true
			return shown
		case t.event.Offline:
			return t.words("mine", "mine.offline", []Path{"mine", "home"})
		case !t.event.HasFeed:
			return t.need(NeedFeed{})
		}
		return page(t, t.feed(), args)
	}
}

// mineFront asks first, in one plain line also what is stored for it. Once
// something is on, it tells what, and stops it all with one tap.
func mineFront(t *turn, feed Feed, _ []string) *Page {
	if feed.anything() && feed.Lang != t.lang { // chosen anew since: posts follow
		t.keep(feed)
	}
	last := t.links([]Path{"settings", "home"})[0]
	switch {
	case feed.anything():
		return t.page("mine", t.sent(&feed),
			[]Button{t.button("set.tip", "mine/tip"), t.button("set.quiz", "mine/quiz"), t.button("set.news", "mine/news")},
			[]Button{t.button("set.zone", "mine/zone")}, []Button{t.link("stop/now")}, last)
	case landOf(feed.Country) == nil:
		return t.page("mine", i18n.Join(t.text("mine.front"), t.text("zone.first")), []Button{t.button("set.country", "mine/country")}, last)
	default:
		return t.page("mine", t.text("mine.front"),
			[]Button{t.button("set.want_tip", "mine/tip/on"), t.button("set.want_quiz", "mine/quiz/on")},
			[]Button{t.button("set.want_news", "mine/news/on")}, last)
	}
}

// sent tells what the person is sent.
func (t *turn) sent(feed *Feed) i18n.Text {
	return t.text("mine.now", i18n.With("Tip", t.now(feed, planTip)), i18n.With("Quiz", t.now(feed, planQuiz)),
		i18n.With("News", t.now(feed, planNews)), i18n.With("Zone", t.zoneName(feed.Zone)))
}

// stop stops at once, however it was asked for; only when the words were merely
// taken for it, one tap makes sure.
func stop(t *turn, args []string) *Page {
	if feed := t.event.Feed; t.guessed && !t.event.Shared && !t.event.Offline && feed != nil && feed.anything() {
		return t.page("stop", t.sent(feed), []Button{t.link("stop/now")}, []Button{t.link("mine"), t.link("home")})
	}
	return stopNow(t, args)
}

// stopNow ends all posts to the person and deletes what was kept for them.
func stopNow(t *turn, _ []string) *Page {
	switch {
	case t.event.Shared:
		return t.words("stop", "stop.group", []Path{"setup", "home"})
	case t.event.Offline:
		return t.words("stop", "stop.offline", []Path{"stop", "home"})
	case !t.event.HasFeed:
		return t.need(NeedFeed{})
	case t.event.Feed == nil:
		return t.stopped("stop.nothing")
	}
	t.effects = append(t.effects, DropFeed{})
	t.event.Feed = nil
	return t.stopped("stop.done")
}

func (t *turn) stopped(key i18n.Key) *Page {
	return t.words("stop/now", key, []Path{"mine", "home"})
}
