package trick

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A brand is a name that is imitated, as it looks.
type brand struct {
	name  string
	short bool // must stand alone or with a known affix: "dana" is also in "danau"
}

// longName is how long a name must be to be looked for inside other words.
const longName = 6

// fuzzyName is how long it must be to be known with one letter wrong.
const fuzzyName = 7

// imitated reports a known name in an address that is not its own.
func (b *linkBook) imitated(host string) bool {
	for _, own := range b.Brands {
		for _, address := range own {
			if rest, ok := strings.CutSuffix(host, address); ok && (rest == "" || rest[len(rest)-1] == '.') {
				return false
			}
		}
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		parts := strings.Split(label, "-")
		if len(parts) > 1 {
			parts = append(parts, strings.ReplaceAll(label, "-", ""))
		}
		for _, part := range parts {
			if b.looksLikeBrand(lookAlike(part)) {
				return true
			}
		}
	}
	return false
}

func (b *linkBook) looksLikeBrand(part string) bool {
	return slices.ContainsFunc(b.brands, func(br brand) bool {
		switch {
		case part == br.name:
			return true
		case br.short:
			return len(br.name) > 3 && b.dressed(part, br.name)
		default:
			return strings.Contains(part, br.name) || len(br.name) >= fuzzyName && nearly(part, br.name)
		}
	})
}

// dressed reports a short name with a known word at one side.
func (b *linkBook) dressed(part, name string) bool {
	after, ok := strings.CutPrefix(part, name)
	if !ok {
		if after, ok = strings.CutSuffix(part, name); !ok {
			return false
		}
	}
	return slices.ContainsFunc(b.Affixes, func(affix string) bool { return lookAlike(affix) == after })
}

// twoForOne are two letters that look like one.
var twoForOne = strings.NewReplacer("rn", "m", "vv", "w")

// lookAlike writes what looks the same the same: "rob1ox", "paypaI", "lnstagrarn".
func lookAlike(s string) string {
	s = twoForOne.Replace(strings.ToLower(s))
	return strings.Map(func(r rune) rune {
		switch r {
		case '0', 'о', 'ο':
			return 'o'
		case '1', 'i', 'l', '!', 'і', 'ı':
			return 'l'
		case '3', 'е':
			return 'e'
		case '4', 'а', 'α':
			return 'a'
		case '5', 'ѕ':
			return 's'
		case '7':
			return 't'
		case '8':
			return 'b'
		case 'р':
			return 'p'
		case 'с':
			return 'c'
		case '_':
			return -1
		}
		return r
	}, s)
}

// nearly reports one letter wrong, missing, too many or two of them swapped.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) < len(b):
		return a[i:] == b[i+1:]
	case i == len(a) || a[i+1:] == b[i+1:]:
		return true
	default:
		return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	}
}

// marksOf is the marks of a word in their order.
func marksOf(marked string) string {
	return strings.Map(func(r rune) rune {
		if r == 'đ' || unicode.Is(unicode.Mn, r) {
			return r
		}
		return -1
	}, norm.NFD.String(marked))
}
