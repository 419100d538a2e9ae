package discord

import (
	"context"
	"sync"
	"time"
)

// standing is how far the answer to an interaction has come.
type standing uint8

const (
	open     standing = iota // Discord waits for the first answer, 3 seconds
	thinking                 // told to wait with a message that is still to be filled
	pending                  // a press that was acknowledged; its message may be edited
	answered                 // shown; further words replace it
	lost                     // too late: only the chat itself can still be written to
)

// A reply is what the answer to an event needs. Typed words have none of the
// interaction's fields and are answered in their channel.
type reply struct {
	nonce       string // the same however often the answer is tried
	interaction string
	app         string
	token       string
	whispers    bool // seen by the person alone: others read along here
	press       bool
	onWhisper   bool // the pressed message is itself for the person alone

	mu       sync.Mutex // one answer at a time: the deferral may come between
	standing standing
	timer    *time.Timer
}

// original is the address of what an interaction was answered with.
func (r *reply) original() string {
	return "webhooks/" + r.app + "/" + r.token + "/messages/@original"
}

// flags of a new message.
func (r *reply) flags() int {
	if r.whispers {
		return flagPlain | flagWhisper
	}
	return flagPlain
}

// inPlace reports whether the answer takes the place of the pressed message. One
// that everybody sees stays as it is; pressed is empty when it was deleted.
func (r *reply) inPlace(pressed string) bool {
	if r.whispers {
		return r.press && r.onWhisper
	}
	return r.press && pressed != ""
}

// deferWithin bounds the call that tells Discord to wait.
const deferWithin = 3 * time.Second

// start begins the time in which an interaction must be answered or deferred.
func (a *Adapter) start(r *reply, pressed string) {
	if r.token == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = time.AfterFunc(a.timing.deferAfter, func() { a.deferAnswer(r, pressed) })
}

// settle ends that time: the event was answered or given up.
func (r *reply) settle() {
	if r.token == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer.Stop()
}

// deferAnswer asks for more time when the bot is slow: Discord drops an
// interaction after 3 seconds, and keeps a deferred one for 15 minutes. Who will
// see the answer has to be said here.
func (a *Adapter) deferAnswer(r *reply, pressed string) {
	ctx, cancel := context.WithTimeout(context.Background(), deferWithin)
	defer cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.standing != open {
		return
	}
	body, next := deferBody, thinking
	switch {
	case r.inPlace(pressed):
		body, next = ackBody, pending
	case r.whispers:
		body = deferWhisperBody
	}
	_, err := a.rest.call(ctx, "POST", r.callback(), []byte(body))
	switch {
	case err == nil, codeOf(err) == alreadyAnswered:
		r.standing = next
	case expired(err):
		r.standing = lost
	}
}

func (r *reply) callback() string {
	return "interactions/" + r.interaction + "/" + r.token + "/callback"
}
