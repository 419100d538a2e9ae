package main

import (
	"strings"
	"testing"

	"notalone/flows"
	"notalone/i18n"
)

// leads is the page that a stranger's event leads to.
func leads(site *flows.Site, event flows.Event) *flows.Page {
	event.HasFeed = true
	_, effects := site.Turn(flows.State{}, event)
	return pageOf(effects)
}

// TestDeepLinks: posters and websites link to ?start=; every page that can be
// linked to fits the rules of Telegram and opens, and one too far opens the
// nearest above it.
func TestDeepLinks(t *testing.T) {
	site := shippedSite(t)
	var paths []flows.Path
	for _, topic := range site.Content().Topics {
		paths = append(paths, flows.Path("help/"+topic.ID), flows.Path("lines/"+topic.ID))
	}
	for _, command := range flows.Commands() {
		if command.Name != "class" && command.Name != "hide" { // a week's lesson and an act
			paths = append(paths, flows.Path(command.Name))
		}
	}
	for _, path := range paths {
		want := leads(site, flows.Event{Path: path, Locale: "vi"})
		for link, exact := range map[string]bool{path.Link(): true, path.Link() + "_0_extra": false} {
			if len(link) > 64 || strings.Trim(link, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
				t.Errorf("%s is no deep link", link)
			}
			got := leads(site, flows.Event{Link: link, Locale: "vi"})
			if want == nil || got == nil || exact && got.Path != want.Path || got.Path.Root() != want.Path.Root() {
				t.Errorf("?start=%s opens %+v, want %+v", link, got, want)
			}
		}
	}
	if got := leads(site, flows.Event{Link: "help_sextortion_extra"}); got.Path != "help/sextortion" {
		t.Errorf("the nearest page is %s", got.Path)
	}
}

// TestALanguageIsChosenByItsName, and said not to last if it does not.
func TestALanguageIsChosenByItsName(t *testing.T) {
	site := shippedSite(t)
	for words, want := range map[string]i18n.Lang{"Tiếng Việt": "vi", "tieng viet": "vi", "bahasa indonesia": "id", "Bahasa Indonesia!": "id", "english": "en", "English": "en"} {
		state, effects := site.Turn(flows.State{Lang: "id"}, flows.Event{Text: words, HasFeed: true})
		page := pageOf(effects)
		if state.Lang != want || page.Lang != want || page.Path != "home" {
			t.Errorf("%s: kept %s, answered with %s in %s", words, state.Lang, page.Path, page.Lang)
		}
	}
	for _, lang := range langs {
		note := site.Words().Line(lang, "settings.offline")
		for _, path := range []flows.Path{"settings/lang/" + flows.Path(lang), "settings/country/VN"} {
			for _, away := range []bool{true, false} {
				_, effects := site.Turn(flows.State{Lang: lang}, flows.Event{Path: path, Offline: away, HasFeed: true})
				if page := pageOf(effects); note == "" || strings.Contains(page.Text.Plain(), note) != away {
					t.Errorf("%s in %s, the store away %v: %q", path, lang, away, page.Text.Plain())
				}
			}
		}
	}
}
