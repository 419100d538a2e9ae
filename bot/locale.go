package bot

import "notalone/flows"

// localeOf is the language of the person's client. Where an event does not carry
// it, it is that of an earlier one, or what the person was answered in. It is
// kept in memory only.
func (b *Bot) localeOf(ev *Event) string {
	if !ev.Person.Known() {
		return ev.Locale
	}
	if ev.Locale != "" {
		b.locales.set(ev.Person, ev.Locale)
		return ev.Locale
	}
	locale, _ := b.locales.get(ev.Person)
	return locale
}

// spoke notes the language of an answer to a person whose own is not known.
func (b *Bot) spoke(ev *Event, page *flows.Page) {
	if _, known := b.locales.get(ev.Person); ev.Person.Known() && !known && page.Path != "unknown" && page.Path != "media" {
		b.locales.set(ev.Person, string(page.Lang))
	}
}
