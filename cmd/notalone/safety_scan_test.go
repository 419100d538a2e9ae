package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/discord/discordtest"
	"notalone/bot/outbox"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// mark is a word that nobody but these people write; it must never be seen again.
const mark = "quibblezorn"

// People, groups and servers of the scan. Their numbers are searched for.
const (
	anTelegram, buddyTelegram = int64(5551234567), int64(5557654321)
	classTelegram             = int64(-1001234509876)
	linhDiscord, dewiDiscord  = "847161514131211109", "627161514131211108"
	guildDiscord              = "337161514131211107"
	channelDiscord            = "447161514131211106"
)

// private is what must stand in no key, no value and no line of a log.
func private() []string {
	return []string{
		mark, "5551234567", "5557654321", "1234509876", "1234509877", "84716151413", "62716151413", "33716151413", "44716151413",
		telegramtest.Token, "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", discordtest.Token, "person5551234567", "name-84716", "Name 84716", "AgACAgIAAxkBAAIB", "aW50",
	}
}

// confided are words of the scan: distress, forms, nonsense, in three languages.
func confided() []string {
	return []string{
		mark + " says he will post my nudes if i do not pay", "i want to die " + mark, "asdf " + mark + " qwer", mark,
		mark + " dọa tung ảnh nóng của em", "em muon chet " + mark, mark + " ngancam sebar foto gw kalo ga transfer", "aku mau mati aja " + mark,
		"my name is " + mark + ", i am 13, my school is " + mark + " high", "+84 90 " + mark, mark + "@example.org", "https://" + mark + ".example/x",
	}
}

// TestCriterion05NothingPrivateIsStoredLoggedOrEchoed plays people, groups and the
// clock on both platforms, with faults whose errors carry tokens and words, and
// then searches every key and value, all that was logged and all that was sent.
func TestCriterion05NothingPrivateIsStoredLoggedOrEchoed(t *testing.T) {
	s := newStage(t)
	seen := newDump(s)
	s.playTelegram(seen)
	s.playDiscord(seen)
	s.playClock(seen)
	s.playFaults(seen)
	s.stop()
	seen.look(t)
	for _, secret := range private() {
		for _, where := range seen.find(secret) {
			t.Errorf("%q is in the store, under %s", secret, where)
		}
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, secret) {
				t.Errorf("%q is in the log: %s", secret, line)
			}
		}
	}
	if n := strings.Count(s.log.String(), "\n"); n < 10 {
		t.Errorf("only %d lines were logged: this test looked at nothing", n)
	}
	for _, call := range s.telegram.Calls("") {
		if strings.Contains(call.Params, mark) {
			t.Errorf("%s echoes what was written: %s", call.Method, call.Params)
		}
		if call.Method == "getFile" {
			t.Errorf("a file was asked for: %s", call.Params)
		}
	}
	for _, request := range s.discord.Requests("") {
		if strings.Contains(request.Body, mark) {
			t.Errorf("%s echoes what was written: %s", request.Route, request.Body)
		}
	}
	seen.checkAgainst(t, "../../docs/architecture.md")
}

// tell writes words on Telegram and waits for the answer.
func (s *stage) tell(p *telegramtest.Place, words string) telegramtest.Message {
	s.wait(5 * time.Second)
	p.Say(words)
	return p.Answer()
}

// tap presses a path on Telegram.
func (s *stage) tap(p *telegramtest.Place, on telegramtest.Message, path string) telegramtest.Message {
	s.wait(5 * time.Second)
	p.PressOn(on, path)
	return p.Answer()
}

func (s *stage) playTelegram(seen *dump) {
	for person, locale := range map[int64]string{anTelegram: "vi", buddyTelegram: "en"} {
		me := s.telegram.Private(person, locale)
		s.tell(me, "/start")
		for _, command := range flows.Commands() {
			s.tell(me, "/"+command.Name)
			s.tell(me, confided()[0])
		}
		for _, words := range confided() {
			at := s.tell(me, "/settings")
			s.tap(me, at, "settings/country") // a form that waits for words
			seen.look(s.t)
			s.tell(me, words)
		}
		for _, kind := range mediaKinds {
			s.wait(5 * time.Second)
			me.Send(kind)
			me.Answer()
		}
		at := s.tell(me, "/pledge")
		for _, path := range []string{
			"settings/lang/vi", "settings/country/VN", "quiz/next", "tips/next", "pledge/" + s.site.Content().Promises[0].ID, "mine", "mine/tip/on", "help/self_harm", "lines/self_harm",
		} {
			at = s.tap(me, at, path)
		}
		seen.look(s.t)
	}
	teacher := s.telegram.Group(classTelegram, false).As(buddyTelegram, "vi")
	teacher.Promote()
	s.wait(5 * time.Second)
	teacher.Join()
	greeting := teacher.Answer()
	s.tap(teacher, greeting, "setup")
	s.tap(teacher, greeting, "setup/quiz/on")
	s.tap(teacher, greeting, "setup/tip/on")
	pupil := s.telegram.Group(classTelegram, false).As(anTelegram, "vi")
	pupil.Say(mark + " is so stupid, everybody laugh") // not for the bot: no answer
	s.tell(pupil, "/help@"+telegramtest.Username)
	s.tell(pupil, "@"+telegramtest.Username+" "+confided()[1])
	seen.look(s.t)
}

