package flows

import "notalone/i18n"

// A feedPage shows or changes what is posted in a place. It is given a copy.
type feedPage func(t *turn, feed Feed, args []string) *Page

// managed makes the handler of a set-up page: for a group, by who manages it.
func managed(page feedPage) handler {
	return func(t *turn, args []string) *Page {
		switch {
		case !t.event.Shared:
			return t.addMe()
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

// addMe tells how a group gets the bot, with the platform's own links for it.
func (t *turn) addMe() *Page {
	var add []Button
	if t.event.Can.Has(CanAdd) {
		add = []Button{{Label: t.line("add.group"), Add: AddToGroup}, {Label: t.line("add.channel"), Add: AddToChannel}}
	}
	return t.page("setup", t.text("setup.private"), add, t.links([]Path{"adults/school", "class"})[0], t.links([]Path{"mine", "home"})[0])
}

// notManager is one kind line. A press leaves the set-up that an admin has open as
// it is: the line is for the presser alone.
func (t *turn) notManager() *Page {
	page := t.words("setup", "setup.only", []Path{"setup"})
	switch {
	case t.event.Can.Has(CanWhisper):
		page.Sensitive = true
	case t.event.Can.Has(CanNote):
		page.Note = true
	case t.event.Path != "" && t.event.Path != "setup":
		t.effects = append(t.effects, Count{Name: "setup:" + string(t.lang)})
		return nil
	}
	return page
}

// need asks the shell for something that a page cannot be made without.
func (t *turn) need(what Effect) *Page {
	t.effects = append(t.effects, what)
	return nil
}

// feed is what is posted in the place, else what a new one begins with: nothing,
// in the language and country of whoever sets it up.
func (t *turn) feed() Feed {
	feed := Feed{Private: !t.event.Shared, Spot: t.event.Spot}
	if t.event.Feed != nil {
		feed = *t.event.Feed
	}
	if feed.Lang != "" {
		return feed
	}
	feed.Lang = t.lang
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
	if !t.event.Closed && (feed.Spot == "" || !t.event.Can.Has(CanPick)) { // where nothing else can be chosen, posts go where set-up was asked for
		feed.Spot = t.event.Spot
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
	if !t.event.Looked {
		return t.look(&feed)
	}
	paused := feed.PausedTill > t.event.At.Unix()
	goOn, remove := t.button("set.go_on", "setup/pause/off"), t.button("set.remove", "setup/remove")
	where := t.where(&feed)
	if feed.Paused() {
		why := i18n.Key("setup.refused")
		if feed.Spot == "" && where != nil {
			why = "setup.gone"
		}
		return t.page("setup", i18n.Join(t.text(why), t.lacks()), append(where, goOn), []Button{remove})
	}
	text := t.text("setup.front",
		i18n.With("Lang", t.langName(t.site.feedLang(feed))),
		i18n.With("Country", t.countryName(feed.Country)), i18n.With("Zone", t.zoneName(feed.Zone)),
		i18n.With("Quiz", t.now(&feed, planQuiz)), i18n.With("Tip", t.now(&feed, planTip)),
		i18n.With("Practice", t.now(&feed, planPractice)), i18n.With("News", t.now(&feed, planNews)))
	pause := t.button("set.pause", "setup/pause")
	if paused {
		pause = goOn
		text = i18n.Join(t.pausedTill(&feed), text)
	}
	if lacks := t.lacks(); lacks != nil {
		text = i18n.Join(lacks, text)
	}
	return t.page("setup", i18n.Join(text, t.text("setup.rule")),
		append([]Button{t.button("set.lang", "setup/lang"), t.button("set.country", "setup/country"), t.button("set.zone", "setup/zone")}, where...),
		[]Button{t.button("set.quiz", "setup/quiz"), t.button("set.tip", "setup/tip"), t.button("set.practice", "setup/practice"), t.button("set.news", "setup/news")},
		[]Button{pause, remove}, []Button{t.link("class")})
}

func (t *turn) zoneName(zone string) string {
	if zone == "" {
		return t.line("country_unknown")
	}
	return city(zone)
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

func setupRemove(t *turn, _ Feed, _ []string) *Page {
	return t.page("setup/remove", t.text("setup.remove"), []Button{t.button("set.remove_now", "setup/remove/now")}, []Button{t.button("nav.back", "setup")})
}

// setupRemoveNow deletes all that is kept of the group, then leaves it.
func setupRemoveNow(t *turn, _ Feed, _ []string) *Page {
	t.effects = append(t.effects, DropFeed{}, Leave{})
	return nil
}
