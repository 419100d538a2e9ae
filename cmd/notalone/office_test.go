package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord"
	"notalone/bot/discord/discordtest"
	"notalone/bot/outbox"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// Who is in the golden conversations about an announcement.
const (
	lan   = iota // writes it; an owner, whose app is Vietnamese
	budi         // approves it; is invited, his app is Indonesian
	group        // a group that takes news, in English
	mai          // somebody who takes news, in Vietnamese
	cast
)

func castNames() [cast]string { return [cast]string{"Lan", "Budi", "group", "Mai"} }

// A scene is one platform as the people of the conversation see it.
type scene interface {
	adapter(t *testing.T, site *flows.Site, now func() time.Time, log *slog.Logger) bot.Adapter
	person(who int) bot.Person
	place(who int) bot.Address
	say(who int, text string)       // and wait for the answer
	press(who int, id, data string) // and wait for the answer
	messages(who int) []view
}

// view is a message as somebody sees it now.
type view struct {
	id, text string
	rows     [][]viewButton
}

type viewButton struct{ label, data string }

// TestOfficeTranscripts plays one announcement from the first word to the undo on
// both platforms: two moderators, three languages, a picture, buttons, a change
// after approval, progress, report, new words and the end of them.
func TestOfficeTranscripts(t *testing.T) {
	for name, open := range map[string]func(*testing.T) scene{"telegram": newTelegramScene, "discord": newDiscordScene} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, open(t))
			o.play()
			file := "testdata/office/" + name + ".txt"
			got := strings.Join(o.lines, "\n") + "\n"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if diff := cmp.Diff(string(want), got); diff != "" || err != nil {
				t.Errorf("the conversation changed (make transcripts rewrites it): %v\n%s", err, diff)
			}
		})
	}
}

// An office is a bot with moderators on one platform.
type office struct {
	scene
	t      *testing.T
	site   *flows.Site
	memory *memory
	now    func() time.Time
	store  *redisstore.Store
	mailer *outbox.Mailer
	stop   func() // the bot
	book   bottest.Logbook
	id     string // of the announcement
	code   string // of the invitation
	known  [cast]map[string]string
	lines  []string
}

