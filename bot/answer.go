package bot

import (
	"cmp"
	"context"
	"runtime/debug"
	"time"

	"notalone/flows"
)

// carryOut does what a turn decided, then lets the update be confirmed.
func (b *Bot) carryOut(ctx context.Context, t *turned) {
	defer b.finish(t.job)
	sends := b.sends[t.event.Place.Platform()]
	sends <- struct{}{} // a slow platform keeps its own answers waiting, no other's
	defer func() { <-sends }()
	defer func() {
		if r := recover(); r != nil {
			b.meter.Dropped("panic")
			b.log.Error("an answer panicked", "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, worthFor)
	defer cancel()
	if t.event.Moved != (Address{}) {
		b.moved(ctx, t.event)
		return
	}
	b.effects(ctx, t)
}

// effects carries out what a turn decided. An event without an answer is
// acknowledged: a press must not spin.
func (b *Bot) effects(ctx context.Context, t *turned) {
	shown, message := false, ""
	var watch *flows.Watch
	for _, effect := range t.effects {
		switch effect := effect.(type) {
		case flows.NeedManager:
			b.askManager(ctx, t)
			return
		case flows.NeedLacks:
			b.askLacks(ctx, t, effect.Spot)
			return
		case flows.Vote:
			b.vote(ctx, t, effect)
			return
		case flows.Watch:
			watch = &effect
		case flows.DropFeed:
			b.dropFeed(ctx, t.event)
		case flows.Alert:
			b.alert(ctx, t, effect)
		case flows.Leave:
			b.leave(ctx, t.event)
			shown = true
		case flows.Show:
			message = b.show(ctx, t.job, effect.Page)
			shown = true
		case flows.Hide:
			b.hide(ctx, t, effect)
			shown = true
		case flows.Forget:
			b.forget(ctx, t.event)
		case flows.Count:
			b.keeper.count(effect.Name)
		default:
			if b.atDesk(ctx, t, effect) {
				return
			}
		}
	}
	if watch != nil {
		b.watch(ctx, t, watch, message)
	}
	if !shown && !t.event.Left && !t.event.Closed {
		_, _ = b.send(ctx, t.job, nil) // logged there; nobody waits for a mere acknowledgement
	}
}

// show answers with a page and remembers what the person now looks at. In private
// it tells which message it stands in.
func (b *Bot) show(ctx context.Context, j *job, page *flows.Page) string {
	if page.Fresh && j.event.Pressed != "" {
		beside := *j.event
		beside.Pressed = ""
		j = &job{event: &beside, came: j.came}
	}
	ev := j.event
	if page.Sensitive && ev.Shared && !b.adapters[ev.Place.Platform()].Can(ev).Has(flows.CanWhisper) {
		page = b.elsewhere(ev, page)
	}
	b.on.set(talk{ev.Person, ev.Place}, looking{at: cmp.Or(page.Again, page.Path), in: page.Lang})
	b.spoke(ev, page)
	sent, err := b.send(ctx, j, page)
	if err != nil && page.Sensitive && ev.Shared && AsSendError(err).Kind == Refused {
		_, _ = b.send(ctx, j, b.elsewhere(ev, page)) // it could not be private after all, and nobody is left without a way on
		return ""
	}
	if err != nil || ev.Shared {
		return ""
	}
	b.keeper.note(ev.Person, ev.Message, sent.Message)
	return cmp.Or(sent.Message, ev.Pressed)
}

// elsewhere is the way to what may not be shown in a place that others read along.
// Who pressed a button there is taken along without the others seeing where to.
func (b *Bot) elsewhere(ev *Event, page *flows.Page) *flows.Page {
	alone := b.adapters[ev.Place.Platform()].Can(ev).Has(flows.CanNote)
	return b.site.ElsewherePage(page.Lang, ev.Path, alone)
}

// backoff is the pause before each repetition of a reply: a fault of ten seconds
// costs nobody the answer.
var backoff = []time.Duration{200 * time.Millisecond, time.Second, 3 * time.Second, 6 * time.Second}

// send repeats what may be repeated while the reply is still worth something.
func (b *Bot) send(ctx context.Context, j *job, page *flows.Page) (Sent, error) {
	ev := j.event
	adapter := b.adapters[ev.Place.Platform()]
	began := b.now()
	for try := 0; ; try++ {
		within, cancel := context.WithTimeout(ctx, sendWithin)
		sent, err := adapter.Answer(within, ev, page)
		cancel()
		if err == nil {
			b.meter.Answered(ev.Place.Platform(), b.now().Sub(j.came))
			return sent, nil
		}
		kind := AsSendError(err).Kind
		b.meter.Failed(ev.Place.Platform(), kind)
		wait, again := pause(err, kind, ev, try, b.now().Sub(began))
		if !again || !Sleep(ctx, wait) {
			b.gaveUp(ctx, ev, kind, err)
			return Sent{}, err
		}
	}
}

// twiceWithin is how long an answer that may have arrived is sent again: connections
// that are cut are back by then, and one who is slow has most likely sent it.
const twiceWithin = 2 * time.Second

// pause tells how long to wait before the next try, if there is one. A platform
// that asks for time is given it: it can be a good part of a minute in a group.
func pause(err error, kind SendKind, ev *Event, try int, since time.Duration) (time.Duration, bool) {
	if kind == Throttled {
		return max(AsSendError(err).RetryAfter, backoff[0]), true
	}
	if try >= len(backoff) {
		return 0, false
	}
	switch kind {
	case Uncertain: // an edit may be done twice; in private an answer twice is better than none
		return backoff[try], ev.Pressed != "" || !ev.Shared && since+backoff[try] < twiceWithin
	case Passing:
		return backoff[try], true
	default:
		return 0, false
	}
}

func (b *Bot) gaveUp(ctx context.Context, ev *Event, kind SendKind, err error) {
	if unsaid, loud := b.givenUp.say(ev.Place.Platform(), kind); loud {
		b.log.Warn("gave up on an answer", "platform", string(ev.Place.Platform()), "kind", kind.String(), "error", err, "more before", unsaid)
	}
	switch {
	case kind == Gone && ev.Shared: // the group is gone, not who asked in it
		b.dropFeed(ctx, ev)
	case kind == Gone:
		b.forget(ctx, ev)
	}
}

// hide deletes what can be deleted and leaves one neutral line.
func (b *Bot) hide(ctx context.Context, t *turned, effect flows.Hide) {
	ev := t.event
	next := effect.Done
	ids, err := b.talkMessages(ctx, t)
	if err != nil {
		next = effect.Some
	}
	if len(ids) > 0 {
		left, err := b.adapters[ev.Place.Platform()].Delete(ctx, ev.Place, ids)
		if err != nil || left > 0 {
			next = effect.Some
		}
	}
	after := b.flowEvent(t) // before the page is forgotten: its language stays
	b.on.drop(talk{ev.Person, ev.Place})
	after.OnLang = effect.Lang
	after.Path, after.Text, after.Link, after.Media, after.Hurried = next, "", "", false, false
	_, effects := b.site.Turn(t.state, after)
	for _, effect := range effects {
		if show, ok := effect.(flows.Show); ok {
			gone := *ev
			gone.Pressed = "" // the pressed message is deleted: nothing is left to edit
			if sent, err := b.send(ctx, &job{event: &gone, came: t.came}, show.Page); err == nil && !ev.Shared {
				b.keeper.note(ev.Person, sent.Message)
			}
		}
	}
}

// talkMessages are the ids to delete: the kept ones and those of this very tap.
func (b *Bot) talkMessages(ctx context.Context, t *turned) ([]string, error) {
	ev := t.event
	if ev.Shared {
		return nil, nil
	}
	ids := b.keeper.take(ev.Person)
	var kept []string
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		kept, err = b.store.TakeMessages(ctx, ev.Person)
		return err
	})
	ids = append(append(kept, ids...), ev.Pressed, ev.Message)
	known := map[string]bool{"": true}
	unique := ids[:0]
	for _, id := range ids {
		if !known[id] {
			known[id] = true
			unique = append(unique, id)
		}
	}
	return unique, err
}

// forget wipes the person here and in the store.
func (b *Bot) forget(ctx context.Context, ev *Event) {
	b.on.drop(talk{ev.Person, ev.Place})
	b.locales.drop(ev.Person)
	b.keeper.take(ev.Person)
	err := b.guard.call(ctx, func(ctx context.Context) error { return b.store.Forget(ctx, ev.Person, private(ev)) })
	if err != nil {
		b.log.Warn("could not delete a person's keys; they expire by themselves", "error", err)
	}
}
