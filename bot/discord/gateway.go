package discord

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"notalone/bot"
)

// Bounds of connecting.
const (
	steadyAfter  = time.Minute // a connection of this age was a good one
	maxResumes   = 5           // tries to resume before a new session is begun
	farewellTime = 3 * time.Second
)

// fatal close codes: to try again would never end. Each says what to do.
var fatal = map[int]string{
	4004: "Discord refuses the token; copy the bot's token from the developer portal into DISCORD_BOT_TOKEN",
	4010: "Discord refuses the shard number; run one bot without sharding",
	4011: "the bot is in too many servers for one connection; Discord asks for sharding, which this version does not do",
	4012: "Discord no longer speaks this version of the gateway; update notalone",
	4013: "Discord does not know an intent of this bot; update notalone",
	4014: "Discord forbids an intent; the bot asks for no privileged one, so switch off the privileged intents in the developer portal and check that the bot is not restricted",
}

// newSessionAfter reports whether a close code ends the session too.
func newSessionAfter(code int) bool {
	switch code {
	case 4003, 4005, 4007, 4009:
		return true
	}
	return fatal[code] != ""
}

// gateway keeps one connection to Discord. discordgo would reconnect by itself,
// without an end and with no respect for the day's budget, so it is not let to.
type gateway struct {
	a          *Adapter
	session    *discordgo.Session // nil: the next connection begins a new session
	life       atomic.Pointer[life]
	begin      *url.URL                // where a session is begun
	resume     atomic.Pointer[url.URL] // where this one is to be resumed; nil: where it was begun
	self       atomic.Pointer[identity]
	budget     budget
	roots      *x509.CertPool // nil: those of the system
	identifies atomic.Int64
	resumes    int           // in a row without success
	put        chan struct{} // discordgo has put a lost connection of the session away
	welcomed   chan struct{} // a new session has begun
}

func newGateway(a *Adapter) *gateway {
	g := &gateway{a: a, welcomed: make(chan struct{}, 1)}
	g.self.Store(&identity{})
	return g
}

// run connects again and again until ctx ends or there is no point in it.
func (g *gateway) run(ctx context.Context) error {
	defer g.a.pulse.connected(false)
	for try := 0; ; try++ {
		began := g.a.now()
		end, err := g.connect(ctx)
		g.a.pulse.connected(false)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case fatal[end.code] != "":
			return fmt.Errorf("discord: %s (%d)", fatal[end.code], end.code)
		}
		try = g.triesThatCount(try, g.a.now().Sub(began))
		wait := backoff(try, g.a.timing.first, g.a.timing.jitter())
		g.a.log.Warn("the gateway is away; connecting again", "why", end.why, "code", end.code, "in", wait.Round(time.Millisecond))
		if !bot.Sleep(ctx, wait) {
			return nil
		}
	}
}

// triesThatCount is how many tries the next pause is reckoned by. A session that
// was on is resumed soon, however often it is lost: that costs nothing of the day's
// budget, and an interaction waits for three seconds only.
func (g *gateway) triesThatCount(tries int, lived time.Duration) int {
	switch {
	case lived > steadyAfter && g.session != nil:
		return -2 // Discord has its connections renewed now and then
	case lived > steadyAfter:
		return 0
	case g.session != nil && g.resumes == 0:
		return min(tries, 0)
	default:
		return tries
	}
}

