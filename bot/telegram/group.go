package telegram

import (
	"context"
	"encoding/json"
	"strconv"
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
