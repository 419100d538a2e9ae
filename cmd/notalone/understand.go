package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"os"

	"notalone/flows"
	"notalone/flows/understand"
	"notalone/flows/understand/measure"
	"notalone/flows/understand/model"
	"notalone/i18n"
)

// understandCmd shows what the bot takes typed words for.
type understandCmd struct {
	Lang    string `enum:"vi,id,en" default:"en" help:"The language to assume when the words do not tell: vi, id or en."`
	Explain bool   `help:"Add the evidence: the words and meanings that spoke most for the label."`
	Eval    string `type:"path" placeholder:"FILE" help:"Measure on a file of labelled messages (JSON Lines) instead."`
}

// A reading is one line of the output.
type reading struct {
	Label    string                `json:"label"`
	Score    float64               `json:"score"`
	Decision string                `json:"decision"`
	Choices  []string              `json:"choices"`
	Lang     i18n.Lang             `json:"lang"` // written in: the assumed one when it does not tell, "other" when it is none of ours
	Evidence []understand.Evidence `json:"evidence,omitempty"`
}

// Run reads lines and prints one JSON object for each, in order.
func (c understandCmd) Run() error {
	reader, _, err := loadReaders()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	if c.Eval != "" {
		err = c.eval(reader, out)
	} else {
		err = c.readLines(reader, os.Stdin, out)
	}
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the readings: %w", err)
	}
	return nil
}

func (c understandCmd) readLines(reader *understand.Reader, from io.Reader, out *bufio.Writer) error {
	read := reader.Guess
	if c.Explain {
		read = reader.Explain
	}
	return answerLines(from, out, func(line string) any { return c.readingOf(read(line, i18n.Lang(c.Lang))) })
}

func (c understandCmd) readingOf(g understand.Guess) reading {
	line := reading{
		Label: g.Label, Score: math.Round(g.Score*1000) / 1000, Decision: "none", Choices: []string{},
		Lang: cmp.Or(g.Lang, i18n.Lang(c.Lang)), Evidence: g.Evidence,
	}
	if g.Foreign {
		line.Lang = model.OtherLang
	}
	switch g.Decision {
	case flows.Go:
		line.Decision = "go"
	case flows.Ask:
		line.Decision, line.Choices = "ask", g.Labels
	case flows.None:
	}
	return line
}

// eval prints the figures of each language and of all, then what went wrong.
func (c understandCmd) eval(reader *understand.Reader, out io.Writer) error {
	file, err := os.Open(c.Eval)
	if err != nil {
		return fmt.Errorf("%w: --eval: cannot open the file", errUsage)
	}
	defer func() { _ = file.Close() }() // only read
	rows, err := measure.ReadRows(file)
	if err != nil {
		return fmt.Errorf("%w: --eval: %w", errUsage, err)
	}
	byLang := map[i18n.Lang][]measure.Row{}
	for _, row := range rows {
		byLang[row.Lang] = append(byLang[row.Lang], row)
	}
	for _, lang := range []i18n.Lang{"vi", "id", "en"} {
		if len(byLang[lang]) > 0 {
			if err := measure.Of(reader, byLang[lang]).Print(out, string(lang)); err != nil {
				return fmt.Errorf("print the figures: %w", err)
			}
		}
	}
	all := measure.Of(reader, rows)
	if err := all.Print(out, "all"); err != nil {
		return fmt.Errorf("print the figures: %w", err)
	}
	if err := all.PrintWrongs(out); err != nil {
		return fmt.Errorf("print what went wrong: %w", err)
	}
	return nil
}
