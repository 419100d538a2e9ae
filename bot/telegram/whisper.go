package telegram

import (
	"context"
	"strconv"
	"sync"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// Whispers are messages in a group that one member alone sees (ephemeral
// messages, Bot API 10.2). Any bot may whisper in answer to a press or to a
// command that was itself a whisper, for 15 seconds; an administrator may at any
// time. A server that does not know them refuses the parameters, or ignores them
// and posts for all to see: nothing sensitive is whispered before it was seen to
// work, and one failure ends the attempts for a while.
const (
	whisperFor   = 12 * time.Second // of the 15, with time for the way
	refusedFor   = time.Hour
	whisperChats = 10_000
)

// whisper remembers whether and where whispers work.
type whisper struct {
	now    func() time.Time
	known  chan struct{} // closed once the server has shown that it knows them
	learn  func()
	mu     sync.Mutex
	proven bool
	off    time.Time            // the server seems to know none; not tried before this
	free   map[string]bool      // chats where none has to be asked for: the bot is an administrator
	denied map[string]time.Time // chats where one that was not asked for is refused, until then
}

func newWhisper(now func() time.Time) *whisper {
	known := make(chan struct{})
	return &whisper{
		now: now, known: known, learn: sync.OnceFunc(func() { close(known) }),
		free: map[string]bool{}, denied: map[string]time.Time{},
	}
}

// asked reports whether the event itself entitles to a whisper.
func (w *whisper) asked(r *reply) bool {
	return (r.query != "" || r.whisper != 0) && w.now().Sub(r.at) < whisperFor
}

// works reports whether a whisper in answer to the event is sure to be one.
func (w *whisper) works(ev *bot.Event) bool {
	r, _ := ev.Reply.(*reply)
	if r == nil || !r.group || !ev.Person.Known() {
		return false
	}
	asked := w.asked(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.proven && (asked || w.free[ev.Place.Chat()])
}

// mayWork reports whether to try one. Words that came as a whisper are from a
// server that knows them.
func (w *whisper) mayWork(ev *bot.Event, r *reply) bool {
	if !r.group || !ev.Shared || !ev.Person.Known() {
		return false
	}
	asked := w.asked(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.whisper == 0 && w.now().Before(w.off) {
		return false
	}
	return asked || w.now().After(w.denied[ev.Place.Chat()])
}

// worked notes that an answer was seen by its receiver alone.
func (w *whisper) worked(ev *bot.Event, r *reply) {
	asked := w.asked(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.proven, w.off = true, time.Time{}
	w.learn()
	if !asked && len(w.free) < whisperChats {
		w.free[ev.Place.Chat()] = true
	}
}

// refused notes that a whisper was refused: for a chat, if it was not asked for,
// and for all of them on a server that has not shown to know any.
func (w *whisper) refused(ev *bot.Event, r *reply) {
	asked := w.asked(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.proven {
		w.off = w.now().Add(refusedFor)
	}
	if asked { // it should have worked: the next one has to prove it again
		w.proven = false
		return
	}
	delete(w.free, ev.Place.Chat())
	if len(w.denied) >= whisperChats {
		clear(w.denied)
	}
	w.denied[ev.Place.Chat()] = w.now().Add(refusedFor)
}

// failed forgets all: what was to be a whisper was not.
func (w *whisper) failed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.proven, w.off = false, w.now().Add(refusedFor)
	clear(w.free)
}

// sendWhisper sends a message to the asker alone. One that turns out to be
// public and must not be is deleted at once.
func (a *Adapter) sendWhisper(ctx context.Context, ev *bot.Event, r *reply, page *flows.Page) (bot.Sent, *fault) {
	body := appendWhisper(appendReply(nil, ev, r, true), ev, r)
	s, f := a.callAt(ctx, "sendMessage", ev.Place, body, a.tail(page))
	if f != nil {
		if f.Kind == bot.Refused && secret(ev, page) {
			a.whisper.refused(ev, r)
		}
		return bot.Sent{}, f
	}
	public, whispered := s.sentIDs()
	if s.bad || public == 0 && whispered == 0 { // an answer cut off tells neither way, and there is nothing to take back by
		return bot.Sent{}, nil
	}
	if whispered != 0 {
		a.whisper.worked(ev, r)
		return bot.Sent{}, nil
	}
	a.whisper.failed()
	if secret(ev, page) {
		a.takeBack(ctx, ev.Place, public)
		return bot.Sent{}, &fault{SendError: refusal("sendMessage")}
	}
	return bot.Sent{Message: strconv.FormatInt(public, 10)}, nil
}

// appendWhisper names the receiver as Bot API 10.2 wants it and as 10.3 does.
func appendWhisper(b []byte, ev *bot.Event, r *reply) []byte {
	receiver := appendID([]byte(`"receiver_user_id":`), ev.Person.ID())
	if r.query != "" {
		receiver = appendJSON(append(receiver, `,"callback_query_id":"`...), r.query)
		receiver = append(receiver, '"')
	}
	b = append(append(b, receiver...), `,"ephemeral_message_parameters":{`...)
	return append(append(b, receiver...), `},`...)
}

// takeBack deletes what should not have been public, even when ctx is over.
func (a *Adapter) takeBack(ctx context.Context, place bot.Address, id int64) {
	a.log.Error("a private answer was posted for all to see and is being deleted; no more are sent to groups")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
	defer cancel()
	var pauses backoff
	for {
		left, err := a.Delete(ctx, place, []string{strconv.FormatInt(id, 10)})
		if err == nil && left == 0 || !bot.Sleep(ctx, pauses.next(&fault{})) {
			return
		}
	}
}

// editWhisper edits the message that only the presser sees.
func (a *Adapter) editWhisper(ctx context.Context, ev *bot.Event, r *reply, page *flows.Page) *fault {
	which := appendID([]byte(`"receiver_user_id":`), ev.Person.ID())
	which = strconv.AppendInt(append(which, `,"ephemeral_message_id":`...), r.whisper, 10)
	which = append(which, ',')
	_, f := a.callAt(ctx, "editEphemeralMessageText", bot.NewAddress(Name, ev.Place.Chat(), ""), which, a.tail(page))
	return f
}
