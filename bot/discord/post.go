package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"notalone/bot"
	"notalone/bot/wire"
	"notalone/flows"
)

// usualLimit is how many calls a second Discord takes from a bot, answers to
// interactions not counted.
const usualLimit = 50

// Most implements bot.Adapter.
func (a *Adapter) Most() int { return a.o.Limit }

// Link implements bot.Adapter: nothing but a click opens a chat here, and on no page.
func (*Adapter) Link(flows.Path) string { return "" }

// Post implements bot.Adapter. Discord's polls know no right answer, so a quiz is
// a page with buttons. A repetition with the same nonce arrives once.
func (a *Adapter) Post(ctx context.Context, place bot.Address, post flows.Post, nonce string) (bot.Sent, error) {
	if post.File != nil {
		return a.postFile(ctx, place, post.File, nonce)
	}
	if post.Page == nil || post.Page.Sensitive {
		return bot.Sent{}, refusal("post")
	}
	sent, err := a.sayWith(ctx, place, a.render(post.Page), picture(post.Page), nonce)
	if err != nil {
		return sent, doubtful(err)
	}
	if post.Pin && isID(sent.Message) { // where the bot may not, the message stands there all the same
		_, _ = a.rest.call(ctx, http.MethodPut, "channels/"+channelOf(place)+"/messages/pins/"+sent.Message, nil)
	}
	if post.Spread && isID(sent.Message) { // refused outside channels of announcements
		_, _ = a.rest.call(ctx, http.MethodPost, messagesOf(place)+"/"+sent.Message+"/crosspost", nil)
	}
	return sent, nil
}

// doubtful makes what a gateway could not bring to an end uncertain: the message
// may stand all the same. Whoever repeats the post must do so while Discord knows
// its nonce.
func doubtful(err error) error {
	var fault *bot.SendError
	if !errors.As(err, &fault) || fault.Kind != bot.Passing {
		return err
	}
	if fault.Code != http.StatusBadGateway && fault.Code != http.StatusGatewayTimeout && (fault.Code < 520 || fault.Code > 529) {
		return err
	}
	again := *fault
	again.Kind = bot.Uncertain
	return &again
}

// Edit implements bot.Adapter.
func (a *Adapter) Edit(ctx context.Context, place bot.Address, message string, post flows.Post) error {
	if post.Page == nil || !isID(message) {
		return refusal("edit")
	}
	_, err := a.rest.call(ctx, http.MethodPatch, messagesOf(place)+"/"+message, object(a.render(post.Page), picture(post.Page)))
	return err
}

// picture is what a message says about its picture and its links: of links alone
// nothing unfolds.
func picture(page *flows.Page) string {
	if page.Picture == "" {
		return `,"flags":` + strconv.Itoa(flagPlain)
	}
	address, err := json.Marshal(page.Picture)
	if err != nil { // a string always encodes
		return ""
	}
	return `,"embeds":[{"image":{"url":` + string(address) + `}}]`
}

// say writes a message into a chat.
func (a *Adapter) say(ctx context.Context, place bot.Address, fields []byte, nonce string) (bot.Sent, error) {
	return a.sayWith(ctx, place, fields, `,"flags":`+strconv.Itoa(flagPlain), nonce)
}

func (a *Adapter) sayWith(ctx context.Context, place bot.Address, fields []byte, more, nonce string) (bot.Sent, error) {
	body := object(fields, more+once(nonce))
	answer, err := a.rest.call(ctx, http.MethodPost, messagesOf(place), body)
	if err != nil {
		return bot.Sent{}, a.orOut(ctx, place, err)
	}
	return bot.Sent{Message: messageID(answer)}, nil
}

func (a *Adapter) postFile(ctx context.Context, place bot.Address, file *flows.File, nonce string) (bot.Sent, error) {
	fields := `{"attachments":[{"id":"0","filename":` + strconv.Quote(file.Name) + `}]` + once(nonce) + `}`
	kind, body, err := wire.Form([]wire.Field{{Name: "payload_json", Value: fields}}, "files[0]", file.Name, file.Data)
	if err != nil {
		return bot.Sent{}, refusal("post")
	}
	answer, err := a.rest.send(ctx, http.MethodPost, messagesOf(place), kind, body)
	if err != nil {
		return bot.Sent{}, doubtful(a.orOut(ctx, place, err))
	}
	return bot.Sent{Message: messageID(answer)}, nil
}

// once makes Discord answer a repetition with the message that is there already.
func once(nonce string) string {
	return `,"nonce":` + strconv.Quote(nonce[max(0, len(nonce)-maxNonce):]) + `,"enforce_nonce":true`
}

// messagesOf is where a place's messages are: of a server, in one of its channels.
func messagesOf(place bot.Address) string { return "channels/" + channelOf(place) + "/messages" }

func channelOf(place bot.Address) string {
	if place.Thread() != "" {
		return place.Thread()
	}
	return place.Chat()
}
