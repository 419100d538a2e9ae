// Package wire is the HTTP client of the platforms. It keeps hundreds of
// connections to one server open and lets each call write and read on its own
// goroutine, which costs half of what net/http's transport does; the protocol
// itself is net/http's. It follows no redirect, keeps no cookie and repeats
// nothing.
package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Options bound what a client does.
type Options struct {
	Connections  int           // at once; further calls take turns
	DialWithin   time.Duration // to connect, the handshake included
	AnswerWithin time.Duration // from the first byte of a call to the last of its answer
	TLS          *tls.Config   // nil: the system's certificates
}

// keepIdle is how long a connection without a call is kept.
const keepIdle = 90 * time.Second

// New makes a client for one server. Where the environment names a proxy for it,
// net/http does the work.
func New(server *url.URL, o Options) http.RoundTripper {
	if o.TLS == nil {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: server}); proxy != nil || err != nil {
		return throughProxy(o)
	}
	own := o.TLS.Clone()
	own.ServerName, own.NextProtos = server.Hostname(), []string{"http/1.1"}
	own.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	return &client{o: o, tls: own, server: server, calls: make(chan struct{}, max(o.Connections, 1))}
}

func throughProxy(o Options) http.RoundTripper {
	dialer := &net.Dialer{Timeout: o.DialWithin}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, TLSHandshakeTimeout: o.DialWithin, TLSClientConfig: o.TLS,
		TLSNextProto:          map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1: one lost packet would hold up all answers
		ResponseHeaderTimeout: o.AnswerWithin, IdleConnTimeout: keepIdle, MaxIdleConns: o.Connections,
		MaxIdleConnsPerHost: o.Connections, MaxConnsPerHost: o.Connections, DisableCompression: true,
	}
}

// client keeps the connections to one server.
type client struct {
	o      Options
	tls    *tls.Config
	server *url.URL
	calls  chan struct{} // one for each call that is on

	mu   sync.Mutex
	idle []*conn // used last stands last
	tidy bool    // a sweep is due
}

var errElsewhere = errors.New("a call to another server")

// RoundTrip implements http.RoundTripper.
func (c *client) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := c.roundTrip(req)
	if err != nil && req.Body != nil {
		_ = req.Body.Close()
	}
	return res, err
}

func (c *client) roundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != c.server.Scheme || req.URL.Host != c.server.Host {
		return nil, errElsewhere
	}
	ctx := req.Context()
	select {
	case c.calls <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	k := c.kept()
	if k == nil {
		socket, err := c.dial(ctx)
		if err != nil {
			<-c.calls
			return nil, err
		}
		k = &conn{client: c, socket: socket}
	}
	res, err := k.exchange(req)
	if err != nil {
		k.end(false)
		return nil, err
	}
	return res, nil
}

// kept is an open connection that has no call.
func (c *client) kept() *conn {
	for {
		c.mu.Lock()
		last := len(c.idle) - 1
		if last < 0 {
			c.mu.Unlock()
			return nil
		}
		k := c.idle[last]
		c.idle[last], c.idle = nil, c.idle[:last]
		c.mu.Unlock()
		if k.alive() {
			return k
		}
		_ = k.socket.Close()
	}
}

// keep takes a connection back.
func (c *client) keep(k *conn) {
	k.since = time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, k)
	if !c.tidy {
		c.tidy = true
		time.AfterFunc(keepIdle, c.sweep)
	}
}

// sweep closes what has been idle for long, and comes again while there is any.
func (c *client) sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := 0
	for old < len(c.idle) && time.Since(c.idle[old].since) >= keepIdle {
		_ = c.idle[old].socket.Close()
		old++
	}
	c.idle = append([]*conn(nil), c.idle[old:]...)
	if c.tidy = len(c.idle) > 0; c.tidy {
		time.AfterFunc(keepIdle, c.sweep)
	}
}

// dial connects, and shakes hands where the server's address asks for it.
func (c *client) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.DialWithin)
	defer cancel()
	port := c.server.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[c.server.Scheme]
	}
	dialer := &net.Dialer{KeepAlive: 30 * time.Second}
	socket, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(c.server.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if c.server.Scheme != "https" {
		return socket, nil
	}
	secure := tls.Client(socket, c.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("shake hands: %w", err)
	}
	return secure, nil
}
