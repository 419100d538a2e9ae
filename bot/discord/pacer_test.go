package discord

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
)

// network is a Discord without sockets, for bubbles of fake time.
type network struct {
	mu     sync.Mutex
	calls  []time.Time
	answer func(n int, req *http.Request) (status int, header http.Header, body string)
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = append(n.calls, time.Now())
	status, header, body := http.StatusOK, http.Header{}, `{"id":"1"}`
	if n.answer != nil {
		status, header, body = n.answer(len(n.calls), req)
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// most is how many calls went out in the busiest second.
func (n *network) most() int {
	slices.SortFunc(n.calls, time.Time.Compare)
	most := 0
	for i := range n.calls {
		j := i
		for j < len(n.calls) && n.calls[j].Sub(n.calls[i]) < time.Second {
			j++
		}
		most = max(most, j-i)
	}
	return most
}

// bubble runs a test in fake time against a network of its own.
func bubble(t *testing.T, test func(t *testing.T, a *Adapter, n *network)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		a, err := New(Options{Token: "x", Now: time.Now, Log: quietLog(io.Discard), HTTP: n})
		if err != nil {
			t.Fatal(err)
		}
		test(t, a, n)
	})
}

func place1(id int) bot.Address { return bot.NewAddress(Name, strconv.Itoa(id), "") }