func (s *stage) playDiscord(seen *dump) {
	school := discordtest.Channel(guildDiscord, channelDiscord)
	s.discord.Join(guildDiscord, channelDiscord)
	s.discord.SetManager(linhDiscord)
	for _, user := range []string{linhDiscord, dewiDiscord} {
		for _, command := range flows.Commands() {
			s.wait(5 * time.Second)
			s.discord.Slash(user, command.Name, discordtest.Private(user)).First()
			s.wait(5 * time.Second)
			if answer := s.discord.Slash(user, command.Name, school).Answer(); answer.Only != user && command.Name != "setup" {
				s.t.Errorf("/%s in a server is seen by all: %s", command.Name, answer.Content)
			}
		}
		for _, words := range confided() {
			s.wait(5 * time.Second)
			s.discord.Say(user, words)
			s.discord.Next(discordtest.Private(user))
		}
	}
	s.wait(5 * time.Second)
	setup := s.discord.Slash(linhDiscord, "setup", school).Answer()
	for _, path := range []string{"setup/quiz/on", "setup/country/ID", "setup/zone/Asia-Jakarta", "setup/quiz/on", "setup/news/on"} {
		s.wait(5 * time.Second)
		s.discord.PressRaw(linhDiscord, setup, path).First()
	}
	seen.look(s.t)
}

// playClock lets days pass: what is due is leased, marked, posted and voted on.
func (s *stage) playClock(seen *dump) {
	ctx := s.t.Context()
	clock := outbox.NewClock(outbox.Options{
		Site: s.site, Store: s.store, Adapters: s.adapters, Log: s.logger, Now: s.now, Meter: nobody{},
		Pause: func(context.Context, time.Duration) {},
	})
	s.mark(seen)
	for range 72 {
		s.wait(time.Hour)
		clock.Drain(ctx)
		seen.look(s.t)
	}
	if len(s.telegram.Calls("sendPoll")) == 0 {
		s.t.Error("no quiz was posted in three days: this test looked at nothing")
	}
	place := bot.NewAddress("discord", channelDiscord, "")
	if _, err := s.store.Vote(ctx, place, "a-question", bot.NewPerson("discord", dewiDiscord), "a"); err != nil {
		s.t.Fatal(err)
	}
	if err := s.store.MoveFeed(ctx, bot.NewAddress("telegram", strconv.FormatInt(classTelegram, 10), ""), bot.NewAddress("telegram", strconv.FormatInt(classTelegram-1, 10), "")); err != nil {
		s.t.Fatal(err)
	}
	seen.look(s.t)
}

// mark claims and marks the first post that falls due, as a process does that is
// killed then.
func (s *stage) mark(seen *dump) {
	ctx, platform := s.t.Context(), s.adapters[1].Name()
	for range 48 {
		s.wait(time.Hour)
		shards, _, err := s.store.DueShards(ctx, platform)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(shards) == 0 {
			continue
		}
		claimed, err := s.store.ClaimDue(ctx, platform, shards[0], time.Second, 1)
		if err != nil || len(claimed) == 0 {
			s.t.Fatalf("claimed %v: %v", claimed, err)
		}
		if marked, err := s.store.MarkSending(ctx, claimed[0], time.Second); err != nil || !marked {
			s.t.Fatalf("marked %v: %v", marked, err)
		}
		seen.look(s.t)
		return
	}
	s.t.Fatal("nothing fell due in two days")
}

// nobody counts no posts.
type nobody struct{}

func (nobody) Posted(bot.Name, string) {}

