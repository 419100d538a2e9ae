package bot

import (
	"cmp"
	"context"
	"runtime/debug"

	"notalone/flows"
)

// casTries is how often a turn is repeated when another event of the same
// person was quicker.
const casTries = 4

// turned is a job with its outcome.
type turned struct {
	*job
	before   Loaded
	state    flows.State
	effects  []flows.Effect
	seed     uint64
	offline  bool
	needFeed bool         // a page asked for the place's feed
	manager  flows.Answer // what the platform said
	voted    flows.Answer
	lacks    []flows.Lack // what the bot may not do, if looked
	looked   bool
	desk     *flows.Desk // what a page about announcements asked for
	deskAway bool        // it could not be read or written
	saves    int         // how often a stored announcement was outrun
}

// turnLoop loads, turns and commits batches until ctx ends.
func (b *Bot) turnLoop(ctx context.Context) {
	for {
		jobs := b.lanes.batch(ctx.Done(), maxBatch)
		if jobs == nil {
			return
		}
		for len(jobs) > 0 {
			var wave []*job
			wave, jobs = oncePerPerson(jobs)
			b.turnBatch(ctx, wave)
		}
	}
}

// oncePerPerson parts off the events of people who have an earlier one in the
// batch: those must see the state that the earlier one leaves.
func oncePerPerson(jobs []*job) (wave, rest []*job) {
	taken := make(map[Person]bool, len(jobs))
	for _, j := range jobs {
		if person := j.event.Person; person.Known() && taken[person] {
			rest = append(rest, j)
			continue
		}
		taken[j.event.Person] = true
		wave = append(wave, j)
	}
	return wave, rest
}

// turnBatch costs one round trip, and a second one if any state changed.
func (b *Bot) turnBatch(ctx context.Context, jobs []*job) {
	batch := make([]*turned, 0, len(jobs))
	for _, j := range jobs {
		batch = append(batch, &turned{job: j, seed: b.seed()})
	}
	b.load(ctx, batch)
	todo := batch[:0]
	for _, t := range batch {
		if t.before.Repeated {
			b.meter.Dropped("repeated")
			b.finish(t.job)
			continue
		}
		todo = append(todo, t)
	}
	for _, t := range todo {
		b.turn(t)
	}
	b.fetchFeeds(ctx, todo)
	b.commit(ctx, todo)
	for _, t := range todo {
		go b.carryOut(ctx, t)
	}
}

// load reads the states. Without the store everybody is a stranger, and help,
// report and lines answer all the same.
func (b *Bot) load(ctx context.Context, batch []*turned) {
	asks := make([]Ask, len(batch))
	for i, t := range batch {
		asks[i] = Ask{EventID: t.event.ID, Person: t.event.Person}
		if t.event.Shared || t.needFeed {
			asks[i].Place = t.event.Place
		}
	}
	var loaded []Loaded
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		loaded, err = b.store.Load(ctx, asks)
		return err
	})
	for i, t := range batch {
		if t.offline = err != nil; !t.offline {
			t.before = loaded[i]
		}
	}
}

// fetchFeeds turns those again whose page asked for the feed of a private place.
func (b *Bot) fetchFeeds(ctx context.Context, batch []*turned) {
	var asking []*turned
	for _, t := range batch {
		if !t.needFeed && !t.offline && asks[flows.NeedFeed](t.effects) {
			t.needFeed = true
			asking = append(asking, t)
		}
	}
	if len(asking) == 0 {
		return
	}
	again := make([]Ask, len(asking))
	for i, t := range asking {
		again[i] = Ask{Person: t.event.Person, Place: t.event.Place}
	}
	var loaded []Loaded
	err := b.guard.call(ctx, func(ctx context.Context) (err error) {
		loaded, err = b.store.Load(ctx, again)
		return err
	})
	for i, t := range asking {
		if t.offline = err != nil; !t.offline {
			t.before = loaded[i]
		}
		b.turn(t)
	}
}

// asks reports whether effects hold one of a kind.
func asks[E flows.Effect](effects []flows.Effect) bool {
	for _, effect := range effects {
		if _, ok := effect.(E); ok {
			return true
		}
	}
	return false
}

