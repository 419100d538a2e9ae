package telegram

import (
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/i18n"
)

const helpFront = "What happened?"

// public lists what everybody in a group sees of the bot.
func public(group *telegramtest.Place) (texts []string) {
	for _, m := range group.Messages() {
		if m.FromBot && m.Whisper == 0 {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// TestGroupOnAnOldServer: a server that knows no whispers gets no chance to post
// what should be one.
func TestGroupOnAnOldServer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		group := r.Group(-1001, true)
		ana := group.As(7001, "en")
		for range 3 {
			ana.Say("/help")
			if got := ana.Answer(); got.Text != "I answer this in private." || got.Rows[0][0].URL != "https://t.me/NotAloneTestBot?start=help" {
				t.Errorf("answer is %+v, want the way into the private chat", got)
			}
		}
		ana.Say("/settings")
		page := ana.Answer()
		ana.Press("help")
		r.Settle()
		if got := strings.Count(r.Transcript(), "< opens https://t.me/NotAloneTestBot?start=help for person 1"); got != 1 {
			t.Errorf("the private chat opened %d times for the presser, want once:\n%s", got, r.Transcript())
		}
		if now := group.Messages()[len(group.Messages())-1]; now.Edits != 0 || now.Text != page.Text {
			t.Errorf("a press changed what all look at to %q", now.Text)
		}
		ana.Press("settings/lang")
		if got := ana.Answer(); got.Edits != 1 || got.Text != "Which language?" {
			t.Errorf("a page for all is %+v, want an edit in place", got)
		}
		if strings.Contains(strings.Join(public(group), "\n"), helpFront) {
			t.Error("help was shown to all")
		}
	})
}

// TestWhispers: on a server that knows them, help stays in the group and is seen
// by the asker alone.
func TestWhispers(t *testing.T) {
	for name, tc := range map[string]struct {
		admin bool
		ask   func(p *telegramtest.Place)
	}{
		"an administrator answers words":   {true, func(p *telegramtest.Place) { p.Say("/help") }},
		"anybody answers a whisper":        {false, func(p *telegramtest.Place) { p.Whisper("/help") }},
		"an administrator, in a whisper":   {true, func(p *telegramtest.Place) { p.Whisper("/help") }},
		"an administrator, by the mention": {true, func(p *telegramtest.Place) { p.Say("/help@" + telegramtest.Username) }},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := telegramtest.New(t)
				server.Whispers(true)
				r := start(t, server)
				group := r.Group(-1001, tc.admin)
				ana := group.As(7001, "en")
				tc.ask(ana)
				if got := ana.Answer(); got.Text != "I answer this in private." || got.Receiver != 7001 {
					t.Errorf("the first answer is %+v, want a whisper of nothing sensitive", got)
				}
				tc.ask(ana)
				if got := ana.Answer(); got.Text != helpFront || got.Receiver != 7001 {
					t.Errorf("the second answer is %+v, want help, whispered", got)
				}
				ana.Press("help/grooming")
				if got := ana.Answer(); got.Receiver != 7001 || got.Edits != 1 || !strings.HasPrefix(got.Text, "It is not your fault.") {
					t.Errorf("a press got %+v, want the whisper edited", got)
				}
				if got := public(group); len(got) != 0 {
					t.Errorf("all see %q", got)
				}
			})
		})
	}
}

// TestNoWhisperWithoutReason: a bot that is no administrator cannot whisper in
// answer to ordinary words, and does not ask twice in an hour.
func TestNoWhisperWithoutReason(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		server.Whispers(true)
		r := start(t, server)
		ana := r.Group(-1001, false).As(7001, "en")
		for range 3 {
			ana.Say("/help")
			if got := ana.Answer(); got.Whisper != 0 || got.Text != "I answer this in private." {
				t.Errorf("got %+v, want the neutral line", got)
			}
		}
		if got := len(r.Calls("sendMessage")); got != 4 {
			t.Errorf("%d calls for three answers, want one refused whisper and three messages", got)
		}
		ana.Whisper("/quiz")
		ana.Answer()
		ana.Say("/help")
		if got := ana.Answer(); got.Text != "I answer this in private." {
			t.Errorf("whispers work elsewhere, and here the answer is %+v", got)
		}
	})
}

// TestOneFailedWhisperIsEnough: a server that refuses the parameters, or ignores
// them, is asked once and again an hour later, wherever and by whomever.
func TestOneFailedWhisperIsEnough(t *testing.T) {
	for name, refuses := range map[string]bool{"refused": true, "ignored": false} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := telegramtest.New(t)
				r := start(t, server)
				tried := func() (n int) {
					for _, call := range r.Calls("sendMessage") {
						if strings.Contains(call.Params, "receiver_user_id") {
							n++
						}
					}
					return n
				}
				fail := func() {
					if refuses {
						server.Fail("sendMessage", telegramtest.Fault{Code: 400, Description: "Bad Request: unknown parameter"})
					}
				}
				fail()
				for i, chat := range []int64{-1001, -1002, -1003} {
					ana := r.Group(chat, true).As(7001+int64(i), "en")
					ana.Say("/help")
					if got := ana.Answer(); got.Text != "I answer this in private." {
						t.Errorf("chat %d is told %q", chat, got.Text)
					}
					ana.Say("/settings")
					ana.Answer()
					ana.Press("settings/lang")
					ana.Answer()
					r.Settle()
				}
				if got := tried(); got != 1 {
					t.Errorf("%d whispers tried, want one", got)
				}
				time.Sleep(refusedFor + time.Second)
				fail()
				r.mustAnswer(r.Group(-1004, true).As(7009, "en"), "/help", "I answer this in private.")
				if got := tried(); got != 2 {
					t.Errorf("%d whispers tried an hour later, want one more", got)
				}
			})
		})
	}
}

