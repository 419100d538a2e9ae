package telegram

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"notalone/bot"
)

// A fault is a failed call. What Telegram said about it decides what to do next
// and goes no further: descriptions may hold names.
type fault struct {
	bot.SendError
	said string
}

// err is the fault as the shell knows it; nil stays nil.
func (f *fault) err() error {
	if f == nil {
		return nil
	}
	return &f.SendError
}

// moved reports whether the group goes on under another id.
func (f *fault) moved() bool { return f != nil && f.MovedTo != bot.Address{} }

// keepThread completes a group's new address by the topic of the old one.
func (f *fault) keepThread(old bot.Address) {
	if f.moved() {
		f.MovedTo = bot.NewAddress(Name, f.MovedTo.Chat(), old.Thread())
	}
}

// refusal is the error of what must not be sent, or cannot be.
func refusal(method string) bot.SendError { return bot.SendError{Kind: bot.Refused, Op: method} }

// newFault sorts what the library returned into a kind.
func newFault(method string, x *exchange, err error) *fault {
	f := &fault{SendError: bot.SendError{Op: method, Code: x.status}}
	var said *tgbotapi.Error
	switch {
	case errors.As(err, &said):
		f.said = said.Message
		if said.MigrateToChatID != 0 {
			f.MovedTo = bot.NewAddress(Name, strconv.FormatInt(said.MigrateToChatID, 10), "")
		}
		if said.Code != 0 { // an upload's error comes without
			f.Code = said.Code
		}
		f.RetryAfter = time.Duration(said.RetryAfter) * time.Second
		f.Kind = f.kindOfAnswer()
	case x.status == http.StatusGatewayTimeout:
		f.Kind = bot.Uncertain // the server behind the gateway may still carry it out
	case x.status >= http.StatusBadRequest:
		f.Kind = bot.Passing // a proxy's page or a server that is starting
	case x.status != 0 || x.taken.Load():
		f.Kind = bot.Uncertain // cut off after the request had gone out
	default:
		f.Kind = bot.Passing
	}
	return f
}

func (f *fault) kindOfAnswer() bot.SendKind {
	switch {
	case f.RetryAfter > 0:
		return bot.Throttled
	case f.Code == http.StatusTooManyRequests:
		f.RetryAfter = time.Second
		return bot.Throttled
	case f.saysAny("CHAT_WRITE_FORBIDDEN", "not enough rights", "have no rights", "CHAT_SEND_", "TOPIC_"): // mended by who manages the chat
		return bot.Refused
	case f.Code == http.StatusForbidden, f.saysAny("chat not found", "PEER_ID_INVALID", "user is deactivated"):
		return bot.Gone
	case f.Code >= http.StatusInternalServerError, f.Code == http.StatusConflict:
		return bot.Passing
	default:
		return bot.Refused
	}
}

func (f *fault) saysAny(phrases ...string) bool {
	for _, phrase := range phrases {
		if strings.Contains(f.said, phrase) {
			return true
		}
	}
	return false
}

// tokenRefused reports whether Telegram knows no such bot. It says so with 401,
// and with 404 to what cannot be a token at all.
func (f *fault) tokenRefused() bool {
	return f.said != "" && (f.Code == http.StatusUnauthorized || f.Code == http.StatusNotFound)
}

// unchanged reports whether an edit found what it wanted to write.
func (f *fault) unchanged() bool { return f != nil && f.saysAny("message is not modified") }

// uneditable reports whether a message is out of reach, so that a new one has to
// take its place.
func (f *fault) uneditable() bool {
	return f != nil && f.saysAny("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID",
		"there is no text in the message to edit", "message identifier is not specified", "MESSAGE_NOT_FOUND", "MESSAGE_EDIT_TIME_EXPIRED")
}
