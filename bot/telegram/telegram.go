// Package telegram connects the bot to Telegram's Bot API, by long polling or by
// a webhook. It turns updates into events and pages into calls, and tells the
// shell how a call failed; it never retries an answer and never decides what to
// say. It refuses to show a sensitive page where others can read it, to fetch
// any file, and to let a token, an id or a word into a log line.
package telegram

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

// Name is the platform's name.
const Name bot.Name = "telegram"

// PublicAPI is where Telegram itself serves the Bot API.
const PublicAPI = "https://api.telegram.org"

// Options say which bot this is and how updates reach it. Token, Now and Log
// are required.
type Options struct {
	Token         string
	APIURL        string // empty: PublicAPI; else a self-hosted or a test server
	WebhookURL    string // empty: long polling
	WebhookSecret string
	Commands      []Command
	Short, Long   map[i18n.Lang]string // the profile's texts; empty: left alone
	Now           func() time.Time
	Log           *slog.Logger
	HTTP          http.RoundTripper // nil: own connections, kept alive
	Shelf         bot.Shelf         // nil: in a rush the next presses wait for the answers to these
	Limit         int               // messages that the server takes in any second; 0: what Telegram takes from any bot
	Pace          Pace              // shared with other processes; nil: replies do not heed it
}

// A Pace is what several processes share of the limit. Posts have their turns
// before they reach the adapter.
type Pace interface {
	// Reply waits a moment at most; the turn is nil if the call had none.
	Reply(ctx context.Context, platform bot.Name, most int) bot.Turn
}

// A Command stands in the menu beside the text field. Its name is a path.
type Command struct {
	Name string
	For  flows.Audience
	Text map[i18n.Lang]string
}

// Adapter is the bot on Telegram.
type Adapter struct {
	o        Options
	api      *api
	log      *slog.Logger
	now      func() time.Time
	commands map[string]bool
	me       atomic.Pointer[identity]
	pages    *pageCache
	whisper  *whisper
	albums   *albums
	health   *health
	waiting  *waiting
	door     door
}

// identity is who the token belongs to.
type identity struct {
	ID   int64  `json:"id"`
	Name string `json:"username"`
}

var _ bot.Adapter = (*Adapter)(nil)

// New makes an adapter; Run connects it.
func New(o Options) *Adapter {
	if o.APIURL == "" {
		o.APIURL = PublicAPI
	}
	if o.Limit == 0 {
		o.Limit = usualLimit
	}
	a := &Adapter{
		o: o, api: newAPI(o), log: o.Log.With("platform", string(Name)), now: o.Now,
		commands: map[string]bool{}, pages: newPageCache(), whisper: newWhisper(o.Now), albums: newAlbums(), waiting: newWaiting(o.Now),
	}
	a.health = &health{log: a.log, webhook: o.WebhookURL != ""}
	a.me.Store(&identity{})
	for _, command := range o.Commands {
		a.commands[command.Name] = true
	}
	return a
}

// Name implements bot.Adapter.
func (a *Adapter) Name() bot.Name { return Name }

// Can implements bot.Adapter.
func (a *Adapter) Can(ev *bot.Event) flows.Can {
	can := flows.CanEdit | flows.CanPoll
	if !ev.Shared {
		return can | flows.CanDeleteTheir | flows.CanHear | flows.CanAdd
	}
	if r, ok := ev.Reply.(*reply); ok && r.group { // answers to the bot; in a channel there are none
		can |= flows.CanHear
	}
	if a.whisper.works(ev) {
		can |= flows.CanWhisper
	}
	if r, ok := ev.Reply.(*reply); ok && r.query != "" {
		can |= flows.CanNote
	}
	return can
}

// Alive implements bot.Adapter.
func (a *Adapter) Alive(now time.Time) error { return a.health.alive(now) }

// Run implements bot.Adapter. It ends with ctx, or with an error when the token
// is refused.
func (a *Adapter) Run(ctx context.Context, inbox bot.Inbox) error {
	if err := a.introduce(ctx); err != nil {
		return err
	}
	helpers := newHelpers(ctx)
	defer helpers.end()
	helpers.start(a.register)
	helpers.start(a.typing)
	if a.o.WebhookURL != "" {
		return a.runWebhook(ctx, inbox)
	}
	return a.runPolling(ctx, inbox)
}

// introduce asks who we are until Telegram answers.
func (a *Adapter) introduce(ctx context.Context) error {
	return a.insist(ctx, func(ctx context.Context) *fault {
		me := &identity{}
		if f := a.api.get(ctx, "getMe", struct{}{}, me); f != nil {
			return f
		}
		a.me.Store(me)
		a.log.Info("connected", "webhook", a.o.WebhookURL != "")
		return nil
	})
}

// isUs compares a user name with ours; Telegram's names know no case.
func (a *Adapter) isUs(name string) bool {
	me := a.me.Load().Name
	return me != "" && strings.EqualFold(name, me)
}
