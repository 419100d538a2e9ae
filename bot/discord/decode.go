package discord

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"notalone/bot"
	"notalone/flows"
)

// inBotChat is the context of an interaction in the bot's own chat; the others
// are servers and chats between people.
const inBotChat = 1

var errMalformed = errors.New("a payload that is not what Discord documents")

// interaction holds the few fields that the bot reads of INTERACTION_CREATE.
type interaction struct {
	ID      string                    `json:"id"`
	App     string                    `json:"application_id"`
	Type    discordgo.InteractionType `json:"type"`
	Token   string                    `json:"token"`
	Guild   string                    `json:"guild_id"`
	Channel string                    `json:"channel_id"`
	Locale  string                    `json:"locale"`
	Context *int                      `json:"context"`
	User    *user                     `json:"user"`
	Member  *struct {
		User        *user  `json:"user"`
		Permissions string `json:"permissions"`
	} `json:"member"`
	Message *struct {
		ID    string                 `json:"id"`
		Flags discordgo.MessageFlags `json:"flags"`
	} `json:"message"`
	Data *struct {
		Name     string                  `json:"name"`
		CustomID string                  `json:"custom_id"`
		Kind     discordgo.ComponentType `json:"component_type"`
		Values   []string                `json:"values"`
		Options  []struct {
			Value any `json:"value"`
		} `json:"options"`
	} `json:"data"`
}

type user struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

// words holds the few fields of MESSAGE_CREATE. Files are only noticed.
type words struct {
	ID          string                `json:"id"`
	Type        discordgo.MessageType `json:"type"`
	Guild       string                `json:"guild_id"`
	Channel     string                `json:"channel_id"`
	Author      *user                 `json:"author"`
	Webhook     string                `json:"webhook_id"`
	Content     string                `json:"content"`
	Attachments []struct{}            `json:"attachments"`
	Stickers    []struct{}            `json:"sticker_items"`
	Mentions    []user                `json:"mentions"`
	Reference   *struct {
		Type discordgo.MessageReferenceType `json:"type"`
	} `json:"message_reference"`
	Snapshots []struct {
		Message snapshot `json:"message"`
	} `json:"message_snapshots"`
}

// snapshot is what a forwarded message holds.
type snapshot struct {
	Content     string     `json:"content"`
	Attachments []struct{} `json:"attachments"`
	Stickers    []struct{} `json:"sticker_items"`
}

// decode makes an event of a dispatch; nil when there is nothing to answer.
func decode(kind string, data []byte, self string, now time.Time) (*bot.Event, error) {
	switch kind {
	case "INTERACTION_CREATE":
		var in interaction
		if json.Unmarshal(data, &in) != nil {
			return nil, errMalformed
		}
		return in.event(now)
	case "MESSAGE_CREATE":
		var m words
		if json.Unmarshal(data, &m) != nil {
			return nil, errMalformed
		}
		return m.event(self, now)
	}
	return nil, nil
}

func (in *interaction) event(now time.Time) (*bot.Event, error) {
	person := in.User
	if in.Member != nil && in.Member.User != nil {
		person = in.Member.User
	}
	if in.Type != discordgo.InteractionApplicationCommand && in.Type != discordgo.InteractionMessageComponent {
		return nil, nil
	}
	if person == nil || in.Data == nil || !isID(in.ID) || !isID(in.App) || !isID(in.Channel) || in.Guild != "" && !isID(in.Guild) || !isID(person.ID) || !isToken(in.Token) {
		return nil, errMalformed
	}
	ev := &bot.Event{
		ID: "dc:" + in.ID, Person: bot.NewPerson(Name, person.ID), Place: placeOf(in.Guild, in.Channel),
		Shared: in.shared(), Kind: kindOf(in.Guild), Manager: in.manager(), Locale: in.Locale, At: now,
	}
	r := &reply{nonce: ev.ID, interaction: in.ID, app: in.App, token: in.Token, whispers: ev.Shared}
	ev.Reply = r
	if in.Type == discordgo.InteractionApplicationCommand {
		ev.Path = path(in.Data.Name)
		if len(in.Data.Options) > 0 {
			text, _ := in.Data.Options[0].Value.(string)
			ev.Text = strings.TrimSpace(text)
		}
		return ev, nil
	}
	if in.Message == nil || !isID(in.Message.ID) {
		return nil, errMalformed
	}
	ev.Path, ev.Pressed = path(in.Data.CustomID), in.Message.ID
	switch {
	case len(in.Data.Values) == 0:
	case in.Data.Kind == discordgo.ChannelSelectMenuComponent:
		ev.Path = path(in.Data.CustomID + "/" + in.Data.Values[0])
	default:
		ev.Path = path(in.Data.Values[0])
	}
	r.press, r.onWhisper = true, in.Message.Flags&discordgo.MessageFlagsEphemeral != 0
	return ev, nil
}

