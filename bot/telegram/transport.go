package telegram

import (
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
// no kept connection pays for a new one; above the bound they take turns. Polls
// have a client of their own: one is silent for longer than any call may be.
const (
	maxConnections = 1024
	dialWithin     = 5 * time.Second
	answerWithin   = 20 * time.Second
	longPoll       = 50 * time.Second // the most that the server allows
)
