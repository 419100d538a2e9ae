package telegram

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/flows/content"
	"notalone/i18n"
)

// words are a small site in three languages; authors' texts are none of our concern.
func words() fstest.MapFS {
	file := func(lines ...string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))} }
	return fstest.MapFS{
		"en/ui.toml": file(`home = "**Not Alone** helps. <3 & \"you\""`, `notice = "I am a program."`, `unknown = "I did not understand."`,
			`old = "That button is old."`, `media = "I look at no pictures."`, `elsewhere = "I answer this in private."`,
			`language_vi = "Tiếng Việt"`, `language_id = "Bahasa Indonesia"`, `language_en = "English"`,
			`country_unknown = "not chosen"`,
			`[help]`, `front = "What happened?"`, `program = "I am a program."`,
			`[help.grooming]`, `now = "It is not your fault. Call [111](tel:111) or see [this](https://example.org/?a=1&b=2)."`, `tell = "Tell somebody."`,
			`[settings]`, `lang = "Which language?"`, `front = "Your settings."`,
			`[hide.done]`, `all = "Hi!"`, `own = "Hi."`,
			`[label]`, `home = "Start"`, `help = "Help"`, `hide = "Hide"`, `tips = "Tips"`, `quiz = "Quiz"`, `settings = "Settings"`,
			`settings_lang = "Language"`, `help_grooming = "Someone makes me uneasy"`, `elsewhere = "Open the private chat"`, `help_more = "More"`, `unsafe = "I am not safe"`,
			`[step]`, `tell = "Tell someone"`, `call = "Call"`, `report = "Report"`, `more = "More"`),
		"vi/ui.toml": file(`home = "**Không Đơn Độc** giúp bạn."`, `[help]`, `front = "Chuyện gì đã xảy ra?"`, `[help.grooming]`, `now = "Đó không phải lỗi của bạn."`,
			`[label]`, `help = "Trợ giúp"`, `help_grooming = "Có người làm mình khó chịu"`),
		"id/ui.toml": file(`home = "**Tidak Sendiri** membantu."`, `[help]`, `front = "Apa yang terjadi?"`, `[help.grooming]`, `now = "Ini bukan salahmu."`,
			`[label]`, `help = "Bantuan"`, `help_grooming = "Ada yang bikin aku risih"`),
	}
}

// testSite is not complete, so that its validation has complaints.
func testSite(t testing.TB) *flows.Site {
	catalog, err := i18n.Load(words())
	if err != nil {
		t.Fatal(err)
	}
	structure, err := content.Load(fstest.MapFS{"topics.yaml": {Data: []byte("topics:\n  - {id: grooming, first: true, steps: [tell]}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	site, _ := flows.NewSite(catalog, structure, bottest.Keywords{}, nil, flows.Operator{})
	return site
}

func commands() []Command {
	var all []Command
	for _, name := range []string{"help", "tips", "quiz", "settings", "hide", "setup", "report"} {
		all = append(all, Command{Name: name, For: audience(name), Text: map[i18n.Lang]string{"en": "Open " + name, "vi": "Mở " + name, "id": "Buka " + name}})
	}
	return all
}

// audience is the real one of a command.
func audience(name string) flows.Audience {
	for _, c := range flows.Commands() {
		if c.Name == name {
			return c.For
		}
	}
	return 0
}

// logTime holds digits that are nobody's id.
var logTime = regexp.MustCompile(`time=\S+`)

// A rig is a whole bot before a fake Telegram.
type rig struct {
	*telegramtest.Server
	t       testing.TB
	adapter *Adapter
	store   *bottest.Store
	log     *bottest.Logbook
	end     func() error
	ended   bool
}

// newAdapter makes an adapter that speaks to the server in the process.
func newAdapter(server *telegramtest.Server, log io.Writer, change ...func(*Options)) *Adapter {
	o := Options{
		Token: telegramtest.Token, APIURL: "http://telegram.test", Commands: commands(), Now: time.Now,
		Log: slog.New(slog.NewTextHandler(log, nil)), HTTP: server.Transport(),
	}
	for _, c := range change {
		c(&o)
	}
	return New(o)
}

// start runs a bot until the test ends or end is called. It belongs in a bubble.
func start(t testing.TB, server *telegramtest.Server, change ...func(*Options)) *rig {
	return startWith(t, server, testSite(t), change...)
}

func startWith(t testing.TB, server *telegramtest.Server, site *flows.Site, change ...func(*Options)) *rig {
	r := &rig{Server: server, t: t, store: bottest.NewStore(), log: &bottest.Logbook{}}
	r.adapter = newAdapter(server, r.log, change...)
	b := bot.New(bot.Options{
		Site: site, Store: r.store, Adapters: []bot.Adapter{r.adapter}, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(r.log, nil)), Seed: func() uint64 { return 1 },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	r.end = func() error {
		if r.ended {
			return nil
		}
		r.ended = true
		cancel()
		return <-done
	}
	t.Cleanup(func() {
		r.dump()
		if err := r.end(); err != nil {
			t.Errorf("the bot ended with %v", err)
		}
		for _, private := range []string{telegramtest.Token, "uneasy", "700", "800", "-100"} {
			if strings.Contains(logTime.ReplaceAllString(r.log.String(), ""), private) {
				t.Errorf("%q is in the log:\n%s", private, r.log)
			}
		}
	})
	return r
}

// inbox takes events without a bot behind it.
type inbox struct {
	events chan *bot.Event
	done   chan func()
}

func newInbox() *inbox {
	return &inbox{events: make(chan *bot.Event, 1000), done: make(chan func(), 1000)}
}

// Accept implements bot.Inbox.
func (i *inbox) Accept(_ context.Context, ev *bot.Event, done func()) error {
	i.events <- ev
	i.done <- done
	return nil
}

// run starts an adapter with an inbox of its own and returns how to end it.
func run(t testing.TB, a *Adapter, in bot.Inbox) func() error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, in) }()
	ended := false
	end := func() error {
		if ended {
			return nil
		}
		ended = true
		cancel()
		return <-done
	}
	t.Cleanup(func() { end() })
	return end
}

// dump shows what went on when a test has failed.
func (r *rig) dump() {
	if r.t.Failed() {
		r.t.Logf("log:\n%s", r.log)
		for _, c := range r.Calls("") {
			r.t.Logf("%s %s %s", c.Method, c.Params, c.Error)
		}
	}
}
