package discord

import (
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord/discordtest"
	"notalone/flows"
	"notalone/i18n"
)

// teacher manages the server.
const teacher = "840000000000000009"

// class is a running bot in a server of its own with two channels.
func class(t *testing.T) *rig {
	r := start(t)
	r.SetManager(teacher)
	r.WaitReady()
	r.Join(guild, school, club)
	return r
}

// setup is the set-up as the teacher sees it in a channel.
func (r *rig) setup(channel string) *discordtest.Message {
	return r.Slash(teacher, "setup", discordtest.Channel(guild, channel)).Answer()
}

// feed is what is kept of the server.
func (r *rig) feed() (flows.Feed, bool) { return r.store.Feed(bot.NewAddress(Name, guild, "")) }

func TestANewServerIsGreetedOnce(t *testing.T) {
	r := class(t)
	greeting := r.Next(discordtest.Channel(guild, school))
	if len(greeting.Rows) != 1 || greeting.Rows[0][0].CustomID != "setup" || greeting.Only != "" || greeting.Nonce == "" {
		t.Fatalf("greeted with %+v", greeting)
	}
	front := r.Press(teacher, greeting, "setup").Answer()
	if front.Only != teacher || !strings.Contains(labels(front), "Kênh") {
		t.Errorf("the button opens %+v", front)
	}
	if other := r.Press(bo, greeting, "setup").Answer(); other.Only != bo || strings.Contains(labels(other), "Kênh") {
		t.Errorf("a member is shown %+v", other)
	}
	r.Tell(guild)
	r.Leave(guild, true)
	r.Tell(guild)
	r.Forget()
	r.Drop()
	r.WaitCounts("another session", func(c discordtest.Counts) bool { return c.Identifies == 2 })
	r.Tell(guild)
	r.answers(ann, "they took my money") // what was told before has been through by now
	if n := len(r.Requests(discordtest.CreateMessage)); n != 2 {
		t.Errorf("%d messages, want one greeting and one answer:\n%s", n, r.Transcript())
	}
}

func TestWhichServersAreNew(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	s := newServers()
	s.list([]place{{ID: "1"}, {ID: "2"}})
	for _, step := range []struct{ kind, data, want string }{
		{"GUILD_CREATE", `{"id":"1","joined_at":"2026-11-20T08:00:00Z"}`, ""},
		{"GUILD_CREATE", `{"id":"2","joined_at":"2026-11-24T07:30:00Z"}`, "joined"}, // while the bot was away
		{"GUILD_CREATE", `{"id":"3","unavailable":true}`, ""},
		{"GUILD_CREATE", `{"id":"3","joined_at":"2026-11-24T08:00:00Z","preferred_locale":"vi"}`, "joined"},
		{"GUILD_DELETE", `{"id":"3","unavailable":true}`, ""},
		{"GUILD_CREATE", `{"id":"3","joined_at":"2026-11-24T06:00:00Z"}`, ""},
		{"CHANNEL_CREATE", `{"id":"13","guild_id":"1"}`, ""},
		{"CHANNEL_UPDATE", `{"id":"13","guild_id":"1","name":"renamed"}`, ""},
		{"GUILD_UPDATE", `{"id":"1","name":"renamed"}`, ""},
		{"CHANNEL_DELETE", `{"id":"13","guild_id":"1"}`, "closed"},
		{"THREAD_DELETE", `{"id":"14","guild_id":"1","parent_id":"13"}`, "closed"},
		{"GUILD_MEMBER_ADD", `null`, ""},
		{"GUILD_DELETE", `{"id":"3"}`, "left"},
		{"GUILD_CREATE", `{"id":"3","joined_at":"2026-11-24T05:00:00Z"}`, "joined"},
	} {
		ev, err := s.hear(step.kind, []byte(step.data), now)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		switch {
		case ev == nil:
		case !ev.Shared || ev.Person.Known():
			got = "somebody's"
		case ev.Joined:
			got = "joined"
		case ev.Closed:
			got = "closed"
		case ev.Left:
			got = "left"
		}
		if got != step.want {
			t.Errorf("%s %s: %q, want %q", step.kind, step.data, got, step.want)
		}
	}
}

func TestTheGreetingStandsWhereTheBotMayWrite(t *testing.T) {
	r := start(t)
	r.WaitReady()
	r.Has(guild, 0, school, club)
	r.Deny(guild, school, discordtest.Write)
	r.Tell(guild)
	if r.Next(discordtest.Channel(guild, club)) == nil {
		t.Fatal("no greeting")
	}
	r.Has("301", 0, "410")
	r.Deny("301", "410", discordtest.View)
	r.Tell("301")
	r.waitLog(t, "gave up on an answer")
}

func TestAServerIsSetUp(t *testing.T) {
	r := class(t)
	r.Next(discordtest.Channel(guild, school))
	front := r.setup(school)
	for _, button := range []string{"setup/quiz", "setup/quiz/on"} {
		front = r.Press(teacher, front, button).Answer()
	}
	if feed, _ := r.feed(); feed.Spot != school || !feed.Quiz.On() {
		t.Fatalf("kept %+v", feed)
	}
	chooser := r.Press(teacher, r.setup(school), "setup/spot").Answer()
	if chooser.Chooser != "setup/spot" || chooser.Chosen != school || chooser.Only != teacher {
		t.Fatalf("shown %+v", chooser)
	}
	r.Deny(guild, club, discordtest.Write)
	front = r.Pick(teacher, chooser, club).Answer()
	if feed, _ := r.feed(); feed.Spot != club {
		t.Errorf("posts go to %q", feed.Spot)
	}
	if !strings.Contains(front.Content, "Gửi tin nhắn") {
		t.Errorf("nothing about what is missing: %q", front.Content)
	}
	r.Deny(guild, club, 0)
	if front = r.setup(school); strings.Contains(front.Content, "Gửi tin nhắn") {
		t.Errorf("still missing: %q", front.Content)
	}
}

