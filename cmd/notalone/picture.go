package main

import (
	"fmt"
	"html"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// pictureCmd draws a conversation as an SVG, for the README: real output in, a
// picture out.
type pictureCmd struct {
	File string `arg:"" help:"A transcript, such as cmd/notalone/testdata/transcripts/vi-threat.txt."`
	Most int    `default:"3" help:"How many messages to draw, the first greeting left out."`
}

// Sizes of the picture in pixels.
const (
	pictureWidth = 560
	bubbleWidth  = 440
	lineHeight   = 20
	wrapAt       = 52 // characters a line
)

// Run implements the command.
func (p pictureCmd) Run() error {
	data, err := os.ReadFile(p.File)
	if err != nil {
		return fmt.Errorf("read the transcript: %w", err)
	}
	bubbles := bubblesOf(string(data))
	bubbles = bubbles[min(1, len(bubbles)):]
	if _, err := io.WriteString(os.Stdout, draw(bubbles[:min(p.Most, len(bubbles))])); err != nil {
		return fmt.Errorf("print the picture: %w", err)
	}
	return nil
}

// A bubble is one message or row of buttons.
type bubble struct {
	lines   []string
	buttons []string
	mine    bool
}

// bubblesOf reads a transcript: "> " is the person, "< " the bot, the rest are buttons.
func bubblesOf(transcript string) []bubble {
	var all []bubble
	for line := range strings.Lines(transcript) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "> "):
			all = append(all, bubble{mine: true, lines: wrap(line[2:])})
		case strings.HasPrefix(line, "<"):
			if n := len(all); n == 0 || all[n-1].mine || len(all[n-1].buttons) > 0 {
				all = append(all, bubble{})
			}
			last := &all[len(all)-1]
			last.lines = append(last.lines, wrap(strings.TrimPrefix(strings.TrimPrefix(line, "<"), " "))...)
		case strings.HasPrefix(line, "  [") && len(all) > 0:
			last := &all[len(all)-1]
			for part := range strings.SplitSeq(strings.TrimSpace(line), "   ") {
				if _, label, ok := strings.Cut(part, "] "); ok {
					last.buttons = append(last.buttons, label)
				}
			}
		}
	}
	return all
}

func wrap(text string) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		if *last != "" && utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) > wrapAt {
			lines = append(lines, word)
			continue
		}
		*last = strings.TrimSpace(*last + " " + word)
	}
	return lines
}

// draw lays the bubbles under each other.
func draw(bubbles []bubble) string {
	var body strings.Builder
	y := 16
	for _, b := range bubbles {
		x, fill := 16, "#ffffff"
		if b.mine {
			x, fill = pictureWidth-bubbleWidth-16, "#d7f0df"
		}
		height := len(b.lines)*lineHeight + 16
		fmt.Fprintf(&body, `<rect x="%d" y="%d" width="%d" height="%d" rx="12" fill="%s"/>`+"\n", x, y, bubbleWidth, height, fill)
		for i, line := range b.lines {
			fmt.Fprintf(&body, `<text x="%d" y="%d">%s</text>`+"\n", x+14, y+24+i*lineHeight, html.EscapeString(line))
		}
		y += height + 6
		for i, label := range b.buttons {
			column := i % 2
			fmt.Fprintf(&body, `<rect x="%d" y="%d" width="217" height="30" rx="8" fill="#e3e9f2"/>`+"\n", x+column*223, y)
			fmt.Fprintf(&body, `<text x="%d" y="%d" text-anchor="middle" class="b">%s</text>`+"\n", x+column*223+108, y+20, html.EscapeString(label))
			if column == 1 || i == len(b.buttons)-1 {
				y += 36
			}
		}
		y += 10
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="A conversation with the bot">
<style>text{font:15px "Noto Sans",sans-serif;fill:#1d2430}.b{font-size:13px}</style>
<rect width="100%%" height="100%%" rx="16" fill="#f2f4f8"/>
%s</svg>
`, pictureWidth, y+6, pictureWidth, y+6, body.String())
}
