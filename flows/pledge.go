package flows

import "notalone/i18n"

// leastPromises is how many promises make a pledge.
const leastPromises = 3

// pledgeHome shows the promises; the chosen ones carry a tick. Nothing is
// published and no name is asked for.
func pledgeHome(t *turn, _ []string) *Page {
	text := t.text("pledge.front")
	var buttons []Button
	for i := range t.site.content.Promises {
		promise := &t.site.content.Promises[i]
		words := t.line(i18n.Key("pledge." + promise.ID + ".text"))
		tick := "▫️ "
		if seen(t.state.Promises, promise.ID) {
			tick = "✅ "
		}
		text = append(append(text, i18n.Span{Text: "\n"}), i18n.Span{Text: tick + words})
		buttons = append(buttons, Button{Label: tick + t.line(i18n.Key("pledge."+promise.ID+".label")), Path: join("pledge", promise.ID)})
	}
	rows := inRows(buttons, MaxRows-2)
	return t.page("pledge", text, append(rows, t.links([]Path{"pledge/done", "home"})...)...)
}

func pledgeToggle(t *turn, args []string) *Page {
	for i := range t.site.content.Promises {
		id := t.site.content.Promises[i].ID
		if id != args[0] {
			continue
		}
		if seen(t.state.Promises, id) {
			t.state.Promises = without(t.state.Promises, id)
		} else {
			t.state.Promises = remember(t.state.Promises, id, len(t.site.content.Promises))
		}
		return pledgeHome(t, nil)
	}
	return nil
}

func pledgeDone(t *turn, _ []string) *Page {
	if len(t.state.Promises) < leastPromises {
		page := pledgeHome(t, nil)
		page.Text = i18n.Join(t.text("pledge.few", i18n.Count("Least", leastPromises)), page.Text)
		return page
	}
	text := t.text("pledge.done")
	for i := range t.site.content.Promises {
		if id := t.site.content.Promises[i].ID; seen(t.state.Promises, id) {
			text = append(append(text, i18n.Span{Text: "\n✅ "}), t.text(i18n.Key("pledge."+id+".text"))...)
		}
	}
	return t.page("pledge/done", text, t.links([]Path{"pledge", "home"})...)
}

func without(list []uint16, id string) []uint16 {
	m := mark(id)
	var rest []uint16
	for _, old := range list {
		if old != m {
			rest = append(rest, old)
		}
	}
	return rest
}
