package flows

import (
	"strconv"

	"notalone/i18n"
)

// listRows is how many rows of a list fit beside its way on and Help.
const listRows = MaxRows - 2

// listing shows one page of a long list, width buttons in a row, with the way
// on and back. Further pages are BASE/page/N.
func (t *turn) listing(base Path, number string, text i18n.Text, width int, buttons []Button, extra ...Button) *Page {
	n, err := strconv.Atoi(number)
	size := width * listRows
	pages := max(1, (len(buttons)+size-1)/size)
	if err != nil || n < 1 || n > pages {
		return nil
	}
	path := base
	if n > 1 {
		path = join(string(base), "page", number)
	}
	shown := buttons[(n-1)*size : min(n*size, len(buttons))]
	var rows [][]Button
	for i := 0; i < len(shown); i += width {
		rows = append(rows, shown[i:min(i+width, len(shown))])
	}
	var ways []Button
	switch {
	case n == 2:
		ways = append(ways, t.button("nav.back", base))
	case n > 2:
		ways = append(ways, t.button("nav.back", join(string(base), "page", strconv.Itoa(n-1))))
	}
	if n < pages {
		ways = append(ways, t.button("nav.next", join(string(base), "page", strconv.Itoa(n+1))))
	}
	rows = append(rows, append(ways, extra...))
	return t.page(path, text, rows...)
}

// first makes the handler of a list's front from that of its numbered pages.
func first(list handler) handler {
	return func(t *turn, _ []string) *Page { return list(t, []string{"1"}) }
}
