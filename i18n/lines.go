package i18n

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
)

// located puts before an error of the TOML reader the line that an author has to
// mend.
func located(err error, data []byte) error {
	var wrong toml.ParseError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%d: %s (at %q)", wrong.Position.Line, wrong.Message, wrong.LastKey)
	}
	var raw map[string]any
	if toml.Unmarshal(data, &raw) == nil {
		if key := unquoted("", raw); key != "" {
			return fmt.Errorf("%d: %s: a text stands in quotes", keyLines(string(data))[key], key)
		}
	}
	return fmt.Errorf("1: %w", err)
}

// unquoted finds a key whose value is no text.
func unquoted(under string, table map[string]any) string {
	found := make([]string, 0, len(table))
	for key, value := range table {
		switch value := value.(type) {
		case string:
		case map[string]any:
			found = append(found, unquoted(joinKey(under, key), value))
		default:
			found = append(found, joinKey(under, key))
		}
	}
	sort.Strings(found)
	return strings.TrimSpace(strings.Join(found[max(0, len(found)-1):], ""))
}

// keyLines finds the line of each message in a TOML file. The parser does not
// tell it, and an author needs it to mend a fault.
func keyLines(source string) map[string]int {
	lines := map[string]int{}
	table, fence := "", ""
	for i, line := range strings.Split(source, "\n") {
		line = strings.TrimSpace(line)
		if fence != "" {
			if strings.Contains(line, fence) {
				fence = ""
			}
			continue
		}
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			table = unquoteKey(strings.Trim(line, "[] "))
			lines[table] = i + 1
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		lines[joinKey(table, unquoteKey(key))] = i + 1
		fence = openFence(strings.TrimSpace(value))
	}
	return lines
}

// openFence returns the quotes that a multi-line string leaves open.
func openFence(value string) string {
	for _, fence := range []string{`"""`, `'''`} {
		if rest, ok := strings.CutPrefix(value, fence); ok && !strings.Contains(rest, fence) {
			return fence
		}
	}
	return ""
}

func joinKey(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}

func unquoteKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '"' || r == '\'' || r == ' ' {
			return -1
		}
		return r
	}, key)
}
