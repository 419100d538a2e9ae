package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"notalone/flows/understand/learn"
)

// An example is a message with the signs of a trick that are in it; none: honest.
type example struct {
	lang, angle, text string
	signs             []string
	trick             bool
	forms             [][]uint32 // its features; the second without tone marks
}

// everyday is the angle of talk that other hands wrote for package understand.
const everyday = "everyday"

// readExamples reads the development files and the everyday talk. Held-out files
// are not opened here.
func readExamples(dir string) ([]*example, error) {
	var all []*example
	for _, lang := range []string{"en", "id", "vi"} {
		list, err := readFile(filepath.Join(dir, developmentFile(lang)), lang)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		files, err := filepath.Glob(filepath.Join(dir, "understand", "phrases", lang, "*", "none_*.txt"))
		if err != nil {
			return nil, fmt.Errorf("list everyday talk: %w", err)
		}
		slices.Sort(files)
		for _, file := range files {
			list, err := readFile(file, lang)
			if err != nil {
				return nil, err
			}
			all = append(all, list...)
		}
	}
	return all, nil
}

func developmentFile(lang string) string { return "trick/testdata/" + lang + ".dev.txt" }

// readFile reads "signs | message" lines under a comment that names the angle, or
// plain lines of everyday talk. Angles of the same name in other languages are the
// same person's.
func readFile(name, lang string) ([]*example, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read examples: %w", err)
	}
	var all []*example
	angle := everyday
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(line, "# "); ok {
			angle, _, _ = strings.Cut(comment, ":")
			continue
		}
		signs, text, labelled := strings.Cut(line, " | ")
		switch {
		case line == "":
		case angle == everyday:
			all = append(all, &example{lang: lang, angle: angle, text: line})
		case !labelled:
			return nil, fmt.Errorf("%s: no \" | \" in %q", name, line)
		case signs == "ok":
			all = append(all, &example{lang: lang, angle: angle, text: text})
		default:
			all = append(all, &example{lang: lang, angle: angle, text: text, trick: true, signs: strings.Split(signs, ",")})
		}
	}
	return all, nil
}

// stamp tells which development files are learnt from. Talk and lexicon of package
// understand change often and matter little: they are not in it.
func stamp(dir string) ([]byte, error) {
	return learn.Stamp(os.DirFS(dir), developmentFile("en"), developmentFile("id"), developmentFile("vi"))
}
