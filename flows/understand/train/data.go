package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"notalone/flows/understand/model"
	"notalone/i18n"
)

// A phrase is one line of a phrase file.
type phrase struct {
	lang  i18n.Lang
	hand  string // language and author: "vi/north"
	label string
	hard  bool // of none: a near miss
	text  string
}

// readPhrases reads dir/LANGUAGE/HAND/LABEL.txt, every file in a fixed order.
func readPhrases(dir string) ([]phrase, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list the phrase files: %w", err)
	}
	slices.Sort(files)
	var out []phrase
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		label := name
		if strings.HasPrefix(name, "none_") {
			label = "none"
		}
		if !slices.Contains(model.Labels(), label) {
			return nil, fmt.Errorf("%s: no such label", file)
		}
		lines, err := readLines(file)
		if err != nil {
			return nil, err
		}
		hand := filepath.Dir(file)
		lang := filepath.Base(filepath.Dir(hand))
		for _, line := range lines {
			out = append(out, phrase{
				lang: i18n.Lang(lang), hand: lang + "/" + filepath.Base(hand),
				label: label, hard: name == "none_hard", text: line,
			})
		}
	}
	return out, nil
}

// readForeign reads lines of languages that are not ours.
func readForeign(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list the language files: %w", err)
	}
	slices.Sort(files)
	var out []string
	for _, file := range files {
		lines, err := readLines(file)
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	return out, nil
}

func readLines(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read phrases: %w", err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out, nil
}
