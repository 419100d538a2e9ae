package flows

import "notalone/i18n"

func practiceList(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Practice {
		id := t.site.content.Practice[i].ID
		buttons = append(buttons, t.button(i18n.Key("practice."+id+".title"), join("practice", id)))
	}
	return t.listing("practice", args[0], t.text("practice.front"), 2, buttons, t.link("home"))
}

func (s *Site) scenario(id string) *Scenario {
	for i := range s.content.Practice {
		if sc := &s.content.Practice[i]; sc.ID == id && len(sc.Screens) > 0 {
			return sc
		}
	}
	return nil
}

func practiceStart(t *turn, args []string) *Page {
	scenario := t.site.scenario(args[0])
	if scenario == nil {
		return nil
	}
	page := t.screen(scenario, &scenario.Screens[0])
	page.Path = join("practice", scenario.ID)
	return page
}

func practiceScreen(t *turn, args []string) *Page {
	scenario := t.site.scenario(args[0])
	if scenario == nil {
		return nil
	}
	for i := range scenario.Screens {
		if scenario.Screens[i].ID == args[1] {
			return t.screen(scenario, &scenario.Screens[i])
		}
	}
	return nil
}

// practiceChoice follows a choice: two choices of a screen may lead to the same
// place, but each button needs a path of its own.
func practiceChoice(t *turn, args []string) *Page {
	scenario := t.site.scenario(args[0])
	if scenario == nil {
		return nil
	}
	for i := range scenario.Screens {
		if scenario.Screens[i].ID != args[1] {
			continue
		}
		for _, choice := range scenario.Screens[i].Choices {
			if choice.ID == args[2] {
				return practiceScreen(t, []string{args[0], choice.To})
			}
		}
	}
	return nil
}

// screen shows one step. The path carries all of the progress, so a pause of
// any length loses nothing and nothing is stored.
func (t *turn) screen(scenario *Scenario, screen *Screen) *Page {
	key := "practice." + scenario.ID + "." + screen.ID
	path := join("practice", scenario.ID, screen.ID)
	if len(screen.Choices) == 0 {
		text := i18n.Join(t.text(i18n.Key(key+".text")), t.text(i18n.Key("practice."+scenario.ID+".signs")))
		rows := [][]Button{{t.button("again.practice", join("practice", scenario.ID)), t.link("practice")}}
		if t.site.topics[scenario.Topic] != nil {
			rows = append(rows, []Button{t.link(join("help", scenario.Topic)), t.link("home")})
		}
		return t.page(path, text, rows...)
	}
	var rows [][]Button
	for _, choice := range screen.Choices {
		rows = append(rows, []Button{t.button(i18n.Key(key+"."+choice.ID), join("practice", scenario.ID, screen.ID, choice.ID))})
	}
	return t.page(path, t.text(i18n.Key(key+".text")), rows...)
}
