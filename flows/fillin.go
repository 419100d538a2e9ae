package flows

import (
	"slices"
	"strings"

	"notalone/i18n"
)

// await lets the next typed words fill in a form.
func (t *turn) await(form Path) {
	t.state.Draft = Draft{Form: form, Till: t.event.At.Add(KeepDraft).Unix()}
}

// typeIt tells that words may be typed too, where they reach the bot.
func (t *turn) typeIt(key i18n.Key) i18n.Text {
	if !t.event.Can.Has(CanHear) {
		return nil
	}
	return t.text(key)
}

// mostFound is how many results of a search are offered.
const mostFound = 9

// fillIn takes typed words for the form that waits for them: the only thing they
// can mean, several to choose from, or nothing.
func (t *turn) fillIn(form Path, folded string) []Path {
	switch form {
	case "settings/country":
		var codes []string
		for i := range t.site.content.Directory.Countries {
			codes = append(codes, t.site.content.Directory.Countries[i].Code)
		}
		return t.site.search(form, codes, t.site.countryNames, folded)
	case "setup/country", "mine/country":
		var codes []string
		for i := range lands {
			codes = append(codes, lands[i].code)
		}
		return t.site.search(form, codes, t.site.countryNames, folded)
	case "setup/zone", "mine/zone":
		var zones []string
		for i := range lands {
			zones = append(zones, lands[i].zones...)
		}
		return t.site.search(form, zones, func(zone string) []string { return []string{city(zone)} }, folded)
	case "setup/pause":
		feed := t.feed()
		if date, ok := typedDate(folded, t.event.At.In(feed.location())); ok {
			return []Path{join(string(form), date)}
		}
	}
	return nil
}

func (s *Site) countryNames(code string) []string {
	var names []string
	for _, lang := range s.words.Langs() {
		names = append(names, s.words.Line(lang, i18n.Key("country_"+code)))
	}
	return names
}

// search looks for typed words among names: as they are, else without accents at
// the beginning of a word of the name.
func (s *Site) search(form Path, ids []string, names func(id string) []string, folded string) []Path {
	var like []Path
	typed := i18n.Bare(folded)
	for _, id := range ids {
		path := join(string(form), zonePart(id))
		for _, name := range names(id) {
			name = fold(name)
			if name == folded {
				return []Path{path}
			}
			if len(typed) > 1 && strings.Contains(" "+i18n.Bare(name), " "+typed) && !slices.Contains(like, path) {
				like = append(like, path)
			}
		}
	}
	return like[:min(len(like), mostFound)]
}

// found offers what a search found.
func (t *turn) found(paths []Path) *Page {
	var buttons []Button
	for _, path := range paths {
		last := path.Parts()[len(path.Parts())-1]
		button := Button{Label: city(zoneOf(last)), Path: path}
		if landOf(last) != nil || t.site.content.Directory.Country(last) != nil {
			button = t.button(i18n.Key("country_"+last), path)
		}
		buttons = append(buttons, button)
	}
	page := t.page("found", t.text("list.found"), append(inRows(buttons, MaxRows-2), []Button{t.button("nav.back", Path(paths[0].Root()))})...)
	page.Again = foundPath(paths)
	return page
}

// foundPath opens what was found once more, so that typed numbers fit the
// buttons on show; empty if it is too long.
func foundPath(paths []Path) Path {
	ids := make([]string, len(paths))
	form := ""
	for i, path := range paths {
		parts := path.Parts()
		form, ids[i] = strings.Join(parts[:len(parts)-1], "."), parts[len(parts)-1]
	}
	if path := join("found", form, strings.Join(ids, foundSign)); len(path) <= MaxPath {
		return path
	}
	return ""
}

// foundSign stands between ids, which may have one dot in a row.
const foundSign = ".."

func foundAgain(t *turn, args []string) *Page {
	var paths []Path
	for id := range strings.SplitSeq(args[1], foundSign) {
		path := join(string(unpack(args[0])), id)
		if t.site.find(path) == nil {
			return nil
		}
		paths = append(paths, path)
	}
	return t.found(paths)
}
