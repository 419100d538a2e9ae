package discord

import (
	"context"
	"net/http"
	"strconv"

	"notalone/bot"
	"notalone/flows"
)

// postsPerSecond keeps below the 50 requests a second that Discord takes from a
// bot, with room for replies in direct messages.
const postsPerSecond = 40

// Manages implements bot.Adapter. Every interaction tells it by itself; words do
// not, and what manages a server is never done by words.
func (*Adapter) Manages(_ context.Context, ev *bot.Event) (bool, error) {
	return ev.Manager == flows.Yes, nil
}

// Post implements bot.Adapter. Discord's polls know no right answer, so a quiz is
// a page with buttons. A repetition with the same nonce arrives once.
func (a *Adapter) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	if post.Page == nil || post.Page.Sensitive {
		return bot.Sent{}, refusal("post")
	}
	answer, err := a.say(ctx, place, a.pages.render(post.Page), nonce)
	return answer, repeatable(err)
}

// say writes a message into a chat. The nonce makes Discord answer a repetition
// with the message that is there already.
func (a *Adapter) say(ctx context.Context, place bot.Address, fields []byte, nonce string) (bot.Sent, error) {
	nonce = nonce[max(0, len(nonce)-maxNonce):]
	body := object(fields, `,"flags":`+strconv.Itoa(flagPlain)+`,"nonce":`+strconv.Quote(nonce)+`,"enforce_nonce":true`)
	answer, err := a.rest.call(ctx, http.MethodPost, "channels/"+place.Chat()+"/messages", body)
	if err != nil {
		return bot.Sent{}, err
	}
	return bot.Sent{Message: messageID(answer)}, nil
}

// ClosePoll implements bot.Adapter: no native poll is ever posted here.
func (*Adapter) ClosePoll(context.Context, bot.Address, string) ([]int, error) {
	return nil, refusal("close a poll")
}

// Leave implements bot.Adapter. A channel does not name its server, so the bot is
// removed by those who manage it.
func (*Adapter) Leave(context.Context, bot.Address) error { return refusal("leave") }

// Rate implements bot.Adapter.
func (*Adapter) Rate() float64 { return postsPerSecond }
