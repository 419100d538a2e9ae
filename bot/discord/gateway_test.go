package discord

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"notalone/bot"
	"notalone/bot/discord/discordtest"
)

func TestIntentsAreNotPrivileged(t *testing.T) {
	const guilds, messages, directMessages = 1 << 0, 1 << 9, 1 << 12
	if Intents != guilds|messages|directMessages {
		t.Errorf("intents = %b, want servers, messages and direct messages and no more", Intents)
	}
	r := connect(t)
	r.WaitReady()
	if got := r.Counts().Intents; got != int(Intents) {
		t.Errorf("asked for %b, want %b", got, Intents)
	}
}

func TestAFatalCloseCodeStopsTheBotWithOneLineThatHelps(t *testing.T) {
	for code, advice := range map[int]string{
		4004: "DISCORD_BOT_TOKEN", 4010: "sharding", 4011: "sharding", 4012: "update", 4013: "update", 4014: "privileged intents",
	} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			for name, refuse := range map[string]func(*rig){
				"at once": func(r *rig) { r.Refuse(code) },
				"later":   nil,
			} {
				t.Run(name, func(t *testing.T) {
					r := connect(t, func(r *rig) {
						if refuse != nil {
							refuse(r)
						}
					})
					if refuse == nil {
						r.WaitReady()
						r.Close(code)
					}
					err := r.end(t)
					if err == nil || !strings.Contains(err.Error(), advice) || strings.Contains(err.Error(), "\n") {
						t.Errorf("ended with %v, want one line with %q", err, advice)
					}
					if got := r.Counts().Identifies; got != 1 {
						t.Errorf("%d sessions begun, want one: to try again is no use", got)
					}
				})
			}
		})
	}
}

func TestAWrongTokenStopsTheBot(t *testing.T) {
	r := connect(t, func(r *rig) {
		o := r.adapter.o
		o.Token = "another.token"
		rest, err := newREST(o)
		if err != nil {
			t.Fatal(err)
		}
		r.adapter.rest = rest
	})
	if err := r.end(t); err == nil || !strings.Contains(err.Error(), "DISCORD_BOT_TOKEN") || strings.Contains(err.Error(), "another") {
		t.Errorf("ended with %v", err)
	}
	if got := r.Counts().Identifies; got != 0 {
		t.Errorf("%d sessions begun with a token that is refused", got)
	}
}

func TestALostConnectionIsResumedAndNothingIsMissed(t *testing.T) {
	for name, lose := range map[string]func(*rig){
		"without a word":    func(r *rig) { r.Drop() },
		"by a close code":   func(r *rig) { r.Close(4000) },
		"by a plain close":  func(r *rig) { r.Close(1001) },
		"without a code":    func(r *rig) { r.Close(websocket.CloseNoStatusReceived) },
		"by a broken frame": func(r *rig) { r.Bytes(0x8b, 0) },
		"by a kind request": func(r *rig) { r.Raw(`{"op":7,"d":null,"s":null,"t":null}`) },
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			r.WaitReady()
			r.answers(ann, "they took my money")
			lose(r)
			r.WaitGone()
			r.answers(ann, "they took my money") // sent while nobody listened
			got := r.Counts()
			if got.Identifies != 1 || got.Resumes != 1 || got.There != 1 {
				t.Errorf("%+v, want one session, resumed once where Discord wants it", got)
			}
			if figures := r.adapter.Figures(); figures.Identifies != 1 {
				t.Errorf("figures %+v", figures)
			}
		})
	}
}

func TestASessionIsResumedWhereItBeganIfItCannotBeElsewhere(t *testing.T) {
	for name, address := range map[string]string{"nobody there": "ws://127.0.0.1:1", "no address": "", "encrypted differently": "wss://gateway.example"} {
		t.Run(name, func(t *testing.T) {
			r := start(t, func(r *rig, _ *bot.Options) { r.ResumeAt(cmp.Or(address, "://")) })
			r.WaitReady()
			r.Drop()
			r.WaitGone()
			r.answers(ann, "they took my money")
			if got := r.Counts(); got.Identifies != 1 || got.Resumes != 1 || got.There != 0 {
				t.Errorf("%+v, want one session, resumed where it began", got)
			}
		})
	}
}

