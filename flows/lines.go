package flows

import (
	"slices"

	"notalone/i18n"
)

// countries of a language for people who chose none.
var homeCountry = map[i18n.Lang]string{"vi": "VN", "id": "ID"}

// country is the chosen one, else that of the client's locale or language.
func (t *turn) country() string {
	if t.state.Country != "" {
		return t.state.Country
	}
	if region := i18n.Region(t.event.Locale); t.site.content.Directory.Country(region) != nil {
		return region
	}
	return homeCountry[t.lang]
}

// linesHome lists who can be called where the person is.
func linesHome(t *turn, _ []string) *Page {
	return linesCountry(t, []string{t.country()})
}

func linesCountry(t *turn, args []string) *Page {
	code := args[0]
	country := t.site.content.Directory.Country(code)
	if country == nil && code != "" {
		return nil
	}
	var ids []string
	if country != nil {
		for i := range country.Channels {
			ids = append(ids, country.Channels[i].ID)
		}
		ids = append(slices.Clone(country.Emergency), ids...)
	}
	for i := range t.site.content.Directory.Global {
		ids = append(ids, t.site.content.Directory.Global[i].ID)
	}
	path := join("lines", "in", code)
	if code == "" {
		path = "lines"
	}
	return t.channelList(path, code, "lines.country", ids)
}

// linesTopic is who to call about a topic.
func linesTopic(t *turn, args []string) *Page {
	return linesTopicCountry(t, []string{args[0], t.country()})
}

func linesTopicCountry(t *turn, args []string) *Page {
	topic, code := args[0], args[1]
	if t.site.topics[topic] == nil {
		return nil
	}
	directory := &t.site.content.Directory
	ids := directory.Fallback[topic]
	if country := directory.Country(code); country != nil {
		if routed := country.Routing[topic]; len(routed) > 0 {
			ids = routed
		} else {
			ids = append(country.about(topic), ids...)
			if lifeAtStake(topic) {
				ids = append(slices.Clone(country.Emergency), ids...)
			}
		}
	}
	page := t.channelList(join("lines", topic), code, "lines.topic", ids)
	page.Rows = slices.Insert(page.Rows, len(page.Rows)-1, []Button{t.link(join("help", topic))})
	return page
}

// lifeAtStake reports a topic that is answered with the emergency numbers first.
func lifeAtStake(topic string) bool {
	return topic == "danger" || topic == "self_harm" || topic == "home"
}

// about lists the channels of a country for a topic, helplines for children first.
func (c *Country) about(topic string) []string {
	var first, rest []string
	for i := range c.Channels {
		channel := &c.Channels[i]
		switch {
		case !has(channel.Topics, topic):
		case channel.Kind == "child_helpline":
			first = append(first, channel.ID)
		default:
			rest = append(rest, channel.ID)
		}
	}
	return append(first, rest...)
}

// maxChannels is how many channels one page lists: the first are the best.
const maxChannels = 6

// channelList shows channels with name, number and cost at a glance; a button
// opens the whole card.
func (t *turn) channelList(path Path, code string, intro i18n.Key, ids []string) *Page {
	text := t.text(intro, i18n.With("Country", t.countryName(code)))
	var buttons []Button
	listed := map[string]bool{}
	for _, id := range ids {
		channel := t.site.content.Directory.Channel(id)
		if channel == nil || listed[id] || len(listed) == maxChannels {
			continue
		}
		listed[id] = true
		text = i18n.Join(text, t.glance(channel))
		buttons = append(buttons, Button{Label: short(channel.Name, MaxLabel), Path: join("line", id)})
	}
	if len(buttons) == 0 {
		text = i18n.Join(text, t.text("lines.none"))
	}
	rows := inRows(buttons, MaxRows-3)
	rows = append(rows, []Button{t.link("hide"), t.link("lines/in")})
	page := t.page(path, text, rows...)
	page.Sensitive = true
	return page
}

