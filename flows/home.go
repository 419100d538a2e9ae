package flows

import "notalone/i18n"

// homeRows are the front doors. Help follows as the last row of every page.
var homeRows = [][]Path{{"tips", "quiz"}, {"practice", "trick"}, {"report", "lines"}, {"stories", "settings", "about"}}

func home(t *turn, _ []string) *Page {
	rows := t.links(homeRows...)
	return t.page("home", i18n.Join(t.text("home"), t.text("notice")), rows...)
}

func aboutPage(t *turn, _ []string) *Page {
	who := t.text("about.unset")
	if t.site.operator.Name != "" {
		who = t.text("about.operator", i18n.With("Name", t.site.operator.Name), i18n.With("Contact", t.site.operator.Contact))
	}
	rows := t.links([]Path{"privacy", "pledge"}, []Path{"library", "adults"}, []Path{"delete", "home"})
	return t.page("about", i18n.Join(t.text("about.text"), t.text("notice"), who), rows...)
}
