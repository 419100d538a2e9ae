package telegram

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"notalone/bot"
	"notalone/bot/telegram/telegramtest"
)

// overTheWire is an adapter with real connections to an address.
func overTheWire(t testing.TB, address string) *Adapter {
	return newAdapter(telegramtest.New(t), io.Discard, func(o *Options) { o.HTTP, o.APIURL = nil, address })
}

func TestConversationOverTheWire(t *testing.T) {
	server := telegramtest.New(t)
	address := server.Start()
	r := start(t, server, func(o *Options) { o.HTTP, o.APIURL = nil, address+"/" })
	me := r.Private(7001, "vi")
	for range 20 {
		me.Say("/help")
		me.Answer()
		me.Press("help/grooming")
		me.Answer()
	}
	r.Settle()
}

func TestFaultsOverTheWire(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	server := telegramtest.New(t)
	server.Private(7, "en")
	address := server.Start()
	for name, tc := range map[string]struct {
		address string
		fault   telegramtest.Fault
		want    bot.SendKind
	}{
		"nobody listens": {address: "http://" + closed.Addr().String(), want: bot.Passing},
		"no such name":   {address: "http://nowhere.invalid", want: bot.Passing},
		"cut before":     {address: address, fault: telegramtest.Fault{Cut: true}, want: bot.Uncertain},
		"cut after":      {address: address, fault: telegramtest.Fault{CutAfter: true}, want: bot.Uncertain},
		"a proxy's page": {address: address, fault: telegramtest.Fault{HTML: 503}, want: bot.Passing},
		"blocked":        {address: address, fault: telegramtest.Fault{Code: 403, Description: "Forbidden: bot was blocked by the user"}, want: bot.Gone},
	} {
		t.Run(name, func(t *testing.T) {
			server.Heal()
			if tc.fault != (telegramtest.Fault{}) {
				server.Fail("sendMessage", tc.fault)
			}
			a := overTheWire(t, tc.address)
			_, err := a.Answer(t.Context(), toPrivate(7), somePage())
			if got := bot.AsSendError(err); err == nil || got.Kind != tc.want {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			for _, secret := range []string{"AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", "http", "127.0.0.1"} {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
					t.Errorf("%q is in the error %#v", secret, err)
				}
			}
		})
	}
}

// TestOddAnswers: whatever comes back, the call ends with an error of a kind.
func TestOddAnswers(t *testing.T) {
	for name, tc := range map[string]struct {
		status int
		body   string
		want   bot.SendKind
	}{
		"spaced out":      {200, `{ "ok": true, "result": {"message_id": 5} }`, 99},
		"more at the end": {200, `{"ok":true,"result":{"message_id":5},"description":"x"}`, 99},
		"empty":           {200, ``, bot.Uncertain},
		"cut JSON":        {200, `{"ok":fal`, bot.Uncertain},
		"too large":       {200, `{"ok":false,"description":"` + strings.Repeat("x", maxAnswer), bot.Uncertain},
		"redirect":        {302, ``, bot.Uncertain},
		"upload's flood":  {200, `{"ok":false,"parameters":{"retry_after":4}}`, bot.Throttled},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			}))
			defer server.Close()
			sent, err := overTheWire(t, server.URL).Answer(t.Context(), toPrivate(7), somePage())
			if tc.want == 99 {
				if err != nil || sent.Message != "5" {
					t.Errorf("got %+v, %v; want message 5", sent, err)
				}
				return
			}
			if got := bot.AsSendError(err); err == nil || got.Kind != tc.want {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

// TestASuccessCutOff: what was sent is not sent again because its answer is torn,
// and what only asks is asked again.
func TestASuccessCutOff(t *testing.T) {
	whole := `{"ok":true,"result":{"message_id":5,"chat":{"id":7}}}`
	for end := len(plainYes); end < len(whole); end++ {
		for _, announced := range []int{end, len(whole)} { // torn by the sender, or on the way
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Length", strconv.Itoa(announced))
				io.WriteString(w, whole[:end])
			}))
			a := overTheWire(t, server.URL)
			if _, err := a.Answer(t.Context(), toPrivate(7), somePage()); err != nil {
				t.Errorf("%s of %d bytes: %v, want it taken as sent", whole[:end], announced, err)
			}
			if announced > end {
				if f := a.api.get(t.Context(), "getMe", struct{}{}, &identity{}); f == nil || f.Kind != bot.Uncertain {
					t.Errorf("%s of %d bytes, asked for: %v, want it uncertain", whole[:end], announced, f)
				}
			}
			server.Close()
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	telegram := telegramtest.New(t)
	telegram.Private(7, "en")
	var made atomic.Int32
	server := httptest.NewUnstartedServer(telegram)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			made.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	a := overTheWire(t, server.URL)
	for range 50 {
		if _, err := a.Answer(t.Context(), toPrivate(7), somePage()); err != nil {
			t.Fatal(err)
		}
	}
	if got := made.Load(); got != 1 {
		t.Errorf("%d connections for 50 answers one after the other, want 1", got)
	}
}
