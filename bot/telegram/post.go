package telegram

import (
	"context"
	"strings"

	"notalone/bot"
	"notalone/bot/wire"
	"notalone/flows"
)

// Post implements bot.Adapter. Telegram cannot tell a repetition, so the nonce
// is not used: what may have arrived is Uncertain and not posted again.
func (a *Adapter) Post(ctx context.Context, place bot.Address, post flows.Post, _ string) (bot.Sent, error) {
	method, tail := "sendMessage", []byte(nil)
	switch {
	case post.File != nil:
		return a.postFile(ctx, place, post.File)
	case post.Poll != nil:
		method, tail = "sendPoll", renderPoll(post.Poll)
	case post.Page == nil || post.Page.Sensitive && shared(place):
		f := refusal(method)
		return bot.Sent{}, &f
	case post.Page.Picture != "":
		photo := appendJSON([]byte(`"photo":"`), post.Page.Picture)
		method, tail = "sendPhoto", append(append(photo, `",`...), a.tail(post.Page)...)
	default:
		tail = a.tail(post.Page)
	}
	s, f := a.api.call(ctx, method, appendPlace(nil, place), tail)
	if f != nil {
		f.keepThread(place)
		return bot.Sent{}, f.err()
	}
	sent := sentMessage(&s)
	if post.Pin && sent.Message != "" {
		a.pin(ctx, place, sent.Message)
	}
	return sent, nil
}

func (a *Adapter) postFile(ctx context.Context, place bot.Address, file *flows.File) (bot.Sent, error) {
	const method = "sendDocument"
	to := []wire.Field{{Name: "chat_id", Value: place.Chat()}}
	if thread := place.Thread(); thread != "" {
		to = append(to, wire.Field{Name: "message_thread_id", Value: thread})
	}
	kind, body, err := wire.Form(to, "document", file.Name, file.Data)
	if err != nil {
		f := refusal(method)
		return bot.Sent{}, &f
	}
	s, f := a.api.send(ctx, method, kind, body)
	if f != nil {
		return bot.Sent{}, f.err()
	}
	return sentMessage(&s), nil
}

// pin puts a message at the top of a group without a sound. Where the bot may
// not, the message stands there all the same.
func (a *Adapter) pin(ctx context.Context, place bot.Address, message string) {
	which := append(appendID([]byte(`"message_id":`), message), `,"disable_notification":true}`...)
	_, _ = a.api.call(ctx, "pinChatMessage", appendPlace(nil, bot.NewAddress(Name, place.Chat(), "")), which)
}

// Edit implements bot.Adapter. A picture stays as it is; its caption is edited.
func (a *Adapter) Edit(ctx context.Context, place bot.Address, message string, post flows.Post) error {
	if post.Page == nil {
		f := refusal("editMessageText")
		return &f
	}
	method := "editMessageText"
	if post.Page.Picture != "" {
		method = "editMessageCaption"
	}
	which := append(appendID([]byte(`"message_id":`), message), ',')
	_, f := a.callAt(ctx, method, bot.NewAddress(Name, place.Chat(), ""), which, a.tail(post.Page))
	if f.unchanged() {
		return nil
	}
	return f.err()
}

// shared tells by the id: those of groups and channels are negative.
func shared(place bot.Address) bool { return strings.HasPrefix(place.Chat(), "-") }

// Link implements bot.Adapter.
func (a *Adapter) Link(path flows.Path) string {
	name := a.me.Load().Name
	if name == "" { // not connected yet
		return ""
	}
	return privateLink(name, path)
}

// usualLimit is how many messages a second Telegram takes from a bot over all
// chats. Replies go out at once, and posts make room for them.
const usualLimit = 30

// Most implements bot.Adapter.
func (a *Adapter) Most() int { return a.o.Limit }
