package telegram

import (
	"context"
	"slices"

	"notalone/flows"
	"notalone/i18n"
)

// scope is where a list of commands is shown.
type scope struct {
	Type string `json:"type"`
}

// A list is what one scope shows, and to whom.
type list struct {
	in      scope
	to      flows.Audience
	whisper bool
}

// lists are the lists kept. In groups the commands are whispers once the server has
// shown that it knows them: who asks for help there is seen asking by nobody.
func lists() []list {
	return []list{
		{in: scope{"all_private_chats"}, to: flows.Alone},
		{in: scope{"all_group_chats"}, to: flows.Members, whisper: true},
		{in: scope{"all_chat_administrators"}, to: flows.Managers, whisper: true},
	}
}

// menuItem is a command as Telegram knows it.
type menuItem struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	Whisper     bool   `json:"is_ephemeral,omitempty"`
}

// A menu is one list: for a scope and a language, "" being everybody else's.
type menu struct {
	Commands []menuItem `json:"commands,omitempty"`
	Scope    scope      `json:"scope"`
	Lang     string     `json:"language_code,omitempty"`
}

// register puts the commands and the profile's texts in place. None of it is
// worth keeping the bot from working.
func (a *Adapter) register(ctx context.Context) {
	a.registerMenus(ctx, false)
	a.registerText(ctx, "MyShortDescription", "short_description", a.o.Short)
	a.registerText(ctx, "MyDescription", "description", a.o.Long)
	select {
	case <-a.whisper.known:
		a.registerMenus(ctx, true)
	case <-ctx.Done():
	}
}

func (a *Adapter) registerMenus(ctx context.Context, whispers bool) {
	for _, list := range lists() {
		for _, lang := range a.menuLangs() {
			a.registerMenu(ctx, list, lang, whispers)
		}
	}
}

// menuLangs are the languages with a list of their own, the fallback first: it
// is the list of all who speak none of the others.
func (a *Adapter) menuLangs() []i18n.Lang {
	var langs []i18n.Lang
	for _, command := range a.o.Commands {
		for lang := range command.Text {
			if !slices.Contains(langs, lang) && (lang == i18n.Fallback || len(lang) == 2) {
				langs = append(langs, lang)
			}
		}
	}
	slices.Sort(langs)
	return langs
}

func code(lang i18n.Lang) string {
	if lang == i18n.Fallback {
		return ""
	}
	return string(lang)
}

func (a *Adapter) menu(list list, lang i18n.Lang, whispers bool) menu {
	m := menu{Scope: list.in, Lang: code(lang)}
	for _, command := range a.o.Commands {
		if command.For&list.to == 0 {
			continue
		}
		text := command.Text[lang]
		if text == "" {
			text = command.Text[i18n.Fallback]
		}
		if text != "" {
			m.Commands = append(m.Commands, menuItem{Command: command.Name, Description: text, Whisper: list.whisper && whispers})
		}
	}
	return m
}

// registerMenu sets a list unless it stands so already. A server that returns
// whispers knows them, from before this start.
func (a *Adapter) registerMenu(ctx context.Context, list list, lang i18n.Lang, whispers bool) {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	var now []menuItem
	f := a.api.get(ctx, "getMyCommands", menu{Scope: list.in, Lang: code(lang)}, &now)
	m := a.menu(list, lang, whispers || slices.ContainsFunc(now, func(item menuItem) bool { return item.Whisper }))
	if f == nil && !slices.Equal(now, m.Commands) {
		f = a.api.get(ctx, "setMyCommands", m, nil)
	}
	a.unregistered(ctx, f)
}

// registerText sets one of the profile's texts in each language, if given.
func (a *Adapter) registerText(ctx context.Context, what, field string, texts map[i18n.Lang]string) {
	for lang, text := range texts {
		within, cancel := context.WithTimeout(ctx, callWithin)
		params := map[string]string{"language_code": code(lang)}
		now := map[string]string{}
		f := a.api.get(within, "get"+what, params, &now)
		if f == nil && now[field] != text {
			params[field] = text
			f = a.api.get(within, "set"+what, params, nil)
		}
		a.unregistered(within, f)
		cancel()
	}
}

func (a *Adapter) unregistered(ctx context.Context, f *fault) {
	if f != nil && ctx.Err() == nil {
		a.log.Warn("a part of the bot's menu or profile could not be set", "call", f.Op, "kind", f.Kind.String(), "code", f.Code)
	}
}
