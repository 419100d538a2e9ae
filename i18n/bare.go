package i18n

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Bare is a text without accents, as people type it in a hurry: "viet nam".
func Bare(text string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
	return strings.NewReplacer("đ", "d", "Đ", "D").Replace(bare) // has no decomposition
}
