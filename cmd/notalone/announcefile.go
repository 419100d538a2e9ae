package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"notalone/bot"
	"notalone/bot/discord"
	"notalone/bot/telegram"
	"notalone/flows"
	"notalone/i18n"
)

// An announceFile is an announcement as it is written in a file; see
// docs/announcements.md.
type announceFile struct {
	Texts     map[i18n.Lang]string `yaml:"texts" json:"texts"`
	Fallback  i18n.Lang            `yaml:"fallback,omitempty" json:"fallback,omitempty"`
	Picture   filePicture          `yaml:"picture,omitempty" json:"picture,omitzero"`
	Buttons   []fileButton         `yaml:"buttons,omitempty" json:"buttons,omitempty"`
	Audience  fileAudience         `yaml:"audience,omitempty" json:"audience,omitzero"`
	At        string               `yaml:"at,omitempty" json:"at,omitempty"`
	Zone      string               `yaml:"zone,omitempty" json:"zone,omitempty"`
	Pin       bool                 `yaml:"pin,omitempty" json:"pin,omitempty"`
	CrossPost bool                 `yaml:"cross_post,omitempty" json:"cross_post,omitempty"`
}

type filePicture struct {
	URL string               `yaml:"url,omitempty" json:"url,omitempty"`
	Alt map[i18n.Lang]string `yaml:"alt,omitempty" json:"alt,omitempty"`
}

type fileButton struct {
	Open  flows.Path           `yaml:"open,omitempty" json:"open,omitempty"`
	Link  string               `yaml:"link,omitempty" json:"link,omitempty"`
	Label map[i18n.Lang]string `yaml:"label,omitempty" json:"label,omitempty"`
}

type fileAudience struct {
	Who       []string    `yaml:"who,omitempty" json:"who,omitempty"`
	Countries []string    `yaml:"countries,omitempty" json:"countries,omitempty"`
	Languages []i18n.Lang `yaml:"languages,omitempty" json:"languages,omitempty"`
	Platforms []string    `yaml:"platforms,omitempty" json:"platforms,omitempty"`
	Kinds     []string    `yaml:"kinds,omitempty" json:"kinds,omitempty"`
}

// readAnnouncement reads a file; its faults name line and excerpt.
func readAnnouncement(path, at string, site *flows.Site) (*flows.Announcement, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: cannot read the file", errUsage)
	}
	var file announceFile
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%w: %s: %s", errUsage, path, yaml.FormatError(err, false, true))
	}
	if at != "" {
		file.At = at
	}
	a, err := file.announcement(site)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errUsage, path, err)
	}
	return a, nil
}

func (f *announceFile) announcement(site *flows.Site) (*flows.Announcement, error) {
	a := &flows.Announcement{
		ID: flows.NewsID(seed()), Stage: flows.Drafted, Texts: map[i18n.Lang]string{}, Fallback: f.Fallback,
		Picture: flows.Picture{URL: f.Picture.URL, Alt: f.Picture.Alt}, Pin: f.Pin, Spread: f.CrossPost,
		To: flows.Receivers{
			Groups: len(f.Audience.Who) == 0, People: len(f.Audience.Who) == 0, Countries: f.Audience.Countries,
			Langs: f.Audience.Languages, Platforms: f.Audience.Platforms, Kinds: f.Audience.Kinds,
		},
	}
	for lang, text := range f.Texts {
		if !site.Words().Knows(lang) {
			return nil, fmt.Errorf("texts: there is no language %q", lang)
		}
		if text = strings.TrimSpace(text); text != "" {
			a.Texts[lang] = text
		}
	}
	if f.Fallback != "" && a.Texts[f.Fallback] == "" {
		return nil, fmt.Errorf("fallback: there is no text in %q", f.Fallback)
	}
	for _, who := range f.Audience.Who {
		switch who {
		case "groups":
			a.To.Groups = true
		case "people":
			a.To.People = true
		default:
			return nil, fmt.Errorf("audience: who: %q is neither groups nor people", who)
		}
	}
	if err := f.Audience.check(site); err != nil {
		return nil, err
	}
	for _, b := range f.Buttons {
		if (b.Open == "") == (b.Link == "") {
			return nil, fmt.Errorf("buttons: each one has either open or link")
		}
		a.Buttons = append(a.Buttons, flows.NewsButton{Path: flows.Path(strings.TrimPrefix(string(b.Open), "/")), URL: b.Link, Labels: b.Label})
	}
	var err error
	a.When, err = f.when()
	return a, err
}

// check refuses what is misspelt: it would silently reach nobody.
func (f fileAudience) check(site *flows.Site) error {
	for _, code := range f.Countries {
		if !flows.KnownCountry(code) {
			return fmt.Errorf("audience: countries: there is no country %q; write its code, such as VN", code)
		}
	}
	for _, lang := range f.Languages {
		if !site.Words().Knows(lang) {
			return fmt.Errorf("audience: languages: there is no language %q", lang)
		}
	}
	for _, kind := range f.Kinds {
		if !slices.Contains(flows.GroupKinds(), kind) {
			return fmt.Errorf("audience: kinds: %q is none of %s", kind, strings.Join(flows.GroupKinds(), ", "))
		}
	}
	for _, platform := range f.Platforms {
		if known := []bot.Name{telegram.Name, discord.Name}; !slices.Contains(known, bot.Name(platform)) {
			return fmt.Errorf("audience: platforms: %q is none of %v", platform, known)
		}
	}
	return nil
}

// clockLayout is how a time of day is written in a file.
const clockLayout = "2006-01-02T15:04"

// localZone is what stands for each receiver's own clock.
const localZone = "local"

func (f *announceFile) when() (flows.When, error) {
	if f.At == "" {
		return flows.When{}, nil
	}
	zone := time.UTC
	if f.Zone != "" && f.Zone != localZone {
		known, err := time.LoadLocation(f.Zone)
		if err != nil {
			return flows.When{}, fmt.Errorf("zone: there is no time zone %q", f.Zone)
		}
		zone = known
	}
	for _, layout := range []string{time.RFC3339, clockLayout, "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, f.At, zone); err == nil {
			return flows.When{At: at.Unix(), Local: f.Zone == localZone}, nil
		}
	}
	return flows.When{}, fmt.Errorf("at: write it as 2026-12-01T08:00")
}
