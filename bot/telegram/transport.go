package telegram

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"time"
)

// placeholder stands in for the token everywhere but on the wire, because the
// library puts the address of a call into its errors.
const placeholder = "0:hidden"

// withToken puts the real token into the address of a call.
type withToken struct {
	next  http.RoundTripper
	token string
}

// RoundTrip implements http.RoundTripper.
func (t withToken) RoundTrip(req *http.Request) (*http.Response, error) {
	address := *req.URL
	address.Path = strings.Replace(address.Path, "/bot"+placeholder+"/", "/bot"+t.token+"/", 1)
	req = req.WithContext(req.Context()) // a shallow copy: a RoundTripper leaves its request alone
	req.URL = &address
	return t.next.RoundTrip(req)
}

// Bounds of the connections. Answers run hundreds at a time, and each that finds
// no kept connection pays for a new one; above the bound they take turns.
const (
	maxConnections = 1024
	dialWithin     = 5 * time.Second
	answerWithin   = 20 * time.Second // until the headers of an ordinary call
	longPoll       = 50 * time.Second // the most that the server allows
)

// newTransport makes a client of its own for calls or for long polls: a poll is
// silent for longer than any call may be. HTTP/2 is off: one connection for all
// would make every answer wait for the slowest.
func newTransport(headersWithin time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: dialWithin, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   dialWithin,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSNextProto:          map[string]func(string, *tls.Conn) http.RoundTripper{},
		ResponseHeaderTimeout: headersWithin,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          maxConnections,
		MaxIdleConnsPerHost:   maxConnections,
		MaxConnsPerHost:       maxConnections,
		DisableCompression:    true,
	}
}
