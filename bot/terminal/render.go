package terminal

import (
	"fmt"
	"strings"

	"notalone/flows"
	"notalone/i18n"
)

// Render prints a page: its text behind "< ", then the numbered buttons.
func Render(page *flows.Page, styled bool) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text(page.Text, styled), "\n") {
		b.WriteString(strings.TrimRight("< "+line, " ") + "\n")
	}
	n := 0
	for _, row := range page.Rows {
		for i, button := range row {
			n++
			if i == 0 {
				b.WriteString("  ")
			} else {
				b.WriteString("   ")
			}
			fmt.Fprintf(&b, "[%d] %s", n, button.Label)
			if button.URL != "" {
				fmt.Fprintf(&b, " (%s)", button.URL)
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	return b.String()
}

func text(t i18n.Text, styled bool) string {
	var b strings.Builder
	for _, span := range t {
		words := clean(span.Text)
		if styled && span.Style&i18n.Bold != 0 {
			words = "\x1b[1m" + words + "\x1b[0m"
		}
		if styled && span.Style&i18n.Italic != 0 {
			words = "\x1b[2m" + words + "\x1b[0m"
		}
		b.WriteString(words)
		if span.URL != "" {
			b.WriteString(" (" + span.URL + ")")
		}
	}
	return b.String()
}

// clean drops control characters, so that no value can steer the terminal.
func clean(words string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, words)
}
