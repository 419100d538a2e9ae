package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"notalone/flows"
)

// atDesk carries out what moderators do; true if there is nothing more to do for the
// event, because it is turned again.
func (b *Bot) atDesk(ctx context.Context, t *turned, effect flows.Effect) bool {
	switch effect := effect.(type) {
	case flows.NeedDesk:
		b.fetchDesk(ctx, t, effect)
		return true
	case flows.SaveAnnouncement:
		return b.saveAnnouncement(ctx, t, effect)
	case flows.Invite:
		b.invite(ctx, t, effect)
		return true
	case flows.Join:
		b.join(ctx, t, effect)
		return true
	case flows.Dismiss:
		b.dismiss(ctx, t, effect)
	case flows.Sample:
		return b.sample(ctx, t, effect)
	case flows.Tell:
		b.tell(ctx, t, effect)
	}
	return false
}

// fetchDesk turns an event again with the desk that its page asked for.
func (b *Bot) fetchDesk(ctx context.Context, t *turned, need flows.NeedDesk) {
	if t.desk != nil && t.desk.Of == need.ID { // asked already
		return
	}
	b.readDesk(ctx, t, need.ID)
	b.again(ctx, t)
}

// speaks is the language somebody chose, else that of their chat app.
func (t *turned) speaks() string { return cmp.Or(string(t.state.Lang), t.event.Locale) }

func (t *turned) ask(id string) DeskAsk {
	return DeskAsk{Person: t.event.Person, Place: t.event.Place, Lang: t.speaks(), ID: id}
}

// readDesk reads what moderators work on; of somebody else that is nothing.
func (b *Bot) readDesk(ctx context.Context, t *turned, id string) {
	t.desk = &flows.Desk{}
	if b.office == nil { // nobody announces anything here
		return
	}
	err := b.guard.call(ctx, func(ctx context.Context) error {
		desk, err := b.office.Desk(ctx, t.ask(id))
		if err == nil {
			t.desk, desk.Of = desk, id
		}
		return err
	})
	if err != nil {
		b.log.Warn("could not read what moderators work on", "error", err)
		t.deskAway = true
	}
}

// retell turns an event once more on the state it began with: its words are still
// those that a form was filled in with.
func (b *Bot) retell(ctx context.Context, t *turned) {
	b.turn(t)
	b.effects(ctx, t)
}

// saveAnnouncement stores what a moderator changed; true if there is nothing more
// to do for the event, because it is turned again.
func (b *Bot) saveAnnouncement(ctx context.Context, t *turned, save flows.SaveAnnouncement) bool {
	var stored bool
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		stored, err = b.office.SaveAnnouncement(ctx, t.desk.Me, save.Announcement, t.desk.Version, save.Act)
		return err
	})
	switch {
	case err != nil:
		b.log.Warn("could not store an announcement", "error", err)
		t.deskAway = true
	case stored:
		return false
	default:
		b.readDesk(ctx, t, save.Announcement.ID)
	}
	if t.saves++; t.saves >= casTries {
		t.deskAway = true
	}
	b.retell(ctx, t)
	return true
}

// watch keeps progress up to date in the asker's chat, in the message just shown if
// it shows it.
func (b *Bot) watch(ctx context.Context, t *turned, watch *flows.Watch, message string) {
	if !watch.Here {
		message = ""
	}
	who := Colleague{Key: t.desk.Me.Key, Place: t.event.Place, Lang: t.speaks()}
	err := b.guard.call(ctx, func(ctx context.Context) error {
		return b.office.Watch(ctx, watch.Announcement, who, message)
	})
	if err != nil {
		b.log.Warn("could not keep where an announcement's progress is to be shown", "error", err)
	}
}

// invite makes an invitation and turns the event again with its code.
func (b *Bot) invite(ctx context.Context, t *turned, invite flows.Invite) {
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		t.desk.Invite, err = b.office.Invite(ctx, t.desk.Me, invite.Role, invite.Label)
		return err
	})
	if err != nil {
		b.log.Warn("could not make an invitation", "error", err)
		t.deskAway = true
	} else {
		t.desk.Links = b.links(flows.InvitationPath(t.desk.Invite))
	}
	b.retell(ctx, t)
}

// links are the web addresses that open a page, of the platforms that have one.
func (b *Bot) links(path flows.Path) []string {
	var all []string
	for _, adapter := range b.adapters {
		if link := adapter.Link(path); link != "" {
			all = append(all, link)
		}
	}
	slices.Sort(all)
	return all
}

// join uses an invitation up and turns the event again with the role it gave.
func (b *Bot) join(ctx context.Context, t *turned, join flows.Join) {
	t.desk = &flows.Desk{Tried: true}
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		if b.office != nil {
			t.desk.Joined, err = b.office.Join(ctx, t.ask(""), join.Code)
		}
		return err
	})
	if err != nil {
		b.log.Warn("could not use an invitation up", "error", err)
		t.deskAway = true
	}
	b.retell(ctx, t)
}

func (b *Bot) dismiss(ctx context.Context, t *turned, dismiss flows.Dismiss) {
	err := b.guard.call(ctx, func(ctx context.Context) error { return b.office.Dismiss(ctx, t.desk.Me, dismiss.Key) })
	if err != nil {
		b.log.Warn("could not take a moderator's role away", "error", err)
	}
}

// sample shows the asker a post as its receivers will see it; true if the chat app
// did not take it, which the same event is turned again to say.
func (b *Bot) sample(ctx context.Context, t *turned, sample flows.Sample) bool {
	nonce := t.event.ID
	sent, err := b.adapters[t.event.Place.Platform()].Post(ctx, t.event.Place, sample.Post, nonce)
	if err != nil {
		b.log.Warn("could not show how an announcement will look", "error", err)
		t.desk.Refused = true
		b.retell(ctx, t)
		return true
	}
	b.keeper.note(t.event.Person, sent.Message)
	return false
}

// tell shows a page to all others who may approve, each in their own chat.
func (b *Bot) tell(ctx context.Context, t *turned, tell flows.Tell) {
	var colleagues []Colleague
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		colleagues, err = b.office.Colleagues(ctx, t.desk.Me.Key)
		return err
	})
	if err != nil {
		b.log.Warn("could not tell the other moderators", "error", err)
		return
	}
	if _, err := Tell(ctx, b.site, b.adapters, colleagues, tell, t.event.ID); err != nil {
		b.log.Warn("could not tell every moderator", "error", err)
	}
}

// Tell shows moderators that something waits for them, each in their own chat and
// language, and counts those it reached.
func Tell(ctx context.Context, site *flows.Site, adapters map[Name]Adapter, to []Colleague, tell flows.Tell, nonce string) (told int, err error) {
	var errs []error
	for _, colleague := range to {
		adapter := adapters[colleague.Place.Platform()]
		if adapter == nil {
			continue
		}
		_, err := adapter.Post(ctx, colleague.Place, flows.Post{Page: site.ColleaguePage(tell, colleague.Lang)}, nonce)
		if err == nil {
			told++
		}
		errs = append(errs, err)
	}
	return told, errors.Join(errs...)
}
