// Package content reads the structure of the site from YAML: strictly, so that
// an author's slip is an error with file, line and excerpt. It holds no words.
package content

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"notalone/flows"
	"notalone/i18n"
)

//go:embed *.yaml */*.yaml
var embedded embed.FS

// Embedded is the content shipped with the binary.
func Embedded() fs.FS { return i18n.Folder{FS: embedded, Name: "flows/content"} }

// A file may hold any kinds of item, so authors divide files as they like.
type file struct {
	Topics    []flows.Topic
	Countries []flows.Country
	Global    []flows.Channel
	Fallback  map[string][]string
	Services  []flows.Service
	Tips      []flows.Tip
	Questions []flows.Question
	Practice  []flows.Scenario
	Stories   []flows.Story
	Library   []flows.Material
	Promises  []flows.Promise
	Lessons   []flows.Lesson
	Pages     []flows.Static
	Signs     []flows.Sign
}

// Load reads every YAML file of each source in turn. An item of a later source
// replaces the one with the same id; a new one is added. The error has a line
// for each faulty file.
func Load(sources ...fs.FS) (*flows.Content, error) {
	all := &flows.Content{}
	var faults []error
	for _, source := range sources {
		here := map[string]flows.Origin{} // what this source said so far
		for _, pattern := range []string{"*.yaml", "*/*.yaml"} {
			names, err := fs.Glob(source, pattern)
			if err != nil {
				return nil, fmt.Errorf("list content: %w", err)
			}
			for _, name := range names {
				faults = append(faults, loadFile(all, source, name, here))
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return all, nil
}

func loadFile(all *flows.Content, source fs.FS, name string, here map[string]flows.Origin) error {
	data, err := fs.ReadFile(source, name)
	if err != nil {
		return fmt.Errorf("read content: %w", err)
	}
	name = i18n.FileIn(source, name)
	var f file
	lines, err := decode(data, &f)
	if err != nil {
		return fmt.Errorf("%s:%w", name, err)
	}
	m := merger{all: all, here: here, file: name, lines: lines}
	m.merge(&f)
	return m.wrong
}
