package outbox

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"notalone/flows"
)

// Mailer sends announcements: every process works the queues of its platforms,
// and one of them at a time is captain, who begins, watches and ends.
type Mailer struct {
	Options
	store   MailStore
	lanes   []*mailLane
	who     string
	serving bool              // the platforms are noted
	watched map[string]*watch // by job
}

// NewMailer makes a Mailer; Run starts it.
func NewMailer(o Options, store MailStore) *Mailer {
	o = o.complete()
	m := &Mailer{Options: o, store: store, who: rand.Text(), watched: map[string]*watch{}}
	for _, adapter := range o.Adapters {
		m.lanes = append(m.lanes, &mailLane{lane: newLane(o, adapter), store: store})
	}
	return m
}

// Run works until ctx ends and what was on its way is settled.
func (m *Mailer) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { everySecond(ctx, m.Command) })
	for _, l := range m.lanes {
		wg.Go(func() {
			everySecond(ctx, l.work)
			l.busy.Wait()
		})
	}
	wg.Wait()
}

// Work sends everything whose time has come and waits for it.
func (m *Mailer) Work(ctx context.Context) {
	var wg sync.WaitGroup
	for _, l := range m.lanes {
		wg.Go(func() {
			l.work(ctx)
			l.busy.Wait()
		})
	}
	wg.Wait()
}

func everySecond(ctx context.Context, do func(context.Context)) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			do(ctx)
		}
	}
}

// A mailLane works the announcements on one platform.
type mailLane struct {
	*lane
	store MailStore

	mu   sync.Mutex
	jobs map[string]bool // which may be worked on, as last read
	read time.Time
}

// work goes over all announcements on their way.
func (l *mailLane) work(ctx context.Context) {
	for _, a := range l.refresh(ctx) {
		l.drainJob(ctx, a)
	}
}

// refresh reads which jobs may be worked on: a pause is known within a second.
func (l *mailLane) refresh(ctx context.Context) []*flows.Announcement {
	live, err := l.store.Live(ctx)
	if err != nil {
		if ctx.Err() == nil {
			l.complain("could not look for announcements", "error", err)
		}
		return nil
	}
	var going []*flows.Announcement
	jobs := map[string]bool{}
	for _, one := range live {
		if a := one.Announcement; workable(a) {
			going = append(going, a)
			jobs[a.Queue()] = true
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.jobs, l.read = jobs, time.Now()
	return going
}

// workable reports whether receivers may be written to now. What was changed
// after it was agreed to is not, whatever its stage says; a deletion needs no words.
func workable(a *flows.Announcement) bool {
	switch {
	case a.Undo.Running:
		return a.Undo.Listed && !a.Undo.Paused && (a.Undo.Delete || a.Approved())
	default:
		return a.Stage == flows.Sending && a.Undo.Round == 0 && a.Approved()
	}
}

// may reports whether a job may still be worked on.
func (l *mailLane) may(job string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.jobs[job]
}

func (l *mailLane) stale() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.read) >= lookEvery
}

// drainJob begins everybody whose time has come, no more at a time than there
// are hands.
func (l *mailLane) drainJob(ctx context.Context, a *flows.Announcement) {
	for ctx.Err() == nil && !l.rest.resting(l.Now()) && l.may(a.Queue()) {
		free := l.takeHands(ctx)
		began := l.claimMail(ctx, a, free)
		for range free - began {
			<-l.hands
		}
		if began == 0 {
			return
		}
		if l.stale() {
			l.refresh(ctx)
		}
	}
}

func (l *mailLane) claimMail(ctx context.Context, a *flows.Announcement, free int) int {
	if ctx.Err() != nil {
		return 0
	}
	shards, _, err := l.store.MailShards(ctx, l.adapter.Name(), a.Queue())
	for _, shard := range shards {
		var mails []Mail
		if mails, err = l.store.ClaimMail(ctx, a, l.adapter.Name(), shard, claimFor, free); err != nil {
			break
		}
		for _, mail := range mails {
			l.busy.Go(func() {
				defer func() { <-l.hands }()
				l.Meter.Posted(l.adapter.Name(), l.deliver(ctx, a, mail))
			})
		}
		if len(mails) > 0 {
			return len(mails)
		}
	}
	if err != nil && ctx.Err() == nil {
		l.complain("could not look at who is to get an announcement", "error", err)
	}
	return 0
}
