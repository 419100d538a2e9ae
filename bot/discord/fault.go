package discord

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"notalone/bot"
)

// Discord's codes that mean something to the bot.
const (
	unknownChannel     = 10003
	unknownGuild       = 10004
	unknownMessage     = 10008
	unknownWebhook     = 10015
	unknownInteraction = 10062
	alreadyAnswered    = 40060
	missingAccess      = 50001 // a channel that the bot cannot see
	cannotSend         = 50007 // the person takes no direct messages from the bot
	badWebhookToken    = 50027
	noMutualServer     = 50278
)

// Waits for a 429 that does not say how long.
const (
	defaultWait      = time.Second
	defaultCloudWait = time.Minute
)

// said is the body of a refusal. Only numbers of it are kept: its message may
// hold what was sent.
type said struct {
	Code       int     `json:"code"`
	RetryAfter float64 `json:"retry_after"`
	Global     bool    `json:"global"`
}

// newFault sorts a refusal into a kind.
func newFault(op string, res *http.Response, body []byte) (*bot.SendError, said) {
	var s said
	readable := json.Unmarshal(body, &s) == nil
	fault := &bot.SendError{Op: op, Code: s.Code}
	if fault.Code == 0 {
		fault.Code = res.StatusCode
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		fault.Kind, fault.RetryAfter = bot.Throttled, retryAfter(res.Header, s, readable)
	case res.StatusCode >= http.StatusInternalServerError:
		fault.Kind = bot.Passing
	case s.Code == cannotSend, s.Code == noMutualServer, s.Code == unknownChannel:
		fault.Kind = bot.Gone
	default:
		fault.Kind = bot.Refused
	}
	return fault, s
}

// retryAfter takes the finer figure of the body first; the page that stands
// before Discord has the header only.
func retryAfter(header http.Header, s said, readable bool) time.Duration {
	seconds, err := strconv.ParseFloat(header.Get("Retry-After"), 64)
	switch {
	case readable && s.RetryAfter > 0:
		seconds = s.RetryAfter
	case err != nil || seconds <= 0:
		if !readable {
			return defaultCloudWait
		}
		return defaultWait
	}
	return time.Duration(min(seconds, float64(24*60*60)) * float64(time.Second))
}

// fromCloud tells the 429 of the network before Discord from Discord's own.
func fromCloud(res *http.Response) bool {
	return res.StatusCode == http.StatusTooManyRequests && !strings.Contains(res.Header.Get("Content-Type"), "json")
}

// codeOf is Discord's code of a failed call, or 0.
func codeOf(err error) int {
	var fault *bot.SendError
	if errors.As(err, &fault) {
		return fault.Code
	}
	return 0
}

// expired reports whether an interaction, or what it answered with, is gone.
func expired(err error) bool {
	switch codeOf(err) {
	case unknownInteraction, unknownWebhook, badWebhookToken, unknownMessage, http.StatusNotFound:
		return true
	}
	return false
}

// repeatable makes an uncertain failure a passing one. Every answer of this
// adapter may be sent again: an interaction takes only its first answer, and a
// message carries a nonce.
func repeatable(err error) error {
	var fault *bot.SendError
	if errors.As(err, &fault) && fault.Kind == bot.Uncertain {
		again := *fault
		again.Kind = bot.Passing
		return &again
	}
	return err
}

func refusal(op string) error { return &bot.SendError{Kind: bot.Refused, Op: op} }
