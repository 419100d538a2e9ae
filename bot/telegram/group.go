package telegram

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// Manages implements bot.Adapter. Everybody manages their own private chat.
func (a *Adapter) Manages(ctx context.Context, ev *bot.Event) (bool, error) {
	if !ev.Shared || !ev.Person.Known() {
		return !ev.Shared, nil
	}
	var member struct {
		Status string `json:"status"`
	}
	f := a.api.get(ctx, "getChatMember", map[string]json.RawMessage{
		"chat_id": appendID(nil, ev.Place.Chat()), "user_id": appendID(nil, ev.Person.ID()),
	}, &member)
	return member.Status == "creator" || member.Status == "administrator", f.err()
}

// Post implements bot.Adapter. Telegram cannot tell a repetition, so the nonce
// is not used: what may have arrived is Uncertain and not posted again.
func (a *Adapter) Post(ctx context.Context, place bot.Address, post flows.Post, _ string) (bot.Sent, error) {
	method, tail := "sendMessage", []byte(nil)
	switch {
	case post.Poll != nil:
		method, tail = "sendPoll", renderPoll(post.Poll)
	case post.Page == nil || post.Page.Sensitive && shared(place):
		f := refusal(method)
		return bot.Sent{}, &f
	default:
		tail = a.tail(post.Page)
	}
	s, f := a.api.call(ctx, method, appendPlace(nil, place), tail)
	if f != nil {
		f.keepThread(place)
		return bot.Sent{}, f.err()
	}
	return sentMessage(&s), nil
}

// shared tells by the id: those of groups and channels are negative.
func shared(place bot.Address) bool { return strings.HasPrefix(place.Chat(), "-") }

// pollGrace is how much longer than planned a poll stays open by itself. We
// close it, which is the only way to hear the count; should we be down, Telegram
// does in the end.
const pollGrace = 2 * time.Hour

// renderPoll encodes a quiz poll, anonymous so that nobody is shown up.
func renderPoll(poll *flows.Poll) []byte {
	b := append([]byte(nil), `"type":"quiz","is_anonymous":true,"question":"`...)
	b = append(appendJSON(b, poll.Question), `","options":[`...)
	for i, choice := range poll.Choices {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSON(append(b, `{"text":"`...), choice), `"}`...)
	}
	b = strconv.AppendInt(append(b, `],"correct_option_ids":[`...), int64(poll.Right), 10)
	b = append(b, ']')
	if poll.Explanation != "" {
		b = append(appendJSON(append(b, `,"explanation":"`...), poll.Explanation), '"')
	}
	if !poll.Closes.IsZero() {
		b = strconv.AppendInt(append(b, `,"close_date":`...), poll.Closes.Add(pollGrace).Unix(), 10)
	}
	return append(b, '}')
}

// ClosePoll implements bot.Adapter.
func (a *Adapter) ClosePoll(ctx context.Context, place bot.Address, message string) ([]int, error) {
	var poll struct {
		Options []struct {
			Votes int `json:"voter_count"`
		} `json:"options"`
	}
	f := a.api.get(ctx, "stopPoll", map[string]json.RawMessage{
		"chat_id": appendID(nil, place.Chat()), "message_id": appendID(nil, message),
	}, &poll)
	if f != nil {
		f.keepThread(place)
		return nil, f.err()
	}
	votes := make([]int, len(poll.Options))
	for i, option := range poll.Options {
		votes[i] = option.Votes
	}
	return votes, nil
}

// Leave implements bot.Adapter.
func (a *Adapter) Leave(ctx context.Context, place bot.Address) error {
	return a.api.get(ctx, "leaveChat", map[string]json.RawMessage{"chat_id": appendID(nil, place.Chat())}, nil).err()
}

// postsPerSecond keeps below the 30 messages a second that Telegram takes from a
// bot over all chats.
const postsPerSecond = 25

// Rate implements bot.Adapter.
func (a *Adapter) Rate() float64 { return postsPerSecond }
