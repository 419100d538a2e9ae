package flows

import (
	"slices"
	"strings"

	"notalone/i18n"
)

// Pages that decide whom an announcement goes to, and show how it will look.

// GroupKinds are those of groups, as platforms know them.
func GroupKinds() []string { return []string{"group", "channel", "server"} }

func announceTo(t *turn, a *Announcement, _ []string) *Page { return t.to(a) }

func (t *turn) to(a *Announcement) *Page {
	toggle := func(key string, on bool, parts ...string) Button {
		label := t.line(i18n.Key(key))
		if on {
			label = "✓ " + label
		}
		return Button{Label: label, Path: about(append([]string{a.ID, "to"}, parts...)...)}
	}
	who := []Button{toggle("announce.to_groups", a.To.Groups, "who", "groups"), toggle("announce.to_people", a.To.People, "who", "people")}
	var langs, kind []Button
	for _, lang := range t.site.words.Langs() {
		langs = append(langs, toggle("language_"+string(lang), slices.Contains(a.To.Langs, lang), "lang", string(lang)))
	}
	for _, k := range GroupKinds() {
		kind = append(kind, toggle("announce.kind_"+k, slices.Contains(a.To.Kinds, k), "kind", k))
	}
	last := []Button{t.button("announce.countries", about(a.ID, "countries"))}
	for _, platform := range t.platforms() {
		label := appName(platform)
		if slices.Contains(a.To.Platforms, platform) {
			label = "✓ " + label
		}
		last = append(last, Button{Label: label, Path: about(a.ID, "to", "platform", platform)})
	}
	return t.page(about(a.ID, "to"), t.text("announce.to_page", i18n.With("To", t.audience(a)), i18n.Count("N", t.reach(a).All)),
		who, langs[:min(len(langs), MaxInRow)], kind, append(last[:min(len(last), MaxInRow-1)], t.button("nav.back", about(a.ID))))
}

// platforms are those with anybody who takes news.
func (t *turn) platforms() []string {
	var names []string
	for _, r := range t.event.Desk.Reach {
		if !slices.Contains(names, r.Platform) {
			names = append(names, r.Platform)
		}
	}
	slices.Sort(names)
	return names
}

func announceToggle(t *turn, a *Announcement, args []string) *Page {
	what, value := args[0], args[1]
	switch {
	case what == "who" && value == "groups":
		a.To.Groups = !a.To.Groups
	case what == "who" && value == "people":
		a.To.People = !a.To.People
	case what == "lang" && t.site.words.Knows(i18n.Lang(value)):
		a.To.Langs = toggled(a.To.Langs, i18n.Lang(value))
	case what == "kind" && slices.Contains(GroupKinds(), value):
		a.To.Kinds = toggled(a.To.Kinds, value)
	case what == "platform" && slices.Contains(t.platforms(), value):
		a.To.Platforms = toggled(a.To.Platforms, value)
	case what == "country" && landOf(value) != nil:
		a.To.Countries = toggled(a.To.Countries, value)
		return t.saved(a, "chose whom it goes to", t.countriesTo)
	default:
		return nil
	}
	return t.saved(a, "chose whom it goes to", t.to)
}

func toggled[E comparable](list []E, value E) []E {
	if i := slices.Index(list, value); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return append(slices.Clone(list), value)
}

// announceCountries takes names and codes of countries, parted by commas.
func announceCountries(t *turn, a *Announcement, _ []string) *Page {
	words := t.given()
	if words == "" {
		return t.countriesTo(a)
	}
	chosen := slices.Clone(a.To.Countries)
	for name := range strings.FieldsFuncSeq(words, func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
		switch found := t.landsNamed(name); len(found) {
		case 0:
			return amiss(t.text("announce.no_country", i18n.With("Name", short(strings.TrimSpace(name), MaxLabel))), t.countriesTo(a))
		case 1:
			if !slices.Contains(chosen, found[0]) {
				chosen = append(chosen, found[0])
			}
		default:
			return t.countriesPage(a, t.text("list.found"), found)
		}
	}
	a.To.Countries = chosen
	return t.saved(a, "chose whom it goes to", t.countriesTo)
}