// connect lives one connection through. An error is final.
func (g *gateway) connect(ctx context.Context) (ending, error) {
	resumes := g.session != nil
	if !resumes {
		if end, err := g.prepare(ctx); err != nil || end.why != "" {
			return end, err
		}
	}
	l := newLife(ctx, g.a, g.whereTo(resumes), resumes)
	defer l.cancel()
	g.life.Store(l)
	live := g.open(l)
	if live {
		g.a.pulse.connected(true)
		g.resumes = 0
		g.a.log.Info("connected", "resumed", resumes)
		if !resumes {
			g.tell()
		}
		select {
		case <-l.over:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		g.farewell()
		return ending{}, nil
	}
	g.keepOrForget(l, resumes, live)
	return l.end, nil
}

// open dials and waits for the welcome.
func (g *gateway) open(l *life) bool {
	defer context.AfterFunc(l.ctx, func() { l.lose(ending{why: "stopped"}) })()
	timer := time.AfterFunc(g.a.timing.open, func() {
		if !l.begun() {
			l.lose(ending{why: "no welcome in time"})
		}
	})
	defer timer.Stop()
	if err := g.session.Open(); err != nil {
		l.lose(ending{why: "cannot connect"})
		return false
	}
	select {
	case <-l.ready:
		return true
	case <-l.over:
		return l.begun()
	}
}

// farewell tells Discord that the bot goes offline.
func (g *gateway) farewell() {
	if g.session != nil {
		_ = g.session.Close()
		g.session = nil
	}
}

// keepOrForget decides whether the next connection resumes this session. It can
// only once discordgo has put the lost connection away.
func (g *gateway) keepOrForget(l *life, resumed, live bool) {
	if resumed && !live {
		g.resumes++
	}
	if l.end.fresh || !resumed && !live || g.resumes >= maxResumes {
		g.session, g.resumes = nil, 0
		return
	}
	if !live {
		return
	}
	timer := time.NewTimer(farewellTime)
	defer timer.Stop()
	select {
	case <-g.put:
	case <-timer.C:
		g.session = nil
	}
}

// prepare makes a new session, when Discord's count of the day and our own allow
// one more.
func (g *gateway) prepare(ctx context.Context) (ending, error) {
	var info struct {
		URL   string `json:"url"`
		Limit *struct {
			Total      int   `json:"total"`
			Remaining  int   `json:"remaining"`
			ResetAfter int64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	err := g.a.rest.get(ctx, "gateway/bot", &info)
	var fault *bot.SendError
	switch {
	case errors.As(err, &fault) && fault.Code == http.StatusUnauthorized:
		return ending{}, fmt.Errorf("discord: %s (401)", fatal[4004])
	case err != nil:
		return ending{why: "cannot ask for the gateway's address", code: codeOf(err)}, nil //nolint:nilerr // the ending says it; the next try follows
	}
	if err := g.address(info.URL); err != nil {
		return ending{}, err
	}
	wait := g.budget.wait(g.a.now())
	if limit := info.Limit; limit != nil && limit.Remaining <= limit.Total/100 {
		wait = max(wait, time.Duration(limit.ResetAfter)*time.Millisecond)
	}
	if wait > 0 {
		g.a.log.Warn("waiting before a new session: too many were begun lately", "for", wait.Round(time.Second))
		if !bot.Sleep(ctx, wait) {
			return ending{why: "stopped"}, nil
		}
	}
	session, err := g.newSession()
	if err != nil {
		return ending{}, err
	}
	g.session = session
	return ending{}, nil
}

func (g *gateway) newSession() (*discordgo.Session, error) {
	session, err := discordgo.New(g.a.rest.session.Token)
	if err != nil {
		return nil, fmt.Errorf("make a session: %w", err)
	}
	quiet(session)
	session.Client = g.a.rest.client
	session.Identify.Intents = Intents
	session.Identify.Presence.Status = "online" // discordgo sends a presence, and without this one that says nothing
	session.Compress, session.Identify.Compress = false, false
	session.StateEnabled = false
	session.SyncEvents = true
	session.ShouldReconnectOnError = false
	session.Dialer = &websocket.Dialer{
		HandshakeTimeout: g.a.timing.open, NetDialContext: g.dial, NetDialTLSContext: g.dialTLS,
	}
	put := make(chan struct{}, 1)
	session.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case put <- struct{}{}:
		default:
		}
	})
	g.put = put
	return session, nil
}

// identified counts a session that is being begun.
func (g *gateway) identified() {
	g.identifies.Add(1)
	g.budget.spend(g.a.now())
}

// tell wakes whoever waits for a new session.
func (g *gateway) tell() {
	select {
	case g.welcomed <- struct{}{}:
	default:
	}
}
