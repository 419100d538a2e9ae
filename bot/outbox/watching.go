package outbox

import (
	"context"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// How announcements are watched.
const (
	showEvery   = 5 * time.Second
	againSoon   = time.Second // after a chat could not be written to
	tellEnd     = time.Minute // how long an end waits for chats that cannot be written to
	leastFaults = 20          // before a rate of faults says anything
	faultsIn    = 20          // one in so many is too much: 5 %
)

// A watch is what the captain remembers of an announcement between two looks.
type watch struct {
	next   time.Time // shown again then
	ending time.Time // when nobody was left
	ended  int       // receivers done with at the time of
	since  time.Time // the beginning of the present run
}

// look ends what is done, stops what goes wrong, and shows the progress.
func (m *Mailer) look(ctx context.Context, one Live, platforms []bot.Name) error {
	a := one.Announcement
	progress, err := m.store.Progress(ctx, a, platforms)
	if err != nil {
		return err
	}
	w := m.watchOf(a, progress)
	switch faults := progress.Faults() - a.Pardoned; {
	case a.Stage == flows.Paused && !a.Undo.Running:
	case progress.Left == 0:
		return m.end(ctx, one, w, progress)
	case faults >= leastFaults && faults*faultsIn > progress.Ended() && !a.Undo.Running:
		a.Stage, a.Stopped = flows.Paused, flows.StoppedByFaults
		if ok, err := m.store.Advance(ctx, one, "paused itself: too many faults"); err != nil || !ok {
			return err
		}
		w.next = m.Now()
	}
	_, err = m.showIfDue(ctx, a, w, progress)
	return err
}

// end shows the report, then ends: so it is shown also when a process dies in
// between. A chat that cannot be written to holds the end up for tellEnd at most.
func (m *Mailer) end(ctx context.Context, one Live, w *watch, progress *flows.Progress) error {
	a, act := one.Announcement, "done"
	if w.ending.IsZero() {
		w.ending, w.next = m.Now(), m.Now()
	}
	if a.Undo.Running {
		a.Undo.Running, act = false, "undone"
	} else {
		a.Stage, a.Ended = flows.Done, w.ending.Unix()
	}
	told, err := m.showIfDue(ctx, a, w, progress)
	if err != nil || !told && m.Now().Sub(w.ending) < tellEnd {
		return err
	}
	_, err = m.store.Advance(ctx, one, act)
	return err
}

// watchOf begins to measure anew when a run begins.
func (m *Mailer) watchOf(a *flows.Announcement, progress *flows.Progress) *watch {
	w := m.watched[a.Queue()]
	if w == nil || a.Stage == flows.Paused || a.Undo.Paused {
		fresh := &watch{ended: progress.Ended(), since: m.Now()}
		if w != nil {
			fresh.next = w.next
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

// showIfDue shows the progress when it is time to, and tells whether every chat
// was written to.
func (m *Mailer) showIfDue(ctx context.Context, a *flows.Announcement, w *watch, progress *flows.Progress) (bool, error) {
	if m.Now().Before(w.next) {
		return false, nil
	}
	again, err := m.showProgress(ctx, a, progress, m.rate(w, progress))
	wait := max(again, showEvery)
	if !w.ending.IsZero() && again > 0 {
		wait = again
	}
	w.next = m.Now().Add(wait)
	return again == 0, err
}

// showProgress edits the one message in each watching chat, and tells when to try
// again where a platform could not be reached; zero: everybody has seen it, but for
// chats that cannot be written to at all: the announcement matters more.
func (m *Mailer) showProgress(ctx context.Context, a *flows.Announcement, progress *flows.Progress, rate float64) (again time.Duration, err error) {
	watchers, err := m.store.Watchers(ctx, a)
	if err != nil {
		return 0, err
	}
	for _, w := range watchers {
		l := m.laneOf(w.Place.Platform())
		if l == nil {
			continue
		}
		if until := l.rest.end(m.Now()); !until.IsZero() {
			again = max(again, until.Sub(m.Now()))
			continue
		}
		post := flows.Post{Page: m.Site.ProgressPage(a, progress, rate, w.Lang)}
		within, cancel := outlive(ctx)
		if err := m.showIn(within, l, a, w, post); err != nil {
			again = max(again, showAgain(err))
		}
		cancel()
	}
	return again, nil
}

// showAgain is when a chat that was not written to may be; zero: never.
func showAgain(err error) time.Duration {
	switch fault := bot.AsSendError(err); fault.Kind {
	case bot.Gone, bot.Refused:
		return 0
	default:
		return max(againSoon, fault.RetryAfter)
	}
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
