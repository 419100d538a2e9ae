package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"notalone/flows"
	"notalone/flows/understand"
	"notalone/i18n"
)

// understandCmd shows what the bot takes typed words for.
type understandCmd struct {
	Lang string `default:"en" help:"The language to assume when the words do not tell."`
}

// maxUnderstandLine is the longest line that is read.
const maxUnderstandLine = 1 << 20

// A reading is one line of the output.
type reading struct {
	Label    string    `json:"label"`
	Decision string    `json:"decision"`
	Choices  []string  `json:"choices"`
	Lang     i18n.Lang `json:"lang"`
}

// Run reads lines and prints one JSON object for each, in order.
func (c understandCmd) Run() error {
	reader, err := understand.Load()
	if err != nil {
		return fmt.Errorf("load understanding: %w", err)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, maxUnderstandLine)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for in.Scan() {
		if err := encoder.Encode(readingOf(reader.Read(strings.ToValidUTF8(in.Text(), ""), i18n.Lang(c.Lang)))); err != nil {
			return fmt.Errorf("print a reading: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read the lines: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the readings: %w", err)
	}
	return nil
}

func readingOf(r flows.Reading) reading {
	line := reading{Label: "none", Decision: "none", Choices: []string{}, Lang: r.Lang}
	if len(r.Labels) > 0 && r.Decision != flows.None {
		line.Label = r.Labels[0]
	}
	switch r.Decision {
	case flows.Go:
		line.Decision = "go"
	case flows.Ask:
		line.Decision, line.Choices = "ask", r.Labels
	case flows.None:
	}
	return line
}
