package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"notalone/bot"
	"notalone/flows"
)

// Kinds of the first answer to an interaction, and flags of messages.
const (
	newMessage    = 4
	updateMessage = 7

	flagPlain   = 4  // links do not unfold into pictures
	flagWhisper = 64 // ephemeral

	ackBody          = `{"type":6}`
	deferBody        = `{"type":5}`
	deferWhisperBody = `{"type":5,"data":{"flags":64}}`
)

// maxNonce is Discord's limit.
const maxNonce = 25

// Answer implements bot.Adapter. A press costs one call, which acknowledges and
// edits at the same time.
func (a *Adapter) Answer(ctx context.Context, ev *bot.Event, page *flows.Page) (bot.Sent, error) {
	r, ok := ev.Reply.(*reply)
	if !ok {
		return bot.Sent{}, refusal("answer")
	}
	if page != nil && page.Sensitive && ev.Shared && !r.whispers {
		return bot.Sent{}, refusal("answer for one person's eyes")
	}
	var fields []byte
	if page != nil {
		fields = a.render(page)
	}
	var sent bot.Sent
	var err error
	switch {
	case r.token != "":
		sent, err = a.answerInteraction(ctx, ev, r, fields)
	case fields != nil && ev.Joined:
		sent, err = a.greet(ctx, ev, fields, r.nonce)
	case fields != nil:
		sent, err = a.say(ctx, ev.Place, fields, r.nonce)
	}
	return sent, repeatable(err)
}

func (a *Adapter) answerInteraction(ctx context.Context, ev *bot.Event, r *reply, fields []byte) (bot.Sent, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if fields == nil {
		return bot.Sent{}, a.acknowledge(ctx, r)
	}
	if r.standing == open {
		sent, err := a.first(ctx, ev, r, fields)
		switch {
		case err == nil:
			r.standing = answered
			return sent, nil
		case codeOf(err) == alreadyAnswered: // deferred by a double of this event, or answered by a try whose answer was cut
			r.standing = thinking
		case expired(err):
			r.standing = lost
		default:
			return bot.Sent{}, err
		}
	}
	return a.later(ctx, ev, r, fields)
}

// first is the first answer to an interaction.
func (a *Adapter) first(ctx context.Context, ev *bot.Event, r *reply, fields []byte) (bot.Sent, error) {
	if r.inPlace(ev.Pressed) {
		_, err := a.rest.call(ctx, http.MethodPost, r.callback(), wrap(updateMessage, fields, flagPlain))
		return bot.Sent{}, err
	}
	address := r.callback()
	if !r.whispers { // the id is wanted to hide the message later; nobody can delete a whisper
		address += "?with_response=true"
	}
	answer, err := a.rest.call(ctx, http.MethodPost, address, wrap(newMessage, fields, r.flags()))
	if err != nil {
		return bot.Sent{}, err
	}
	return bot.Sent{Message: messageID(answer)}, nil
}

// later answers what was deferred, answered before or is too late for both.
func (a *Adapter) later(ctx context.Context, ev *bot.Event, r *reply, fields []byte) (bot.Sent, error) {
	deleted := r.standing == pending && !r.inPlace(ev.Pressed)
	if r.standing != lost && !deleted {
		answer, err := a.rest.call(ctx, http.MethodPatch, r.original(), object(fields, `,"flags":`+strconv.Itoa(flagPlain)))
		if err == nil {
			r.standing = max(r.standing, answered)
			if r.whispers || r.inPlace(ev.Pressed) {
				return bot.Sent{}, nil
			}
			return bot.Sent{Message: messageID(answer)}, nil
		}
		if !expired(err) {
			return bot.Sent{}, err
		}
		r.standing = lost
	}
	if r.whispers { // never in public instead
		return bot.Sent{}, refusal("late answer")
	}
	return a.say(ctx, ev.Place, fields, r.nonce)
}

// acknowledge ends the waiting of a press that changes nothing, and takes back
// the promise of a message that will not come.
func (a *Adapter) acknowledge(ctx context.Context, r *reply) error {
	var err error
	switch {
	case r.standing == open && r.press:
		_, err = a.rest.call(ctx, http.MethodPost, r.callback(), []byte(ackBody))
		if err == nil {
			r.standing = pending
		}
	case r.standing == thinking:
		_, err = a.rest.call(ctx, http.MethodDelete, r.original(), nil)
	}
	if codeOf(err) == alreadyAnswered || expired(err) {
		return nil
	}
	return err
}

func object(fields []byte, more string) []byte {
	body := make([]byte, 0, len(fields)+len(more)+2)
	body = append(append(body, '{'), fields...)
	return append(append(body, more...), '}')
}

func wrap(kind int, fields []byte, flags int) []byte {
	body := make([]byte, 0, len(fields)+48)
	body = append(strconv.AppendInt(append(body, `{"type":`...), int64(kind), 10), `,"data":{`...)
	body = append(append(body, fields...), `,"flags":`...)
	return append(strconv.AppendInt(body, int64(flags), 10), `}}`...)
}

// messageID finds the id of a new message. Without one the message is there all
// the same, it only cannot be hidden later.
func messageID(answer []byte) string {
	var m struct {
		ID       string `json:"id"`
		Resource struct {
			Message struct {
				ID string `json:"id"`
			} `json:"message"`
		} `json:"resource"`
	}
	if json.Unmarshal(answer, &m) != nil {
		return ""
	}
	if m.Resource.Message.ID != "" {
		return m.Resource.Message.ID
	}
	return m.ID
}
