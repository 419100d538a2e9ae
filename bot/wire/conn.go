package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// surely is how long a connection may have been idle to be open for sure: no
// server closes one sooner.
const surely = time.Second

// Buffers are lent for the time of a call; an idle connection has none. A call
// with its page fits into one write.
var (
	writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 8<<10) }}
	readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 4<<10) }}
)

// whole hides from net/http that it writes into a buffer: it would send the head of
// a call on its own, ahead of a body that it does not know to be at hand.
type whole struct{ *bufio.Writer }

// A conn is one connection. It has at most one call at a time.
type conn struct {
	client *client
	socket net.Conn
	since  time.Time // idle since
	in     *bufio.Reader
	uncut  func() bool // false once the call's context has cut it
}

// exchange writes a call and reads the head of its answer.
func (k *conn) exchange(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	until := time.Now().Add(k.client.o.AnswerWithin)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(until) {
		until = deadline
	}
	if err := k.socket.SetDeadline(until); err != nil {
		return nil, fmt.Errorf("bound a call: %w", err)
	}
	k.uncut = context.AfterFunc(ctx, func() { _ = k.socket.SetDeadline(time.Unix(1, 0)) })
	res, err := k.converse(req)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	if res.Body == http.NoBody {
		k.end(!res.Close)
		return res, nil
	}
	res.Body = &answer{body: res.Body, k: k, last: res.Close}
	return res, nil
}

func (k *conn) converse(req *http.Request) (*http.Response, error) {
	out := writers.Get().(*bufio.Writer)
	defer writers.Put(out)
	out.Reset(k.socket)
	defer out.Reset(nil)
	if err := req.Write(whole{out}); err != nil {
		return nil, fmt.Errorf("write a call: %w", err)
	}
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("write a call: %w", err)
	}
	k.in = readers.Get().(*bufio.Reader)
	k.in.Reset(k.socket)
	for {
		res, err := http.ReadResponse(k.in, req)
		if err != nil {
			return nil, fmt.Errorf("read an answer: %w", err)
		}
		if res.StatusCode >= http.StatusOK { // those before are news on the way
			return res, nil
		}
	}
}

// end ends the call. A connection that is in order is kept for the next one.
func (k *conn) end(inOrder bool) {
	inOrder = k.uncut != nil && k.uncut() && inOrder && k.in != nil && k.in.Buffered() == 0
	if k.in != nil {
		k.in.Reset(nil)
		readers.Put(k.in)
	}
	k.in, k.uncut = nil, nil
	if inOrder {
		k.client.keep(k)
	} else {
		_ = k.socket.Close()
	}
	<-k.client.calls
}

// alive reports whether the server has left the connection open.
func (k *conn) alive() bool {
	idle := time.Since(k.since)
	if idle < surely {
		return true
	}
	socket := k.socket
	if secure, ok := socket.(*tls.Conn); ok {
		socket = secure.NetConn()
	}
	return idle < keepIdle && open(socket)
}

// An answer's body gives its connection back when it was read to its end or is
// closed.
type answer struct {
	body io.ReadCloser
	k    *conn // nil: given back
	last bool  // the server closes the connection after it
}

// Read implements io.Reader.
func (a *answer) Read(p []byte) (int, error) {
	if a.k == nil {
		return 0, io.EOF
	}
	n, err := a.body.Read(p)
	if errors.Is(err, io.EOF) {
		a.release(true)
	}
	return n, err
}

// Close implements io.Closer. What was not read is passed over, within the call's
// time.
func (a *answer) Close() error {
	if a.k == nil {
		return nil
	}
	err := a.body.Close()
	a.release(err == nil)
	return err
}

func (a *answer) release(inOrder bool) {
	a.k.end(inOrder && !a.last)
	a.k = nil
}