// TestPressOnWhatAllSee: once whispers are known to work, a press on a message
// for all is answered for the presser alone.
func TestPressOnWhatAllSee(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		r := start(t, server)
		group := r.Group(-1001, false)
		ana, ben := group.As(7001, "en"), group.As(7002, "en")
		ana.Say("/settings")
		page := ana.Answer()
		ben.Answer()
		server.Whispers(true)
		ana.Whisper("/settings") // proves it
		ana.Answer()
		ben.Answer()
		ben.PressOn(page, "help")
		if got := ben.Answer(); got.Receiver != 7002 || got.Text != helpFront {
			t.Errorf("got %+v, want help for the presser alone", got)
		}
	})
}

// TestWhisperThatIsNone: should a whisper turn out to be public after all, it is
// deleted at once and none is tried again.
func TestWhisperThatIsNone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server := telegramtest.New(t)
		server.Whispers(true)
		r := start(t, server)
		group := r.Group(-1001, true)
		ana := group.As(7001, "en")
		ana.Say("/help")
		ana.Answer()
		server.Whispers(false) // as after a move to an older server
		server.Fail("deleteMessages", telegramtest.Fault{HTML: 502, Times: 2})
		ana.Say("/help")
		ana.Answer() // taken back, and then
		if got := ana.Answer(); got.Text != "I answer this in private." {
			t.Errorf("the asker is left with %q", got.Text)
		}
		r.Settle()
		time.Sleep(10 * time.Second)
		for _, text := range public(group) {
			if text == helpFront {
				t.Error("help stays for all to see")
			}
		}
		if !strings.Contains(r.log.String(), "is being deleted") {
			t.Errorf("nothing tells of it:\n%s", r.log)
		}
		r.mustAnswer(ana, "/help", "I answer this in private.")
	})
}

func (r *rig) mustAnswer(p *telegramtest.Place, words, want string) {
	r.t.Helper()
	for !p.Silent() {
		p.Answer()
	}
	p.Say(words)
	if got := p.Answer(); got.Text != want {
		r.t.Errorf("the answer to %s is %q, want %q", words, got.Text, want)
	}
}

// TestFailsClosed: whoever asks the adapter to show something sensitive where it
// cannot be private is refused.
func TestFailsClosed(t *testing.T) {
	server := telegramtest.New(t)
	server.Group(-1001, true)
	a := newAdapter(server, &bottest.Logbook{})
	page := &flows.Page{Path: "help", Text: i18n.Plainly("x"), Sensitive: true}
	group := bot.NewAddress(Name, "-1001", "")
	for name, ev := range map[string]*bot.Event{
		"somebody": {Person: bot.NewPerson(Name, "7"), Place: group, Shared: true, Reply: &reply{at: time.Now(), group: true}},
		"nobody":   {Place: group, Shared: true, Reply: &reply{at: time.Now(), group: true}},
		"a press":  {Person: bot.NewPerson(Name, "7"), Place: group, Shared: true, Pressed: "101", Reply: &reply{at: time.Now(), group: true, whisper: 0}},
		"no reply": {Person: bot.NewPerson(Name, "7"), Place: group, Shared: true},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := a.Answer(t.Context(), ev, page); bot.AsSendError(err).Kind != bot.Refused {
				t.Errorf("got %v, want it refused", err)
			}
		})
	}
	if _, err := a.Post(t.Context(), group, flows.Post{Page: page}, ""); bot.AsSendError(err).Kind != bot.Refused {
		t.Errorf("posting got %v, want it refused", err)
	}
	if n := len(server.Calls("")); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func TestGroupIsLeftAlone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		ana := r.Group(-1001, true).As(7001, "en")
		ana.Say("hello all")
		ana.Say("/ban@otherbot")
		ana.Send("photo")
		ana.Reply(telegramtest.Message{ID: 3}, "what do you think of @NotAloneTestBottle?")
		r.Settle()
		if !ana.Silent() {
			t.Errorf("the bot spoke unasked:\n%s", r.Transcript())
		}
		ana.Say("😀 @NotAloneTestBot hello")
		got := ana.Answer()
		if got.Text != "I did not understand." || got.ReplyTo == 0 {
			t.Errorf("a mention got %+v, want an answer to it", got)
		}
		ana.Reply(got, "tell me more")
		if got := ana.Answer(); got.Text != "I did not understand." {
			t.Errorf("a reply got %+v", got)
		}
	})
}

func TestTopics(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		forum := r.Forum(-1002)
		ana := forum.As(7001, "en").In(55)
		ana.Say("/settings")
		if got := ana.Answer(); got.Thread != 55 {
			t.Errorf("the answer stands in topic %d, want 55", got.Thread)
		}
		general := forum.As(7001, "en")
		general.Say("/settings")
		if got := general.Answer(); got.Thread != 0 {
			t.Errorf("the answer stands in topic %d, want none", got.Thread)
		}
	})
}

func TestGroupThatMoved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		ana := r.Group(-41, false).As(7001, "en")
		ana.Say("/settings")
		ana.Answer()
		moved := ana.Migrate(-1009)
		ana.Say("/settings") // still on its way when the group moved
		if got := moved.Answer(); got.Chat != -1009 {
			t.Errorf("the answer went to %d", got.Chat)
		}
		r.Settle()
		if _, err := r.adapter.Post(t.Context(), bot.NewAddress(Name, "-41", "6"), flows.Post{Page: somePage()}, ""); bot.AsSendError(err).MovedTo != bot.NewAddress(Name, "-1009", "6") {
			t.Errorf("a post to the old id got %v, and no new one", err)
		}
	})
}