func TestASessionThatIsOverIsBegunAnew(t *testing.T) {
	for name, lose := range map[string]func(*rig){
		"timed out":        func(r *rig) { r.Close(4009) },
		"out of step":      func(r *rig) { r.Close(4007) },
		"refused later":    func(r *rig) { r.Forget(); r.Drop() },
		"called invalid":   func(r *rig) { r.Raw(`{"op":9,"d":false}`) },
		"invalid for now":  func(r *rig) { r.Raw(`{"op":9,"d":true}`) },
		"not recognisable": func(r *rig) { r.Raw(`{"op":0,"s":9,"t":"READY","d":{"user":null}}`) },
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			r.WaitReady()
			lose(r)
			r.WaitCounts("a second session", func(c discordtest.Counts) bool { return c.Identifies == 2 })
			r.WaitReady()
			r.answers(ann, "they took my money")
			if got := r.Counts(); got.Identifies != 2 || r.adapter.Figures().Identifies != 2 {
				t.Errorf("%+v, counted %+v", got, r.adapter.Figures())
			}
		})
	}
}

// What discordgo would lock itself up over, or open a second session for.
func TestOddWordsBeforeTheWelcome(t *testing.T) {
	for name, payload := range map[string]string{
		"a request to reconnect": `{"op":7,"d":null}`,
		"an invalid session":     `{"op":9,"d":false}`,
		"a heartbeat's answer":   `{"op":11}`,
		"a second greeting":      `{"op":10,"d":{"heartbeat_interval":41250}}`,
		"a heartbeat, please":    `{"op":1,"d":null}`,
		"nothing":                `null`,
		"an early event":         `{"op":0,"s":1,"t":"GUILD_CREATE","d":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := connect(t, func(r *rig) { r.Before(payload) })
			r.WaitCounts("a session", func(c discordtest.Counts) bool { return c.Identifies > 0 })
			r.Before()
			r.WaitReady()
		})
	}
}

func TestAGatewayThatSaysNothingDoesNotHoldTheBotForEver(t *testing.T) {
	r := connect(t, func(r *rig) {
		r.adapter.timing.open = 300 * time.Millisecond
		r.Silent(true)
	})
	r.WaitConnections(3)
	r.Silent(false)
	r.WaitReady()
	if got := r.log.count(`"why":"no welcome in time"`); got < 2 {
		t.Errorf("%d lines about it, want one for each try", got)
	}
}

func TestAGreetingWithoutAHeartbeatIsNotBelieved(t *testing.T) {
	for _, interval := range []time.Duration{0, -time.Second} { // discordgo would panic
		r := connectWith(t, []func(*rig){func(r *rig) { r.Interval(interval) }})
		r.WaitConnections(2)
		r.Interval(time.Minute)
		r.WaitReady()
		r.stop()
	}
}

func TestHeartbeatsAreSent(t *testing.T) {
	r := connect(t, func(r *rig) { r.Interval(250 * time.Millisecond) })
	r.WaitCounts("heartbeats", func(c discordtest.Counts) bool { return c.Heartbeats > 3 })
	if err := r.adapter.Alive(time.Now()); err != nil {
		t.Error(err)
	}
}

func TestTheCountOfTheDayIsRespected(t *testing.T) {
	r := connect(t, func(r *rig) { r.Sessions(3, time.Hour) })
	r.WaitRequests(discordtest.GatewayBot, 1)
	r.waitLog(t, "too many were begun lately")
	r.stop()
	if got := r.Counts().Identifies; got != 0 {
		t.Errorf("%d sessions begun with three left of a thousand", got)
	}
}

func TestStoppingSaysGoodbyeAndAnswersAreStillFinished(t *testing.T) {
	r := start(t)
	r.WaitReady()
	hold := make(chan struct{})
	r.Fail(discordtest.CreateMessage, discordtest.Fault{Hold: hold})
	r.Say(ann, "they took my money")
	r.WaitBusy(discordtest.CreateMessage)
	go r.stop()
	r.WaitGone()
	close(hold)
	if m := r.Next(discordtest.Private(ann)); !strings.Contains(m.Content, "Stop paying") {
		t.Errorf("answered with %q", m.Content)
	}
	if err := r.end(t); err != nil {
		t.Errorf("ended with %v", err)
	}
	if got := r.Counts().Closed; got != 1000 {
		t.Errorf("the last connection was closed with %d, want a goodbye (1000)", got)
	}
}

func TestWhatCannotBeReadIsCountedAndPassedOver(t *testing.T) {
	r := start(t)
	r.WaitReady()
	for _, raw := range []string{`null`, `{`, `[]`, `{"op":"x"}`, `{"op":0}`, `{"op":99,"d":{}}`, `{"op":10,"d":null}`, `"text"`} {
		r.Raw(raw)
	}
	for _, kind := range []string{"INTERACTION_CREATE", "MESSAGE_CREATE", "GUILD_DELETE", "GUILD_CREATE"} {
		for _, data := range []string{`null`, `7`, `[]`, `{}`, `{"id":7}`, `{"id":"../x"}`} {
			r.Dispatch(kind, data)
		}
	}
	r.Dispatch("SOMETHING_NEW", `{"a":[1,2,3]}`)
	r.Dispatch("GUILD_CREATE", `{"id":"1","channels":[null],"members":null}`)
	r.Binary([]byte{0x78, 0x9c, 0xff})
	r.answers(ann, "they took my money")
	if got := r.Counts(); got.Identifies > 2 {
		t.Errorf("%+v, want the connection to outlive it", got)
	}
	if figures := r.adapter.Figures(); figures.Malformed < 25 {
		t.Errorf("%+v, want what was passed over counted", figures)
	}
}

// encrypted puts an encrypted front before a server and returns its address and
// the pool that trusts it.
func encrypted(t *testing.T, address string) (string, *x509.CertPool) {
	t.Helper()
	back, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(back))
	front.Config.ErrorLog = log.New(io.Discard, "", 0)
	front.StartTLS()
	t.Cleanup(front.Close)
	t.Cleanup(front.CloseClientConnections)
	pool := x509.NewCertPool()
	pool.AddCert(front.Certificate())
	return "wss" + strings.TrimPrefix(front.URL, "https") + "/gateway", pool
}

func TestAnEncryptedGateway(t *testing.T) {
	r := connect(t, func(r *rig) {
		address, pool := encrypted(t, r.URL)
		r.SetGateway(address)
		r.adapter.gateway.roots = pool
	})
	r.WaitReady()
	r.Drop()
	r.WaitCounts("a resume", func(c discordtest.Counts) bool { return c.Resumes == 1 && c.Identifies == 1 })
}

func TestAGatewayThatIsNotWhoItSaysIsNotTrusted(t *testing.T) {
	r := connect(t, func(r *rig) {
		address, _ := encrypted(t, r.URL)
		r.SetGateway(address)
	})
	r.waitLog(t, "cannot connect")
	if got := r.Counts().Connections; got != 0 {
		t.Errorf("%d connections to a stranger", got)
	}
}

// failing is a network on which nothing can be reached.
type failing struct{ calls *[]time.Time }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) {
	*f.calls = append(*f.calls, time.Now())
	return nil, errors.New("no network")
}

func TestTriesToConnectAreLongerAndLongerApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []time.Time
		a, err := New(Options{Token: "x", Now: time.Now, Log: quietLog(io.Discard), HTTP: failing{&calls}})
		if err != nil {
			t.Fatal(err)
		}
		a.timing.jitter = func() float64 { return 1 }
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		if err := a.Run(ctx, acceptAll{}); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60}
		for i, seconds := range want {
			if got := calls[i+1].Sub(calls[i]); got != seconds*time.Second {
				t.Errorf("pause %d is %v, want %v", i, got, seconds*time.Second)
			}
		}
	})
}

func TestASessionThatWasOnIsResumedSoon(t *testing.T) {
	on := &discordgo.Session{}
	for name, tc := range map[string]struct {
		session *discordgo.Session
		resumes int
		lived   time.Duration
		want    int
	}{
		"lost again and again":   {on, 0, time.Second, 0},
		"cannot be resumed":      {on, 1, time.Second, 6},
		"a new one has to begin": {nil, 0, time.Second, 6},
		"a steady one":           {nil, 0, time.Hour, 0},
		"a steady one, resumed":  {on, 0, time.Hour, -2},
	} {
		if got := (&gateway{session: tc.session, resumes: tc.resumes}).triesThatCount(6, tc.lived); got != tc.want {
			t.Errorf("%s: %d tries count, want %d", name, got, tc.want)
		}
	}
}

func TestAnUnencryptedOrMissingGatewayIsRefused(t *testing.T) {
	for _, address := range []string{"ws://gateway.discord.gg", "", "https://gateway.discord.gg", "wss://"} {
		a := newAdapter(t, PublicAPI, quietLog(io.Discard))
		if err := a.gateway.address(address); err == nil {
			t.Errorf("%q was taken for a gateway", address)
		}
	}
	if _, err := New(Options{Token: "x", APIURL: "nowhere", Now: time.Now, Log: quietLog(io.Discard)}); err == nil {
		t.Error("an API without a host was accepted")
	}
}

func TestLeaving(t *testing.T) {
	server := discordtest.New(t)
	a := newAdapter(t, server.URL, quietLog(io.Discard))
	server.Publish(discordtest.Channel(guild, school), "post")
	server.Publish(discordtest.Private(ann), "hi")
	there, private := bot.NewAddress(Name, guild, school), bot.NewAddress(Name, discordtest.Private(ann).Channel, "")
	if err := a.Leave(t.Context(), there); err != nil || len(server.Requests(discordtest.LeaveServer)) != 1 {
		t.Errorf("leaving: %v", err)
	}
	if err := a.Leave(t.Context(), there); err != nil {
		t.Errorf("leaving what was left: %v", err)
	}
	if err := a.Leave(t.Context(), private); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("leaving a person: %v", err)
	}
}
