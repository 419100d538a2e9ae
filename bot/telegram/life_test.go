package telegram

import (
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// managerFor is how long the bot keeps what it was told of rights.
const managerFor = time.Minute

// ofClass runs a bot with the words that are shipped.
func ofClass(t *testing.T) *rig {
	r := startWith(t, telegramtest.New(t), bottest.Site(t, bottest.Keywords{
		"he has a knife": {Labels: []string{"danger"}, Decision: flows.Go},
	}))
	return r
}

// feed is what is kept of a chat.
func (r *rig) feed(chat string) (flows.Feed, bool) {
	return r.store.Feed(bot.NewAddress(Name, chat, ""))
}

// setUp plans a quiz by way of the pages.
func setUp(r *rig, teacher *telegramtest.Place) {
	teacher.Say("/setup")
	teacher.Answer()
	for _, button := range []string{"setup/quiz", "setup/quiz/on"} {
		teacher.Press(button)
		teacher.Answer()
	}
	r.Settle()
}

func TestTheLifeOfAGroup(t *testing.T) {
	for name, tc := range map[string]struct {
		do      func(*telegramtest.Place)
		kept    bool
		answers int // besides the greeting and set-up
	}{
		"renamed": {func(p *telegramtest.Place) { p.Push("", map[string]any{"new_chat_title": "Class 9A"}) }, true, 0},
		"members come and go": {func(p *telegramtest.Place) {
			p.Push("", map[string]any{"new_chat_members": []any{map[string]any{"id": 9, "is_bot": false, "first_name": "N"}}})
			p.Push("", map[string]any{"left_chat_member": map[string]any{"id": 9, "is_bot": false, "first_name": "N"}})
		}, true, 0},
		"a topic is closed":     {func(p *telegramtest.Place) { p.Push("", map[string]any{"forum_topic_closed": map[string]any{}}) }, true, 0},
		"made a plain member":   {func(p *telegramtest.Place) { p.Demote() }, true, 0},
		"removed":               {func(p *telegramtest.Place) { p.Remove() }, false, 0},
		"removed and re-added":  {func(p *telegramtest.Place) { p.Remove(); p.Join() }, true, 1},
		"told again of joining": {func(p *telegramtest.Place) { p.Join() }, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := ofClass(t)
				group := r.Group(-1001, true)
				teacher := group.As(7001, "vi")
				teacher.Promote()
				group.Join()
				greeting := teacher.Answer()
				if !strings.Contains(greeting.Text, "Không Một Mình") && !strings.Contains(greeting.Text, "Not Alone") || len(greeting.Rows) != 1 || greeting.Rows[0][0].Data != "setup" {
					t.Fatalf("greeted with %+v", greeting)
				}
				setUp(r, teacher)
				tc.do(teacher)
				r.Settle()
				feed, kept := r.feed("-1001")
				if kept != tc.kept || tc.kept && tc.answers == 0 && !feed.Quiz.On() {
					t.Errorf("kept %v %+v", kept, feed)
				}
				for range tc.answers {
					teacher.Answer()
				}
				if !teacher.Silent() {
					t.Errorf("something more was said:\n%s", r.Transcript())
				}
			})
		})
	}
}

func TestAGroupThatBecomesASupergroupKeepsItsSettings(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := ofClass(t)
		group := r.Group(-71, false)
		teacher := group.As(7001, "vi")
		teacher.Promote()
		group.Join()
		teacher.Answer()
		setUp(r, teacher)
		there := r.Group(-1001, false)
		there.Join() // the new chat may be heard of before it is known whose it is
		there.As(7001, "vi").Answer()
		r.Settle()
		group.Migrate(-1001)
		r.Settle()
		if feed, kept := r.feed("-1001"); !kept || !feed.Quiz.On() {
			t.Errorf("the new group has %+v", feed)
		}
		if feed, kept := r.feed("-71"); kept {
			t.Errorf("the old group still has %+v", feed)
		}
	})
}

