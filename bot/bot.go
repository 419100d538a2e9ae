package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"notalone/flows"
	"notalone/i18n"
)

// Bounds of what is in hand at once.
const (
	maxQueued  = 4096 // events of one platform accepted and not yet answered
	maxSends   = 1024 // answers on their way to one platform at once
	maxBatch   = 128  // events of one round trip to the store
	turners    = 2    // batches being turned at once
	onPeople   = 50_000
	loadWithin = 700 * time.Millisecond
	sendWithin = 12 * time.Second // one try to send
	worthFor   = time.Minute      // so long an answer is worth trying
	drainIn    = 10 * time.Second
)

// Options are what a Bot is made of. All but Meter and Office are required.
type Options struct {
	Site     *flows.Site
	Store    Store
	Office   Office // nil: nobody announces anything
	Adapters []Adapter
	Log      *slog.Logger
	Now      func() time.Time
	Seed     func() uint64
	Meter    Meter
	// Patient answers however fast somebody types: for one who talks to a bot of
	// their own.
	Patient bool
}

// A Meter takes the figures that operators watch.
type Meter interface {
	Event(platform Name)
	Answered(platform Name, took time.Duration)
	Failed(platform Name, kind SendKind)
	Dropped(reason string)
	StoreDown(down bool)
}

// Bot turns events into answers.
type Bot struct {
	site     *flows.Site
	store    Store
	office   Office
	adapters map[Name]Adapter
	log      *slog.Logger
	now      func() time.Time
	seed     func() uint64
	meter    Meter

	patient  bool
	on       *recent[talk, looking]  // never stored
	locales  *recent[Person, string] // the language of each person's client; never stored
	managers *recent[talk, saidManager]
	able     *recent[Address, time.Time] // where the bot lacks no right, and since when that is known
	keeper   *keeper
	guard    *guard
	givenUp  *hush

	lanes *lanes
	slots map[Name]chan struct{} // one for each event in hand
	sends map[Name]chan struct{} // one for each answer on its way
	busy  sync.WaitGroup
}

// managerFor is how long the platform's word on who manages a group holds.
const managerFor = time.Minute

type saidManager struct {
	answer flows.Answer
	at     time.Time
}

// A talk is one person in one place.
type talk struct {
	person Person
	place  Address
}

// looking is the page that a person looks at, and its language.
type looking struct {
	at flows.Path
	in i18n.Lang
}

// New makes a Bot; Run starts it.
func New(o Options) *Bot {
	if o.Meter == nil {
		o.Meter = noMeter{}
	}
	b := &Bot{
		site: o.Site, store: o.Store, office: o.Office, adapters: map[Name]Adapter{}, log: o.Log, now: o.Now, seed: o.Seed, meter: o.Meter,
		patient: o.Patient, on: newRecent[talk, looking](onPeople), locales: newRecent[Person, string](onPeople), managers: newRecent[talk, saidManager](1000), able: newRecent[Address, time.Time](1000),
		lanes: newLanes(maxQueued * len(o.Adapters)), slots: map[Name]chan struct{}{}, sends: map[Name]chan struct{}{},
	}
	b.givenUp = newHush(o.Now)
	b.keeper = newKeeper(o.Store)
	b.guard = newGuard(o.Store, o.Log, o.Meter)
	for _, adapter := range o.Adapters {
		b.adapters[adapter.Name()] = adapter
		b.slots[adapter.Name()] = make(chan struct{}, maxQueued)
		b.sends[adapter.Name()] = make(chan struct{}, maxSends)
	}
	return b
}

// Run serves until ctx ends or an adapter fails for good, then finishes what is
// in hand within drainIn.
func (b *Bot) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// What is in hand outlives ctx: it is given drainIn to be answered.
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()

	var loops, receivers sync.WaitGroup
	for range turners {
		loops.Go(func() { b.turnLoop(hand) })
	}
	loops.Go(func() { b.keeper.run(hand) })
	loops.Go(func() { b.guard.run(hand) })
	for _, adapter := range b.adapters {
		receivers.Go(func() {
			if err := adapter.Run(ctx, b); err != nil && ctx.Err() == nil {
				stop(err)
			}
		})
	}
	receivers.Wait()
	b.drain()
	drop()
	loops.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// drain waits for what is in hand, but not for ever.
func (b *Bot) drain() {
	done := make(chan struct{})
	go func() { b.busy.Wait(); close(done) }()
	limit := time.NewTimer(drainIn)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
		b.log.Warn("stopped with answers still on their way")
	}
}

// Ready is nil while the store and every platform answer.
func (b *Bot) Ready() error {
	errs := []error{b.guard.err()}
	for _, adapter := range b.adapters {
		errs = append(errs, adapter.Alive(b.now()))
	}
	return errors.Join(errs...)
}

// Accept takes an event in. It blocks while too many are in hand.
func (b *Bot) Accept(ctx context.Context, ev *Event, done func()) error {
	select {
	case b.slots[ev.Place.Platform()] <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	b.meter.Event(ev.Place.Platform())
	b.busy.Add(1)
	b.lanes.add(&job{event: ev, done: done, came: b.now()})
	return nil
}

// finish ends a job: its update may be confirmed, the next of its lane may go.
func (b *Bot) finish(j *job) {
	if j.done != nil {
		j.done()
	}
	b.lanes.next(j)
	<-b.slots[j.event.Place.Platform()]
	b.busy.Done()
}

// noMeter takes no figures: for tests and the terminal.
type noMeter struct{}

func (noMeter) Event(Name)                   {}
func (noMeter) Answered(Name, time.Duration) {}
func (noMeter) Failed(Name, SendKind)        {}
func (noMeter) Dropped(string)               {}
func (noMeter) StoreDown(bool)               {}