// turn asks the site what comes next. A panic there costs nobody the answer.
func (b *Bot) turn(t *turned) {
	defer func() {
		if r := recover(); r != nil {
			b.meter.Dropped("panic")
			b.log.Error("a turn panicked; answering with the help page", "stack", string(debug.Stack()))
			ev := b.flowEvent(t)
			t.state = t.before.State
			t.effects = []flows.Effect{flows.Show{Page: b.site.HelpPage(ev)}}
		}
	}()
	if t.event.Moved != (Address{}) {
		t.state = t.before.State
		return
	}
	if t.event.Left {
		t.state, t.effects = flows.State{}, []flows.Effect{flows.Forget{}, flows.DropFeed{}}
		return
	}
	t.state, t.effects = b.site.Turn(t.before.State, b.flowEvent(t))
}

func (b *Bot) flowEvent(t *turned) flows.Event {
	ev := t.event
	on, _ := b.on.get(talk{ev.Person, ev.Place})
	return flows.Event{
		Path: ev.Path, Text: ev.Text, Forwarded: ev.Forwarded, Media: ev.Media, Link: ev.Link, On: on.at, OnLang: on.in, Locale: b.localeOf(ev), At: ev.At, Seed: t.seed,
		Shared: ev.Shared, Broadcast: ev.Kind == "channel", Joined: ev.Joined, Closed: ev.Closed, Spot: ev.Place.Thread(), Lacks: t.lacks, Looked: t.looked, Manager: max(ev.Manager, t.manager), Voted: t.voted,
		Feed: t.before.Feed, Desk: t.desk, HasFeed: ev.Shared || t.needFeed, Hurried: t.hurried && !b.patient, Offline: t.offline || t.deskAway,
		Can: b.adapters[ev.Place.Platform()].Can(ev),
	}
}

// commit writes the changed states. A turn that lost the race is turned again
// on what is stored now; a person being forgotten is left to that effect.
func (b *Bot) commit(ctx context.Context, batch []*turned) {
	todo := make([]*turned, 0, len(batch))
	for _, t := range batch {
		if t.changed() {
			todo = append(todo, t)
		}
	}
	for try := 0; len(todo) > 0 && try < casTries; try++ {
		changes := make([]Change, len(todo))
		for i, t := range todo {
			changes[i] = t.change()
		}
		var stored []bool
		err := b.guard.call(ctx, func(ctx context.Context) (err error) {
			stored, err = b.store.Commit(ctx, changes)
			return err
		})
		if err != nil { // answered all the same: an answer is worth more than a memory
			return
		}
		lost := todo[:0]
		for i, t := range todo {
			if !stored[i] {
				lost = append(lost, t)
			}
		}
		todo = b.turnAgain(ctx, lost)
	}
}

func (b *Bot) turnAgain(ctx context.Context, lost []*turned) []*turned {
	if len(lost) == 0 {
		return nil
	}
	again := make([]Ask, len(lost))
	for i, t := range lost {
		again[i] = Ask{Person: t.event.Person, Place: t.event.Place}
	}
	loaded, err := b.store.Load(ctx, again)
	if err != nil {
		return nil
	}
	still := lost[:0]
	for i, t := range lost {
		t.before = loaded[i]
		b.turn(t)
		if t.changed() {
			still = append(still, t)
		}
	}
	return still
}

// changed reports whether there is something to write.
func (t *turned) changed() bool {
	c := t.change()
	return c.State != nil || c.Feed != nil
}

// change is what a turn leaves to be written.
func (t *turned) change() Change {
	c := Change{Person: t.event.Person, Version: t.before.Version, Place: t.event.Place, FeedVersion: t.before.FeedVersion}
	if t.offline || t.event.Left {
		return c
	}
	if t.event.Person.Known() && !asks[flows.Forget](t.effects) && !t.state.Equal(t.before.State) {
		c.State = &t.state
	}
	for _, effect := range t.effects {
		if save, ok := effect.(flows.SaveFeed); ok && (t.before.Feed == nil || !save.Feed.Equal(t.before.Feed)) {
			if save.Feed.Private { // an announcement keeps out of their running conversation
				save.Feed.Owner = t.event.Person.ID()
			}
			save.Feed.Kind = cmp.Or(t.event.Kind, save.Feed.Kind)
			c.Feed = &save.Feed
		}
	}
	return c
}