func TestPostsGoToTheTopicThatSetUpWasAskedIn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := ofClass(t)
		forum := r.Forum(-1001)
		teacher := forum.As(7001, "id").In(44)
		teacher.Promote()
		setUp(r, teacher)
		if feed, _ := r.feed("-1001"); feed.Spot != "44" {
			t.Errorf("posts go to topic %q", feed.Spot)
		}
		if m := teacher.Messages(); m[len(m)-1].Thread != 44 {
			t.Errorf("answered in topic %d", m[len(m)-1].Thread)
		}
	})
}

func TestAChannelIsSetUpWhereItIs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := ofClass(t)
		channel := r.Channel(-1001)
		teacher, reader := channel.As(7001, "vi"), channel.As(8001, "en")
		teacher.Promote()
		teacher.Join()
		greeting := teacher.Answer()
		if !strings.Contains(greeting.Text, "ở kênh này") || len(greeting.Rows) != 1 || greeting.Rows[0][0].Data != "setup" {
			t.Errorf("greeted with %+v, want what fits a channel", greeting)
		}
		for command, want := range map[string]string{"/help": "ở chỗ riêng", "/setup": "Tiếng Việt"} { // a post is nobody's, and has no language
			r.Inject("channel_post", `{"message_id":990,"date":9,"sender_chat":{"id":-1001,"type":"channel"},"chat":{"id":-1001,"type":"channel"},"text":"`+command+`"}`)
			if got := teacher.Answer(); !strings.Contains(got.Text, want) {
				t.Errorf("%s is answered with %q", command, got.Text)
			}
		}
		reader.PressOn(greeting, "setup")
		r.Settle()
		if !teacher.Silent() || !strings.Contains(r.Transcript(), "< in passing, to person 1: Only people who manage this group") {
			t.Fatalf("after a reader's press:\n%s", r.Transcript())
		}
		for _, button := range []string{"setup", "setup/quiz", "setup/quiz/on"} {
			teacher.Press(button)
			teacher.Answer()
		}
		reader.Press("setup/quiz/off")
		r.Settle()
		if feed, _ := r.feed("-1001"); !feed.Quiz.On() || feed.Lang != "vi" {
			t.Errorf("kept %+v", feed)
		}
		channel.Mute(true)
		time.Sleep(managerFor) // what is known of rights holds for a minute
		teacher.Press("setup")
		if got := teacher.Answer(); !strings.Contains(got.Text, "Đăng tin nhắn") {
			t.Errorf("nothing about what is missing: %q", got.Text)
		}
	})
}

func TestLacks(t *testing.T) {
	for name, tc := range map[string]struct {
		place func(*telegramtest.Server) *telegramtest.Place
		muted bool
		want  flows.Lack
	}{
		"a group":                    {func(s *telegramtest.Server) *telegramtest.Place { return s.Group(-1001, false) }, false, ""},
		"a group that nobody may":    {func(s *telegramtest.Server) *telegramtest.Place { return s.Group(-1001, false) }, true, flows.LackSpeak},
		"an administrator may there": {func(s *telegramtest.Server) *telegramtest.Place { return s.Group(-1001, true) }, true, ""},
		"a channel":                  {func(s *telegramtest.Server) *telegramtest.Place { return s.Channel(-1001) }, false, ""},
		"a channel without posts":    {func(s *telegramtest.Server) *telegramtest.Place { return s.Channel(-1001) }, true, flows.LackPost},
	} {
		t.Run(name, func(t *testing.T) {
			server := telegramtest.New(t)
			tc.place(server).Mute(tc.muted)
			a := newAdapter(server, &bottest.Logbook{})
			a.me.Store(&identity{ID: telegramtest.BotID, Name: telegramtest.Username})
			lacks, err := a.Lacks(t.Context(), bot.NewAddress(Name, "-1001", ""))
			if err != nil || len(lacks) > 1 || len(lacks) == 1 && lacks[0] != tc.want || len(lacks) == 0 && tc.want != "" {
				t.Errorf("lacks %v, %v; want %q", lacks, err, tc.want)
			}
		})
	}
}

