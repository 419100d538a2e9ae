package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Lang is a language of the catalogue, named as its folder: "vi", "id", "en".
type Lang string

// Key names one message: the TOML table and key joined by dots.
type Key string

// Fallback is the language of a message that the asked language lacks.
const Fallback Lang = "en"

//go:embed */*.toml
var embedded embed.FS

// Embedded is the words shipped with the binary.
func Embedded() fs.FS { return embedded }

// Catalog is every message in every language. It is read-only after Load.
type Catalog struct {
	langs   []Lang
	texts   map[Lang]map[Key]*message
	matcher language.Matcher
}

// A message is one text, parsed once for each plural form it has.
type message struct {
	forms map[plural.Form]Text
	place Place
}

// Place is where a message was written, for the reports of `notalone check`.
type Place struct {
	File string
	Line int
}

// Load reads LANG/*.toml from each file system in turn; a later one replaces
// single messages of an earlier one, so an organisation can overlay its own.
func Load(sources ...fs.FS) (*Catalog, error) {
	c := &Catalog{texts: map[Lang]map[Key]*message{}}
	for _, source := range sources {
		files, err := fs.Glob(source, "*/*.toml")
		if err != nil {
			return nil, fmt.Errorf("list words: %w", err)
		}
		for _, file := range files {
			if err := c.loadFile(source, file); err != nil {
				return nil, err
			}
		}
	}
	if len(c.texts[Fallback]) == 0 {
		return nil, fmt.Errorf("load words: the folder %q is missing or empty", Fallback)
	}
	return c, c.index()
}

func (c *Catalog) loadFile(source fs.FS, file string) error {
	data, err := fs.ReadFile(source, file)
	if err != nil {
		return fmt.Errorf("read words: %w", err)
	}
	parsed, err := goi18n.ParseMessageFileBytes(data, file, map[string]goi18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return fmt.Errorf("parse %s: %w", file, err)
	}
	lang := Lang(path.Dir(file))
	if c.texts[lang] == nil {
		c.texts[lang] = map[Key]*message{}
	}
	lines := keyLines(string(data))
	for _, m := range parsed.Messages {
		place := Place{File: file, Line: lines[m.ID]}
		msg, err := newMessage(m, place)
		if err != nil {
			return fmt.Errorf("%s:%d: %s: %w", file, place.Line, m.ID, err)
		}
		c.texts[lang][Key(m.ID)] = msg
	}
	return nil
}

func newMessage(m *goi18n.Message, place Place) (*message, error) {
	msg := &message{forms: map[plural.Form]Text{}, place: place}
	for form, source := range map[plural.Form]string{
		plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two,
		plural.Few: m.Few, plural.Many: m.Many, plural.Other: m.Other,
	} {
		if source == "" && form != plural.Other {
			continue
		}
		text, err := Parse(norm.NFC.String(strings.TrimSpace(source)))
		if err != nil {
			return nil, err
		}
		msg.forms[form] = text
	}
	return msg, nil
}

// index orders the languages, the fallback first because a matcher's first
// language is the one for people it knows nothing about.
func (c *Catalog) index() error {
	for lang := range c.texts {
		c.langs = append(c.langs, lang)
	}
	sort.Slice(c.langs, func(i, j int) bool {
		if (c.langs[i] == Fallback) != (c.langs[j] == Fallback) {
			return c.langs[i] == Fallback
		}
		return c.langs[i] < c.langs[j]
	})
	tags := make([]language.Tag, len(c.langs))
	for i, lang := range c.langs {
		tag, err := language.Parse(string(lang))
		if err != nil {
			return fmt.Errorf("the folder %q is not a language: %w", lang, err)
		}
		tags[i] = tag
	}
	c.matcher = language.NewMatcher(tags)
	return nil
}

// Langs lists the languages, the fallback first.
func (c *Catalog) Langs() []Lang { return c.langs }

// Knows reports whether the catalogue has the language.
func (c *Catalog) Knows(lang Lang) bool { return c.texts[lang] != nil }

// Has reports whether the language itself, without its fallback, has the key.
func (c *Catalog) Has(lang Lang, key Key) bool { return c.texts[lang][key] != nil }

// Keys lists the keys of one language in order.
func (c *Catalog) Keys(lang Lang) []Key {
	keys := make([]Key, 0, len(c.texts[lang]))
	for key := range c.texts[lang] {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// Place tells where a message was written.
func (c *Catalog) Place(lang Lang, key Key) Place {
	if m := c.texts[lang][key]; m != nil {
		return m.place
	}
	return Place{}
}

// Text is a message with its values filled in. A value can never become markup.
// A missing key falls back to English, then to an empty text: people never see
// a key; `notalone check` and the start-up validation do.
func (c *Catalog) Text(lang Lang, key Key, args ...Arg) Text {
	m := c.texts[lang][key]
	if m == nil {
		lang = Fallback
		if m = c.texts[lang][key]; m == nil {
			return nil
		}
	}
	text := m.forms[m.form(lang, args)]
	if len(args) == 0 {
		return text
	}
	return text.fill(args)
}

// Line is a message as plain text, for labels and other places without markup.
func (c *Catalog) Line(lang Lang, key Key, args ...Arg) string {
	return c.Text(lang, key, args...).Plain()
}

// Forms lists the text of every plural form of a message, for the checks.
func (c *Catalog) Forms(lang Lang, key Key) []Text {
	var all []Text
	if m := c.texts[lang][key]; m != nil {
		for _, text := range m.forms {
			all = append(all, text)
		}
	}
	return all
}

// form picks the plural form by the language's CLDR rule and the first number.
func (m *message) form(lang Lang, args []Arg) plural.Form {
	if len(m.forms) == 1 {
		return plural.Other
	}
	for _, arg := range args {
		if n, ok := arg.number(); ok {
			form := plural.Cardinal.MatchPlural(language.Make(string(lang)), n, 0, 0, 0, 0)
			if _, ok := m.forms[form]; ok {
				return form
			}
			break
		}
	}
	return plural.Other
}