func TestAPostGoesToTheChosenChannelAndFailsInItsOwnWay(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*discordtest.Server)
		want   bot.SendKind
		fine   bool
	}{
		"all is well":        {func(*discordtest.Server) {}, 0, true},
		"no right to write":  {func(s *discordtest.Server) { s.Deny(guild, club, discordtest.Write) }, bot.Refused, false},
		"no right to see":    {func(s *discordtest.Server) { s.Deny(guild, club, discordtest.View) }, bot.Refused, false},
		"channel deleted":    {func(s *discordtest.Server) { s.RemoveChannel(guild, club) }, bot.Refused, false},
		"removed while away": {func(s *discordtest.Server) { s.Removed(guild) }, bot.Gone, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := discordtest.New(t)
			server.Has(guild, time.Hour, school, club)
			tc.change(server)
			a := newAdapter(t, server.URL, quietLog(&lockedBuffer{}))
			_, err := a.Post(t.Context(), bot.NewAddress(Name, guild, club), flows.Post{Page: &flows.Page{Path: "tips", Text: i18n.Text{{Text: "a tip"}}}}, "n")
			if (err == nil) != tc.fine || !tc.fine && bot.AsSendError(err).Kind != tc.want {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestADeletedChannelPausesAndAnAdminIsTold(t *testing.T) {
	r := class(t)
	r.Next(discordtest.Channel(guild, school))
	r.Press(teacher, r.Press(teacher, r.setup(club), "setup/quiz").Answer(), "setup/quiz/on").Answer()
	r.RemoveChannel(guild, "499") // of no interest
	r.RemoveChannel(guild, club)
	told := r.Next(discordtest.Channel(guild, school))
	if !strings.Contains(told.Content, "server-"+guild) || !strings.Contains(told.Content, "/setup") {
		t.Errorf("told %q", told.Content)
	}
	if feed, _ := r.feed(); !feed.Paused() || !feed.Quiz.On() || feed.Spot != "" {
		t.Errorf("kept %+v", feed)
	}
	front := r.setup(school)
	if !strings.Contains(labels(front), "Kênh") {
		t.Errorf("no other channel can be chosen: %s", labels(front))
	}
	r.Press(teacher, front, "setup/pause/off").Answer()
	if feed, _ := r.feed(); feed.Paused() || feed.Spot != school {
		t.Errorf("went on with %+v", feed)
	}
}

func TestAServerThatRemovesTheBotIsForgottenAndGreetedAnew(t *testing.T) {
	r := class(t)
	r.Next(discordtest.Channel(guild, school))
	r.Leave(guild, true)
	r.Tell(guild)
	r.answers(ann, "hello?")
	if _, kept := r.feed(); !kept {
		t.Fatal("an outage wiped what a server chose")
	}
	r.Leave(guild, false)
	r.answers(ann, "and now?")
	if feed, kept := r.feed(); kept {
		t.Errorf("kept %+v", feed)
	}
}

func TestSetUpIsForWhoManagesTheServer(t *testing.T) {
	list := commands([]Command{{Name: "setup", Manage: true}, {Name: "help"}})
	setup, help := list[0], list[1]
	if setup.MemberPermissions == nil || *setup.MemberPermissions != 32 || len(setup.Contexts) != 1 || setup.Contexts[0] != 0 || len(setup.IntegrationTypes) != 1 || setup.IntegrationTypes[0] != 0 {
		t.Errorf("set-up is %+v", setup)
	}
	if help.MemberPermissions != nil || len(help.Contexts) != 3 || len(help.IntegrationTypes) != 2 {
		t.Errorf("help is %+v", help)
	}
}

func TestDistressInAChannelGetsANeutralLineAndTheNumbers(t *testing.T) {
	r := start(t, func(_ *rig, o *bot.Options) {
		o.Site = bottest.Site(t, bottest.Keywords{
			"he has a knife": {Labels: []string{"danger"}, Decision: flows.Go}, "they took my money": {Labels: []string{"scam"}, Decision: flows.Go},
		})
	})
	r.WaitReady()
	r.Join(guild, school)
	place := discordtest.Channel(guild, school)
	r.Next(place)
	r.SetManager(teacher)
	r.Press(teacher, r.Press(teacher, r.setup(school), "setup/country").Answer(), "setup/country/VN").Answer()
	r.Next(place)
	mention := map[string]any{"mentions": []any{map[string]any{"id": discordtest.Bot, "bot": true}}}
	for words, danger := range map[string]bool{"he has a knife": true, "they took my money": false} {
		r.Send(place, bo, "<@"+discordtest.Bot+"> "+words, mention)
		answer := r.Next(place)
		if answer.Only != "" || strings.Contains(answer.Content, "113") != danger || strings.Contains(answer.Content, "paying") || strings.Contains(answer.Content, bo) {
			t.Errorf("%q: %q", words, answer.Content)
		}
		alone := r.Press(bo, answer, "help").Answer()
		if alone.Only != bo {
			t.Errorf("%q: the way on is seen by all: %+v", words, alone)
		}
		r.Next(place) // that answer
	}
}

func TestTheLinkThatAddsTheBot(t *testing.T) {
	r := start(t)
	r.WaitReady()
	page := r.Slash(ann, "setup", discordtest.Private(ann)).Answer()
	if b := page.Rows[0]; len(b) != 1 || b[0].URL != "https://discord.com/oauth2/authorize?client_id="+discordtest.App+"&scope=bot+applications.commands&permissions=84992" {
		t.Errorf("offers %+v", b)
	}
}
