package discord

import (
	"context"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/discord/discordtest"
)

// stuck is a bot that takes nothing until it is let.
type stuck struct {
	let   chan struct{}
	taken chan *bot.Event
}

func (s stuck) Accept(ctx context.Context, ev *bot.Event, done func()) error {
	select {
	case <-s.let:
		s.taken <- ev
		done()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestABusyBotCostsEventsAndNotTheConnection(t *testing.T) {
	beside(t)
	r := &rig{Server: discordtest.New(t), log: &lockedBuffer{}}
	r.adapter = newAdapter(t, r.URL, quietLog(r.log))
	quick(r.adapter)
	r.adapter.timing.patience = 500 * time.Millisecond
	r.Interval(300 * time.Millisecond) // discordgo gives up after five without an answer
	inbox := stuck{let: make(chan struct{}), taken: make(chan *bot.Event, 10)}
	r.run(t, func(ctx context.Context) error { return r.adapter.Run(ctx, inbox) })
	r.WaitReady()
	for range 50 {
		r.Say(ann, "hello?")
	}
	before := r.Counts().Heartbeats
	r.WaitCounts("heartbeats while the bot is stuck", func(c discordtest.Counts) bool { return c.Heartbeats > before+2 })
	r.waitFigures(t, func(f Figures) bool { return f.Dropped == 50 })
	close(inbox.let)
	id := r.Say(ann, "hello?")
	select {
	case ev := <-inbox.taken:
		if ev.ID != "dc:"+id {
			t.Errorf("took a stale event")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nothing more was taken")
	}
	if got := r.Counts(); got.Identifies != 1 || got.Resumes != 0 {
		t.Errorf("%+v, want the connection to have held", got)
	}
}

func TestTheQueueIsBounded(t *testing.T) {
	a := newAdapter(t, "http://127.0.0.1:1", quietLog(&lockedBuffer{}))
	for range maxWaiting + 7 {
		a.hand(&bot.Event{Reply: &reply{}})
	}
	if got := a.Figures().Dropped; got != 7 {
		t.Errorf("dropped %d, want 7", got)
	}
	a.empty()
	if got := a.Figures().Dropped; got != maxWaiting+7 {
		t.Errorf("dropped %d at the end, want all", got)
	}
}

func TestADroppedInteractionIsNotDeferred(t *testing.T) {
	server, a, ev, _ := interactionOf(t, discordtest.Private(ann), false)
	a.timing.deferAfter = time.Hour
	a.start(ev.Reply.(*reply), "")
	a.drop(ev)
	if ev.Reply.(*reply).timer.Stop() {
		t.Error("the deferral of a dropped event was still to come: the person would wait for 15 minutes")
	}
	if n := len(server.Requests(discordtest.Callback)); n != 0 {
		t.Errorf("%d calls", n)
	}
}
