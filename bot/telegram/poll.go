package telegram

import (
	"bytes"
	"compress/flate"
	"context"
	"runtime/debug"
	"strconv"
	"time"

	"notalone/bot"
)

// Pauses between polls while updates are in hand, and limits of the ending.
const (
	pollAgain     = 25 * time.Millisecond
	pollAgainMost = 100 * time.Millisecond // when polls bring nothing new
	finishWithin  = 10 * time.Second
	confirmWithin = 2 * time.Second
)

// wanted are the updates asked for. Without the list Telegram keeps to the one
// of an earlier run.
const wanted = `["message","channel_post","callback_query","my_chat_member"]`

// A poller receives updates by long polling.
type poller struct {
	*Adapter
	inbox  bot.Inbox
	window *window
	buffer []byte
	quiet  int  // polls in a row that brought nothing new
	heard  bool // the last poll was answered

	rush      time.Time // the last poll that brought all it could
	shelfBack time.Time // the shelf is left alone until then
	restored  bool      // what lay there at the start is in hand
	packer    *flate.Writer
}

// runPolling polls until ctx ends, then lets what is in hand be answered and
// confirms it.
func (a *Adapter) runPolling(ctx context.Context, inbox bot.Inbox) error {
	err := a.insist(ctx, func(ctx context.Context) *fault { return a.api.get(ctx, "deleteWebhook", struct{}{}, nil) })
	if err != nil {
		return err
	}
	p := &poller{Adapter: a, inbox: inbox, window: newWindow(a.now)}
	var pauses backoff
	for ctx.Err() == nil {
		p.restore(ctx)
		f := p.poll(ctx)
		switch {
		case ctx.Err() != nil:
		case f == nil:
			p.heard = true
			a.health.hear(a.now())
			pauses = backoff{}
			p.pause(ctx)
		case f.tokenRefused():
			return errToken
		default:
			p.heard = false
			a.health.fails(f, a.now())
			bot.Sleep(ctx, pauses.next(f))
		}
	}
	p.finish(ctx)
	return nil
}

// pause waits until a further poll is worth its while.
func (p *poller) pause(ctx context.Context) {
	if p.rushing() {
		bot.Sleep(ctx, rushPause)
	}
	p.window.wait(ctx, min(pollAgain<<min(p.quiet, 8), pollAgainMost))
}

func (p *poller) rushing() bool { return p.now().Sub(p.rush) < rushFor }

// poll asks for updates once and hands the new ones over.
func (p *poller) poll(ctx context.Context) *fault {
	select {
	case <-p.window.moved: // what it tells is in the offset
	default:
	}
	offset, idle := p.window.offset()
	patience := time.Duration(0)
	if idle && p.heard { // else whether Telegram answers is to be known soon
		patience = longPoll
	}
	if p.o.Shelf != nil && !p.restored {
		patience = min(patience, shelfRest)
	}
	within, cancel := context.WithTimeout(ctx, patience+callWithin)
	defer cancel()
	s, buffer, f := p.api.poll(within, p.buffer, pollBody(offset, batchSize, patience))
	p.buffer = buffer
	if f != nil {
		return f
	}
	return p.takeIn(ctx, &s)
}

func pollBody(offset int64, limit int, patience time.Duration) []byte {
	body := append(make([]byte, 0, 160), `{"offset":`...)
	body = strconv.AppendInt(body, offset, 10)
	body = append(body, `,"limit":`...)
	body = strconv.AppendInt(body, int64(limit), 10)
	body = append(body, `,"timeout":`...)
	body = strconv.AppendInt(body, int64(patience/time.Second), 10)
	return append(append(body, `,"allowed_updates":`+wanted...), '}')
}

// takeIn goes through a batch, each update by itself.
func (p *poller) takeIn(ctx context.Context, s *scanner) *fault {
	fresh, n := 0, 0
	var presses []shelvable
	s.array(func() {
		s.peek()
		start := s.pos
		s.skip()
		n++
		switch {
		case s.bad:
			p.overBroken(s.data[start:], n == 1)
		case ctx.Err() == nil:
			item, press := p.one(ctx, s.data[start:s.pos])
			if item != nil {
				fresh++
			}
			if press != nil {
				presses = append(presses, shelvable{item, press})
			}
		}
	})
	if p.quiet++; fresh > 0 {
		p.quiet = 0
	}
	if s.bad {
		return passing("getUpdates")
	}
	if n >= batchSize {
		p.rush = p.now()
	}
	if p.rushing() {
		p.shelve(ctx, presses)
	}
	return nil
}

// one hands a single update over, unless it was seen before or is none of ours.
// It returns the press too, if it was one and is on its way to an answer.
func (p *poller) one(ctx context.Context, raw []byte) (*pending, *press) {
	u, err := parseUpdate(raw)
	if u.id == 0 {
		p.log.Warn("an update without an id was passed over")
		return nil, nil
	}
	item := p.window.receive(u.id)
	if item == nil {
		return nil, nil
	}
	ev := (*bot.Event)(nil)
	if err != nil {
		p.log.Warn("an update could not be read and was passed over")
	} else {
		ev = p.eventOf(&u)
	}
	if ev == nil {
		p.window.answered(item)
		return item, nil
	}
	if p.accept(ctx, p.inbox, ev, func() { p.answered(ctx, item) }) != nil {
		p.window.kept()
		return item, nil
	}
	return item, u.press
}

// answered ends an update's stay in the window, and its parcel's on the shelf
// when it was the last of it.
func (p *poller) answered(ctx context.Context, item *pending) {
	if parcel := p.window.answered(item); parcel != nil {
		p.unshelve(ctx, parcel.name)
	}
}

// overBroken steps over the first update of a batch if it breaks the JSON of the
// whole batch: it would come first in every poll to follow.
func (p *poller) overBroken(rest []byte, first bool) {
	_, after, found := bytes.Cut(rest[:min(len(rest), 200)], []byte(`"update_id":`))
	if !first || !found {
		return
	}
	s := scanner{data: after}
	if id := s.number(); !s.bad && id > 0 {
		p.log.Warn("an update broke its batch and was passed over")
		if item := p.window.receive(id); item != nil {
			p.window.answered(item)
		}
	}
}

// finish waits for the answers in hand and confirms what has been answered.
func (p *poller) finish(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	p.window.drain(ctx)
	cancel()
	offset, needed := p.window.unconfirmed()
	if !needed {
		return
	}
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), confirmWithin)
	defer cancel()
	if _, _, f := p.api.poll(ctx, nil, pollBody(offset, 1, 0)); f != nil {
		p.log.Warn("the last updates could not be confirmed; they will come again", "kind", f.Kind.String(), "code", f.Code)
	}
}

// eventOf makes the event and survives a fault in doing so.
func (a *Adapter) eventOf(u *update) (ev *bot.Event) {
	defer func() {
		if r := recover(); r != nil {
			a.log.Error("an update panicked and was passed over", "stack", string(debug.Stack()))
			ev = nil
		}
	}()
	return a.event(u)
}

// accept hands an event to the shell and has it watched until it is answered.
func (a *Adapter) accept(ctx context.Context, inbox bot.Inbox, ev *bot.Event, done func()) error {
	a.waiting.add(ev)
	err := inbox.Accept(ctx, ev, func() {
		a.waiting.drop(ev)
		if done != nil {
			done()
		}
	})
	if err != nil {
		a.waiting.drop(ev)
	}
	return err
}
