package main

import (
	"notalone/bot/discord"
	"notalone/bot/telegram"
	"notalone/flows"
	"notalone/i18n"
)

// commandText is what a platform's menu says about a command, by language.
func commandText(words *i18n.Catalog, name string) map[i18n.Lang]string {
	text := map[i18n.Lang]string{}
	for _, lang := range words.Langs() {
		text[lang] = words.Line(lang, i18n.Key("command."+name))
	}
	return text
}

func telegramCommands(words *i18n.Catalog) []telegram.Command {
	commands := make([]telegram.Command, 0, len(flows.Commands()))
	for _, c := range flows.Commands() {
		commands = append(commands, telegram.Command{Name: c.Name, For: c.For, Text: commandText(words, c.Name)})
	}
	return commands
}

func discordCommands(words *i18n.Catalog) []discord.Command {
	commands := make([]discord.Command, 0, len(flows.Commands()))
	for _, c := range flows.Commands() {
		labels := map[i18n.Lang]string{}
		for _, lang := range words.Langs() {
			labels[lang] = words.Line(lang, i18n.Key("label."+c.Name))
		}
		command := discord.Command{Name: c.Name, Manage: c.For == flows.Managers, Names: labels, Descriptions: commandText(words, c.Name)}
		if c.TakesText() {
			command.Takes = commandText(words, c.Name+"_text")
		}
		commands = append(commands, command)
	}
	return commands
}
