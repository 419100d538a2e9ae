package discord

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/discord/discordtest"
	"notalone/flows"
	"notalone/i18n"
)

func TestEveryRefusalHasAKind(t *testing.T) {
	html := http.Header{"Content-Type": {"text/html"}, "Retry-After": {"7"}}
	for name, tc := range map[string]struct {
		status int
		header http.Header
		body   string
		want   bot.SendError
	}{
		"too fast":               {429, nil, `{"retry_after":1.5,"global":false}`, bot.SendError{Kind: bot.Throttled, RetryAfter: 1500 * time.Millisecond, Code: 429}},
		"too fast, header only":  {429, http.Header{"Retry-After": {"3"}}, `{}`, bot.SendError{Kind: bot.Throttled, RetryAfter: 3 * time.Second, Code: 429}},
		"too fast, says no more": {429, nil, `{}`, bot.SendError{Kind: bot.Throttled, RetryAfter: defaultWait, Code: 429}},
		"the network's page":     {429, html, `<html>1015</html>`, bot.SendError{Kind: bot.Throttled, RetryAfter: 7 * time.Second, Code: 429}},
		"its page, no more":      {429, nil, `<html>1015</html>`, bot.SendError{Kind: bot.Throttled, RetryAfter: defaultCloudWait, Code: 429}},
		"cannot send":            {403, nil, `{"code":50007}`, bot.SendError{Kind: bot.Gone, Code: 50007}},
		"no server in common":    {400, nil, `{"code":50278}`, bot.SendError{Kind: bot.Gone, Code: 50278}},
		"no such channel":        {404, nil, `{"code":10003}`, bot.SendError{Kind: bot.Gone, Code: 10003}},
		"bad form":               {400, nil, `{"code":50035}`, bot.SendError{Kind: bot.Refused, Code: 50035}},
		"bad token":              {401, nil, `{"code":0}`, bot.SendError{Kind: bot.Refused, Code: 401}},
		"no JSON":                {403, nil, `nope`, bot.SendError{Kind: bot.Refused, Code: 403}},
		"their fault":            {503, nil, ``, bot.SendError{Kind: bot.Passing, Code: 503}},
		"a gateway's page":       {502, html, `<html>`, bot.SendError{Kind: bot.Passing, Code: 502}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.want.Op = "op"
			if tc.header == nil {
				tc.header = http.Header{}
			}
			got, _ := newFault("op", &http.Response{StatusCode: tc.status, Header: tc.header}, []byte(tc.body))
			if *got != tc.want {
				t.Errorf("got %+v, want %+v", *got, tc.want)
			}
		})
	}
}

// page is something to say.
var page = &flows.Page{Path: "tip/x", Lang: "en", Text: i18n.Plainly("A tip"), Rows: [][]flows.Button{{{Label: "Help", Path: "help"}}}}

// faulty is an adapter that is not connected, and an event of words to it.
func faulty(t *testing.T) (*discordtest.Server, *Adapter, *bot.Event) {
	t.Helper()
	r := &rig{Server: discordtest.New(t), log: &lockedBuffer{}}
	a := newAdapter(t, r.URL, quietLog(r.log))
	private := discordtest.Private(ann)
	id := r.Say(ann, "hi")
	return r.Server, a, &bot.Event{
		ID: "dc:" + id, Person: bot.NewPerson(Name, ann), Place: bot.NewAddress(Name, private.Channel, ""), Reply: &reply{nonce: "dc:" + id},
	}
}

func TestAWriteThatGoesWrong(t *testing.T) {
	short := 20 * time.Millisecond
	for name, tc := range map[string]struct {
		fault discordtest.Fault
		want  bot.SendKind
		calls int // that reach Discord when it is tried again at once
		shown int
	}{
		"too fast here":          {discordtest.Fault{Status: 429, RetryAfter: short}, bot.Throttled, 2, 1},
		"too fast everywhere":    {discordtest.Fault{Status: 429, RetryAfter: short, Global: true}, bot.Throttled, 2, 1},
		"stopped before Discord": {discordtest.Fault{Cloud: true, RetryAfter: time.Hour}, bot.Throttled, 1, 0},
		"Discord is down":        {discordtest.Fault{Status: 500}, bot.Passing, 2, 1},
		"cut before it was done": {discordtest.Fault{Cut: true}, bot.Passing, 2, 1},
		"cut after it was done":  {discordtest.Fault{Cut: true, Done: true}, bot.Passing, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server, a, ev := faulty(t)
			server.Fail(discordtest.CreateMessage, tc.fault)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if _, err := a.Answer(ctx, ev, page); bot.AsSendError(err).Kind != tc.want {
				t.Fatalf("failed with %v, want %v", err, tc.want)
			}
			if _, err := a.Answer(ctx, ev, page); (err == nil) != (tc.shown > 0) {
				t.Errorf("tried again: %v", err)
			}
			if got := len(server.Requests(discordtest.CreateMessage)); got != tc.calls {
				t.Errorf("%d calls, want %d", got, tc.calls)
			}
			if got := len(server.Visible(ann, discordtest.Private(ann))); got != tc.shown {
				t.Errorf("%d messages are shown, want %d", got, tc.shown)
			}
		})
	}
}

