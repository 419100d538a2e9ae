package discord

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

// Name is the platform's name.
const Name bot.Name = "discord"

// PublicAPI is where Discord itself serves its API.
const PublicAPI = "https://discord.com"

// Intents is all that the bot asks to be told: servers it joins and leaves, direct
// messages, and messages in servers, of which it gets to see the words only where
// it is named. None is privileged.
const Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

// Options say which bot this is. Token, Now and Log are required.
type Options struct {
	Token    string
	APIURL   string // empty: PublicAPI; else a rate-limit proxy or a test server
	Commands []Command
	Now      func() time.Time
	Log      *slog.Logger
	HTTP     http.RoundTripper // nil: own connections, kept alive
	Limit    int               // calls that the server takes in any second; 0: what Discord takes from any bot
	Pace     Pace              // shared with other processes; nil: this process keeps to the limit alone
}

// A Pace is what several processes share of the limit. Posts have their turns
// before they reach the adapter.
type Pace interface {
	// Turn waits until a call may go out.
	Turn(ctx context.Context, platform bot.Name, most int) (bot.Turn, error)
	// Reply waits a moment at most; the turn is nil if the call had none.
	Reply(ctx context.Context, platform bot.Name, most int) bot.Turn
}

// A Command stands in Discord's menu of slash commands. Its name is the path of
// the page it opens; Names and Descriptions are by language. Manage is for one that
// only who manages a server is shown, and only there.
type Command struct {
	Name         string
	Manage       bool
	Names        map[i18n.Lang]string
	Descriptions map[i18n.Lang]string
	Takes        map[i18n.Lang]string // what text it may take, in words; nil: none
}

// Adapter is the bot on Discord.
type Adapter struct {
	o       Options
	log     *slog.Logger
	now     func() time.Time
	rest    *rest
	gateway *gateway
	pages   *pageCache
	pulse   *pulse
	servers *servers
	queue   chan waiting
	timing  timing

	malformed, dropped atomic.Int64
}

// timing is how long things take; tests take other times.
type timing struct {
	deferAfter time.Duration // without an answer an interaction is told to wait
	patience   time.Duration // an event waits this long for a busy bot
	look       time.Duration // between two looks of the watchdog
	open       time.Duration // from dialling the gateway to its welcome
	first      time.Duration // before the first new try of a lost connection
	commands   time.Duration // before the commands are tried again
	jitter     func() float64
}

var _ bot.Adapter = (*Adapter)(nil)

// New makes an adapter; Run connects it.
func New(o Options) (*Adapter, error) {
	if o.APIURL == "" {
		o.APIURL = PublicAPI
	}
	if o.Limit == 0 {
		o.Limit = usualLimit
	}
	a := &Adapter{
		o: o, log: o.Log.With("platform", string(Name)), now: o.Now, pages: newPageCache(), queue: make(chan waiting, maxWaiting),
		timing: timing{
			deferAfter: 2 * time.Second, patience: 2 * time.Second, look: 5 * time.Second,
			open: 20 * time.Second, first: time.Second, commands: time.Minute, jitter: rand.Float64,
		},
	}
	a.pulse, a.servers = newPulse(o.Now), newServers()
	rest, err := newREST(o)
	if err != nil {
		return nil, err
	}
	a.rest = rest
	a.gateway = newGateway(a)
	return a, nil
}

// Name implements bot.Adapter.
func (*Adapter) Name() bot.Name { return Name }

// Can implements bot.Adapter. Where others read along only the answer to an
// interaction can be for one person's eyes.
func (*Adapter) Can(ev *bot.Event) flows.Can {
	can := flows.CanEdit | flows.CanRepeat
	if r, ok := ev.Reply.(*reply); ok && r.whispers {
		can |= flows.CanWhisper
	}
	if ev.Place.Thread() != "" {
		can |= flows.CanPick
	}
	if !ev.Shared {
		can |= flows.CanHear | flows.CanAdd
	}
	return can
}

// Run implements bot.Adapter. It ends with ctx, or with an error that only the
// operator can do something about.
func (a *Adapter) Run(ctx context.Context, inbox bot.Inbox) error {
	ctx, stop := context.WithCancel(ctx)
	var loops sync.WaitGroup
	for _, loop := range []func(context.Context){
		func(ctx context.Context) { a.pump(ctx, inbox) },
		a.register,
		a.watch,
	} {
		loops.Go(func() { loop(ctx) })
	}
	err := a.gateway.run(ctx)
	stop()
	loops.Wait()
	return err
}

// Figures are what an operator may want to see of the connection.
type Figures struct {
	Malformed  int64 // payloads that could not be read and were passed over
	Dropped    int64 // events that found the bot too busy
	Identifies int64 // sessions begun; Discord allows 1,000 a day
}

// Figures counts since the start.
func (a *Adapter) Figures() Figures {
	return Figures{Malformed: a.malformed.Load(), Dropped: a.dropped.Load(), Identifies: a.gateway.identifies.Load()}
}
