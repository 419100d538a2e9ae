package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"notalone/bot"
	"notalone/bot/wire"
)

// An api calls methods of the Bot API through the library. Each call works on a
// shallow copy of bot with a client of its own, an exchange: that is how a call
// gets a context, limits and a body encoded beforehand.
type api struct {
	bot          tgbotapi.BotAPI
	calls, polls http.RoundTripper
	pace         Pace // nil: nobody shares the limit
	limit        int
}

// Limits of an answer. The server itself caps a batch of updates at 4 MiB.
const (
	maxAnswer = 1 << 20
	maxBatch  = 16 << 20
)

func newAPI(o Options) *api {
	calls, polls := o.HTTP, o.HTTP
	if server, err := url.Parse(o.APIURL); o.HTTP == nil && err == nil {
		calls = wire.New(server, wire.Options{Connections: maxConnections, DialWithin: dialWithin, AnswerWithin: answerWithin})
		polls = wire.New(server, wire.Options{Connections: 1, DialWithin: dialWithin, AnswerWithin: longPoll + answerWithin})
	}
	a := &api{
		bot:   tgbotapi.BotAPI{Token: placeholder},
		calls: withToken{calls, o.Token}, polls: withToken{polls, o.Token},
		pace: o.Pace, limit: o.Limit,
	}
	a.bot.SetAPIEndpoint(strings.ReplaceAll(strings.TrimRight(o.APIURL, "/"), "%", "%%") + "/bot%s/%s")
	return a
}

// call sends a JSON object in one or two parts and returns a scanner that stands
// before the result.
func (a *api) call(ctx context.Context, method string, body ...[]byte) (scanner, *fault) {
	return a.send(ctx, method, plainJSON, body...)
}

// plainJSON is the kind of all bodies but those that hold a file.
const plainJSON = "application/json"

// send is call for a body of any kind.
func (a *api) send(ctx context.Context, method, kind string, body ...[]byte) (scanner, *fault) {
	turn := a.turn(ctx, method)
	s, f := a.run(method, &exchange{ctx: ctx, via: a.calls, limit: maxAnswer, kind: kind, body: body, writes: !strings.HasPrefix(method, "get")})
	if turn != nil {
		turn.Done(ctx, f == nil)
	}
	return s, f
}

// turn is a call's in the pace that all processes share; nil if it has none.
func (a *api) turn(ctx context.Context, method string) bot.Turn {
	if !counts(method) {
		return nil
	}
	if turn := bot.TurnOf(ctx); turn != nil || a.pace == nil {
		return turn
	}
	return a.pace.Reply(ctx, Name, a.limit)
}

// counts reports whether a method is among those that Telegram's limits are about.
func counts(method string) bool {
	switch method {
	case "sendMessage", "sendPhoto", "sendPoll", "sendDocument":
		return true
	default:
		return strings.HasPrefix(method, "editMessage") || strings.HasPrefix(method, "deleteMessage")
	}
}

// poll is a call that may be silent for as long as a long poll. It reads into
// the buffer if there is room and returns the one to use the next time.
func (a *api) poll(ctx context.Context, buffer []byte, body []byte) (scanner, []byte, *fault) {
	x := &exchange{ctx: ctx, via: a.polls, limit: maxBatch, kind: plainJSON, body: [][]byte{body}, buffer: buffer}
	s, f := a.run("getUpdates", x)
	return s, x.buffer, f
}

// get is a call whose result is worth the comfort of encoding/json.
func (a *api) get(ctx context.Context, method string, params, result any) *fault {
	body, err := json.Marshal(params)
	if err != nil {
		return &fault{SendError: refusal(method)}
	}
	s, f := a.call(ctx, method, body)
	if f != nil || result == nil {
		return f
	}
	s.peek()
	start := s.pos
	s.skip()
	if s.bad || json.Unmarshal(s.data[start:s.pos], result) != nil {
		return &fault{SendError: refusal(method)}
	}
	return nil
}

func (a *api) run(method string, x *exchange) (scanner, *fault) {
	own := a.bot
	own.Client = x
	answer, err := own.MakeRequest(method, nil)
	switch {
	case err != nil:
		return scanner{}, newFault(method, x, err)
	case x.answer != nil:
		return scanner{data: x.answer, pos: len(plainOK)}, nil
	default:
		return scanner{data: answer.Result}, nil
	}
}

// plainOK is how every answer of the official server begins that brings a result,
// and plainYes how one begins that at least tells of success.
const (
	plainOK  = `{"ok":true,"result":`
	plainYes = `{"ok":true`
)

var errNotJSON = errors.New("the answer is not JSON")

// An exchange is one request and its answer. It is the library's HTTP client for
// that one call.
type exchange struct {
	ctx    context.Context
	via    http.RoundTripper
	limit  int64
	kind   string
	body   [][]byte
	writes bool        // it changes something, so it must not be done twice
	taken  atomic.Bool // the connection took of the body, so the server may have it
	status int
	buffer []byte
	answer []byte // an answer that begins with plainOK
}

// Do implements the library's HTTPClient. A plain success is kept to be read
// once, by us; the library is shown its verdict only.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	req = req.WithContext(x.ctx)
	req.Header.Set("Content-Type", x.kind)
	req.ContentLength = 0
	for _, part := range x.body {
		req.ContentLength += int64(len(part))
	}
	req.GetBody = func() (io.ReadCloser, error) { return &parts{rest: x.body, taken: &x.taken}, nil }
	req.Body, _ = req.GetBody()
	res, err := x.via.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func(body io.Closer) { _ = body.Close() }(res.Body)
	x.status = res.StatusCode
	data, err := x.read(res)
	switch {
	case x.writes && x.status == http.StatusOK && bytes.HasPrefix(data, []byte(plainYes)) && (err != nil || !bytes.HasPrefix(data, []byte(plainOK)) && !json.Valid(data)):
		x.answer = append([]byte(plainOK), `null`...) // done, though its result is lost: to repeat it would do it twice
		res.Body = io.NopCloser(strings.NewReader(`{"ok":true}`))
	case err != nil:
		return nil, err
	case bytes.HasPrefix(data, []byte(plainOK)):
		x.answer = data
		res.Body = io.NopCloser(strings.NewReader(`{"ok":true}`))
	case len(data) == 0 || data[0] != '{':
		return nil, errNotJSON
	default:
		res.Body = io.NopCloser(bytes.NewReader(data))
	}
	return res, nil
}

// read takes the whole answer in, up to the limit.
func (x *exchange) read(res *http.Response) ([]byte, error) {
	size := res.ContentLength
	if size < 0 || size > x.limit {
		return io.ReadAll(io.LimitReader(res.Body, x.limit))
	}
	if int64(cap(x.buffer)) < size {
		x.buffer = make([]byte, size)
	}
	data := x.buffer[:size]
	n, err := io.ReadFull(res.Body, data)
	return data[:n], err
}

// parts is a body in pieces, so that a page encoded once serves many calls.
type parts struct {
	rest  [][]byte
	at    int
	taken *atomic.Bool
}

// Read implements io.Reader.
func (p *parts) Read(into []byte) (int, error) {
	p.taken.Store(true)
	n := 0
	for len(p.rest) > 0 && n < len(into) {
		copied := copy(into[n:], p.rest[0][p.at:])
		n += copied
		if p.at += copied; p.at == len(p.rest[0]) {
			p.rest, p.at = p.rest[1:], 0
		}
	}
	if n == 0 && len(p.rest) == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Close implements io.Closer.
func (p *parts) Close() error { return nil }