// placeOf is a channel of a server, or a chat of its own.
func placeOf(server, channel string) bot.Address {
	if server == "" {
		return bot.NewAddress(Name, channel, "")
	}
	return bot.NewAddress(Name, server, channel)
}

// kindOf is a server, the only shared place that is posted to.
func kindOf(guild string) string {
	if guild == "" {
		return ""
	}
	return "server"
}

// shared reports whether others read along. An interaction that does not say
// where it was begun is from the time when only the bot's own chat had no server.
func (in *interaction) shared() bool {
	if in.Context != nil {
		return *in.Context != inBotChat
	}
	return in.Guild != ""
}

// manager reports whether the person may manage the server, or their own chat.
// Nobody manages a chat between people on the bot's behalf.
func (in *interaction) manager() flows.Answer {
	if !in.shared() {
		return flows.Yes
	}
	if in.Member != nil {
		permissions, err := strconv.ParseInt(in.Member.Permissions, 10, 64)
		if err == nil && permissions&(discordgo.PermissionManageGuild|discordgo.PermissionAdministrator) != 0 {
			return flows.Yes
		}
	}
	return flows.No
}

// event makes an event of what a person wrote: in the bot's chat, or elsewhere
// when the bot is named.
func (m *words) event(self string, now time.Time) (*bot.Event, error) {
	if m.Author == nil || !isID(m.ID) || !isID(m.Channel) || m.Guild != "" && !isID(m.Guild) || !isID(m.Author.ID) {
		return nil, errMalformed
	}
	if m.Author.Bot || m.Webhook != "" || m.Type != discordgo.MessageTypeDefault && m.Type != discordgo.MessageTypeReply {
		return nil, nil
	}
	ev := &bot.Event{
		ID: "dc:" + m.ID, Person: bot.NewPerson(Name, m.Author.ID), Place: placeOf(m.Guild, m.Channel),
		Shared: m.Guild != "", Kind: kindOf(m.Guild), At: now, Reply: &reply{nonce: "dc:" + m.ID},
	}
	text := m.Content
	if ev.Shared {
		if !m.mentions(self) {
			return nil, nil
		}
		text = strings.NewReplacer("<@"+self+">", " ", "<@!"+self+">", " ").Replace(text)
	}
	if m.forwarded() && !ev.Shared {
		first := m.Snapshots[0].Message
		text, m.Attachments, m.Stickers = first.Content, first.Attachments, first.Stickers
	}
	text = strings.TrimSpace(text)
	switch {
	case len(m.Attachments) > 0 || len(m.Stickers) > 0, text == "" && !ev.Shared:
		ev.Media, ev.Text = true, text
		ev.Forwarded = text != "" && m.forwarded() && !ev.Shared
	case text == "": // only called by name
		ev.Path = "home"
	default:
		ev.Text, ev.Forwarded = text, m.forwarded() && !ev.Shared
	}
	return ev, nil
}

// forwarded reports whether the message is somebody else's, passed on.
func (m *words) forwarded() bool {
	return m.Reference != nil && m.Reference.Type == discordgo.MessageReferenceTypeForward && len(m.Snapshots) > 0
}

func (m *words) mentions(self string) bool {
	for _, person := range m.Mentions {
		if person.ID == self && self != "" {
			return true
		}
	}
	return false
}

// path takes a command's name or a button's id; what is no path may be forged or
// from long ago.
func path(raw string) flows.Path {
	p, err := flows.ParsePath(raw)
	if err != nil {
		return "old"
	}
	return p
}

// isToken reports whether an interaction's token can stand in an address.
func isToken(token string) bool {
	return token != "" && len(token) < 1024 && strings.Trim(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=~+") == ""
}
