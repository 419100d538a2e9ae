package i18n

import (
	"embed"
	"errors"
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
func Embedded() fs.FS { return Folder{FS: embedded, Name: "i18n"} }

// Catalog is every message in every language. It is read-only after Load.
type Catalog struct {
	langs   []Lang
	texts   map[Lang]map[Key]*message
	matcher language.Matcher
}

// A message is one text, parsed once for each plural form it has.
type message struct {
	other Text
	forms map[plural.Form]Text // the other forms; nil for most
	place Place
}

// Place is where a message was written, for the reports of `notalone check`.
type Place struct {
	File string
	Line int
}

// Load reads LANG/*.toml from each file system in turn; a later one replaces
// single messages of an earlier one, so an organisation can overlay its own. The
// error has a line for each faulty file.
func Load(sources ...fs.FS) (*Catalog, error) {
	c := &Catalog{texts: map[Lang]map[Key]*message{}}
	var faults []error
	for _, source := range sources {
		files, err := fs.Glob(source, "*/*.toml")
		if err != nil {
			return nil, fmt.Errorf("list words: %w", err)
		}
		here := map[Lang]map[Key]Place{} // what this source said so far
		for _, file := range files {
			faults = append(faults, c.loadFile(source, file, here))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if len(c.texts[Fallback]) == 0 {
		return nil, fmt.Errorf("load words: the folder %q is missing or empty", Fallback)
	}
	c.index()
	return c, nil
}

func (c *Catalog) loadFile(source fs.FS, file string, here map[Lang]map[Key]Place) error {
	name := FileIn(source, file)
	data, err := fs.ReadFile(source, file)
	if err != nil {
		return fmt.Errorf("read words: %w", err)
	}
	parsed, err := goi18n.ParseMessageFileBytes(data, file, map[string]goi18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return fmt.Errorf("%s:%w", name, located(err, data))
	}
	lang := Lang(path.Dir(file))
	if _, err := language.Parse(string(lang)); err != nil {
		return fmt.Errorf("%s:1: the folder %q is named after no language, such as vi", name, lang)
	}
	if c.texts[lang] == nil {
		c.texts[lang] = map[Key]*message{}
	}
	if here[lang] == nil {
		here[lang] = map[Key]Place{}
	}
	lines := keyLines(string(data))
	for _, m := range parsed.Messages {
		key, place := Key(m.ID), Place{File: name, Line: lines[m.ID]}
		if first, twice := here[lang][key]; twice {
			return fmt.Errorf("%s:%d: %s stands in %s:%d too", name, place.Line, key, first.File, first.Line)
		}
		msg, err := newMessage(m, place)
		if err != nil {
			return fmt.Errorf("%s:%d: %s: %w", name, place.Line, key, err)
		}
		here[lang][key], c.texts[lang][key] = place, msg
	}
	return nil
}

func newMessage(m *goi18n.Message, place Place) (*message, error) {
	msg := &message{place: place}
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
		if form == plural.Other {
			msg.other = text
			continue
		}
		if msg.forms == nil {
			msg.forms = map[plural.Form]Text{}
		}
		msg.forms[form] = text
	}
	return msg, nil
}

// index orders the languages, the fallback first because a matcher's first
// language is the one for people it knows nothing about.
func (c *Catalog) index() {
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
		tags[i] = language.Make(string(lang))
	}
	c.matcher = language.NewMatcher(tags)
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
	text := m.form(lang, args)
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
		all = append(all, m.other)
		for _, text := range m.forms {
			all = append(all, text)
		}
	}
	return all
}

// form picks the text by the language's CLDR rule and the first number.
func (m *message) form(lang Lang, args []Arg) Text {
	if len(m.forms) == 0 {
		return m.other
	}
	for _, arg := range args {
		if n, ok := arg.number(); ok {
			form := plural.Cardinal.MatchPlural(language.Make(string(lang)), n, 0, 0, 0, 0)
			if text, ok := m.forms[form]; ok {
				return text
			}
			break
		}
	}
	return m.other
}
