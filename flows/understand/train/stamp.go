package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// learntFrom are the folders whose files decide what is learnt.
var learntFrom = []string{"phrases", "languages", "features/lexicon"}

// stamp is a hash over the names and contents of all files that are learnt from.
func stamp(dir string) ([]byte, error) {
	root := os.DirFS(dir)
	var names []string
	for _, folder := range learntFrom {
		err := fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("list what is learnt from: %w", err)
		}
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range names {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, fmt.Errorf("read what is learnt from: %w", err)
		}
		lines := strings.ReplaceAll(string(data), "\r\n", "\n")
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(lines), lines) // a hash never fails
	}
	return sum.Sum(nil), nil
}
