package flows

import "notalone/i18n"

func storiesList(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Stories {
		id := t.site.content.Stories[i].ID
		buttons = append(buttons, t.button(i18n.Key("story."+id+".title"), join("story", id)))
	}
	return t.listing("stories", args[0], t.text("stories.front"), 2, buttons, t.link("library"), t.link("home"))
}

func storyPage(t *turn, args []string) *Page {
	for i := range t.site.content.Stories {
		story := &t.site.content.Stories[i]
		if story.ID != args[0] {
			continue
		}
		key := "story." + story.ID
		text := i18n.Join(i18n.Text{{Text: t.line(i18n.Key(key + ".title")), Style: i18n.Bold}}, t.text(i18n.Key(key+".text")), t.text("stories.made_up"))
		rows := [][]Button{}
		if t.site.topics[story.Topic] != nil {
			rows = append(rows, []Button{t.link(join("help", story.Topic))})
		}
		return t.page(join("story", story.ID), text, append(rows, t.links([]Path{"stories", "home"})...)...)
	}
	return nil
}

// libraryPage lists materials; each is a link under its own words.
func libraryPage(t *turn, _ []string) *Page {
	text := t.text("library.front")
	for i := range t.site.content.Library {
		item := &t.site.content.Library[i]
		text = i18n.Join(text, i18n.Text{{Text: item.Title, URL: item.URL}, {Text: "\n"}, {Text: t.line(i18n.Key("library." + item.ID))}})
	}
	return t.page("library", text, t.links([]Path{"stories", "home"})...)
}

func lessonList(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Lessons {
		topic := t.site.content.Lessons[i].Topic
		buttons = append(buttons, t.button(i18n.Key("label.help_"+topic), join("lesson", topic)))
	}
	return t.listing("lesson", args[0], t.text("lesson.front"), 2, buttons, t.link("adults"), t.link("home"))
}

func lessonPage(t *turn, args []string) *Page {
	for i := range t.site.content.Lessons {
		lesson := &t.site.content.Lessons[i]
		if lesson.Topic != args[0] {
			continue
		}
		key := "lesson." + lesson.Topic
		text := i18n.Join(t.text(i18n.Key(key+".goal")), t.text(i18n.Key(key+".plan")), t.text(i18n.Key(key+".talk")))
		rows := append([][]Button{t.played(lesson)}, t.links([]Path{"lesson", "adults"})...)
		return t.page(join("lesson", lesson.Topic), text, rows...)
	}
	return nil
}
