package discord

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// heard keeps what a link told.
type heard struct {
	messages []string
	codes    []int
	errs     []error
	forward  []byte
}

func (h *heard) hear(message []byte) []byte {
	h.messages = append(h.messages, string(message))
	return h.forward
}
func (h *heard) closed(code int) { h.codes = append(h.codes, code) }
func (h *heard) broke(err error) { h.errs = append(h.errs, err) }

const upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

var elsewhere = &url.URL{Scheme: "wss", Host: "resume.example:8443", Path: "/x", RawQuery: "v=10&encoding=json"}

// script is a socket on which bytes come in and then no more.
type script struct {
	net.Conn
	io.Reader
}

func (s script) Read(p []byte) (int, error)    { return s.Reader.Read(p) }
func (script) SetReadDeadline(time.Time) error { return nil }

// through sends bytes through a link and returns what comes out.
func through(h *heard, sent []byte) []byte {
	out, _ := io.ReadAll(newLink(script{Reader: bytes.NewReader(sent)}, elsewhere, time.Minute, h))
	return out
}

func frame(first byte, payload string) []byte {
	l := &link{}
	l.pass(first&0x0f, []byte(payload))
	l.out[0] = first
	return l.out
}

func TestFrames(t *testing.T) {
	long, longest := strings.Repeat("x", 300), strings.Repeat("y", 70_000)
	for name, tc := range map[string]struct {
		frames   [][]byte
		messages []string
		codes    []int
		fails    error
	}{
		"one":             {[][]byte{frame(0x81, "a")}, []string{"a"}, nil, io.EOF},
		"lengths":         {[][]byte{frame(0x81, long), frame(0x81, longest)}, []string{long, longest}, nil, io.EOF},
		"in pieces":       {[][]byte{frame(0x01, "a"), frame(0x89, "ping"), frame(0x00, "b"), frame(0x80, "c")}, []string{"abc"}, nil, io.EOF},
		"a close":         {[][]byte{frame(0x88, "\x0f\xa4why")}, nil, []int{4004}, io.EOF},
		"a bare close":    {[][]byte{frame(0x88, "")}, nil, []int{0}, io.EOF},
		"masked":          {[][]byte{{0x81, 0x81, 0, 0, 0, 0, 'a'}}, nil, nil, errFrame},
		"compressed":      {[][]byte{frame(0xc1, "a")}, nil, nil, errFrame},
		"no beginning":    {[][]byte{frame(0x80, "a")}, nil, nil, errFrame},
		"two beginnings":  {[][]byte{frame(0x01, "a"), frame(0x81, "b")}, nil, nil, errFrame},
		"without an end":  {[][]byte{{0x81, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, nil, nil, errFrame},
		"cut in the head": {[][]byte{{0x81}}, nil, nil, io.ErrUnexpectedEOF},
		"cut in the size": {[][]byte{{0x81, 126, 0}}, nil, nil, io.ErrUnexpectedEOF},
		"cut in the body": {[][]byte{frame(0x81, "abc")[:4]}, nil, nil, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			h := &heard{forward: []byte("ok")}
			sent := append([]byte(upgraded), bytes.Join(tc.frames, nil)...)
			out := through(h, sent)
			if !bytes.HasPrefix(out, []byte(upgraded)) {
				t.Fatalf("the handshake came out as %q", out)
			}
			if strings.Join(h.messages, "|") != strings.Join(tc.messages, "|") || len(h.codes) != len(tc.codes) || len(h.codes) > 0 && h.codes[0] != tc.codes[0] {
				t.Errorf("heard %d messages, codes %v", len(h.messages), h.codes)
			}
			if len(h.errs) == 0 || !errors.Is(h.errs[0], tc.fails) {
				t.Errorf("broke with %v, want %v", h.errs, tc.fails)
			}
			if n := bytes.Count(out, frame(0x81, "ok")); n != len(tc.messages) {
				t.Errorf("%d messages went on, want %d", n, len(tc.messages))
			}
		})
	}
}

func TestTheHandshakeGoesWhereItShould(t *testing.T) {
	ours, theirs := net.Pipe()
	l := newLink(ours, elsewhere, time.Minute, &heard{})
	parts := []string{"GET /?v=9&encoding=json HTTP/1.1\r\nHost: gateway.discord.gg\r\nUpgrade: websocket\r\n\r\n", "GET /?v=9 is said later"}
	go func() {
		for _, part := range parts {
			if n, err := l.Write([]byte(part)); n != len(part) || err != nil {
				t.Errorf("wrote %d of %d: %v", n, len(part), err)
			}
		}
		_ = l.Close()
	}()
	sent, _ := io.ReadAll(theirs)
	want := "GET /x?v=10&encoding=json HTTP/1.1\r\nHost: resume.example:8443\r\nUpgrade: websocket\r\n\r\nGET /?v=9 is said later"
	if string(sent) != want {
		t.Errorf("sent %q, want %q", sent, want)
	}
}

func TestClosingTheSocketIsHeardOf(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	h := &heard{}
	_ = newLink(ours, elsewhere, time.Minute, h).Close()
	if len(h.errs) != 1 || !errors.Is(h.errs[0], net.ErrClosed) {
		t.Errorf("told of %v", h.errs)
	}
}

func TestASilentSocketIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		h := &heard{forward: []byte("ok")}
		l := newLink(ours, elsewhere, silence, h)
		go func() {
			_, _ = theirs.Write([]byte(upgraded))
			for range 3 {
				time.Sleep(silence - time.Second)
				_, _ = theirs.Write(frame(0x81, "beat"))
			}
		}()
		began := time.Now()
		_, _ = io.ReadAll(l)
		if took := time.Since(began); len(h.messages) != 3 || took != 3*(silence-time.Second)+silence {
			t.Errorf("given up after %v and %d messages; every word buys %v more", took, len(h.messages), silence)
		}
	})
}

func FuzzFrames(f *testing.F) {
	f.Add(frame(0x81, `{"op":11}`))
	f.Add(append(frame(0x01, `{"op"`), frame(0x80, `:11}`)...))
	f.Add(frame(0x88, "\x0f\xa4"))
	f.Add([]byte{0x81, 126, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, frames []byte) {
		h := &heard{forward: []byte("ok")}
		out := through(h, append([]byte(upgraded), frames...))
		if !bytes.HasPrefix(out, []byte(upgraded)) || len(h.errs) == 0 {
			t.Errorf("out %q, errors %v", out, h.errs)
		}
	})
}
