package i18n

import "golang.org/x/text/language"

// Match finds the language for a client's locale ("vi-VN", "in", "en-GB").
// It reports false when the match is a guess, so that the person can be asked:
// the matcher calls Khmer→English certain, hence the check of the base language.
func (c *Catalog) Match(locale string) (Lang, bool) {
	tag, err := language.Parse(locale)
	if err != nil {
		return Fallback, false
	}
	_, index, confidence := c.matcher.Match(tag)
	lang := c.langs[index]
	wanted, _ := tag.Base()
	got, _ := language.Make(string(lang)).Base()
	near := wanted == got || (confidence >= language.High && lang != Fallback)
	return lang, near
}

// IsLocale reports whether a client could have this locale.
func IsLocale(locale string) bool {
	_, err := language.Parse(locale)
	return err == nil
}

// Region is the country of a locale if it names one: "vi-VN" is "VN".
func Region(locale string) string {
	tag, err := language.Parse(locale)
	if err != nil {
		return ""
	}
	if region, confidence := tag.Region(); confidence == language.Exact {
		return region.String()
	}
	return ""
}
