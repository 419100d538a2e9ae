package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// site is a server that counts its connections.
type site struct {
	*httptest.Server
	made atomic.Int32
}

func serve(t *testing.T, secure bool, handle http.HandlerFunc) *site {
	s := &site{Server: httptest.NewUnstartedServer(handle)}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.made.Add(1)
		}
	}
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func (s *site) client(t *testing.T, o Options) *client {
	server, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	o.DialWithin = 5 * time.Second
	if o.AnswerWithin == 0 {
		o.AnswerWithin = 10 * time.Second
	}
	return New(server, o).(*client)
}

// ask makes a call and reads the answer as a whole.
func ask(ctx context.Context, c http.RoundTripper, address, body string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	res, err := c.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return string(answer), err
}

func TestConnectionsAreKept(t *testing.T) {
	for name, tc := range map[string]struct {
		secure bool
		before func(http.ResponseWriter)
		want   int32 // connections for ten calls
	}{
		"plain":              {before: func(http.ResponseWriter) {}, want: 1},
		"encrypted":          {before: func(http.ResponseWriter) {}, secure: true, want: 1},
		"of unknown length":  {before: func(w http.ResponseWriter) { w.(http.Flusher).Flush() }, want: 1},
		"after news":         {before: func(w http.ResponseWriter) { w.WriteHeader(http.StatusEarlyHints) }, want: 1},
		"the server ends it": {before: func(w http.ResponseWriter) { w.Header().Set("Connection", "close") }, want: 10},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tc.secure, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				tc.before(w)
				w.Write(body)
			})
			roots := x509.NewCertPool()
			if tc.secure {
				roots.AddCert(s.Certificate())
			}
			c := s.client(t, Options{Connections: 2, TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}})
			for range 10 {
				want := strings.Repeat("long ", 5000)
				if got, err := ask(t.Context(), c, s.URL, want); err != nil || got != want {
					t.Fatalf("got %d bytes and %v, want %d", len(got), err, len(want))
				}
			}
			if got := s.made.Load(); got != tc.want {
				t.Errorf("%d connections for ten calls, want %d", got, tc.want)
			}
		})
	}
}

func TestAnswersWithoutABody(t *testing.T) {
	s := serve(t, false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	c := s.client(t, Options{Connections: 1})
	for range 10 {
		if _, err := ask(t.Context(), c, s.URL, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.made.Load(); got != 1 {
		t.Errorf("%d connections, want 1", got)
	}
}

func TestCallsTakeTurns(t *testing.T) {
	var on, most atomic.Int32
	s := serve(t, false, func(http.ResponseWriter, *http.Request) {
		most.Store(max(most.Load(), on.Add(1)))
		on.Add(-1)
	})
	c := s.client(t, Options{Connections: 3})
	var calls sync.WaitGroup
	for range 50 {
		calls.Go(func() {
			if _, err := ask(t.Context(), c, s.URL, "x"); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if s.made.Load() > 3 || most.Load() > 3 {
		t.Errorf("%d connections and %d calls at once, want 3 at most", s.made.Load(), most.Load())
	}
}

// TestCutCalls: a call ends in its time, leaves room for the next one, and its
// connection is not used again.
func TestCutCalls(t *testing.T) {
	slow := make(chan struct{})
	s := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) == "slow" {
			<-slow
		}
		io.WriteString(w, "answer")
	})
	t.Cleanup(func() { close(slow) })
	c := s.client(t, Options{Connections: 1, AnswerWithin: 50 * time.Millisecond})
	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	for name, tc := range map[string]struct {
		ctx  context.Context
		want error
	}{"cancelled": {cancelled, context.Canceled}, "too slow": {t.Context(), os.ErrDeadlineExceeded}} {
		if _, err := ask(tc.ctx, c, s.URL, "slow"); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
		if got, err := ask(t.Context(), c, s.URL, "quick"); got != "answer" || err != nil {
			t.Errorf("%s: the next call got %q, %v", name, got, err)
		}
	}
}

func TestHalfReadAnswersGiveTheirConnectionBack(t *testing.T) {
	s := serve(t, false, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 100_000)) })
	c := s.client(t, Options{Connections: 1})
	for range 5 {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
		res, err := c.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		io.ReadFull(res.Body, make([]byte, 10))
		res.Body.Close()
		res.Body.Close() // twice does no harm
	}
	if got := s.made.Load(); got != 1 {
		t.Errorf("%d connections, want 1", got)
	}
}

// TestClosedMeanwhile: a connection that the server closed while it was idle is
// not used.
func TestClosedMeanwhile(t *testing.T) {
	s := serve(t, false, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	c := s.client(t, Options{Connections: 1})
	if _, err := ask(t.Context(), c, s.URL, "x"); err != nil {
		t.Fatal(err)
	}
	k := c.idle[0]
	k.since = k.since.Add(-2 * surely)
	if !k.alive() {
		t.Error("an open connection counts as closed")
	}
	s.CloseClientConnections()
	for open(k.socket) { // the news takes a moment on the loopback too
	}
	if got, err := ask(t.Context(), c, s.URL, "again"); got != "again" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestIdleConnectionsAreClosedInTheEnd(t *testing.T) {
	s := serve(t, false, func(http.ResponseWriter, *http.Request) {})
	c := s.client(t, Options{Connections: 1})
	if _, err := ask(t.Context(), c, s.URL, "x"); err != nil {
		t.Fatal(err)
	}
	c.sweep()
	if len(c.idle) != 1 {
		t.Error("a fresh connection was closed")
	}
	c.idle[0].since = time.Now().Add(-keepIdle)
	c.sweep()
	if len(c.idle) != 0 || c.tidy {
		t.Error("an old connection was kept")
	}
}

func TestOtherServersAreNotCalled(t *testing.T) {
	s := serve(t, false, func(http.ResponseWriter, *http.Request) {})
	if _, err := ask(t.Context(), s.client(t, Options{}), "http://example.org/", "x"); !errors.Is(err, errElsewhere) {
		t.Errorf("got %v, want %v", err, errElsewhere)
	}
}

func TestProxyOfTheEnvironment(t *testing.T) {
	if _, own := New(&url.URL{Scheme: "http", Host: "127.0.0.1:1"}, Options{}).(*client); !own {
		t.Skip("the environment names a proxy for 127.0.0.1")
	}
	if _, ok := throughProxy(Options{Connections: 1, TLS: &tls.Config{MinVersion: tls.VersionTLS12}}).(*http.Transport); !ok {
		t.Error("net/http does not speak to the proxy")
	}
}
