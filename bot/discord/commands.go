package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"notalone/bot"
	"notalone/i18n"
)

// Discord's limits of a command.
const (
	maxCommandName  = 32
	maxDescription  = 100
	indonesian      = discordgo.Locale("id") // Discord has it, discordgo does not
	chatInput       = 1
	installOnServer = 0
	installOnUser   = 1
	inServer        = 0
	inSomeChat      = 2
)

// command is a slash command as Discord keeps it. Only these fields are compared.
type command struct {
	Type              int                         `json:"type"`
	Name              string                      `json:"name"`
	Names             map[discordgo.Locale]string `json:"name_localizations"`
	Description       string                      `json:"description"`
	Descriptions      map[discordgo.Locale]string `json:"description_localizations"`
	IntegrationTypes  []int                       `json:"integration_types"`
	Contexts          []int                       `json:"contexts"`
	MemberPermissions *int64                      `json:"default_member_permissions"`
	Options           []option                    `json:"options,omitempty"`
}

// option is the text that a command may take.
type option struct {
	Type         int                         `json:"type"`
	Name         string                      `json:"name"`
	Description  string                      `json:"description"`
	Descriptions map[discordgo.Locale]string `json:"description_localizations,omitempty"`
}

// optionName is shown beside what is typed, so it is the same in every language.
const optionName = "text"

// register keeps Discord's list of commands equal to ours: looked at whenever a
// session begins, written only when it differs.
func (a *Adapter) register(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.gateway.welcomed:
		}
		for a.registerOnce(ctx) && bot.Sleep(ctx, a.timing.commands) {
		}
	}
}

// registerOnce reports whether another try may succeed.
func (a *Adapter) registerOnce(ctx context.Context) (again bool) {
	changed, err := a.syncCommands(ctx, a.gateway.self.Load().app)
	var fault *bot.SendError
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		a.log.Warn("could not register the commands", "error", err)
		return errors.As(err, &fault) && fault.Kind != bot.Refused
	case changed:
		a.log.Info("commands registered", "commands", len(a.o.Commands))
	}
	return false
}

func (a *Adapter) syncCommands(ctx context.Context, app string) (changed bool, err error) {
	want := commands(a.o.Commands)
	address := "applications/" + app + "/commands"
	var have []command
	if err := a.rest.get(ctx, address+"?with_localizations=true", &have); err != nil {
		return false, err
	}
	if reflect.DeepEqual(ordered(have), ordered(want)) {
		return false, nil
	}
	body, err := json.Marshal(want)
	if err != nil {
		return false, err
	}
	_, err = a.rest.call(ctx, http.MethodPut, address, body)
	return err == nil, err
}

// ordered makes two lists comparable.
func ordered(list []command) []command {
	list = slices.Clone(list)
	for i := range list {
		c := &list[i]
		if len(c.Names) == 0 {
			c.Names = nil
		}
		if len(c.Descriptions) == 0 {
			c.Descriptions = nil
		}
		slices.Sort(c.IntegrationTypes)
		slices.Sort(c.Contexts)
	}
	slices.SortFunc(list, func(a, b command) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// commands are the commands in every locale that Discord has for our languages.
func commands(list []Command) []command {
	manageServer := int64(discordgo.PermissionManageGuild) // a number here, by Discord's own description
	all := make([]command, 0, len(list))
	taken := names{}
	for _, c := range list {
		taken.take("", c.Name)
	}
	for _, c := range list {
		made := command{
			Type: chatInput, Name: c.Name, Description: described(c.Descriptions[i18n.Fallback], c.Name),
			Names:            map[discordgo.Locale]string{},
			IntegrationTypes: []int{installOnServer, installOnUser}, Contexts: []int{inServer, inBotChat, inSomeChat},
		}
		if c.Manage { // there is nothing to manage where the bot is only somebody's own app
			made.IntegrationTypes, made.Contexts, made.MemberPermissions = []int{installOnServer}, []int{inServer}, &manageServer
		}
		for lang, name := range c.Names {
			for _, locale := range locales(lang) {
				name = strings.ToLower(strings.TrimSpace(name))
				if validName(name) && (name == c.Name || !taken[""][name]) && taken.take(locale, name) {
					made.Names[locale] = name
				}
			}
		}
		made.Descriptions = localized(c.Descriptions, c.Name)
		if c.Takes != nil {
			made.Options = []option{{
				Type: int(discordgo.ApplicationCommandOptionString), Name: optionName,
				Description: described(c.Takes[i18n.Fallback], optionName), Descriptions: localized(c.Takes, optionName),
			}}
		}
		all = append(all, made)
	}
	return all
}

// localized are descriptions by Discord's names of the languages.
func localized(texts map[i18n.Lang]string, name string) map[discordgo.Locale]string {
	all := map[discordgo.Locale]string{}
	for lang, text := range texts {
		for _, locale := range locales(lang) {
			all[locale] = described(text, name)
		}
	}
	return all
}

// names are the names in use, by locale; "" stands for the default ones.
type names map[discordgo.Locale]map[string]bool

// take reports whether the name was free.
func (n names) take(locale discordgo.Locale, name string) bool {
	if n[locale] == nil {
		n[locale] = map[string]bool{}
	}
	free := !n[locale][name]
	n[locale][name] = true
	return free
}

// locales are Discord's names of a language: one for each variety it knows.
func locales(lang i18n.Lang) []discordgo.Locale {
	if lang == i18n.Lang(indonesian) {
		return []discordgo.Locale{indonesian}
	}
	var all []discordgo.Locale
	for locale := range discordgo.Locales {
		base, _, _ := strings.Cut(string(locale), "-")
		if locale != discordgo.Unknown && (string(locale) == string(lang) || base == string(lang)) {
			all = append(all, locale)
		}
	}
	return all
}

// validName keeps to Discord's rule: 1 to 32 small letters, digits, '-', '_' and
// "'", in any script.
func validName(name string) bool {
	if name == "" || utf8.RuneCountInString(name) > maxCommandName || strings.ToLower(name) != name {
		return false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("-_'", r) && !unicode.In(r, unicode.Devanagari, unicode.Thai) {
			return false
		}
	}
	return true
}

func described(text, name string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return name
	}
	if utf8.RuneCountInString(text) > maxDescription {
		return string([]rune(text)[:maxDescription-1]) + "…"
	}
	return text
}
