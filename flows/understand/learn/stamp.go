package learn

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"notalone/flows/understand/model"
)

// Stamp is a hash over the names and contents of all files that are learnt from:
// those named, and those in the folders named.
func Stamp(root fs.FS, from ...string) ([]byte, error) {
	var names []string
	for _, name := range from {
		err := fs.WalkDir(root, name, func(name string, entry fs.DirEntry, err error) error {
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

// Write makes the file that package model reads: the stamp, then the models.
func Write(path string, stamp []byte, models ...*model.Model) error {
	file := bytes.NewBuffer(stamp)
	for _, m := range models {
		if err := m.Write(file); err != nil {
			return fmt.Errorf("pack the model: %w", err)
		}
	}
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	return nil
}
