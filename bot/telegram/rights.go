package telegram

import (
	"context"
	"encoding/json"
	"strconv"

	"notalone/bot"
	"notalone/flows"
)

// about names a chat for a call.
func about(place bot.Address) map[string]json.RawMessage {
	return map[string]json.RawMessage{"chat_id": appendID(nil, place.Chat())}
}

// Lacks implements bot.Adapter. An administrator may write anywhere but in a
// channel, where that is a right of its own; a member what its group lets all do.
func (a *Adapter) Lacks(ctx context.Context, place bot.Address) ([]flows.Lack, error) {
	if !shared(place) {
		return nil, nil
	}
	var me struct {
		Status string `json:"status"`
		Posts  *bool  `json:"can_post_messages"` // in channels only
		Sends  bool   `json:"can_send_messages"` // of a restricted member
	}
	params := about(place)
	params["user_id"] = strconv.AppendInt(nil, a.me.Load().ID, 10)
	if f := a.api.get(ctx, "getChatMember", params, &me); f != nil {
		return nil, f.err()
	}
	switch {
	case me.Status == "administrator" && me.Posts != nil && !*me.Posts:
		return []flows.Lack{flows.LackPost}, nil
	case me.Status == "restricted" && !me.Sends:
		return []flows.Lack{flows.LackSpeak}, nil
	case me.Status != "member":
		return nil, nil
	}
	var group struct {
		All struct {
			Sends *bool `json:"can_send_messages"`
		} `json:"permissions"`
	}
	if f := a.api.get(ctx, "getChat", about(place), &group); f != nil {
		return nil, f.err()
	}
	if group.All.Sends != nil && !*group.All.Sends {
		return []flows.Lack{flows.LackSpeak}, nil
	}
	return nil, nil
}

// mostAsked bounds how many administrators are tried.
const mostAsked = 20

// Alert implements bot.Adapter: in the private chat of the first administrator who
// has one with the bot, its creator before the others.
func (a *Adapter) Alert(ctx context.Context, place bot.Address, page func(name string) *flows.Page) error {
	var chat struct {
		Title string `json:"title"`
	}
	if f := a.api.get(ctx, "getChat", about(place), &chat); f != nil {
		return f.err()
	}
	var admins []struct {
		Status string `json:"status"`
		User   struct {
			ID  int64 `json:"id"`
			Bot bool  `json:"is_bot"`
		} `json:"user"`
	}
	if f := a.api.get(ctx, "getChatAdministrators", about(place), &admins); f != nil {
		return f.err()
	}
	var people []int64
	for _, admin := range admins {
		switch {
		case admin.User.Bot:
		case admin.Status == "creator":
			people = append([]int64{admin.User.ID}, people...)
		default:
			people = append(people, admin.User.ID)
		}
	}
	tail := a.tail(page(chat.Title))
	var f *fault
	for _, person := range people[:min(len(people), mostAsked)] {
		to := bot.NewAddress(Name, strconv.FormatInt(person, 10), "")
		if _, f = a.api.call(ctx, "sendMessage", appendPlace(nil, to), tail); f == nil || f.Kind != bot.Gone && f.Kind != bot.Refused {
			return f.err()
		}
	}
	none := refusal("tell an administrator")
	return &none
}
