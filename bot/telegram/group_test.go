package telegram

import (
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/i18n"
)

func TestPolls(t *testing.T) {
	server := telegramtest.New(t)
	group := server.Group(-1001, false)
	a := newAdapter(server, &bottest.Logbook{})
	place := bot.NewAddress(Name, "-1001", "")
	quiz := &flows.Poll{Question: `Is "this" true?`, Choices: []string{"Yes", "No", "Maybe"}, Right: 1, Explanation: "Because.", Closes: time.Now().Add(8 * time.Hour)}
	sent, err := a.Post(t.Context(), place, flows.Post{Poll: quiz}, "n1")
	if err != nil || sent.Message == "" {
		t.Fatalf("posted %+v, %v", sent, err)
	}
	posted := group.Messages()[0]
	if posted.Text != quiz.Question {
		t.Errorf("the question is %q", posted.Text)
	}
	for _, choice := range []int{1, 1, 2} {
		group.Vote(posted, choice)
	}
	votes, err := a.ClosePoll(t.Context(), place, sent.Message)
	if err != nil || !slices.Equal(votes, []int{0, 2, 1}) {
		t.Errorf("votes are %v, %v; want 0 2 1", votes, err)
	}
	if _, err := a.ClosePoll(t.Context(), place, sent.Message); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("closing again got %v, want it refused", err)
	}
}

func TestPosts(t *testing.T) {
	server := telegramtest.New(t)
	forum := server.Forum(-1001)
	a := newAdapter(server, &bottest.Logbook{})
	sent, err := a.Post(t.Context(), bot.NewAddress(Name, "-1001", "44"), flows.Post{Page: somePage()}, "n1")
	if err != nil || sent.Message == "" || forum.Messages()[0].Thread != 44 {
		t.Errorf("posted %+v, %v, %+v", sent, err, forum.Messages())
	}
	if a.Leave(t.Context(), bot.NewAddress(Name, "-1001", "")) != nil {
		t.Error("could not leave")
	}
	if _, err := a.Post(t.Context(), bot.NewAddress(Name, "-1001", ""), flows.Post{Page: somePage()}, "n2"); bot.AsSendError(err).Kind != bot.Gone {
		t.Errorf("a post after leaving got %v, want gone", err)
	}
}

func TestManages(t *testing.T) {
	server := telegramtest.New(t)
	group := server.Group(-1001, false)
	group.As(7, "en").Promote()
	a := newAdapter(server, &bottest.Logbook{})
	place := bot.NewAddress(Name, "-1001", "")
	for name, tc := range map[string]struct {
		ev   *bot.Event
		want bool
	}{
		"administrator": {&bot.Event{Person: bot.NewPerson(Name, "7"), Place: place, Shared: true}, true},
		"member":        {&bot.Event{Person: bot.NewPerson(Name, "8"), Place: place, Shared: true}, false},
		"nobody":        {&bot.Event{Place: place, Shared: true}, false},
		"in private":    {toPrivate(8), true},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := a.Manages(t.Context(), tc.ev); got != tc.want || err != nil {
				t.Errorf("got %v, %v; want %v", got, err, tc.want)
			}
		})
	}
}

func TestMenus(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		server.Whispers(true)
		server.Fail("setMyCommands", telegramtest.Fault{HTML: 502})
		about := func(o *Options) { o.Short = map[i18n.Lang]string{"en": "Help", "vi": "Giúp"} }
		r := start(t, server, about)
		r.Await("setMyShortDescription", 2)
		calls := r.Calls("setMyCommands")
		if len(calls) != 9 {
			t.Errorf("%d menus set, want 3 scopes of 3 languages", len(calls))
		}
		for _, call := range calls {
			for scope, has := range map[string]map[string]bool{
				"all_private_chats":       {"hide": true, "setup": false, "help": true},
				"all_group_chats":         {"hide": false, "setup": false, "help": true},
				"all_chat_administrators": {"hide": false, "setup": true, "help": true},
			} {
				for name, want := range has {
					if strings.Contains(call.Params, scope) && strings.Contains(call.Params, `"command":"`+name+`"`) != want {
						t.Errorf("%s has %s: %v", scope, name, !want)
					}
				}
			}
		}
		r.end()
		again := start(t, server, about)
		again.Await("getMyShortDescription", 4)
		if got := len(r.Calls("setMyCommands")); got != 10 {
			t.Errorf("%d menus set in all, want only the one that failed set again", got)
		}
		if got := len(r.Calls("setMyShortDescription")); got != 2 {
			t.Errorf("%d texts set in all, want none again", got)
		}
	})
}

// TestMenusWhisperOnceKnown: an older server is never shown a field that it does
// not know; one that has shown to know whispers keeps them over a restart.
func TestMenusWhisperOnceKnown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		server.Whispers(true)
		r := start(t, server)
		r.Await("setMyCommands", 9)
		r.Settle()
		for _, call := range r.Calls("setMyCommands") {
			if strings.Contains(call.Params, "is_ephemeral") {
				t.Errorf("%s names whispers, which the server has not shown to know", call.Params)
			}
		}
		ana := r.Group(-1001, true).As(7001, "en")
		ana.Say("/settings") // an administrator's answer proves it
		ana.Answer()
		r.Await("setMyCommands", 15)
		r.Settle()
		for _, call := range r.Calls("setMyCommands")[9:] {
			if strings.Contains(call.Params, "all_private_chats") || !strings.Contains(call.Params, `"is_ephemeral":true`) {
				t.Errorf("%s set again, want the groups' lists as whispers", call.Params)
			}
		}
		r.end()
		start(t, server).Settle()
		if got := len(r.Calls("setMyCommands")); got != 15 {
			t.Errorf("%d lists set in all, want none again after a restart", got)
		}
	})
}
