package flows

import "notalone/i18n"

// Help pages are fixed: what a teenager asks for help with is never in the state.

func helpHome(t *turn, _ []string) *Page {
	var first []Button
	for i := range t.site.content.Topics {
		if topic := &t.site.content.Topics[i]; topic.First {
			first = append(first, t.link(join("help", topic.ID)))
		}
	}
	rows := append(pairs(first), t.links([]Path{"help/more", "hide"})...)
	page := t.page("help", t.text("help.front"), rows...)
	page.Sensitive = true
	return page
}

func helpMore(t *turn, _ []string) *Page {
	var rest []Button
	for i := range t.site.content.Topics {
		if topic := &t.site.content.Topics[i]; !topic.First {
			rest = append(rest, t.link(join("help", topic.ID)))
		}
	}
	rows := append(pairs(rest), t.links([]Path{"lines", "hide"})...)
	page := t.page("help/more", t.text("help.rest"), rows...)
	page.Sensitive = true
	return page
}

// helpTopic is the first screen: what to do now. Hide comes first, and the safety
// check beside it.
func helpTopic(t *turn, args []string) *Page {
	topic := t.site.topics[args[0]]
	if topic == nil {
		return nil
	}
	path := join("help", topic.ID)
	text := i18n.Join(t.text(t.helpKey(topic, "now")), t.text("help.program"))
	top := []Button{t.link("hide")}
	if topic.ID != "danger" {
		top = append(top, t.button("label.unsafe", "help/danger"))
	}
	rows := [][]Button{
		top,
		{t.button("step.call", join("lines", topic.ID)), t.button("step.report", "report")},
		t.steps(topic, "tell", "friend"),
		{t.button("step.more", join("help", topic.ID, "more"))},
	}
	page := t.page(path, text, rows...)
	page.Sensitive = true
	return page
}

// helpStep is one of the further screens of a topic.
func helpStep(t *turn, args []string) *Page {
	topic, step := t.site.topics[args[0]], args[1]
	if topic == nil {
		return nil
	}
	if step == "more" {
		return t.helpTopicMore(topic)
	}
	if !has(topic.Steps, step) {
		return nil
	}
	rows := [][]Button{
		{t.link("hide"), t.button("step.call", join("lines", topic.ID))},
	}
	if next := topic.after(step); next != "" {
		rows = append(rows, t.steps(topic, next))
	}
	rows = append(rows, []Button{t.link(join("help", topic.ID))})
	page := t.page(join("help", topic.ID, step), t.text(t.helpKey(topic, step)), rows...)
	page.Sensitive = true
	return page
}

// helpTopicMore lists the screens that the first one has no room for.
func (t *turn) helpTopicMore(topic *Topic) *Page {
	var buttons []Button
	for _, step := range topic.Steps {
		if step != "tell" && step != "friend" {
			buttons = append(buttons, t.steps(topic, step)...)
		}
	}
	for _, link := range topic.Links {
		buttons = append(buttons, t.link(link))
	}
	rows := inRows(buttons, MaxRows-2)
	rows = append(rows, []Button{t.link("hide"), t.link(join("help", topic.ID))})
	page := t.page(join("help", topic.ID, "more"), t.text("help.steps", i18n.With("Topic", t.line(i18n.Key("label.help_"+topic.ID)))), rows...)
	page.Sensitive = true
	return page
}

// steps are the buttons to those of the wanted steps that the topic has.
func (t *turn) steps(topic *Topic, wanted ...string) []Button {
	var buttons []Button
	for _, step := range wanted {
		if has(topic.Steps, step) {
			buttons = append(buttons, t.button(i18n.Key("step."+step), join("help", topic.ID, step)))
		}
	}
	return buttons
}

func (t *turn) helpKey(topic *Topic, step string) i18n.Key {
	return i18n.Key("help." + topic.ID + "." + step)
}

// after is the step that follows, to read on without going back.
func (topic *Topic) after(step string) string {
	for i, s := range topic.Steps {
		if s == step && i+1 < len(topic.Steps) {
			return topic.Steps[i+1]
		}
	}
	return ""
}

func has(list []string, wanted string) bool {
	for _, s := range list {
		if s == wanted {
			return true
		}
	}
	return false
}

// inRows spreads buttons over at most the given number of rows.
func inRows(buttons []Button, rows int) [][]Button {
	width := max(2, (len(buttons)+rows-1)/rows)
	var all [][]Button
	for i := 0; i < len(buttons); i += width {
		all = append(all, buttons[i:min(i+width, len(buttons))])
	}
	return all
}

// HelpPage is the front of help for whoever an event is from: the answer that
// is left when everything else fails.
func (s *Site) HelpPage(event Event) *Page {
	return s.fixed[s.langOf(State{}, event)]["help"]
}

// ElsewherePage stands in a shared place for what only the asker may see. It says
// the same whatever was asked and leads to the private chat: to the command that
// all have seen being given and never further, or else to help. If only the asker
// is shown where it leads, it leads to the very page.
func (s *Site) ElsewherePage(lang i18n.Lang, given Path, alone bool) *Page {
	button := Button{Label: s.words.Line(lang, "label.elsewhere"), Path: "help", Apart: true}
	for _, command := range Commands() {
		if given.Root() == command.Name {
			button.Path = Path(command.Name)
		}
	}
	if alone && given != "" {
		button.Path = withoutVia(given)
	}
	return &Page{Path: "elsewhere", Lang: lang, Text: s.words.Text(lang, "elsewhere"), Rows: [][]Button{{button}}}
}
