package main

import (
	"bufio"
	"os"
	"slices"

	"notalone/flows"
	"notalone/flows/trick"
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
	reader, signs, err := loadReaders()
	if err != nil {
		return err
	}
	see := func(text string) any {
		line := seen{Lang: reader.Guess(text, i18n.Lang(c.Lang)).Lang}
		found, evidence := signs.Explain(text)
		line.Signs, line.Score = site.Rank(slices.Concat(found.Found, found.Alike))
		line.Alike = found.Alike
		if c.Explain {
			line.Evidence = evidence
		}
		return line
	}
	return answerLines(os.Stdin, bufio.NewWriter(os.Stdout), see)
}
