package bot

import (
	"context"

	"notalone/flows"
)

// again turns an event once more, now that a question of its page is answered.
func (b *Bot) again(ctx context.Context, t *turned) {
	t.event = unclaimed(t.event)
	b.load(ctx, []*turned{t})
	b.turn(t)
	b.fetchFeeds(ctx, []*turned{t})
	b.commit(ctx, []*turned{t})
	b.effects(ctx, t)
}

// unclaimed is the same event without an id: it was claimed the first time.
func unclaimed(ev *Event) *Event {
	same := *ev
	same.ID = ""
	return &same
}

// askManager asks the platform, or what it said within the last minute.
func (b *Bot) askManager(ctx context.Context, t *turned) {
	if t.manager != flows.Unknown { // asked already: a page that asks twice gets no third turn
		return
	}
	key := talk{t.event.Person, t.event.Place}
	if said, ok := b.managers.get(key); ok && b.now().Sub(said.at) < managerFor {
		t.manager = said.answer
	} else {
		t.manager = flows.No
		yes, err := b.adapters[t.event.Place.Platform()].Manages(ctx, t.event)
		if err != nil {
			b.log.Warn("could not ask who manages a group", "platform", string(t.event.Place.Platform()), "error", err)
		} else {
			if yes {
				t.manager = flows.Yes
			}
			b.managers.set(key, saidManager{answer: t.manager, at: b.now()})
		}
	}
	b.again(ctx, t)
}

// askLacks asks the platform what the bot may not do where posts go. What it
// cannot find out is not told: the page works without.
func (b *Bot) askLacks(ctx context.Context, t *turned, spot string) {
	if t.looked {
		return
	}
	t.looked = true
	place := t.event.Place.At(spot)
	if at, ok := b.able.get(place); !ok || b.now().Sub(at) >= managerFor {
		lacks, err := b.adapters[place.Platform()].Lacks(ctx, place)
		switch {
		case err != nil:
			b.log.Warn("could not ask what the bot may do in a group", "platform", string(place.Platform()), "error", err)
		case len(lacks) == 0:
			b.able.set(place, b.now())
		}
		t.lacks = lacks
	}
	b.again(ctx, t)
}

// alert tells an admin of a place that its posts are paused.
func (b *Bot) alert(ctx context.Context, t *turned, effect flows.Alert) {
	place := t.event.Place
	err := b.adapters[place.Platform()].Alert(ctx, place, func(name string) *flows.Page { return b.site.AlertPage(effect.Feed, name) })
	if err != nil {
		b.log.Warn("could not tell an admin that posts are paused; set-up tells it", "platform", string(place.Platform()), "error", err)
	}
}

// vote counts an answer to the group's quiz, one a person.
func (b *Bot) vote(ctx context.Context, t *turned, effect flows.Vote) {
	if t.voted != flows.Unknown {
		return
	}
	t.voted = flows.No
	err := b.guard.call(ctx, func(ctx context.Context) error {
		first, err := b.store.Vote(ctx, t.event.Place, effect.Question, t.event.Person, effect.Choice)
		if first {
			t.voted = flows.Yes
		}
		return err
	})
	if err != nil {
		b.log.Warn("could not count an answer to a group's quiz", "error", err)
	}
	b.again(ctx, t)
}

func (b *Bot) dropFeed(ctx context.Context, ev *Event) {
	err := b.guard.call(ctx, func(ctx context.Context) error { return b.store.DropFeed(ctx, ev.Place) })
	if err != nil {
		b.log.Warn("could not delete a feed; it ends at the next refused post", "error", err)
	}
}

func (b *Bot) leave(ctx context.Context, ev *Event) {
	if err := b.adapters[ev.Place.Platform()].Leave(ctx, ev.Place); err != nil {
		b.log.Warn("could not leave a group", "platform", string(ev.Place.Platform()), "error", err)
	}
}

// moved follows a group to its new id.
func (b *Bot) moved(ctx context.Context, ev *Event) {
	err := b.guard.call(ctx, func(ctx context.Context) error { return b.store.MoveFeed(ctx, ev.Moved, ev.Place) })
	if err != nil {
		b.log.Warn("could not move a feed to the group's new id", "error", err)
	}
}

// private is the place of an event if it is the person's own.
func private(ev *Event) Address {
	if ev.Shared {
		return Address{}
	}
	return ev.Place
}
