package check

import (
	"net/url"
	"time"

	"notalone/flows"
	"notalone/i18n"
)

// maxAge is how old the check of a channel may be before it must be redone.
const maxAge = 180 * 24 * time.Hour

// directory checks every channel and that routing leads to real ones.
func (c *checker) directory() {
	d := &c.content.Directory
	for i := range d.Global {
		c.channel(&d.Global[i])
	}
	for _, country := range d.Countries {
		for i := range country.Channels {
			c.channel(&country.Channels[i])
		}
		origin := flows.Origin{File: "directory/" + country.Code + ".yaml", Line: 1}
		c.ids(origin, "emergency", country.Emergency)
		for topic, ids := range country.Routing {
			c.topic(origin, "routing", topic)
			c.ids(origin, topic, ids)
		}
		for _, lang := range c.words.Langs() {
			if key := i18n.Key("country_" + country.Code); !c.words.Has(lang, key) {
				c.item("missing key", origin, "%s is missing in i18n/%s", key, lang)
			}
		}
	}
	for topic, ids := range d.Fallback {
		c.ids(flows.Origin{File: "directory/global.yaml", Line: 1}, topic, ids)
	}
	for _, service := range c.content.Services {
		for _, address := range service.Help {
			if u, err := url.Parse(address); err != nil || u.Scheme != "https" {
				c.item("link", service.Origin, "%s: %q is not an https:// address", service.ID, address)
			}
		}
	}
}

func (c *checker) ids(origin flows.Origin, what string, ids []string) {
	for _, id := range ids {
		if c.content.Directory.Channel(id) == nil {
			c.item("directory", origin, "%s: there is no channel %q", what, id)
		}
	}
}

func (c *checker) channel(ch *flows.Channel) {
	if ch.SourceURL == "" || ch.SourceDate == "" {
		c.item("no source", ch.Origin, "%s has no source_url or source_date", ch.ID)
	}
	if ch.Confidence != "high" && ch.Confidence != "medium" {
		c.item("confidence", ch.Origin, "%s has confidence %q: only high and medium are shown", ch.ID, ch.Confidence)
	}
	if ch.Recheck {
		c.item("confidence", ch.Origin, "%s is marked for a re-check and must not be in use", ch.ID)
	}
	checked, err := time.Parse(time.DateOnly, ch.CheckedOn)
	if err != nil {
		c.item("stale", ch.Origin, "%s: checked_on must be a date such as 2026-11-23", ch.ID)
	} else if age := c.now.Sub(checked); age > maxAge {
		c.item("stale", ch.Origin, "%s was checked %d days ago, 180 or fewer", ch.ID, int(age.Hours()/24))
	}
	if ch.Name == "" || ch.Phone+ch.SMS+ch.WhatsApp+ch.Email+ch.URL+ch.App+ch.Chat == "" && ch.Kind != "police_cyber" {
		c.item("directory", ch.Origin, "%s has no name or no way to reach it", ch.ID)
	}
	for _, lang := range c.words.Langs() {
		for _, key := range []i18n.Key{
			i18n.Key("cost." + ch.Cost), i18n.Key("hours." + ch.Hours),
			i18n.Key("line.kind." + ch.Kind + ".who"), i18n.Key("line.kind." + ch.Kind + ".what"),
		} {
			if !c.words.Has(lang, key) {
				c.item("missing key", ch.Origin, "%s needs %s, which is missing in i18n/%s", ch.ID, key, lang)
			}
		}
		for _, code := range ch.Languages {
			if key := i18n.Key("language_" + code); !c.words.Has(lang, key) {
				c.item("missing key", ch.Origin, "%s needs %s, which is missing in i18n/%s", ch.ID, key, lang)
			}
		}
	}
}
