package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord"
	"notalone/bot/discord/discordtest"
	"notalone/bot/telegram"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// The set-up of each kind of place, as a teacher does it, against the fake
// platforms: testdata/setup holds what everybody there saw.

// golden compares with a file of testdata/setup, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "setup", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the set-up changed (make transcripts rewrites it):\n%s", diff)
	}
}

// schoolMorning is a clock that goes on from the time of all transcripts, and can
// be moved on.
func schoolMorning() (now func() time.Time, wait func(time.Duration)) {
	began, moved := time.Now(), atomic.Int64{}
	return func() time.Time { return transcriptTime.Add(time.Since(began) + time.Duration(moved.Load())) },
		func(by time.Duration) { moved.Add(int64(by)) }
}

// serve runs a whole bot until the test ends.
func serve(t *testing.T, site *flows.Site, adapter bot.Adapter, now func() time.Time) (stop func()) {
	b := bot.New(bot.Options{
		Site: site, Store: bottest.NewStore(), Adapters: []bot.Adapter{adapter}, Now: now,
		Log: slog.New(slog.DiscardHandler), Seed: func() uint64 { return 11 },
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the bot ended with %v", err)
		}
	}
}

func exampleSite(t *testing.T) *flows.Site {
	site, err := buildSite("", flows.Operator{Name: "Example School", Contact: "safety@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func TestTranscriptsOfSetUpOnTelegram(t *testing.T) {
	site := exampleSite(t)
	for name, play := range map[string]func(*telegramtest.Server){
		"telegram-group-vi":   aGroup,
		"telegram-topic-id":   aTopic,
		"telegram-channel-en": aChannel,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := telegramtest.New(t)
				now, _ := schoolMorning()
				stop := serve(t, site, telegram.New(telegram.Options{
					Token: telegramtest.Token, APIURL: "http://telegram.test", Commands: telegramCommands(site.Words()),
					Now: now, Log: slog.New(slog.DiscardHandler), HTTP: server.Transport(),
				}), now)
				t.Cleanup(stop)
				t.Cleanup(func() {
					if t.Failed() {
						t.Log(server.Transcript())
					}
				})
				play(server)
				server.Settle()
				golden(t, name, server.Transcript())
			})
		})
	}
}

// presses taps buttons one after the other and waits for each answer.
func presses(who *telegramtest.Place, buttons ...string) {
	for _, button := range buttons {
		time.Sleep(readingTime)
		who.Press(button)
		who.Answer()
	}
}

// readingTime goes by between two presses, as with people.
const readingTime = 4 * time.Second

// aGroup is a class group: two minutes, then a pause, then what a pupil can do.
func aGroup(server *telegramtest.Server) {
	group := server.Group(-1001, false)
	teacher := group.As(7001, "vi")
	teacher.Promote()
	teacher.Join()
	teacher.Answer()
	presses(teacher, "setup", "setup/quiz", "setup/quiz/on", "setup", "setup/tip", "setup/tip/on", "setup",
		"setup/practice", "setup/practice/on", "setup/practice/days", "setup/practice/days/16", "setup")
	presses(teacher, "setup/country")
	teacher.Reply(last(teacher), "in")
	teacher.Answer()
	presses(teacher, "setup/country/ID", "setup/zone/Asia.Makassar", "setup/pause", "setup/pause/2", "setup/pause/2026-12-15")
	teacher.Reply(last(teacher), "31/12")
	teacher.Answer()
	presses(teacher, "setup/pause/off")
	pupil := group.As(8002, "vi")
	pupil.Press("setup/quiz")
	server.Settle()
	pupil.Say("/report")
	pupil.Answer()
	presses(group.As(7001, "vi"), "setup/remove")
	teacher.Press("setup/remove/now")
	server.Settle()
}

func last(p *telegramtest.Place) telegramtest.Message {
	all := p.Messages()
	return all[len(all)-1]
}

// aTopic is one topic of a forum, found by a command there.
func aTopic(server *telegramtest.Server) {
	teacher := server.Forum(-1001).As(7001, "id").In(44)
	teacher.Promote()
	teacher.Say("/setup")
	teacher.Answer()
	presses(teacher, "setup/quiz", "setup/quiz/on", "setup/quiz/days", "setup/quiz/days/21", "setup/quiz/hour", "setup/quiz/hour/1300", "setup",
		"setup/news", "setup/news/on", "setup", "setup/zone", "setup/zone/Asia.Jayapura", "setup/lang", "setup/lang/id", "class")
}

// aChannel is a channel: everybody reads, who manages it sets it up.
func aChannel(server *telegramtest.Server) {
	channel := server.Channel(-1001)
	teacher := channel.As(7001, "en")
	teacher.Promote()
	teacher.Join()
	teacher.Answer()
	channel.Mute(true)
	presses(teacher, "setup")
	channel.Mute(false)
	time.Sleep(time.Minute) // who manages a place, and what the bot may do there, is known for a minute
	reader := channel.As(8002, "en")
	reader.Press("setup/quiz")
	server.Settle()
	presses(teacher, "setup/country", "setup/country/page/2", "setup/country/page/3", "setup/country/US", "setup/zone/America.Chicago",
		"setup/tip", "setup/tip/on", "setup/tip/hour", "setup/tip/hour/1900", "setup")
}

func TestTranscriptsOfSetUpOnDiscord(t *testing.T) {
	const (
		guild, general, class = "300000000000000001", "400000000000000001", "400000000000000002"
		teacher, pupil        = "840000000000000001", "200000000000000002"
	)
	site := exampleSite(t)
	server := discordtest.New(t)
	now, wait := schoolMorning()
	adapter, err := discord.New(discord.Options{
		Token: discordtest.Token, APIURL: server.URL, Commands: discordCommands(site.Words()), Now: now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	stop := serve(t, site, adapter, now)
	server.WaitReady()
	server.SetManager(teacher)
	server.Join(guild, general, class)
	greeting := server.Next(discordtest.Channel(guild, general))
	page := server.Press(teacher, greeting, "setup").Answer()
	press := func(buttons ...string) {
		for _, button := range buttons {
			wait(readingTime)
			page = server.Press(teacher, page, button).Answer()
		}
	}
	press("setup/quiz", "setup/quiz/on", "setup", "setup/tip", "setup/tip/on", "setup", "setup/spot")
	server.Deny(guild, class, discordtest.Write)
	page = server.Pick(teacher, page, class).Answer()
	server.Deny(guild, class, 0)
	wait(time.Minute)
	press("setup/pause", "setup/pause/4", "setup/pause/off", "class")
	server.Press(pupil, greeting, "setup").Answer()
	server.Slash(pupil, "report", discordtest.Channel(guild, class)).Answer()
	stop()
	golden(t, "discord-server-vi", strings.NewReplacer(teacher, "teacher", pupil, "pupil", guild, "8A").Replace(server.Transcript())+"\n")
}
