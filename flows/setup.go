package flows

import (
	"strconv"
	"time"

	"notalone/i18n"
)

// A feedPage shows or changes what is posted in a place. It is given a copy.
type feedPage func(t *turn, feed Feed, args []string) *Page

// managed makes the handler of a set-up page: for a group, by who manages it.
func managed(page feedPage) handler {
	return func(t *turn, args []string) *Page {
		switch {
		case !t.event.Shared:
			return t.words("setup", "setup.private", []Path{"adults/school", "class"}, []Path{"mine", "home"})
		case t.event.Offline:
			return t.words("setup", "setup.offline", []Path{"setup", "home"})
		case !t.event.HasFeed:
			return t.need(NeedFeed{})
		case t.event.Manager == Unknown:
			return t.need(NeedManager{})
		case t.event.Manager == No:
			return t.notManager()
		}
		shown := page(t, t.feed(), args)
		if shown != nil {
			shown.Sensitive = t.event.Can.Has(CanWhisper)
		}
		return shown
	}
}

// notManager is one kind line. Where it cannot be told to one person alone, a
// press leaves the set-up that an admin has open as it is.
func (t *turn) notManager() *Page {
	whisper := t.event.Can.Has(CanWhisper)
	if !whisper && t.event.Path != "" && t.event.Path != "setup" {
		t.effects = append(t.effects, Count{Name: "setup:" + string(t.lang)})
		return nil
	}
	page := t.words("setup", "setup.only", []Path{"setup"})
	page.Sensitive = whisper
	return page
}

// need asks the shell for something that a page cannot be made without.
func (t *turn) need(what Effect) *Page {
	t.effects = append(t.effects, what)
	return nil
}

// feed is what is posted in the place, else what a new one begins with: nothing.
func (t *turn) feed() Feed {
	if t.event.Feed != nil {
		return *t.event.Feed
	}
	feed := Feed{Private: !t.event.Shared, Lang: t.lang}
	if land := landOf(t.country()); land != nil {
		feed.Country, feed.Zone = land.code, land.start()
	}
	return feed
}

// keep stores a changed feed. Of a person's own chat nothing is kept once all
// of it is off, and it is written to in the person's language.
func (t *turn) keep(feed Feed) {
	if feed.Private && !feed.anything() {
		if t.event.Feed != nil {
			t.effects = append(t.effects, DropFeed{})
		}
		t.event.Feed = nil
		return
	}
	if feed.Private {
		feed.Lang, feed.PausedTill, feed.Refusals = t.lang, 0, 0
	}
	step := int64(useStep.Seconds())
	feed.LastUse = t.event.At.Unix() / step * step
	t.event.Feed = &feed
	t.effects = append(t.effects, SaveFeed{Feed: feed})
}

// desk is the page that a feed is changed from.
func (f *Feed) desk() string {
	if f.Private {
		return "mine"
	}
	return "setup"
}

func front(t *turn, feed Feed) *Page {
	if feed.Private {
		return mineFront(t, feed, nil)
	}
	return setupFront(t, feed, nil)
}

// setupFront tells what is set. A feed that was refused too often tells why it
// is silent and how to mend it.
func setupFront(t *turn, feed Feed, _ []string) *Page {
	paused := feed.PausedTill > t.event.At.Unix()
	goOn, remove := t.button("set.go_on", "setup/pause/off"), t.button("set.remove", "setup/remove")
	if paused && feed.PausedTill == pausedForEver && feed.Refusals > 0 {
		return t.page("setup", t.text("setup.refused"), []Button{goOn}, []Button{remove})
	}
	text := t.text("setup.front",
		i18n.With("Lang", t.line(i18n.Key("language_"+string(t.site.feedLang(feed))))),
		i18n.With("Country", t.countryName(feed.Country)), i18n.With("Zone", t.zoneName(feed.Zone)),
		i18n.With("Quiz", t.now(&feed, planQuiz)), i18n.With("Tip", t.now(&feed, planTip)),
		i18n.With("Practice", t.now(&feed, planPractice)), i18n.With("News", t.now(&feed, planNews)))
	pause := t.button("set.pause", "setup/pause")
	if paused {
		pause = goOn
		text = i18n.Join(t.pausedTill(&feed), text)
	}
	return t.page("setup", i18n.Join(text, t.text("setup.rule")),
		[]Button{t.button("set.lang", "setup/lang"), t.button("set.country", "setup/country"), t.button("set.zone", "setup/zone")},
		[]Button{t.button("set.quiz", "setup/quiz"), t.button("set.tip", "setup/tip"), t.button("set.practice", "setup/practice"), t.button("set.news", "setup/news")},
		[]Button{pause, remove}, []Button{t.link("class")})
}

func (t *turn) zoneName(zone string) string {
	if zone == "" {
		return t.line("country_unknown")
	}
	return city(zone)
}

func (t *turn) pausedTill(feed *Feed) i18n.Text {
	if feed.PausedTill == pausedForEver {
		return t.text("setup.paused_open")
	}
	return t.text("setup.paused", i18n.With("Date", time.Unix(feed.PausedTill, 0).In(feed.location()).Format(time.DateOnly)))
}

// setupLang offers the languages to post in, each under its own name.
func setupLang(t *turn, _ Feed, _ []string) *Page {
	var buttons []Button
	for _, lang := range t.site.words.Langs() {
		buttons = append(buttons, Button{Label: t.site.words.Line(lang, i18n.Key("language_"+string(lang))), Path: join("setup", "lang", string(lang))})
	}
	return t.page("setup/lang", t.text("setup.lang"), append(inRows(buttons, MaxRows-2), []Button{t.button("nav.back", "setup")})...)
}

func setupSetLang(t *turn, feed Feed, args []string) *Page {
	lang := i18n.Lang(args[0])
	if !t.site.words.Knows(lang) {
		return nil
	}
	feed.Lang = lang
	t.keep(feed)
	return setupFront(t, feed, nil)
}

// pauseWeeks are the lengths of a pause that are offered.
var pauseWeeks = []int{1, 2, 4}

func setupPause(t *turn, feed Feed, _ []string) *Page {
	if feed.PausedTill > t.event.At.Unix() {
		return setupFront(t, feed, nil)
	}
	var weeks []Button
	for _, n := range pauseWeeks {
		weeks = append(weeks, Button{Label: t.line("set.weeks", i18n.Count("N", n)), Path: join("setup", "pause", strconv.Itoa(n))})
	}
	return t.page("setup/pause", t.text("setup.pause"), weeks, []Button{t.button("set.pause_open", "setup/pause/open")}, []Button{t.button("nav.back", "setup")})
}

func setupSetPause(t *turn, feed Feed, args []string) *Page {
	till := int64(-1)
	switch args[0] {
	case "off":
		till = 0
	case "open":
		till = pausedForEver
	}
	for _, n := range pauseWeeks {
		if args[0] == strconv.Itoa(n) {
			till = t.event.At.In(feed.location()).AddDate(0, 0, 7*n).Unix()
		}
	}
	if till < 0 {
		return nil
	}
	feed.PausedTill, feed.Refusals = till, 0
	t.keep(feed)
	return setupFront(t, feed, nil)
}

func setupRemove(t *turn, _ Feed, _ []string) *Page {
	return t.page("setup/remove", t.text("setup.remove"), []Button{t.button("set.remove_now", "setup/remove/now")}, []Button{t.button("nav.back", "setup")})
}

// setupRemoveNow deletes all that is kept of the group, then leaves it.
func setupRemoveNow(t *turn, _ Feed, _ []string) *Page {
	t.effects = append(t.effects, DropFeed{}, Leave{})
	return nil
}
