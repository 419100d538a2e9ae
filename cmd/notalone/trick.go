package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"notalone/flows"
	"notalone/flows/trick"
	"notalone/flows/understand"
	"notalone/i18n"
)

// trickCmd shows what signs of a trick the bot sees in messages.
type trickCmd struct {
	Lang    string `default:"en" help:"The language to assume when the words do not tell."`
	Explain bool   `help:"Add the evidence: the pattern of the word file, the link or the likeness that showed each sign."`
}

// seen is one line of the output.
type seen struct {
	Signs    []string         `json:"signs"`
	Alike    []string         `json:"alike,omitempty"` // of these, what was not found: tricks that the message is like have it
	Score    float64          `json:"score"`
	Lang     i18n.Lang        `json:"lang"`
	Evidence []trick.Evidence `json:"evidence,omitempty"`
}

// Run reads lines and prints one JSON object for each, in order.
func (c trickCmd) Run() error {
	site, err := buildSite("", flows.Operator{})
	if err != nil {
		return err
	}
	reader, err := understand.Load()
	if err != nil {
		return fmt.Errorf("load understanding: %w", err)
	}
	signs, err := trick.Load()
	if err != nil {
		return fmt.Errorf("load the signs of tricks: %w", err)
	}
	out := bufio.NewWriter(os.Stdout)
	see := func(text string) seen {
		line := seen{Lang: reader.Guess(text, i18n.Lang(c.Lang)).Lang}
		found, evidence := signs.Explain(text)
		line.Signs, line.Score = site.Rank(slices.Concat(found.Found, found.Alike))
		line.Alike = found.Alike
		if c.Explain {
			line.Evidence = evidence
		}
		return line
	}
	if err := seeLines(see, os.Stdin, out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the signs: %w", err)
	}
	return nil
}

func seeLines(see func(string) seen, from io.Reader, out io.Writer) error {
	in := bufio.NewScanner(from)
	in.Buffer(nil, maxUnderstandLine)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		if err := encoder.Encode(see(strings.ToValidUTF8(in.Text(), ""))); err != nil {
			return fmt.Errorf("print the signs of a line: %w", err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read the lines: %w", err)
	}
	return nil
}
