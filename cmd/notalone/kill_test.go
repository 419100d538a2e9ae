package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"notalone/bot/discord/discordtest"
	"notalone/bot/telegram/telegramtest"
)

// onTelegram are the settings of a bot before a fake Telegram.
func onTelegram(address string) []string {
	return []string{"TELEGRAM_BOT_TOKEN=" + telegramtest.Token, "TELEGRAM_API_URL=" + address}
}

// withRedis starts a redis-server and returns the setting for it.
func withRedis(tb testing.TB) (server *process, address string) {
	address = freePort(tb)
	return startRedis(tb, address), address
}

// people are many private chats.
func people(server *telegramtest.Server, n int) []*telegramtest.Place {
	all := make([]*telegramtest.Place, n)
	for i := range all {
		all[i] = server.Private(int64(700_000+i), []string{"vi", "id", "en"}[i%3])
	}
	return all
}

// answered counts the people whom the bot has answered n times or more.
func answered(all []*telegramtest.Place, n int) (count int) {
	for _, one := range all {
		if len(one.Answers()) >= n {
			count++
		}
	}
	return count
}

// TestKillLosesNoUpdate: whatever a crowd did when the bot was killed is answered
// by the next one, and hardly anything twice.
func TestKillLosesNoUpdate(t *testing.T) {
	const crowd, onePoll = 400, 100
	for name, act := range map[string]func(*telegramtest.Place){
		"words":   func(p *telegramtest.Place) { p.Say("có người doạ em") },
		"presses": func(p *telegramtest.Place) { p.Press("tips") },
	} {
		t.Run(name, func(t *testing.T) {
			_, redis := withRedis(t)
			server := telegramtest.New(t)
			settings := append(onTelegram(server.Start()), "REDIS_URL=redis://"+redis)
			bot := startBot(t, settings...)
			bot.ready()
			all := people(server, crowd)
			for _, one := range all {
				one.Say("/start")
			}
			bot.await("the first answers", 20*time.Second, func() bool { return answered(all, 1) == crowd })
			server.Delay(50 * time.Millisecond)
			for _, one := range all {
				act(one)
			}
			bot.await("some answers", 20*time.Second, func() bool { return answered(all, 2) > crowd/8 })
			bot.kill()
			before := answered(all, 2)
			bot = startBot(t, settings...)
			bot.await("the other answers", 20*time.Second, func() bool { return answered(all, 2) == crowd && len(server.Waiting()) == 0 })
			twice := answered(all, 3)
			t.Logf("%d of %d were answered at the kill, %d in all were answered twice", before, crowd, twice)
			if twice > onePoll {
				t.Errorf("%d were answered twice, want those of one poll at most", twice)
			}
		})
	}
}

// TestStopFinishesWhatIsInHand: asked to stop, the bot answers what it has in
// hand and confirms it, so that the next one repeats nothing.
func TestStopFinishesWhatIsInHand(t *testing.T) {
	const crowd = 100
	_, redis := withRedis(t)
	server := telegramtest.New(t)
	settings := append(onTelegram(server.Start()), "REDIS_URL=redis://"+redis)
	bot := startBot(t, settings...)
	bot.ready()
	server.Delay(300 * time.Millisecond)
	all := people(server, crowd)
	for _, one := range all {
		one.Say("/help")
	}
	bot.await("the first calls", 10*time.Second, func() bool { return len(server.Calls("sendMessage")) > crowd/4 })
	if took := bot.stop(); took > 10*time.Second || bot.err != nil {
		t.Errorf("stopped after %v with %v", took, bot.err)
	}
	bot = startBot(t, settings...)
	bot.await("all answers", 20*time.Second, func() bool { return answered(all, 1) == crowd && len(server.Waiting()) == 0 })
	if got := answered(all, 2); got > 0 {
		t.Errorf("%d people were answered again after an orderly stop", got)
	}
}

// TestHelpWithoutRedis: with Redis hanging or gone, help, report and lines answer
// within a second, and all goes on when it is back.
func TestHelpWithoutRedis(t *testing.T) {
	redis, address := withRedis(t)
	server := telegramtest.New(t)
	bot := startBot(t, append(onTelegram(server.Start()), "REDIS_URL=redis://"+address)...)
	bot.ready()
	next := int64(800_000)
	help := func(state string) {
		t.Helper()
		for _, command := range []string{"/help", "/report", "/lines"} {
			next++
			one := server.Private(next, "vi")
			began := time.Now()
			one.Say(command)
			answer := one.Answer()
			if took := time.Since(began); took > time.Second {
				t.Errorf("%s: %s took %v", state, command, took)
			}
			if !strings.ContainsAny(answer.Text, "ạảậệộợ") {
				t.Errorf("%s: %s is not in the person's language:\n%s", state, command, answer.Text)
			}
		}
	}
	status := func(want int) func() bool {
		return func() bool { got, _ := bot.get("/readyz"); return got == want }
	}
	help("Redis is there")
	_ = redis.Process.Signal(syscall.SIGSTOP)
	help("Redis hangs")
	bot.await("readiness to end", 5*time.Second, status(http.StatusServiceUnavailable))
	_ = redis.Process.Signal(syscall.SIGCONT)
	bot.await("readiness", 5*time.Second, status(http.StatusOK))
	help("Redis is back")
	redis.kill()
	help("Redis is gone")
	bot.await("readiness to end", 5*time.Second, status(http.StatusServiceUnavailable))
	startRedis(t, address)
	bot.await("readiness", 5*time.Second, status(http.StatusOK))
	help("a new Redis is there")
}