func TestWhatAGroupForbidsIsRefusedAndNotTheEndOfIt(t *testing.T) {
	for name, change := range map[string]func(*telegramtest.Place){
		"nobody may write": func(p *telegramtest.Place) { p.Mute(true) },
		"topic closed":     func(p *telegramtest.Place) { p.EndTopic(44, "TOPIC_CLOSED") },
		"topic deleted":    func(p *telegramtest.Place) { p.EndTopic(44, "message thread not found") },
	} {
		t.Run(name, func(t *testing.T) {
			server := telegramtest.New(t)
			change(server.Forum(-1001))
			a := newAdapter(server, &bottest.Logbook{})
			if _, err := a.Post(t.Context(), bot.NewAddress(Name, "-1001", "44"), flows.Post{Page: somePage()}, "n"); bot.AsSendError(err).Kind != bot.Refused {
				t.Errorf("got %v, want it refused", err)
			}
		})
	}
	server := telegramtest.New(t)
	server.Group(-1001, false).NoPolls()
	a := newAdapter(server, &bottest.Logbook{})
	if _, err := a.Post(t.Context(), bot.NewAddress(Name, "-1001", ""), flows.Post{Poll: &flows.Poll{Question: "?", Choices: []string{"a", "b"}}}, "n"); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("a poll got %v, want it refused", err)
	}
}

func TestAnAlertReachesTheFirstAdministratorWhoTalksToTheBot(t *testing.T) {
	server := telegramtest.New(t)
	group := server.Group(-1001, false)
	for _, person := range []int64{7001, 7002, 7003} {
		group.As(person, "vi").Promote()
	}
	second := server.Private(7002, "vi")
	server.Private(7003, "vi")
	a := newAdapter(server, &bottest.Logbook{})
	page := func(name string) *flows.Page {
		p := *somePage()
		p.Text = append(p.Text[:len(p.Text):len(p.Text)], p.Text[0])
		p.Text[len(p.Text)-1].Text = " " + name
		return &p
	}
	if err := a.Alert(t.Context(), bot.NewAddress(Name, "-1001", "44"), page); err != nil {
		t.Fatal(err)
	}
	if got := second.Messages(); len(got) != 1 || !strings.HasSuffix(got[0].Text, "Class") {
		t.Errorf("the second administrator got %+v", got)
	}
	second.Block()
	server.Private(7003, "vi").Block()
	if err := a.Alert(t.Context(), bot.NewAddress(Name, "-1001", ""), page); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("with nobody to tell: %v", err)
	}
}

func TestWhereTheBotIsAdded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := ofClass(t)
		me := r.Private(7001, "en")
		me.Say("/setup")
		var links []string
		for _, row := range me.Answer().Rows {
			for _, b := range row {
				if b.URL != "" {
					links = append(links, b.URL)
				}
			}
		}
		want := "https://t.me/NotAloneTestBot?startgroup=setup https://t.me/NotAloneTestBot?startchannel&admin=post_messages"
		if got := strings.Join(links, " "); got != want {
			t.Errorf("offers %s", got)
		}
		group := r.Group(-1001, false)
		teacher := group.As(7001, "en")
		teacher.Promote()
		teacher.Say("/start@NotAloneTestBot setup") // what the link makes the app say
		if got := teacher.Answer(); !strings.Contains(got.Text, "What I post here") {
			t.Errorf("the link opens %q", got.Text)
		}
	})
}

func TestNobodySeesInAGroupWhatWasAsked(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := ofClass(t)
		group := r.Group(-1001, false)
		teacher := group.As(7001, "vi")
		teacher.Promote()
		setUp(r, teacher)
		ana := group.As(8001, "vi")
		ana.Say("/help")
		first := ana.Answer()
		for said, danger := range map[string]bool{"/report": false, "@NotAloneTestBot he has a knife": true} {
			ana.Say(said)
			got := ana.Answer()
			if strings.Contains(got.Text, "113") != danger || !strings.Contains(got.Text, first.Text) || !strings.HasPrefix(got.Rows[0][0].URL, "https://t.me/") {
				t.Errorf("%s: %+v", said, got)
			}
		}
	})
}
