package flows

import "notalone/i18n"

// reportList lists the apps and games, and the way to people.
func reportList(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Services {
		service := &t.site.content.Services[i]
		buttons = append(buttons, Button{Label: service.Name, Path: join("report", service.ID)})
	}
	return secret(t.listing("report", args[0], t.text("report.front"), 3, buttons, t.link("lines")))
}

// secret keeps a page to the asker where others read along.
func secret(page *Page) *Page {
	if page != nil {
		page.Sensitive = true
	}
	return page
}

// reportService shows what can be reported there.
func reportService(t *turn, args []string) *Page {
	service := t.site.services[args[0]]
	if service == nil {
		return nil
	}
	var buttons []Button
	for _, step := range service.Steps {
		buttons = append(buttons, t.button(i18n.Key("service."+step), join("report", service.ID, step)))
	}
	rows := inRows(buttons, MaxRows-2)
	rows = append(rows, t.links([]Path{"report", "lines"})...)
	return secret(t.page(join("report", service.ID), t.text("report.service", i18n.With("Name", service.Name)), rows...))
}

// reportStep tells one thing: how to report, block or set something there.
func reportStep(t *turn, args []string) *Page {
	service, step := t.site.services[args[0]], args[1]
	if service == nil || !has(service.Steps, step) {
		return nil
	}
	title := i18n.Text{{Text: service.Name + ": " + t.line(i18n.Key("service."+step)), Style: i18n.Bold}}
	text := i18n.Join(title, t.text(i18n.Key("report."+service.ID+"."+step)))
	page := t.page(join("report", service.ID, step), text)
	back := []Button{{Label: service.Name, Path: join("report", service.ID)}, t.link("lines")}
	if len(service.Help) > 0 {
		back = append(back, Button{Label: t.line("label.official"), URL: service.Help[0]})
	}
	page.Rows = append([][]Button{back}, page.Rows...)
	return secret(page)
}
