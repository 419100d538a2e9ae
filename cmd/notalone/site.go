package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"notalone/flows"
	"notalone/flows/check"
	"notalone/flows/content"
	"notalone/flows/trick"
	"notalone/flows/understand"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

// sources are the shipped files and, over them, an organisation's own: words in
// DIR/i18n, structure in DIR/content.
type sources struct{ words, content []fs.FS }

func openSources(overlay string) sources {
	s := sources{words: []fs.FS{i18n.Embedded()}, content: []fs.FS{content.Embedded()}}
	if overlay != "" {
		open := func(name string) fs.FS {
			dir := filepath.Join(overlay, name)
			return i18n.Folder{FS: os.DirFS(dir), Name: dir}
		}
		s.words = append(s.words, open("i18n"))
		s.content = append(s.content, open("content"))
	}
	return s
}

// buildSite loads everything the bot says. An overlay must be free of faults: a
// person in need should not be the one to find them.
func buildSite(overlay string, operator flows.Operator) (*flows.Site, error) {
	site, err := loadSite(overlay, operator)
	if overlay == "" {
		return site, err
	}
	report, err := prove(site, err, overlay, func() (*check.Report, error) { return check.RunOverlay(site, named(overlay), time.Now()) })
	if err != nil {
		return nil, fmt.Errorf("%w: CONTENT_DIR: %s", errUsage, inOneLine(err.Error()))
	}
	// A check date that has passed is no reason to stay away.
	faults := slices.DeleteFunc(report.Faults, func(f check.Fault) bool { return f.Kind == check.Stale })
	if len(faults) == 0 {
		return site, nil
	}
	lines := make([]string, len(faults))
	for i, fault := range faults {
		lines[i] = fault.String()
	}
	return nil, fmt.Errorf("%w: CONTENT_DIR: %s", errUsage, inOneLine(strings.Join(lines, "\n")))
}

// named is how reports begin the names of an overlay's files.
func named(overlay string) string {
	if dir := filepath.Clean(overlay); dir != "." {
		return dir
	}
	return ""
}

// loadSite reads all there is. The error has a line for each fault; with a site
// beside it, prove can say more.
func loadSite(overlay string, operator flows.Operator) (*flows.Site, error) {
	if err := folder(overlay); err != nil {
		return nil, fmt.Errorf("%s %w", overlay, err)
	}
	src := openSources(overlay)
	var (
		words                                 *i18n.Catalog
		structure                             *flows.Content
		reader                                flows.Reader
		signs                                 flows.SignReader
		wrongWords, wrongContent, wrongReader error
	)
	var reading sync.WaitGroup // side by side: a start is waited for
	reading.Go(func() { words, wrongWords = i18n.Load(src.words...) })
	reading.Go(func() { structure, wrongContent = content.Load(src.content...) })
	reading.Go(func() { reader, signs, wrongReader = loadReaders() })
	reading.Wait()
	if err := errors.Join(wrongWords, wrongContent); err != nil {
		return nil, err
	}
	if wrongReader != nil {
		return nil, wrongReader
	}
	return flows.NewSite(words, structure, reader, signs, operator)
}

// loadReaders loads what understands words and what sees tricks: they share a lexicon.
func loadReaders() (*understand.Reader, *trick.Reader, error) {
	lexicon, err := features.LoadLexicon()
	if err != nil {
		return nil, nil, fmt.Errorf("load the lexicon: %w", err)
	}
	reader, err := understand.Load(lexicon)
	if err != nil {
		return nil, nil, fmt.Errorf("load understanding: %w", err)
	}
	signs, err := trick.Load(lexicon)
	if err != nil {
		return nil, nil, fmt.Errorf("load the signs of tricks: %w", err)
	}
	return reader, signs, nil
}

// prove is the report on a site and its overlay. It returns the error of the
// loading if nothing better can be said.
func prove(site *flows.Site, loading error, overlay string, run func() (*check.Report, error)) (*check.Report, error) {
	if site == nil {
		return nil, loading
	}
	report, err := run()
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	if overlay != "" {
		report.Faults = append(strays(overlay), report.Faults...)
	}
	if len(report.Faults) == 0 && loading != nil {
		return nil, loading
	}
	return report, nil
}

// strays are files of an overlay that look like content and are not read, by
// which an author would wait for a text that never comes.
func strays(overlay string) []check.Fault {
	var all []check.Fault
	files := os.DirFS(overlay)
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // a folder that cannot be read is told by the loaders
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && name != ".":
			return fs.SkipDir
		case !entry.IsDir() && looksLikeContent(entry.Name()) && !isRead(name):
			all = append(all, check.Fault{
				File: filepath.Join(overlay, name), Line: 1, Kind: "not read",
				Text: "structure belongs in content/NAME.yaml, words in i18n/LANGUAGE/NAME.toml",
			})
		}
		return nil
	})
	return all
}

func looksLikeContent(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".txt")
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".toml")
}

func isRead(name string) bool {
	for _, pattern := range []string{"content/*.yaml", "content/*/*.yaml", "i18n/*/*.toml"} {
		if ok, err := filepath.Match(pattern, filepath.ToSlash(name)); ok && err == nil {
			return true
		}
	}
	return false
}

// inOneLine is the first line of several, and how many follow.
func inOneLine(text string) string {
	first, rest, more := strings.Cut(text, "\n")
	if !more {
		return first
	}
	return fmt.Sprintf("%s (and %d more: notalone check lists them)", first, strings.Count(rest, "\n")+1)
}
