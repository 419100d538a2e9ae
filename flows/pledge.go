package flows

import (
	"strconv"

	"notalone/i18n"
)

// leastPromises is how many promises make a pledge.
const leastPromises = 3

// pledgeHome shows the promises; the chosen ones carry a tick. Nothing is
// published and no name is asked for.
func pledgeHome(t *turn, _ []string) *Page {
	text := append(i18n.Text{}, t.text("pledge.front")...)
	text = append(text, i18n.Span{Text: "\n"})
	var buttons []Button
	for i := range t.site.content.Promises {
		id := t.site.content.Promises[i].ID
		number := strconv.Itoa(i + 1)
		tick := ""
		if seen(t.state.Promises, id) {
			tick = " ✓"
		}
		text = append(text, i18n.Span{Text: "\n" + number + ". " + t.line(i18n.Key("pledge."+id)) + tick})
		buttons = append(buttons, Button{Label: number + tick, Path: join("pledge", id)})
	}
	rows := inRows(buttons, 2)
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
		page.Text = i18n.Join(t.text("pledge.not_enough", i18n.Count("Least", leastPromises)), page.Text)
		return page
	}
	text := append(i18n.Text{}, t.text("pledge.done")...)
	for i := range t.site.content.Promises {
		if id := t.site.content.Promises[i].ID; seen(t.state.Promises, id) {
			text = append(text, i18n.Span{Text: "\n• " + t.line(i18n.Key("pledge."+id))})
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