func openOffice(t *testing.T, scene scene) *office {
	site, err := buildSite("", flows.Operator{News: flows.Newsroom{Links: []string{"example.org"}}})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	now := func() time.Time { return transcriptTime.Add(time.Since(began)) }
	memory, err := newMemory(now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(memory.Close)
	o := &office{scene: scene, t: t, site: site, memory: memory, now: now, id: flows.NewsID(11)}
	t.Cleanup(func() {
		o.stop()
		if t.Failed() {
			t.Log("so far:\n" + strings.Join(o.lines, "\n") + "\n" + o.book.String())
		}
	})
	o.start(lan)
	o.subscribe(group, &flows.Feed{Lang: "en", News: true, Spot: scene.place(group).Thread(), Kind: "group", Zone: "UTC", Country: "VN"})
	o.subscribe(mai, &flows.Feed{Lang: "vi", News: true, Private: true, Owner: scene.person(mai).ID(), Zone: "UTC", Country: "VN"})
	return o
}

// start runs the bot with the given owners, on what the last one left behind.
func (o *office) start(owner int) {
	log := slog.New(slog.NewTextHandler(&o.book, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, err := redisstore.New(o.memory.client, []byte(strings.Repeat("not a secret. ", 3)), o.now, o.person(owner)) // names of moderators stay the same
	if err != nil {
		o.t.Fatal(err)
	}
	adapter := o.adapter(o.t, o.site, o.now, log)
	o.store = store
	o.mailer = outbox.NewMailer(outbox.Options{Site: o.site, Store: store, Adapters: []bot.Adapter{adapter}, Log: log, Now: o.now, Meter: newMetrics(store.Dropped)}, store)
	b := bot.New(bot.Options{
		Site: o.site, Store: store, Office: store, Adapters: []bot.Adapter{adapter},
		Log: log, Now: o.now, Seed: func() uint64 { return 11 }, Patient: true,
	})
	ctx, stop := context.WithCancel(context.WithoutCancel(o.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	o.stop = func() { stop(); <-ended; o.stop = func() {} }
	o.mailer.Command(ctx) // notes the platform
}

func (o *office) subscribe(who int, feed *flows.Feed) {
	if ok, err := o.store.SaveFeed(o.t.Context(), o.place(who), feed, ""); err != nil || !ok {
		o.t.Fatalf("a place that takes news is kept: %v, %v", ok, err)
	}
}

func (o *office) play() {
	at := func(parts ...string) string { return strings.Join(append([]string{"announce", o.id}, parts...), "/") }
	o.scenes("Lan invites Budi", func() {
		o.says(budi, "announce")
		o.says(lan, "announce")
		o.presses(lan, "moderators", "moderators/invite/moderator")
		o.says(lan, "Budi")
		o.says(budi, "join "+o.code)
		o.says(budi, "join "+o.code)
	})
	o.scenes("Lan writes", func() {
		o.says(lan, "announce")
		o.presses(lan, "announce/new", at("text"), at("text", "vi"))
		o.says(lan, "**Tuần lễ an toàn.** Không ai cần mã OTP của bạn, trừ chính bạn.")
		o.presses(lan, at("fallback", "vi"), at("fallback", "none"), at("text", "en"))
		o.says(lan, "**Safety week.** Nobody needs your code but you.")
		o.presses(lan, at("text", "id"))
		o.says(lan, "**Pekan aman.** Kode OTP-mu hanya untukmu.")
	})
	o.scenes("a picture and buttons", func() {
		o.presses(lan, at(), at("picture"))
		o.says(lan, "https://elsewhere.example/poster.png\nMột tấm áp phích")
		o.presses(lan, at(), at("check"), at(), at("picture"))
		o.says(lan, "https://example.org/poster.png\nMột tấm áp phích")
		for _, alt := range []string{"en A poster", "id Sebuah poster"} {
			o.presses(lan, at("alt", alt[:2]))
			o.says(lan, alt[3:])
		}
		o.presses(lan, at(), at("button"), at("add", "quiz_today"))
		o.says(lan, "help/scam")
	})
	o.scenes("to whom, checked, approved, changed, approved again", func() {
		o.presses(lan, at(), at("to"), at("to", "platform", string(o.place(lan).Platform())), at(), at("check"), at("ask"))
		o.presses(budi, at("check"), at("preview"), at("preview", "id", "group"), at(), at("check"), at("approve"))
		o.says(lan, "announce")
		o.presses(lan, at(), at("text"), at("text", "en"))
		o.says(lan, "**Safety week.** Nobody needs your code but you. Ask us anything.")
		o.presses(lan, at(), at("check"), at("ask"))
		o.presses(budi, at("check"), at("approve"))
	})
	o.scenes("it goes out", func() {
		o.runs("the list is taken", o.mailer.Command)
		o.runs("progress", o.mailer.Command)
		o.presses(lan, at("pause"))
		o.runs("nothing goes out", o.mailer.Work, o.mailer.Command)
		o.presses(lan, at("resume"))
		o.runs("sent", o.mailer.Work, o.mailer.Command)
		o.presses(mai, "via/"+o.id+"/help/scam")
		o.presses(budi, at("report"), at("report", "file"))
	})
	o.scenes("put right everywhere, then taken back", func() {
		o.says(lan, "announce")
		o.presses(lan, at(), at("text"), at("text", "en"))
		o.says(lan, "**Safety week.** Nobody needs your code but you. Ask us here.")
		o.presses(lan, at(), at("undo", "edit"), at("undo", "edit", "ask"))
		o.presses(budi, at("undo", "edit"), at("undo", "edit"))
		o.runs("put right", o.mailer.Command, o.mailer.Work, o.mailer.Command)
		o.says(lan, "announce")
		o.presses(lan, at(), at("undo", "delete"), at("undo", "delete", "now"))
		o.runs("taken back", o.mailer.Command, o.mailer.Work, o.mailer.Command)
		o.presses(lan, at("report"))
	})
}

func (o *office) scenes(title string, do func()) {
	o.lines = append(o.lines, "# "+title)
	do()
	o.lines = append(o.lines, "")
}

func (o *office) says(who int, text string) {
	o.lines = append(o.lines, castNames()[who]+" > "+strings.ReplaceAll(o.masked(text), "\n", "\n"+castNames()[who]+" > "))
	o.say(who, text)
	o.look()
}

// presses taps buttons one after the other: the newest that leads to a path, or
// to one below it.
func (o *office) presses(who int, paths ...string) {
	for _, path := range paths {
		id, button := o.find(who, path)
		o.lines = append(o.lines, castNames()[who]+" > ["+button.label+"]")
		o.press(who, id, button.data)
		o.look()
	}
}

func (o *office) find(who int, path string) (string, viewButton) {
	o.t.Helper()
	for _, fits := range []func(string) bool{func(data string) bool { return data == path }, func(data string) bool { return strings.HasPrefix(data, path+"/") }} {
		for _, m := range slices.Backward(o.messages(who)) {
			for _, b := range slices.Concat(m.rows...) {
				if fits(b.data) {
					return m.id, b
				}
			}
		}
	}
	o.t.Fatalf("%s has no button to %s:\n%s", castNames()[who], path, strings.Join(o.lines, "\n"))
	return "", viewButton{}
}

func (o *office) runs(what string, steps ...func(context.Context)) {
	o.lines = append(o.lines, "("+what+")")
	for _, step := range steps {
		step(o.t.Context())
	}
	o.look()
}

var invited = regexp.MustCompile(`join ([A-Z2-7]{26})`)

func (o *office) masked(text string) string {
	if o.code == "" {
		return text
	}
	return strings.ReplaceAll(text, o.code, "CODE")
}

// look writes down what is new or changed in anybody's chat.
func (o *office) look() {
	for who, name := range castNames() {
		if o.known[who] == nil {
			o.known[who] = map[string]string{}
		}
		for _, m := range o.messages(who) {
			if found := invited.FindStringSubmatch(m.text); found != nil {
				o.code = found[1]
			}
			lines := strings.Split(strings.TrimRight(steady.ReplaceAllString(o.masked(m.text), "N$1"), "\n"), "\n")
			for _, row := range m.rows {
				var labels []string
				for _, b := range row {
					labels = append(labels, "["+b.label+"]")
				}
				lines = append(lines, "  "+strings.Join(labels, " "))
			}
			mark := name + " <"
			if now := strings.Join(lines, "\n"); o.known[who][m.id] != now {
				if o.known[who][m.id] != "" {
					mark = name + " <(edited)"
				}
				o.known[who][m.id] = now
				o.lines = append(o.lines, mark+" "+strings.Join(lines, "\n"+mark+" "))
			}
		}
	}
}

// steady hides how fast this machine was.
var steady = regexp.MustCompile(`\d+\.\d( mỗi giây| per detik| a second)`)

// telegramScene is the conversation on a fake Telegram.
type telegramScene struct {
	*telegramtest.Server
	places [cast]*telegramtest.Place
}

func newTelegramScene(t *testing.T) scene {
	s := telegramtest.New(t)
	return &telegramScene{Server: s, places: [cast]*telegramtest.Place{s.Private(7001, "vi"), s.Private(7002, "id"), s.Group(-1001, true), s.Private(7003, "vi")}}
}

func (s *telegramScene) adapter(_ *testing.T, site *flows.Site, now func() time.Time, log *slog.Logger) bot.Adapter {
	return telegram.New(telegram.Options{Token: telegramtest.Token, APIURL: s.Start(), Commands: telegramCommands(site.Words()), Now: now, Log: log})
}

func (s *telegramScene) person(who int) bot.Person {
	return bot.NewPerson(telegram.Name, fmt.Sprint([cast]int{7001, 7002, 0, 7003}[who]))
}

func (s *telegramScene) place(who int) bot.Address {
	return bot.NewAddress(telegram.Name, fmt.Sprint([cast]int{7001, 7002, -1001, 7003}[who]), "")
}

func (s *telegramScene) say(who int, text string) {
	s.answered(who, func(p *telegramtest.Place) { p.Say(text) })
}

func (s *telegramScene) press(who int, id, data string) {
	s.answered(who, func(p *telegramtest.Place) {
		for _, m := range p.Messages() {
			if fmt.Sprint(m.ID) == id {
				p.PressOn(m, data)
			}
		}
	})
}

// answered does something and waits until the bot is done with it.
func (s *telegramScene) answered(who int, do func(*telegramtest.Place)) {
	p := s.places[who]
	for !p.Silent() {
		p.Answer()
	}
	do(p)
	p.Answer()
	s.Settle()
}

func (s *telegramScene) messages(who int) []view {
	var all []view
	for _, m := range s.places[who].Messages() {
		if !m.FromBot {
			continue
		}
		one := view{id: fmt.Sprint(m.ID), text: m.Text + fileOn(m.File)}
		for _, row := range m.Rows {
			var buttons []viewButton
			for _, b := range row {
				buttons = append(buttons, viewButton{b.Label, b.Data})
			}
			one.rows = append(one.rows, buttons)
		}
		all = append(all, one)
	}
	return all
}

// fileOn shows a message's file.
func fileOn(file string) string {
	if file == "" {
		return ""
	}
	return "(a file) " + file
}

// discordScene is the conversation on a fake Discord.
type discordScene struct {
	*discordtest.Server
	users  [cast]string
	places [cast]discordtest.Place
}

func newDiscordScene(t *testing.T) scene {
	s := &discordScene{Server: discordtest.New(t), users: [cast]string{"840000000000000001", "620000000000000002", "", "840000000000000003"}}
	s.Join("300000000000000001", "400000000000000001")
	for who, user := range s.users {
		s.places[who] = s.Open(user)
	}
	s.places[group] = discordtest.Channel("300000000000000001", "400000000000000001")
	return s
}

func (s *discordScene) adapter(t *testing.T, site *flows.Site, now func() time.Time, log *slog.Logger) bot.Adapter {
	a, err := discord.New(discord.Options{Token: discordtest.Token, APIURL: s.URL, Commands: discordCommands(site.Words()), Now: now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (s *discordScene) person(who int) bot.Person { return bot.NewPerson(discord.Name, s.users[who]) }

func (s *discordScene) place(who int) bot.Address {
	if who == group {
		return bot.NewAddress(discord.Name, "300000000000000001", "400000000000000001")
	}
	return bot.NewAddress(discord.Name, s.places[who].Channel, "")
}

func (s *discordScene) say(who int, text string) {
	s.WaitReady()
	before := len(s.Requests(discordtest.CreateMessage))
	s.Say(s.users[who], text)
	s.WaitRequests(discordtest.CreateMessage, before+1)
}

func (s *discordScene) press(who int, id, data string) {
	for _, m := range s.Visible(s.users[who], s.places[who]) {
		if m.ID == id {
			s.Press(s.users[who], &m, data).Answer()
		}
	}
}

func (s *discordScene) messages(who int) []view {
	var all []view
	for _, m := range s.Visible(s.users[who], s.places[who]) {
		one := view{id: m.ID, text: m.Content + fileOn(m.File)}
		for _, row := range m.Rows {
			var buttons []viewButton
			for _, b := range row {
				buttons = append(buttons, viewButton{b.Label, b.CustomID})
			}
			one.rows = append(one.rows, buttons)
		}
		all = append(all, one)
	}
	return all
}