func TestNeverMoreCallsInASecondThanDiscordTakes(t *testing.T) {
	bubble(t, func(t *testing.T, a *Adapter, n *network) {
		var wg sync.WaitGroup
		began := time.Now()
		for i := range 300 {
			wg.Go(func() {
				if _, err := a.say(context.Background(), place1(i+1), []byte(`"content":"x"`), "n"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most := n.most(); most > 50 || most < 40 {
			t.Errorf("%d calls in the busiest second, want up to 50", most)
		}
		if took := time.Since(began); took > 7*time.Second {
			t.Errorf("300 calls took %v: the limit is not used", took)
		}
	})
}

func TestAnswersToInteractionsAreOutsideTheLimitOverAll(t *testing.T) {
	bubble(t, func(t *testing.T, a *Adapter, _ *network) {
		began := time.Now()
		for i := range 300 {
			path := "interactions/" + strconv.Itoa(i+1) + "/token" + strconv.Itoa(i) + "/callback"
			if _, err := a.rest.call(t.Context(), http.MethodPost, path, []byte(ackBody)); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("300 answers waited %v", took)
		}
		if kept := len(a.rest.transport.pacer.buckets); kept != 0 {
			t.Errorf("%d buckets are kept of interactions that are over", kept)
		}
	})
}

func limited(left int, after float64) http.Header {
	return http.Header{
		"X-Ratelimit-Bucket": {"b"}, "X-Ratelimit-Limit": {"5"}, "X-Ratelimit-Remaining": {strconv.Itoa(left)},
		"X-Ratelimit-Reset-After": {strconv.FormatFloat(after, 'f', 3, 64)},
	}
}

func TestAChannelsBucketIsKeptTo(t *testing.T) {
	bubble(t, func(t *testing.T, a *Adapter, n *network) {
		var since time.Time
		used := 0
		n.answer = func(_ int, req *http.Request) (int, http.Header, string) {
			if strings.Contains(req.URL.Path, "/channels/2/") {
				return 200, http.Header{}, `{}`
			}
			if time.Since(since) >= 5*time.Second {
				since, used = time.Now(), 0
			}
			if used++; used > 5 {
				t.Error("one call too many for the bucket")
			}
			return 200, limited(5-used, 5-time.Since(since).Seconds()), `{}`
		}
		began := time.Now()
		for range 12 {
			if _, err := a.say(t.Context(), place1(1), []byte(`"content":"x"`), "n"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < 10*time.Second || took > 11*time.Second {
			t.Errorf("12 calls of 5 in 5 seconds took %v", took)
		}
		began = time.Now()
		if _, err := a.say(t.Context(), place1(2), []byte(`"content":"x"`), "n"); err != nil || time.Since(began) > time.Second/(usualLimit-1) {
			t.Errorf("another channel waited %v: %v", time.Since(began), err)
		}
	})
}

func TestAWaitIsBoundedByTheContext(t *testing.T) {
	bubble(t, func(t *testing.T, a *Adapter, n *network) {
		n.answer = func(int, *http.Request) (int, http.Header, string) { return 200, limited(0, 30), `{}` }
		send := func(within time.Duration) error {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			_, err := a.say(ctx, place1(1), []byte(`"content":"x"`), "n")
			return err
		}
		if err := send(time.Second); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		fault := bot.AsSendError(send(12 * time.Second))
		if fault.Kind != bot.Throttled || fault.RetryAfter.Round(time.Second/10) != 30*time.Second || time.Since(began) > 0 {
			t.Errorf("%+v after %v, want to be told at once that 30 s are not there", fault, time.Since(began))
		}
		if err := send(40 * time.Second); err != nil || time.Since(began).Round(time.Second/10) != 30*time.Second {
			t.Errorf("%v after %v, want it sent after 30 s", err, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		time.AfterFunc(3*time.Second, cancel)
		began = time.Now()
		if _, err := a.say(ctx, place1(1), nil, "n"); bot.AsSendError(err).Kind != bot.Throttled || time.Since(began) != 3*time.Second {
			t.Errorf("%v after %v, want to stop with the context", err, time.Since(began))
		}
	})
}

func TestWhatA429Holds(t *testing.T) {
	wait := func(seconds string) string { return `{"retry_after":` + seconds + `,"global":false}` }
	for name, tc := range map[string]struct {
		header       http.Header
		body         string
		other, press time.Duration // how long another channel and a press wait then
	}{
		"the route":         {http.Header{"Content-Type": {"application/json"}}, wait("4"), 0, 0},
		"everything":        {http.Header{"Content-Type": {"application/json"}, "X-Ratelimit-Scope": {"global"}}, wait("4"), 4 * time.Second, 0},
		"all, by the body":  {http.Header{"Content-Type": {"application/json"}}, `{"retry_after":4,"global":true}`, 4 * time.Second, 0},
		"the whole machine": {http.Header{"Content-Type": {"text/html"}, "Retry-After": {"4"}}, "<html>", 4 * time.Second, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, a *Adapter, n *network) {
				n.answer = func(i int, _ *http.Request) (int, http.Header, string) {
					if i == 1 {
						return 429, tc.header, tc.body
					}
					return 200, http.Header{}, `{}`
				}
				_, err := a.say(t.Context(), place1(1), nil, "n")
				if fault := bot.AsSendError(err); fault.Kind != bot.Throttled || fault.RetryAfter != 4*time.Second {
					t.Fatalf("%+v", fault)
				}
				var other, press, same time.Duration
				began := time.Now()
				var wg sync.WaitGroup
				wg.Go(func() { _, _ = a.say(context.Background(), place1(2), nil, "n"); other = time.Since(began) })
				wg.Go(func() { _, _ = a.say(context.Background(), place1(1), nil, "n"); same = time.Since(began) })
				wg.Go(func() {
					_, _ = a.rest.call(context.Background(), http.MethodPost, "interactions/1/t/callback", []byte(ackBody))
					press = time.Since(began)
				})
				wg.Wait()
				if same.Round(time.Second) != 4*time.Second || other.Round(time.Second) != tc.other || press != tc.press {
					t.Errorf("the route waited %v, another %v (want %v), a press %v (want %v)", same, other, tc.other, press, tc.press)
				}
			})
		})
	}
}

func TestBucketsOfManyChatsAreForgotten(t *testing.T) {
	now := time.Unix(0, 0)
	p := newPacer(func() time.Time { return now }, usualLimit, nil)
	for i := range 3 * maxBuckets {
		p.learn(routeOf(http.MethodPost, "channels/"+strconv.Itoa(i)+"/messages"), limited(3, 1))
	}
	if n := len(p.buckets); n > maxBuckets {
		t.Errorf("%d buckets are kept", n)
	}
	now = now.Add(time.Minute)
	p.learn(routeOf(http.MethodPost, "channels/5000000/messages"), limited(3, 1))
	for _, odd := range []http.Header{{}, {"X-Ratelimit-Bucket": {"b"}, "X-Ratelimit-Limit": {"many"}}} {
		p.learn(routeOf(http.MethodPost, "channels/1/messages"), odd)
	}
}

func TestRoutesHoldNoIds(t *testing.T) {
	for call, want := range map[string]route{
		"POST channels/12/messages":                {name: "POST channels/{id}/messages", major: "12"},
		"DELETE channels/12/messages/34":           {name: "DELETE channels/{id}/messages/{id}", major: "12"},
		"POST interactions/1/tok/callback":         {name: "POST interactions/{id}/{token}/callback", free: true, once: true},
		"PATCH webhooks/1/tok/messages/@original":  {name: "PATCH webhooks/{id}/{token}/messages/@original", major: "tok", free: true},
		"GET gateway/bot":                          {name: "GET gateway/bot", calm: true},
		"PUT applications/1/commands":              {name: "PUT applications/{id}/commands", calm: true},
		"GET channels/123456789012345678901234567": {name: "GET channels/123456789012345678901234567", major: "123456789012345678901234567"},
	} {
		method, path, _ := strings.Cut(call, " ")
		if got := routeOf(method, path); got != want {
			t.Errorf("%s: %+v, want %+v", call, got, want)
		}
	}
}

func TestADiscordThatCannotBeReadAboutItsLimits(t *testing.T) {
	bubble(t, func(t *testing.T, a *Adapter, n *network) {
		n.answer = func(int, *http.Request) (int, http.Header, string) {
			return 200, http.Header{"X-Ratelimit-Reset-After": {"soon"}, "X-Ratelimit-Remaining": {"-"}}, `{"id":"7"}`
		}
		if sent, err := a.say(t.Context(), place1(1), nil, "n"); err != nil || sent.Message != "7" {
			t.Errorf("%+v, %v: an accepted write counts as done", sent, err)
		}
	})
}
