package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"notalone/flows"
	"notalone/flows/content"
	"notalone/flows/understand"
	"notalone/i18n"
)

// sources are the shipped files and, over them, an organisation's own: words in
// DIR/i18n, structure in DIR/content.
type sources struct{ words, content []fs.FS }

func openSources(overlay string) sources {
	s := sources{words: []fs.FS{i18n.Embedded()}, content: []fs.FS{content.Embedded()}}
	if overlay != "" {
		s.words = append(s.words, os.DirFS(filepath.Join(overlay, "i18n")))
		s.content = append(s.content, os.DirFS(filepath.Join(overlay, "content")))
	}
	return s
}

// buildSite loads everything the bot says.
func buildSite(overlay string, operator flows.Operator) (*flows.Site, error) {
	src := openSources(overlay)
	words, err := i18n.Load(src.words...)
	if err != nil {
		return nil, fmt.Errorf("load words: %w", err)
	}
	structure, err := content.Load(src.content...)
	if err != nil {
		return nil, fmt.Errorf("load content: %w", err)
	}
	reader, err := understand.Load()
	if err != nil {
		return nil, fmt.Errorf("load understanding: %w", err)
	}
	site, err := flows.NewSite(words, structure, reader, operator)
	if err != nil {
		return nil, fmt.Errorf("build the site: %w", err)
	}
	return site, nil
}
