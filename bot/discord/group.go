package discord

import (
	"context"
	"net/http"
	"strconv"

	"notalone/bot"
	"notalone/flows"
)

// postsPerSecond leaves the rest of the 45 calls a second to replies.
const postsPerSecond = 30

// Manages implements bot.Adapter. Every interaction tells it by itself; words do
// not, and what manages a server is never done by words.
func (*Adapter) Manages(_ context.Context, ev *bot.Event) (bool, error) {
	return !ev.Shared || ev.Manager == flows.Yes, nil
}

// Post implements bot.Adapter. Discord's polls know no right answer, so a quiz is
// a page with buttons. A repetition with the same nonce arrives once.
func (a *Adapter) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	if post.Page == nil || post.Page.Sensitive {
		return bot.Sent{}, refusal("post")
	}
	sent, err := a.say(ctx, place, a.render(post.Page), nonce)
	return sent, repeatable(err)
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

// say writes a message into a chat. The nonce makes Discord answer a repetition
// with the message that is there already.
func (a *Adapter) say(ctx context.Context, place bot.Address, fields []byte, nonce string) (bot.Sent, error) {
	nonce = nonce[max(0, len(nonce)-maxNonce):]
	body := object(fields, `,"flags":`+strconv.Itoa(flagPlain)+`,"nonce":`+strconv.Quote(nonce)+`,"enforce_nonce":true`)
	answer, err := a.rest.call(ctx, http.MethodPost, messagesOf(place), body)
	if err != nil {
		return bot.Sent{}, a.orOut(ctx, place, err)
	}
	return bot.Sent{Message: messageID(answer)}, nil
}

// messagesOf is where a place's messages are: of a server, in one of its channels.
func messagesOf(place bot.Address) string {
	channel := place.Chat()
	if place.Thread() != "" {
		channel = place.Thread()
	}
	return "channels/" + channel + "/messages"
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

// Rate implements bot.Adapter.
func (*Adapter) Rate() float64 { return postsPerSecond }