// playFaults has both platforms and the store fail with errors that carry what
// must not be told.
func (s *stage) playFaults(seen *dump) {
	me := s.telegram.Private(anTelegram, "vi")
	for _, fault := range []telegramtest.Fault{
		{NoDial: true, Times: telegramtest.Always}, // the client's error has the address with the token
		{Code: 400, Description: "Bad Request: " + mark + " 5551234567 " + telegramtest.Token, Times: telegramtest.Always},
		{HTML: 502, Times: telegramtest.Always},
		{Cut: true, Times: telegramtest.Always},
	} {
		n := strings.Count(s.log.String(), "gave up")
		s.telegram.Fail("sendMessage", fault)
		s.wait(5 * time.Second)
		me.Say(confided()[2])
		s.awaitLog("gave up", n+2) // text and JSON
		s.telegram.Heal()
	}
	n := strings.Count(s.log.String(), "gave up")
	s.discord.Fail(discordtest.Callback, discordtest.Times(8, discordtest.Fault{Status: 400, Code: 50035, Body: `{"code":50035,"message":"` + mark + ` ` + discordtest.Token + `"}`})...)
	s.wait(5 * time.Second)
	s.discord.Slash(linhDiscord, "help", discordtest.Private(linhDiscord))
	s.awaitLog("gave up", n+2)
	s.redis.SetError("ERR the server is gone")
	s.tell(me, "/help")
	s.redis.SetError("")
	s.awaitLog("the store is back", 2)
	seen.look(s.t)
}

func (s *stage) awaitLog(text string, n int) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for strings.Count(s.log.String(), text) < n {
		select {
		case <-limit:
			s.t.Fatalf("%q was not logged %d times:\n%s", text, n, s.log)
		case <-look.C:
		}
	}
}

// A dump is every key that ever was in the store, with all of its raw values.
type dump struct {
	client redis.UniversalClient
	values map[string]map[string]bool // by key
	lives  map[string]time.Duration   // the longest that was left of a key
}

func newDump(s *stage) *dump {
	return &dump{client: s.client, values: map[string]map[string]bool{}, lives: map[string]time.Duration{}}
}

// gone is the life of a key that ended while it was looked at.
const gone = -2

// look adds what is in the store now.
func (d *dump) look(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	keys := d.client.Scan(ctx, 0, "*", 1000).Iterator()
	for keys.Next(ctx) {
		key := keys.Val()
		if d.values[key] == nil {
			d.values[key] = map[string]bool{}
		}
		raw, err := d.read(ctx, key)
		if err != nil && !errors.Is(err, redis.Nil) {
			t.Fatalf("read %s: %v", key, err)
		}
		d.values[key][raw] = true
		life, err := d.client.PTTL(ctx, key).Result()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case life == gone:
		case life < 0:
			d.lives[key] = life
		default:
			d.lives[key] = max(d.lives[key], life)
		}
	}
	if err := keys.Err(); err != nil && !errors.Is(err, redis.ErrClosed) {
		t.Fatal(err)
	}
}

func (d *dump) read(ctx context.Context, key string) (string, error) {
	kind, err := d.client.Type(ctx, key).Result()
	if err != nil {
		return "", err
	}
	whole, _ := d.client.Dump(ctx, key).Result() // not every server can
	var parts any
	switch kind {
	case "string":
		parts, err = d.client.Get(ctx, key).Result()
	case "hash":
		parts, err = d.client.HGetAll(ctx, key).Result()
	case "list":
		parts, err = d.client.LRange(ctx, key, 0, -1).Result()
	case "zset":
		parts, err = d.client.ZRangeWithScores(ctx, key, 0, -1).Result()
	case "set":
		parts, err = d.client.SMembers(ctx, key).Result()
	}
	return whole + fmt.Sprint(parts), err
}

// find names the keys that hold a text, in their name or in a value.
func (d *dump) find(text string) []string {
	var found []string
	for key, values := range d.values {
		hit := strings.Contains(key, text)
		for value := range values {
			hit = hit || strings.Contains(value, text)
		}
		if hit {
			found = append(found, key)
		}
	}
	return found
}

// A promise is one line of the table of what is stored.
type promise struct {
	key  *regexp.Regexp
	line string
	life time.Duration // 0: as long as the place
	kept bool
}

// life is how the table tells how long a key lives.
var life = regexp.MustCompile(`(\d+) (days|hours|minutes)`)

