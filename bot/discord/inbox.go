package discord

import (
	"context"
	"time"

	"notalone/bot"
)

// maxWaiting is how many events may wait between the gateway and the bot.
const maxWaiting = 4096

// waiting is an event that the bot has not taken yet.
type waiting struct {
	event *bot.Event
	came  time.Time
}

// hand gives an event to the bot without ever holding up the gateway: a missed
// heartbeat would cost everybody, a dropped event costs one press.
func (a *Adapter) hand(ev *bot.Event) {
	if r, ok := ev.Reply.(*reply); ok {
		a.start(r, ev.Pressed)
	}
	select {
	case a.queue <- waiting{event: ev, came: a.now()}:
	default:
		a.drop(ev)
	}
}

// pump hands events to the bot in the order they came. What the bot cannot take
// within its patience is dropped: Discord gives an answer 3 seconds.
func (a *Adapter) pump(ctx context.Context, inbox bot.Inbox) {
	for {
		select {
		case w := <-a.queue:
			a.offer(ctx, inbox, w)
		case <-ctx.Done():
			a.empty()
			return
		}
	}
}

func (a *Adapter) offer(ctx context.Context, inbox bot.Inbox, w waiting) {
	ctx, cancel := context.WithTimeout(ctx, a.timing.patience-a.now().Sub(w.came))
	defer cancel()
	done := func() {}
	if r, ok := w.event.Reply.(*reply); ok {
		done = r.settle
	}
	if err := inbox.Accept(ctx, w.event, done); err != nil {
		a.drop(w.event)
	}
}

// empty drops what came too late for this run.
func (a *Adapter) empty() {
	for {
		select {
		case w := <-a.queue:
			a.drop(w.event)
		default:
			return
		}
	}
}

func (a *Adapter) drop(ev *bot.Event) {
	a.dropped.Add(1)
	if r, ok := ev.Reply.(*reply); ok {
		r.settle()
	}
}
