package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"notalone/bot"
)

// callWithin bounds a call whose caller has no deadline of its own.
const callWithin = 15 * time.Second

// rest calls Discord's HTTP API. It needs no gateway, so answers in hand are
// finished after Run has ended.
type rest struct {
	session   *discordgo.Session
	client    *http.Client
	transport *transport
}

func newREST(o Options) (*rest, error) {
	transport, err := newTransport(o)
	if err != nil {
		return nil, err
	}
	session, err := discordgo.New("Bot " + strings.TrimPrefix(o.Token, "Bot "))
	if err != nil {
		return nil, fmt.Errorf("make a session: %w", err)
	}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	session.Client = client
	quiet(session)
	return &rest{session: session, client: client, transport: transport}, nil
}

// quiet keeps discordgo from repeating calls on its own and from logging: its
// lines hold addresses, and addresses hold tokens.
func quiet(session *discordgo.Session) {
	session.LogLevel = discordgo.LogError - 1
	session.ShouldRetryOnRateLimit = false
	session.MaxRestRetries = 0
}

// call makes one call with one answer. The bucket is thrown away after it:
// discordgo would keep one for every interaction, and wait in it for ever.
func (c *rest) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	return c.send(ctx, method, path, "application/json", body)
}

// send is call for a body of any kind.
func (c *rest) send(ctx context.Context, method, path, kind string, body []byte) ([]byte, error) {
	if _, ok := ctx.Deadline(); !ok {
		within, cancel := context.WithTimeout(ctx, callWithin)
		defer cancel()
		ctx = within
	}
	answer, err := c.session.RequestWithLockedBucket(
		method, discordgo.EndpointAPI+path, kind, body, discordgo.NewRatelimiter().LockBucket(""), 0,
		discordgo.WithContext(ctx), discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
	if err == nil {
		return answer, nil
	}
	var fault *bot.SendError
	if errors.As(err, &fault) {
		return nil, fault
	}
	// Whatever else it is, its text would hold an address.
	return nil, &bot.SendError{Kind: bot.Passing, Op: routeOf(method, path).name}
}

// get makes a call and decodes its answer.
func (c *rest) get(ctx context.Context, path string, into any) error {
	answer, err := c.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		name, _, _ := strings.Cut(path, "?")
		return &bot.SendError{Kind: bot.Passing, Op: routeOf(http.MethodGet, name).name}
	}
	return nil
}
