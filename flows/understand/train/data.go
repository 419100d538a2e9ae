package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
	"notalone/i18n"
)

// A phrase is one line of a phrase file.
type phrase struct {
	lang  i18n.Lang
	hand  string // language/author: "vi/north"
	label int
	kind  string // file name: tells none_hard from none_plain
	text  string
	plain bool // already without marks
}

// readPhrases reads every phrase file under dir in a fixed order.
func readPhrases(dir string) ([]phrase, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list phrase files: %w", err)
	}
	sort.Strings(files)
	var out []phrase
	for _, file := range files {
		kind := strings.TrimSuffix(filepath.Base(file), ".txt")
		label := labelIndex(kind)
		if label < 0 {
			return nil, fmt.Errorf("%s: no such label", file)
		}
		hand := filepath.Dir(file)
		lang := filepath.Base(filepath.Dir(hand))
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read phrases: %w", err)
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, phrase{
					lang: i18n.Lang(lang), hand: lang + "/" + filepath.Base(hand), label: label, kind: kind, text: line,
					plain: features.Plain(strings.ToLower(line)) == strings.ToLower(line),
				})
			}
		}
	}
	return out, nil
}

func labelIndex(kind string) int {
	if strings.HasPrefix(kind, "none") {
		kind = "none"
	}
	for i, label := range model.Labels() {
		if label == kind {
			return i
		}
	}
	return -1
}
