package flows

import (
	"time"

	"notalone/i18n"
)

// privacyPage takes its numbers from the constants that the code keeps to.
func privacyPage(t *turn, _ []string) *Page {
	name, contact := t.site.operator.Name, t.site.operator.Contact
	if name == "" {
		name = t.line("operator_unset")
	}
	text := t.text("privacy",
		i18n.Count("Days", int(KeepPerson/(24*time.Hour))),
		i18n.Count("Minutes", int(KeepDraft/time.Minute)),
		i18n.Count("Hours", int(KeepTalk/time.Hour)),
		i18n.With("Operator", name), i18n.With("Contact", contact))
	page := t.page("privacy", text, t.links([]Path{"delete", "hide"}, []Path{"home"})...)
	page.Sensitive = true
	return page
}

// hide takes one tap and asks nothing: a question could endanger who asks for it.
func hide(t *turn, _ []string) *Page {
	t.effects = append(t.effects, Hide{Done: "hide/done", Some: "hide/some", Lang: t.lang})
	return nil
}

// hideDone is the one neutral line that stays, and what it could not remove.
func hideDone(t *turn, _ []string) *Page {
	key := i18n.Key("hide.done.own")
	if t.event.Can.Has(CanDeleteTheir) {
		key = "hide.done.all"
	}
	if t.event.Path == "hide/some" {
		key = "hide.some"
	}
	return &Page{Path: t.event.Path, Lang: t.lang, Text: t.text(key)}
}

func deleteAsk(t *turn, _ []string) *Page {
	page := t.words("delete", "delete.ask", []Path{"delete/now"}, []Path{"privacy", "home"})
	page.Sensitive = true
	return page
}

// deleteNow forgets the person: all keys at once, and nothing is written after.
func deleteNow(t *turn, _ []string) *Page {
	t.effects = append(t.effects, Forget{})
	t.state = State{}
	key := i18n.Key("delete.done")
	if t.event.Offline {
		key = "delete.offline"
	}
	page := t.words("delete/now", key, []Path{"home"})
	page.Sensitive = true
	return page
}
