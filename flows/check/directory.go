package check

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"notalone/flows"
)

// maxDays is how old the check of a channel may be before it must be redone.
const maxDays = 180

// Stale is the kind of fault that comes by itself, as time passes.
const Stale = "stale"

// An Entry is a channel as a person re-checks it.
type Entry struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Country    string `json:"country"` // "global" for those of no country
	Confidence string `json:"confidence"`
	CheckedOn  string `json:"checked_on"`
	Days       int    `json:"days"` // since then; -1: the date cannot be read
	Due        bool   `json:"due"`
	Source     string `json:"source"`
	File       string `json:"file"`
	Line       int    `json:"line"`
}

// Directory lists all channels, the longest unchecked first.
func Directory(content *flows.Content, now time.Time) []Entry {
	entries := make([]Entry, 0, len(content.Directory.Global))
	add := func(country string, channels []flows.Channel) {
		for i := range channels {
			ch := &channels[i]
			days, ok := age(ch, now)
			entries = append(entries, Entry{
				ID: ch.ID, Name: ch.Name, Country: country, Confidence: ch.Confidence, CheckedOn: ch.CheckedOn,
				Days: days, Due: !ok || days > maxDays, Source: ch.SourceURL, File: ch.Origin.File, Line: ch.Origin.Line,
			})
		}
	}
	add("global", content.Directory.Global)
	for _, country := range content.Directory.Countries {
		add(country.Code, country.Channels)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.CheckedOn, b.CheckedOn), cmp.Compare(a.Country, b.Country), cmp.Compare(a.ID, b.ID))
	})
	return entries
}

// age is how many days ago a channel was checked, and whether its date can be read.
func age(ch *flows.Channel, now time.Time) (days int, ok bool) {
	checked, err := time.Parse(time.DateOnly, ch.CheckedOn)
	if err != nil {
		return -1, false
	}
	return int(now.Sub(checked).Hours() / 24), true
}

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
		origin := country.Origin
		c.ids(origin, "emergency", country.Emergency)
		for topic, ids := range country.Routing {
			c.topic(origin, "routing", topic)
			c.ids(origin, topic, ids)
		}
	}
	for topic, ids := range d.Fallback {
		c.ids(d.Origin, topic, ids)
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
	switch days, ok := age(ch, c.now); {
	case !ok:
		c.item("directory", ch.Origin, "%s: checked_on must be a date such as 2026-11-23", ch.ID)
	case days < 0:
		c.item("directory", ch.Origin, "%s: checked_on lies in the future", ch.ID)
	case days > maxDays:
		c.item(Stale, ch.Origin, "%s was checked %d days ago, %d or fewer", ch.ID, days, maxDays)
	}
	if ch.Name == "" || ch.Phone+ch.SMS+ch.WhatsApp+ch.Email+ch.URL+ch.App+ch.Chat == "" && ch.Kind != "police_cyber" {
		c.item("directory", ch.Origin, "%s has no name or no way to reach it", ch.ID)
	}
}
