// Package week plays some days of groups and people on recording platforms, by a
// clock that is turned by hand, with two processes on one store that are killed
// and a Redis that is cut off at random. Then it checks what the clock promises.
package week

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/outbox/outboxtest"
	"notalone/flows"
)

// Options say what is played.
type Options struct {
	Site   *flows.Site
	From   time.Time
	Groups int
	People int
	Days   int
	Seed   uint64
	Kills  bool // kill processes, cut the store off, let platforms fail
}

// A Store is the bot's store as far as it is needed here.
type Store interface {
	outbox.Store
	Feed(ctx context.Context, place bot.Address) (*flows.Feed, string, error)
	SaveFeed(ctx context.Context, place bot.Address, feed *flows.Feed, version string) (bool, error)
	Vote(ctx context.Context, place bot.Address, question string, person bot.Person, choice string) (bool, error)
}

// Redis is the server behind the store.
type Redis interface {
	// Cut drops every connection and all scripts, as a restart does.
	Cut(ctx context.Context) error
	// Down makes it answer nobody until up is called.
	Down(ctx context.Context) (up func() error, err error)
	Size(ctx context.Context) (Size, error)
}

// Size is what is kept: all keys, those of leases and those of votes.
type Size struct{ Keys, Leases, Votes int }

// A Week is played once.
type Week struct {
	Options
	store     Store
	redis     Redis
	random    *rand.Rand
	members   []*member
	platforms []*platform
	processes []*process

	mu       sync.Mutex
	clock    time.Time
	fresh    []*post // quizzes that nobody answered yet
	outcomes map[bot.Name]map[string]int
	kills    int
	cuts     int
	outages  int

	broken    []string
	doubts    map[bot.Name]int // posts that did not arrive
	uncounted int              // closings whose count was lost with a process
	latest    time.Duration    // after it was due
}

// A process is one replica.
type process struct {
	clock *outbox.Clock
	life  *outboxtest.Life
}

// processes is how many replicas run at a time; step is how often they look.
const (
	processes = 2
	step      = 5 * time.Minute
)

// New prepares a week; its store must be made with its Now.
func New(o Options) (*Week, error) {
	w := &Week{Options: o, random: rand.New(rand.NewPCG(o.Seed, 0)), clock: o.From, doubts: map[bot.Name]int{}, outcomes: map[bot.Name]map[string]int{polls: {}, buttons: {}}}
	var err error
	if w.members, err = members(o, w.random); err != nil {
		return nil, err
	}
	w.platforms = []*platform{newPlatform(polls, flows.CanPoll, o, w.Now), newPlatform(buttons, flows.CanRepeat, o, w.Now)}
	for _, p := range w.platforms {
		p.asked = func(quiz *post) { w.fresh = append(w.fresh, quiz) }
		for _, m := range w.members {
			if m.place.Platform() == p.name {
				p.members[m.place.Chat()], p.members[m.after.Chat()] = m, m
			}
		}
	}
	return w, nil
}

// Now is the time in this week.
func (w *Week) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *Week) turnTo(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if at.After(w.clock) {
		w.clock = at
	}
}

// Posted implements outbox.Meter.
func (w *Week) Posted(platform bot.Name, outcome string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.outcomes[platform][outcome]++
}

func (w *Week) till() time.Time { return w.From.AddDate(0, 0, w.Days) }

// Play lets the week go by and returns what came of it.
func (w *Week) Play(ctx context.Context, store Store, redis Redis) (*Report, error) {
	w.store, w.redis = store, redis
	before, err := redis.Size(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range w.members {
		if _, err := store.SaveFeed(ctx, m.place, &m.feed, ""); err != nil {
			return nil, fmt.Errorf("set up a feed: %w", err)
		}
	}
	for range processes {
		w.processes = append(w.processes, w.start())
	}
	for at := w.From; at.Before(w.till()); at = at.Add(step) {
		w.turnTo(at)
		if err := w.oneStep(ctx, at); err != nil {
			return nil, err
		}
	}
	during, err := redis.Size(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.end(ctx); err != nil {
		return nil, err
	}
	after, err := redis.Size(ctx)
	if err != nil {
		return nil, err
	}
	return w.report(before, during, after), nil
}

// start starts a process, which with kills dies at some call of its own.
func (w *Week) start() *process {
	life := &outboxtest.Life{}
	if w.Kills {
		life.Ends, life.After = 1+w.random.IntN(600), w.random.IntN(2) == 0
	}
	var adapters []bot.Adapter
	for _, p := range w.platforms {
		adapters = append(adapters, life.Adapter(p))
	}
	return &process{life: life, clock: outbox.NewClock(outbox.Options{
		Site: w.Site, Store: life.Store(w.store), Adapters: adapters, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: w.Now, Meter: w,
		Pause: func(ctx context.Context, _ time.Duration) { bot.Sleep(ctx, 2*time.Millisecond) },
	})}
}

// oneStep is five minutes: fates, then everything that is due, then the answers.
func (w *Week) oneStep(ctx context.Context, at time.Time) error {
	for _, m := range w.members {
		if m.fateAt.Equal(at) {
			if err := w.befall(ctx, m); err != nil {
				return err
			}
		}
	}
	idle, err := w.idle(ctx)
	if err != nil || idle {
		return err
	}
	if w.Kills && w.random.IntN(50) == 0 {
		if err := w.outage(ctx); err != nil {
			return err
		}
	}
	if err := w.drain(ctx); err != nil {
		return err
	}
	return w.vote(ctx)
}

func (w *Week) idle(ctx context.Context) (bool, error) {
	for _, p := range w.platforms {
		shards, _, err := w.store.DueShards(ctx, p.name)
		if err != nil || len(shards) > 0 {
			return false, err
		}
	}
	return true, nil
}

// rounds is how often the processes look within one step if something failed.
const rounds = 10

// drain lets all processes look until nothing is left for now. After a death or a
// fault it waits for the lease to end.
func (w *Week) drain(ctx context.Context) error {
	for range rounds {
		later := w.faults()
		cut := w.cut(ctx)
		died := w.look(ctx)
		if err := <-cut; err != nil {
			return err
		}
		idle, err := w.idle(ctx)
		if err != nil {
			return err
		}
		if idle && !died && w.faults() == later {
			return nil
		}
		w.turnTo(w.Now().Add(65 * time.Second))
	}
	return nil
}

// look lets all processes look once, at the same time, and starts others for
// those that died; it reports whether one did.
func (w *Week) look(ctx context.Context) (died bool) {
	var wg sync.WaitGroup
	for _, p := range w.processes {
		wg.Go(func() { p.clock.Drain(ctx) })
	}
	wg.Wait()
	for i, p := range w.processes {
		if p.life.Over() {
			w.kills++
			w.processes[i] = w.start()
			died = true
		}
	}
	return died
}

func (w *Week) faults() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.outcomes[polls][outbox.Later] + w.outcomes[buttons][outbox.Later]
}
