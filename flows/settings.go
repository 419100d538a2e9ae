package flows

import "notalone/i18n"

func settingsHome(t *turn, _ []string) *Page {
	text := t.text("settings.front",
		i18n.With("Lang", t.langName(t.lang)),
		i18n.With("Country", t.countryName(t.country())))
	return t.page("settings", text, t.links([]Path{"settings/lang", "settings/country"}, []Path{"privacy", "delete"}, []Path{"mine", "home"})...)
}

func settingsLang(t *turn, _ []string) *Page {
	return t.page("settings/lang", t.text("settings.lang"), append(t.languageRows(), t.links([]Path{"home"})...)...)
}

// langName is a language's name in the one spoken.
func (t *turn) langName(lang i18n.Lang) string { return t.line(i18n.Key("language_" + string(lang))) }

// languageRows shows each language under its own name, so that one who cannot read
// the page finds the way out.
func (t *turn) languageRows() [][]Button {
	var buttons []Button
	for _, lang := range t.site.words.Langs() {
		name := t.site.words.Line(lang, i18n.Key("language_"+string(lang)))
		buttons = append(buttons, Button{Label: name, Path: join("settings", "lang", string(lang))})
	}
	return inRows(buttons, MaxRows-2)
}

func settingsSetLang(t *turn, args []string) *Page {
	lang := i18n.Lang(args[0])
	if !t.site.words.Knows(lang) {
		return nil
	}
	if !t.event.Shared && !t.event.HasFeed && !t.event.Offline {
		return t.need(NeedFeed{})
	}
	t.state.Lang, t.lang = lang, lang
	if feed := t.event.Feed; !t.event.Shared && feed != nil && feed.Lang != lang {
		t.keep(*feed) // what is sent follows at once
	}
	return t.unremembered(home(t, nil))
}

func settingsCountry(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Directory.Countries {
		code := t.site.content.Directory.Countries[i].Code
		buttons = append(buttons, t.button(i18n.Key("country_"+code), join("settings", "country", code)))
	}
	t.await("settings/country")
	return t.listing("settings/country", args[0], t.text("settings.country"), 3, buttons, t.link("settings"))
}

func settingsSetCountry(t *turn, args []string) *Page {
	if t.site.content.Directory.Country(args[0]) == nil {
		return nil
	}
	t.state.Country = args[0]
	return t.unremembered(settingsHome(t, nil))
}

// unremembered says on the page of a choice that it will not last, if it will not.
func (t *turn) unremembered(page *Page) *Page {
	if t.event.Offline {
		page.Text = i18n.Join(t.text("settings.offline"), page.Text)
	}
	return page
}
