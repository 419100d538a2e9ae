package i18n

import "strings"

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
	return strings.NewReplacer(`"`, "", `'`, "", " ", "").Replace(key)
}
