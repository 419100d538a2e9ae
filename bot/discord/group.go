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

// missingAccess is Discord's code for a channel that the bot cannot see.
const missingAccess = 50001

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
	sent, err := a.say(ctx, place, a.pages.render(post.Page), nonce)
	return sent, repeatable(err)
}

// say writes a message into a chat. The nonce makes Discord answer a repetition
// with the message that is there already.
func (a *Adapter) say(ctx context.Context, place bot.Address, fields []byte, nonce string) (bot.Sent, error) {
	nonce = nonce[max(0, len(nonce)-maxNonce):]
	body := object(fields, `,"flags":`+strconv.Itoa(flagPlain)+`,"nonce":`+strconv.Quote(nonce)+`,"enforce_nonce":true`)
	answer, err := a.rest.call(ctx, http.MethodPost, messagesOf(place), body)
	if err != nil {
		return bot.Sent{}, err
	}
	return bot.Sent{Message: messageID(answer)}, nil
}

func messagesOf(place bot.Address) string { return "channels/" + place.Chat() + "/messages" }

// ClosePoll implements bot.Adapter: no native poll is ever posted here.
func (*Adapter) ClosePoll(context.Context, bot.Address, string) ([]int, error) {
	return nil, refusal("close a poll")
}

// Leave implements bot.Adapter: the bot leaves the server that a channel is of.
func (a *Adapter) Leave(ctx context.Context, place bot.Address) error {
	var channel struct {
		Guild string `json:"guild_id"`
	}
	err := a.rest.get(ctx, "channels/"+place.Chat(), &channel)
	if code := codeOf(err); code == unknownChannel || code == missingAccess {
		return nil // out already
	}
	if err != nil {
		return err
	}
	if !isID(channel.Guild) {
		return refusal("leave")
	}
	_, err = a.rest.call(ctx, http.MethodDelete, "users/@me/guilds/"+channel.Guild, nil)
	return err
}

// Rate implements bot.Adapter.
func (*Adapter) Rate() float64 { return postsPerSecond }