// glance is a channel in two lines.
func (t *turn) glance(channel *Channel) i18n.Text {
	reach := channel.Phone
	for _, other := range []string{channel.WhatsApp, channel.SMS, channel.URL, channel.App} {
		if reach == "" {
			reach = other
		}
	}
	if reach == "" {
		reach = t.line("lines.visit")
	}
	return t.text("lines.glance",
		i18n.With("Name", channel.Name), i18n.With("Reach", reach),
		i18n.With("Cost", t.cost(channel)), i18n.With("Hours", t.hours(channel)))
}

func (t *turn) cost(channel *Channel) string {
	return t.line(i18n.Key("cost." + channel.Cost))
}

func (t *turn) hours(channel *Channel) string {
	return t.line(i18n.Key("hours." + channel.Hours))
}

func (t *turn) countryName(code string) string {
	if code == "" {
		return t.line("country_unknown")
	}
	return t.line(i18n.Key("country_" + code))
}

// linesCountries lets the person look elsewhere without changing the settings.
func linesCountries(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Directory.Countries {
		code := t.site.content.Directory.Countries[i].Code
		buttons = append(buttons, t.button(i18n.Key("country_"+code), join("lines", "in", code)))
	}
	return secret(t.listing("lines/in", args[0], t.text("lines.choose"), 3, buttons, t.link("lines")))
}

// lineCard is everything about one channel.
func lineCard(t *turn, args []string) *Page {
	channel := t.site.content.Directory.Channel(args[0])
	if channel == nil {
		return nil
	}
	text := i18n.Text{{Text: channel.Name, Style: i18n.Bold}}
	for _, way := range t.ways(channel) {
		text = append(append(text, i18n.Span{Text: "\n"}), way...)
	}
	text = i18n.Join(text,
		t.text("card.facts", i18n.With("Cost", t.cost(channel)), i18n.With("Hours", t.hours(channel)),
			i18n.With("Languages", t.languages(channel)), i18n.With("Who", t.about(channel, "who"))),
		i18n.Plainly(t.about(channel, "what")),
		t.noAccount(channel),
		t.text("card.checked", i18n.With("Checked", channel.CheckedOn), i18n.With("Source", t.sourceDate(channel))))
	page := t.page(join("line", channel.ID), text, t.links([]Path{"hide", "lines"})...)
	page.Sensitive = true
	return page
}

// ways lists how to reach a channel, one line each.
func (t *turn) ways(channel *Channel) []i18n.Text {
	var ways []i18n.Text
	for _, way := range []struct{ key, value string }{
		{"phone", channel.Phone},
		{"phone", channel.PhoneAlt},
		{"whatsapp", channel.WhatsApp},
		{"sms", channel.SMS},
		{"chat", channel.Chat},
		{"app", channel.App},
		{"web", channel.URL},
		{"email", channel.Email},
	} {
		if way.value != "" {
			ways = append(ways, t.text(i18n.Key("card."+way.key), i18n.With("Value", way.value)))
		}
	}
	return ways
}

// about is a channel's own words, else those of its kind.
func (t *turn) about(channel *Channel, what string) string {
	key := i18n.Key("line." + channel.ID + "." + what)
	if t.site.words.Has(t.lang, key) {
		return t.line(key)
	}
	return t.line(i18n.Key("line.kind." + channel.Kind + "." + what))
}

func (t *turn) noAccount(channel *Channel) i18n.Text {
	if channel.Account {
		return t.text("card.account")
	}
	return t.text("card.no_account")
}

func (t *turn) languages(channel *Channel) string {
	names := ""
	for _, code := range channel.Languages {
		name := t.langName(i18n.Lang(code))
		if name == "" {
			name = code
		}
		if names != "" {
			names += ", "
		}
		names += name
	}
	if names == "" {
		return t.line("language_unknown")
	}
	return names
}

func (t *turn) sourceDate(channel *Channel) string {
	if channel.SourceDate == "" || channel.SourceDate == "undated" || channel.SourceDate == "unknown" {
		return t.line("card.undated")
	}
	return channel.SourceDate
}

// short cuts a name to a number of letters for a button.
func short(name string, limit int) string {
	runes := []rune(name)
	if len(runes) <= limit {
		return name
	}
	return string(runes[:limit-1]) + "…"
}
