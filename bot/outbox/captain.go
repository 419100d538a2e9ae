package outbox

import (
	"context"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// captainFor is how long a captain who is gone keeps the place.
const captainFor = 15 * time.Second

// Command does what only one process may do: begin, watch and end announcements.
func (m *Mailer) Command(ctx context.Context) {
	if !m.serving {
		var names []bot.Name
		for _, adapter := range m.Adapters {
			names = append(names, adapter.Name())
		}
		if m.serving = m.store.ServePlatforms(ctx, names...) == nil; !m.serving {
			return
		}
	}
	is, err := m.store.Captain(ctx, m.who, captainFor)
	if err != nil || !is {
		return
	}
	live, err := m.store.Live(ctx)
	if err != nil {
		return
	}
	platforms, err := m.store.Platforms(ctx)
	if err != nil {
		return
	}
	for _, one := range live {
		if err := m.command(ctx, one, platforms); err != nil && ctx.Err() == nil {
			m.Log.Warn("could not look after an announcement; trying again", "error", err)
		}
	}
	m.forgetWatches(live)
}

func (m *Mailer) command(ctx context.Context, one Live, platforms []bot.Name) error {
	a := one.Announcement
	switch {
	case a.Emptying():
		return m.empty(ctx, one, platforms)
	case a.Stage == flows.Scheduled && a.Approved() && a.Begins(m.Now()):
		return m.begin(ctx, one, platforms)
	case a.Undo.Cancelled:
		return m.emptyUndo(ctx, one, platforms)
	case a.Undo.Running && !a.Undo.Listed:
		return m.beginUndo(ctx, one, platforms)
	case workable(a), a.Stage == flows.Paused, a.Undo.Paused:
		return m.look(ctx, one, platforms)
	}
	return nil
}

// begin takes the list of receivers, then lets every process work on it. Dying
// in between only means to take it again.
func (m *Mailer) begin(ctx context.Context, one Live, platforms []bot.Name) error {
	for _, platform := range platforms {
		if err := m.store.Enlist(ctx, one.Announcement, platform); err != nil {
			return err
		}
	}
	one.Announcement.Stage, one.Announcement.Started = flows.Sending, m.Now().Unix()
	_, err := m.store.Advance(ctx, one, "began")
	return err
}

func (m *Mailer) beginUndo(ctx context.Context, one Live, platforms []bot.Name) error {
	for _, platform := range platforms {
		if err := m.store.Enlist(ctx, one.Announcement, platform); err != nil {
			return err
		}
	}
	one.Announcement.Undo.Listed = true
	_, err := m.store.Advance(ctx, one, "began to undo")
	return err
}

// empty takes a cancelled announcement's receivers off the list.
func (m *Mailer) empty(ctx context.Context, one Live, platforms []bot.Name) error {
	one.Announcement.Ended = m.Now().Unix()
	return m.drop(ctx, one, platforms, "emptied")
}

// emptyUndo takes off the list who is left of a cancelled undo.
func (m *Mailer) emptyUndo(ctx context.Context, one Live, platforms []bot.Name) error {
	one.Announcement.Undo.Cancelled = false
	return m.drop(ctx, one, platforms, "emptied the undo")
}

func (m *Mailer) drop(ctx context.Context, one Live, platforms []bot.Name, act string) error {
	for _, platform := range platforms {
		if err := m.store.DropJob(ctx, platform, one.Announcement.Queue()); err != nil {
			return err
		}
	}
	progress, err := m.store.Progress(ctx, one.Announcement, platforms)
	if err != nil {
		return err
	}
	if _, err := m.showProgress(ctx, one.Announcement, progress, 0); err != nil {
		return err
	}
	_, err = m.store.Advance(ctx, one, act)
	return err
}
