package outbox

import (
	"context"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// How announcements are watched.
const (
	captainFor  = 15 * time.Second
	showEvery   = 5 * time.Second
	leastFaults = 20 // before a rate of faults says anything
	faultsIn    = 20 // one in so many is too much: 5 %
)

// A watch is what the captain remembers of an announcement between two looks.
type watch struct {
	shown time.Time
	ended int       // receivers done with at the time of
	since time.Time // the beginning of the present run
}

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
	if _, err := m.store.Advance(ctx, one, act); err != nil {
		return err
	}
	return m.show(ctx, one.Announcement, platforms)
}

// look ends what is done, stops what goes wrong, and shows the progress.
func (m *Mailer) look(ctx context.Context, one Live, platforms []bot.Name) error {
	a := one.Announcement
	progress, err := m.store.Progress(ctx, a, platforms)
	if err != nil {
		return err
	}
	act := ""
	switch faults := progress.Faults() - a.Pardoned; {
	case a.Stage == flows.Paused && !a.Undo.Running:
	case progress.Left == 0 && a.Undo.Running:
		a.Undo.Running, act = false, "undone"
	case progress.Left == 0:
		a.Stage, a.Ended, act = flows.Done, m.Now().Unix(), "done"
	case faults >= leastFaults && faults*faultsIn > progress.Ended() && !a.Undo.Running:
		a.Stage, a.Stopped, act = flows.Paused, flows.StoppedByFaults, "paused itself: too many faults"
	}
	if act != "" {
		if ok, err := m.store.Advance(ctx, one, act); err != nil || !ok {
			return err
		}
	}
	w := m.watchOf(a, progress)
	if act == "" && m.Now().Sub(w.shown) < showEvery {
		return nil
	}
	wait, err := m.showProgress(ctx, a, progress, m.rate(w, progress))
	w.shown = m.Now().Add(wait)
	return err
}

// watchOf begins to measure anew when a run begins.
func (m *Mailer) watchOf(a *flows.Announcement, progress *flows.Progress) *watch {
	w := m.watched[a.Queue()]
	if w == nil || a.Stage == flows.Paused || a.Undo.Paused {
		fresh := &watch{ended: progress.Ended(), since: m.Now()}
		if w != nil {
			fresh.shown = w.shown
		}
		m.watched[a.Queue()] = fresh
		return fresh
	}
	return w
}

// rate is how many receivers a second are done with; 0 while it is not known.
func (m *Mailer) rate(w *watch, progress *flows.Progress) float64 {
	if took := m.Now().Sub(w.since).Seconds(); took >= 1 {
		return float64(progress.Ended()-w.ended) / took
	}
	return 0
}

func (m *Mailer) show(ctx context.Context, a *flows.Announcement, platforms []bot.Name) error {
	progress, err := m.store.Progress(ctx, a, platforms)
	if err != nil {
		return err
	}
	_, err = m.showProgress(ctx, a, progress, 0)
	return err
}

// showProgress edits the one message in each watching chat, and tells how long a
// platform asked to be left alone. A chat that cannot be written to is passed
// over: the announcement matters more.
func (m *Mailer) showProgress(ctx context.Context, a *flows.Announcement, progress *flows.Progress, rate float64) (wait time.Duration, err error) {
	watchers, err := m.store.Watchers(ctx, a)
	if err != nil {
		return 0, err
	}
	for _, w := range watchers {
		l := m.laneOf(w.Place.Platform())
		if l == nil || l.rest.resting(m.Now()) {
			continue
		}
		post := flows.Post{Page: m.Site.ProgressPage(a, progress, rate, w.Lang)}
		within, cancel := outlive(ctx)
		if err := m.showIn(within, l, a, w, post); err != nil {
			wait = max(wait, bot.AsSendError(err).RetryAfter)
		}
		cancel()
	}
	return wait, nil
}

// showIn keeps to the pace as every post does.
func (m *Mailer) showIn(ctx context.Context, l *mailLane, a *flows.Announcement, w Watcher, post flows.Post) error {
	if w.Message != "" {
		turn, err := l.wait(ctx, 1)
		if err != nil {
			return err
		}
		err = l.adapter.Edit(bot.WithTurn(ctx, turn), w.Place, w.Message, post)
		if err == nil || bot.AsSendError(err).Kind != bot.Refused {
			return err
		}
	}
	turn, err := l.wait(ctx, 1)
	if err != nil {
		return err
	}
	sent, err := l.adapter.Post(bot.WithTurn(ctx, turn), w.Place, post, mailNonce(Mail{Place: w.Place, Job: "progress " + a.Queue()}))
	if err != nil {
		return err
	}
	w.Message = sent.Message
	if err := m.store.KeepWatcher(ctx, a, w); err != nil {
		m.Log.Warn("could not keep where an announcement's progress is shown", "error", err)
	}
	return nil
}

func (m *Mailer) laneOf(platform bot.Name) *mailLane {
	for _, l := range m.lanes {
		if l.adapter.Name() == platform {
			return l
		}
	}
	return nil
}

// forgetWatches keeps memory to what is on its way.
func (m *Mailer) forgetWatches(live []Live) {
	jobs := map[string]bool{}
	for _, one := range live {
		jobs[one.Announcement.Queue()] = true
	}
	for job := range m.watched {
		if !jobs[job] {
			delete(m.watched, job)
		}
	}
}