func TestAnAcceptedWriteCountsAsDoneWhateverTheAnswer(t *testing.T) {
	for _, body := range []string{"<html>", `[{"id":7}]`, `{"id":7}`, "null"} {
		server, a, ev := faulty(t)
		server.Fail(discordtest.CreateMessage, discordtest.Fault{Body: body, Done: true})
		if _, err := a.Answer(t.Context(), ev, page); err != nil {
			t.Errorf("answered with %s: %v; it would be sent again", body, err)
		}
	}
}

func TestWithoutDiscordACallFailsBeforeItWasMade(t *testing.T) {
	_, a, ev := faulty(t)
	a.rest.transport.api.Host = "127.0.0.1:1"
	_, err := a.Answer(t.Context(), ev, page)
	if bot.AsSendError(err).Kind != bot.Passing {
		t.Errorf("failed with %v, want passing", err)
	}
	if strings.Contains(err.Error(), "127.0.0.1") || strings.Contains(err.Error(), ev.Place.Chat()) {
		t.Errorf("the error tells too much: %v", err)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	server, a, ev := faulty(t)
	hold := make(chan struct{})
	defer close(hold)
	server.Fail(discordtest.CreateMessage, discordtest.Fault{Hold: hold})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err := a.rest.call(ctx, http.MethodPost, messagesOf(ev.Place), object(render(page), ""))
	if kind := bot.AsSendError(err).Kind; kind != bot.Uncertain {
		t.Errorf("failed with %v, want uncertain: the words were on their way", err)
	}
}

func TestAClosedChatIsGone(t *testing.T) {
	server, a, ev := faulty(t)
	server.Block(ann)
	if _, err := a.Answer(t.Context(), ev, page); bot.AsSendError(err).Kind != bot.Gone {
		t.Errorf("failed with %v, want gone", err)
	}
}

func TestASensitivePageIsNeverShownInPublic(t *testing.T) {
	server, a, ev := faulty(t)
	ev.Shared = true
	secret := *page
	secret.Sensitive = true
	if _, err := a.Answer(t.Context(), ev, &secret); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("failed with %v, want refused", err)
	}
	if _, err := a.Post(t.Context(), ev.Place, flows.Post{Page: &secret}, "n"); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("posting failed with %v, want refused", err)
	}
	ev.Reply = nil
	if _, err := a.Answer(t.Context(), ev, page); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("an event of somebody else's was answered: %v", err)
	}
	if n := len(server.Requests(discordtest.CreateMessage)); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}

func TestDelete(t *testing.T) {
	server, a, ev := faulty(t)
	private := discordtest.Private(ann)
	own := server.Publish(private, "one")
	gone := server.Publish(private, "two")
	theirs := server.Say(ann, "mine")
	ids := []string{own.ID, gone.ID, gone.ID + "0", theirs, "../x"}
	if left, err := a.Delete(t.Context(), ev.Place, []string{gone.ID}); left != 0 || err != nil {
		t.Fatalf("left %d, %v", left, err)
	}
	server.Fail(discordtest.DeleteMessage, discordtest.Fault{Status: 500})
	if left, _ := a.Delete(t.Context(), ev.Place, []string{own.ID}); left != 1 {
		t.Errorf("left %d of one that failed", left)
	}
	left, err := a.Delete(t.Context(), ev.Place, ids)
	if left != 2 || err == nil {
		t.Errorf("left %d, %v; want the person's own and the one that is no id", left, err)
	}
	if seen := server.Visible(ann, private); len(seen) != 0 {
		t.Errorf("still there: %+v", seen)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // no time but for the line that follows
	defer cancel()
	if left, _ := a.Delete(ctx, ev.Place, []string{own.ID, own.ID}); left != 2 {
		t.Errorf("left %d, want all: the time belongs to the answer", left)
	}
}

func TestErrorsOfOthersArePassedOn(t *testing.T) {
	if repeatable(nil) != nil || codeOf(errors.New("x")) != 0 || expired(nil) {
		t.Error("what is no refusal of Discord was taken for one")
	}
}
