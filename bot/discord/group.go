package discord

import (
	"context"
	"net/http"

	"notalone/bot"
	"notalone/flows"
)

// Manages implements bot.Adapter. Every interaction tells it by itself; words do
// not, and what manages a server is never done by words.
func (*Adapter) Manages(_ context.Context, ev *bot.Event) (bool, error) {
	return !ev.Shared || ev.Manager == flows.Yes, nil
}

// orOut sorts a channel out of reach: with the whole server, when the bot was
// removed while it was away, or alone, so that another can be chosen.
func (a *Adapter) orOut(ctx context.Context, place bot.Address, err error) error {
	code := codeOf(err)
	if place.Thread() == "" || code != unknownChannel && code != missingAccess {
		return err
	}
	var s struct{}
	kind := bot.Refused
	if now := codeOf(a.rest.get(ctx, "guilds/"+place.Chat(), &s)); now == unknownGuild || now == missingAccess {
		kind = bot.Gone
	}
	return &bot.SendError{Kind: kind, Op: "send", Code: code}
}

// ClosePoll implements bot.Adapter: no native poll is ever posted here.
func (*Adapter) ClosePoll(context.Context, bot.Address, string) ([]int, error) {
	return nil, refusal("close a poll")
}

// Leave implements bot.Adapter: the bot leaves the server. A chat between people is
// none that it is a member of.
func (a *Adapter) Leave(ctx context.Context, place bot.Address) error {
	if place.Thread() == "" {
		return refusal("leave")
	}
	_, err := a.rest.call(ctx, http.MethodDelete, "users/@me/guilds/"+place.Chat(), nil)
	if code := codeOf(err); code == unknownGuild || code == missingAccess {
		return nil // out already
	}
	return err
}