// promises reads the table "What is stored".
func promises(t testing.TB, file string) []*promise {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "## What is stored")
	var all []*promise
	for line := range strings.Lines(text) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.Contains(cells[1], "na:") {
			continue
		}
		for _, key := range keysOf(cells[1]) {
			all = append(all, &promise{key: key, line: strings.TrimSpace(cells[1]), life: lifeOf(t, cells[3])})
		}
	}
	if len(all) < 8 {
		t.Fatalf("%s tells of %d keys", file, len(all))
	}
	return all
}

// keysOf turns "`na:{fN}:PLATFORM:due`, `leased`" into patterns; a name without a
// prefix takes that of the one before.
func keysOf(cell string) []*regexp.Regexp {
	var all []*regexp.Regexp
	prefix := ""
	for i, name := range strings.Split(cell, "`") {
		if i%2 == 0 {
			continue
		}
		if strings.HasPrefix(name, "na:") {
			prefix = name[:strings.LastIndex(name, ":")+1]
		} else {
			name = prefix + name
		}
		pattern := strings.NewReplacer(`\{shard\}`, `\{\d+\}`, `\{fN\}`, `\{f\d+\}`, "HASH", `[\w-]{12,}`, "PLATFORM", `(telegram|discord|terminal)`, "LIMIT", `\d+`, "JOB", `[\w-]+`, "DATE", `\d{4}-\d\d-\d\d`).
			Replace(regexp.QuoteMeta(name))
		all = append(all, regexp.MustCompile("^"+pattern+"$"))
	}
	return all
}

func lifeOf(t testing.TB, cell string) time.Duration {
	cell = strings.TrimSpace(cell)
	switch {
	case strings.HasPrefix(cell, "as long as the place"):
		return 0
	case strings.HasPrefix(cell, "seconds"):
		return time.Minute
	}
	found := life.FindStringSubmatch(cell)
	if found == nil {
		t.Fatalf("how long is %q?", cell)
	}
	unit := map[string]time.Duration{"days": 24 * time.Hour, "hours": time.Hour, "minutes": time.Minute}[found[2]]
	n := 0
	fmt.Sscan(found[1], &n)
	return time.Duration(n) * unit
}

// unplayed are the keys of announcements and of a rush, and the figures of who
// takes news: they have tests of their own, and this one plays none.
var unplayed = regexp.MustCompile("{news}|:n:JOB|na:s:|:reach`")

// checkAgainst compares the keys with the table: each is promised there and lives
// no longer than it says, and each line was seen.
func (d *dump) checkAgainst(t *testing.T, file string) {
	t.Helper()
	table := promises(t, file)
	for key, left := range d.lives {
		var found *promise
		for _, p := range table {
			if p.key.MatchString(key) {
				found = p
			}
		}
		switch {
		case found == nil:
			t.Errorf("the key %s is not in the table of %s", key, file)
			continue
		case found.life == 0 && left >= 0:
			t.Errorf("%s expires, against %s", key, found.line)
		case found.life > 0 && (left <= 0 || left > found.life):
			t.Errorf("%s lives %v, against %v of %s", key, left, found.life, found.line)
		}
		found.kept = true
	}
	for _, p := range table {
		if !p.kept && !unplayed.MatchString(p.line) {
			t.Errorf("no key like %s was seen", p.key)
		}
	}
}

// TestEveryKeyOfTheCodeIsPromised reads the names from the store's own source.
func TestEveryKeyOfTheCodeIsPromised(t *testing.T) {
	table, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	prefix := regexp.MustCompile(`^"(na:[a-z{}:]*)"$`)
	found := 0
	eachFile(t, func(pkg, file string, syntax *ast.File) {
		ast.Inspect(syntax, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && pkg == "bot/redisstore" && prefix.MatchString(text.Value) {
				found++
				name := prefix.FindStringSubmatch(text.Value)[1]
				last := name[strings.LastIndex(name, ":")+1:]
				if !strings.Contains(string(table), "`"+name) && (last == "" || !strings.Contains(string(table), "`"+last+"`")) && name != "na:{" {
					t.Errorf("%s: %s is not in the table of docs/architecture.md", file, name)
				}
			}
			return true
		})
	})
	if found < 10 {
		t.Errorf("only %d names were found: this test looked at nothing", found)
	}
}

// mediaKinds are all that a person can send on Telegram instead of words.
var mediaKinds = []string{
	"photo", "video", "voice", "document", "sticker", "location", "audio", "video_note", "animation", "contact", "venue", "story", "dice", "poll", "paid_media", "live_photo",
}
