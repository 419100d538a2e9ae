package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// criteria is how many the table of docs/safety.md has.
const criteria = 25

// TestEveryCriterionNamesTestsThatExist reads the table of docs/safety.md.
func TestEveryCriterionNamesTestsThatExist(t *testing.T) {
	table, err := os.ReadFile("../../docs/safety.md")
	if err != nil {
		t.Fatal(err)
	}
	known := testsOf(t)
	row, name := regexp.MustCompile(`^\| (\d+) \|`), regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	rows := 0
	for line := range strings.Lines(string(table)) {
		number := row.FindStringSubmatch(line)
		if number == nil {
			continue
		}
		rows++
		if number[1] != strconv.Itoa(rows) {
			t.Errorf("row %d is numbered %s", rows, number[1])
		}
		names := name.FindAllStringSubmatch(line, -1)
		if len(names) == 0 {
			t.Errorf("criterion %s names no test", number[1])
		}
		for _, found := range names {
			if !known[found[1]] {
				t.Errorf("criterion %s: there is no %s", number[1], found[1])
			}
		}
	}
	if rows != criteria {
		t.Errorf("%d criteria, want %d", rows, criteria)
	}
	for found := range known {
		if strings.HasPrefix(found, "TestCriterion") && !strings.Contains(string(table), "`"+found+"`") {
			t.Errorf("docs/safety.md does not name %s", found)
		}
	}
}

// testsOf lists the tests of the whole module.
func testsOf(t *testing.T) map[string]bool {
	t.Helper()
	known, function := map[string]bool{}, regexp.MustCompile(`(?m)^func (Test\w+|Fuzz\w+)\(`)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "suite.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range function.FindAllStringSubmatch(string(source), -1) {
			known[found[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}