// landsNamed are the codes of the countries that words may mean.
func (t *turn) landsNamed(words string) []string {
	var codes, found []string
	for i := range lands {
		if strings.EqualFold(lands[i].code, strings.TrimSpace(words)) {
			return []string{lands[i].code}
		}
		codes = append(codes, lands[i].code)
	}
	for _, path := range t.site.search("announce", codes, t.site.countryNames, fold(words)) {
		found = append(found, path.Parts()[1])
	}
	return found
}

// countriesTo offers the countries that are chosen, and those that anybody who takes
// news is in; others are typed.
func (t *turn) countriesTo(a *Announcement) *Page {
	codes, marked := slices.Clone(a.To.Countries), t.line("announce.all")
	for i, code := range a.To.Countries {
		if marked += ", " + t.countryName(code); i == 0 {
			marked = t.countryName(code)
		}
	}
	for _, r := range t.event.Desk.Reach {
		if code := r.Class.Country; landOf(code) != nil && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return t.countriesPage(a, t.text("announce.countries_page", i18n.With("Marked", marked), i18n.Count("N", t.reach(a).All)), codes)
}

func (t *turn) countriesPage(a *Announcement, text i18n.Text, codes []string) *Page {
	var buttons []Button
	for _, code := range codes[:min(len(codes), 3*MaxInRow)] {
		label := t.countryName(code)
		if slices.Contains(a.To.Countries, code) {
			label = "✓ " + label
		}
		buttons = append(buttons, Button{Label: label, Path: about(a.ID, "to", "country", code)})
	}
	path := about(a.ID, "countries")
	t.await(path)
	return t.page(path, text, append(inRows(buttons, 3), []Button{t.button("nav.back", about(a.ID, "to"))})...)
}

func announceMore(t *turn, a *Announcement, _ []string) *Page { return t.more(a) }

func (t *turn) more(a *Announcement) *Page {
	pin, spread := t.button("announce.pin", about(a.ID, "more", "pin")), t.button("announce.spread", about(a.ID, "more", "spread"))
	return t.page(about(a.ID, "more"), t.text("announce.more_page", i18n.With("Pin", t.yes(a.Pin)), i18n.With("Spread", t.yes(a.Spread))),
		[]Button{pin, spread}, []Button{t.button("announce.drop", about(a.ID, "cancel")), t.button("nav.back", about(a.ID))})
}

func announceSetMore(t *turn, a *Announcement, args []string) *Page {
	switch args[0] {
	case "pin":
		a.Pin = !a.Pin
	case "spread":
		a.Spread = !a.Spread
	default:
		return nil
	}
	return t.saved(a, "chose how it is posted", t.more)
}

// announcePreview sends it to the moderator as a group or a person will see it.
func announcePreview(t *turn, a *Announcement, _ []string) *Page {
	var rows [][]Button
	for _, lang := range t.site.words.Langs() {
		if got, ok := a.textFor(lang); !ok || got != lang {
			continue
		}
		name := t.langName(lang)
		rows = append(rows, []Button{
			{Label: t.line("announce.as_group", i18n.With("Lang", name)), Path: about(a.ID, "preview", string(lang), "group")},
			{Label: t.line("announce.as_person", i18n.With("Lang", name)), Path: about(a.ID, "preview", string(lang), "person")},
		})
	}
	return t.page(about(a.ID, "preview"), t.text("announce.preview_page"), append(rows[:min(len(rows), MaxRows-2)], []Button{t.button("nav.back", about(a.ID))})...)
}

func announceSample(t *turn, a *Announcement, args []string) *Page {
	lang := i18n.Lang(args[0])
	if a.Texts[lang] == "" {
		return announcePreview(t, a, nil)
	}
	if t.event.Desk.Refused {
		page := announcePreview(t, a, nil)
		if why := t.flawsIn(a, (*proof).texts); why != nil { // too long, most likely
			return amiss(why, page)
		}
		page.Text = t.text("announce.no_sample")
		return page
	}
	post := t.site.AnnouncementPost(a, lang, args[1] == "person")
	post.Pin, post.Spread = false, false // it is only looked at
	t.effects = append(t.effects, Sample{Post: post})
	return announcePreview(t, a, nil)
}
