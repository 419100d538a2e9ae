package flows

import "notalone/i18n"

func storiesHome(t *turn, _ []string) *Page {
	var buttons []Button
	for i := range t.site.content.Stories {
		id := t.site.content.Stories[i].ID
		buttons = append(buttons, t.button(i18n.Key("story."+id+".title"), join("story", id)))
	}
	rows := inRows(buttons, MaxRows-2)
	return t.page("stories", t.text("stories.front"), append(rows, t.links([]Path{"library", "home"})...)...)
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
		entry := append(i18n.Text{{Text: t.line(i18n.Key("library." + item.ID)), URL: item.URL}}, i18n.Text{}...)
		text = i18n.Join(text, entry)
	}
	return t.page("library", text, t.links([]Path{"stories", "home"})...)
}

func lessonHome(t *turn, _ []string) *Page {
	var buttons []Button
	for i := range t.site.content.Lessons {
		topic := t.site.content.Lessons[i].Topic
		buttons = append(buttons, t.button(i18n.Key("label.help_"+topic), join("lesson", topic)))
	}
	rows := inRows(buttons, MaxRows-2)
	return t.page("lesson", t.text("lesson.front"), append(rows, t.links([]Path{"adults", "home"})...)...)
}

func lessonPage(t *turn, args []string) *Page {
	for i := range t.site.content.Lessons {
		lesson := &t.site.content.Lessons[i]
		if lesson.Topic != args[0] {
			continue
		}
		key := "lesson." + lesson.Topic
		text := i18n.Join(t.text(i18n.Key(key+".goal")), t.text(i18n.Key(key+".plan")), t.text(i18n.Key(key+".talk")))
		rows := [][]Button{{t.button("open.question", join("quiz", lesson.Question))}}
		if lesson.Practice != "" {
			rows[0] = append(rows[0], t.button("open.practice", join("practice", lesson.Practice)))
		}
		return t.page(join("lesson", lesson.Topic), text, append(rows, t.links([]Path{"lesson", "adults"})...)...)
	}
	return nil
}