// TestRubbish: whatever comes in, the next person is answered, and memory stays
// what it was.
func TestRubbish(t *testing.T) {
	server := telegramtest.New(t)
	discord := discordtest.New(t)
	bot := startBot(t, append(onTelegram(server.Start()), "DISCORD_BOT_TOKEN="+discordtest.Token, "DISCORD_API_URL="+discord.URL)...)
	discord.WaitReady()
	bot.ready()
	deep := strings.Repeat(`{"a":[`, 20_000) + strings.Repeat(`]}`, 20_000)
	before := 0.0
	for round := range 40 {
		if round == 20 { // what a round takes is known
			me := server.Private(900_000, "vi")
			me.Say("/help")
			me.Answer()
			before = bot.memory("VmRSS")
		}
		server.Inject("message", `{"message_id":1,"date":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"text":"`+strings.Repeat("ạ ", 50_000)+`"}`)
		server.Inject("message", `{"message_id":"one","chat":7}`)
		server.Inject("message", deep)
		server.Inject("not_known_yet", `{"id":1}`)
		discord.Raw(`{"op":0,"t":"INTERACTION_CREATE","s":1,"d":` + deep + `}`)
		discord.Raw(`{"op":0,"t":"NOT_KNOWN_YET","s":1,"d":{}}`)
		discord.Raw(`{"op":99}`)
		discord.Raw(`not JSON`)
	}
	me := server.Private(900_001, "id")
	me.Say("/help")
	me.Answer()
	discord.Slash("84900", "help", discordtest.Private("84900")).Answer()
	if status, why := bot.get("/readyz"); status != http.StatusOK {
		t.Errorf("not ready any more: %s", why)
	}
	if after := bot.memory("VmRSS"); after > before+60 {
		t.Errorf("memory grew from %.0f to %.0f MB", before, after)
	}
}

// TestRefusedTokens: what only the operator can mend ends the bot with one line.
func TestRefusedTokens(t *testing.T) {
	server := telegramtest.New(t)
	address := server.Start()
	bot := startBot(t, onTelegram(address)...)
	bot.ready()
	server.Fail("", telegramtest.Fault{Code: 401, Description: "Unauthorized", Times: telegramtest.Always})
	server.Private(900_002, "en").Say("/help")
	atStart := startBot(t, onTelegram(address)...)
	for when, bot := range map[string]*instance{"later": bot, "at the start": atStart} {
		bot.await("the end", 10*time.Second, func() bool {
			select {
			case <-bot.ended:
				return true
			default:
				return false
			}
		})
		if code := bot.ProcessState.ExitCode(); code != 1 {
			t.Errorf("%s: exit status %d, want 1", when, code)
		}
		if log := bot.log.String(); !strings.Contains(log, "TELEGRAM_BOT_TOKEN") || strings.Contains(log, telegramtest.Token) {
			t.Errorf("%s: the log says:\n%s", when, log)
		}
	}
}

// TestDiscordAfterAKill: what people press after the bot is back is answered.
func TestDiscordAfterAKill(t *testing.T) {
	_, redis := withRedis(t)
	discord := discordtest.New(t)
	settings := []string{"DISCORD_BOT_TOKEN=" + discordtest.Token, "DISCORD_API_URL=" + discord.URL, "REDIS_URL=redis://" + redis}
	bot := startBot(t, settings...)
	discord.WaitReady()
	front := discord.Slash("84901", "help", discordtest.Private("84901")).Answer()
	bot.kill()
	discord.WaitGone()
	bot = startBot(t, settings...)
	discord.WaitConnections(2)
	discord.WaitReady()
	bot.ready()
	for _, row := range front.Rows { // buttons of before are as good as new
		discord.Press("84901", front, row[0].CustomID).Answer()
		break
	}
	if took := bot.stop(); took > 10*time.Second || bot.err != nil {
		t.Errorf("stopped after %v with %v", took, bot.err)
	}
}
