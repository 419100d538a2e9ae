package flows

import (
	"errors"
	"strings"
)

// Path names a page: "help/sextortion", "quiz/code-by-mistake/b".
type Path string

// MaxPath is the length in bytes that Telegram allows for callback data.
const MaxPath = 64

var errPath = errors.New("a path is 1 to 64 bytes of a-z, 0-9, '-', '_', '.' in parts divided by '/'")

// ParsePath accepts what comes back from a platform: it may be forged or old.
func ParsePath(raw string) (Path, error) {
	if raw == "" || len(raw) > MaxPath {
		return "", errPath
	}
	for part := range strings.SplitSeq(raw, "/") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
			return "", errPath
		}
	}
	return Path(raw), nil
}

// Parts are the path's segments.
func (p Path) Parts() []string { return strings.Split(string(p), "/") }

// Root is the first segment: the conversation that owns the page.
func (p Path) Root() string {
	root, _, _ := strings.Cut(string(p), "/")
	return root
}

// join builds a path of segments.
func join(parts ...string) Path { return Path(strings.Join(parts, "/")) }

// Link is the path as a deep-link parameter: Telegram allows A-Z a-z 0-9 _ -
// and nothing else, so a slash becomes an underscore. Message keys use it too.
func (p Path) Link() string { return strings.ReplaceAll(string(p), "/", "_") }
