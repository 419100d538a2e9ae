package discord

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"notalone/bot"
	"notalone/bot/wire"
)

// Bounds of the connections and of what is read from them.
const (
	maxConnections = 1024 // hundreds of answers go out at a time
	dialWithin     = 5 * time.Second
	answerWithin   = 10 * time.Second
	maxBody        = 4 << 20
)

// transport stands between discordgo and the network. It takes version and host
// of the address in hand, keeps to the limits within the request's context, and
// turns every refusal into a bot.SendError before discordgo can quote it.
type transport struct {
	next    http.RoundTripper
	api     *url.URL
	pacer   *pacer
	gateway atomic.Pointer[string]
}

func newTransport(o Options) (*transport, error) {
	api, err := url.Parse(strings.TrimSuffix(o.APIURL, "/"))
	if err != nil || api.Host == "" {
		return nil, fmt.Errorf("the address of Discord's API is not one")
	}
	t := &transport{next: o.HTTP, api: api, pacer: newPacer(o.Now, o.Limit, o.Pace)}
	if t.next == nil {
		t.next = wire.New(api, wire.Options{Connections: maxConnections, DialWithin: dialWithin, AnswerWithin: answerWithin})
	}
	return t, nil
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	path := strings.TrimPrefix(req.URL.Path, "/api/v"+discordgo.APIVersion+"/")
	if path == "gateway" { // asked by discordgo before it connects; gateway/bot has told us
		return t.gatewayAnswer(req), nil
	}
	r := routeOf(req.Method, path)
	ctx := req.Context()
	turn, err := t.pacer.wait(ctx, r)
	if err != nil {
		closeBody(req)
		return nil, err
	}
	var written atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	res, err := t.next.RoundTrip(t.readdressed(req.WithContext(traced), path))
	if turn != nil {
		turn.Done(ctx, err == nil && res.StatusCode < http.StatusMultipleChoices)
	}
	if err != nil {
		return nil, cutOff(r, written.Load())
	}
	return t.read(r, res)
}

// readdressed moves a request to the configured server and to version 10.
func (t *transport) readdressed(req *http.Request, path string) *http.Request {
	address := *req.URL
	address.Scheme, address.Host = t.api.Scheme, t.api.Host
	address.Path, address.RawPath = t.api.Path+"/api/v10/"+path, ""
	req.URL, req.Host = &address, ""
	return req
}

// read takes in the answer and what it tells about limits. An accepted write
// whose answer is cut counts as done: to repeat it would do it twice.
func (t *transport) read(r route, res *http.Response) (*http.Response, error) {
	defer func(body io.Closer) { _ = body.Close() }(res.Body)
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	t.pacer.learn(r, res.Header)
	if res.StatusCode >= http.StatusMultipleChoices {
		fault, said := newFault(r.name, res, body)
		if fault.Kind == bot.Throttled {
			global := said.Global || res.Header.Get("X-RateLimit-Global") != "" || res.Header.Get("X-RateLimit-Scope") == "global"
			t.pacer.hold(r, fault.RetryAfter, global, fromCloud(res))
		}
		return nil, fault
	}
	if err != nil && strings.HasPrefix(r.name, http.MethodGet) {
		return nil, cutOff(r, false)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	res.Header = http.Header{} // discordgo fails a call whose limits it cannot read
	return res, nil
}

// cutOff is the error of a call without an answer. Its cause would name the
// address, and with it an interaction's token.
func cutOff(r route, written bool) error {
	if written {
		return &bot.SendError{Kind: bot.Uncertain, Op: r.name}
	}
	return &bot.SendError{Kind: bot.Passing, Op: r.name}
}

func (t *transport) gatewayAnswer(req *http.Request) *http.Response {
	closeBody(req)
	address := ""
	if known := t.gateway.Load(); known != nil {
		address = *known
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Request: req,
		Body: io.NopCloser(strings.NewReader(fmt.Sprintf(`{"url":%q}`, address))),
	}
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
