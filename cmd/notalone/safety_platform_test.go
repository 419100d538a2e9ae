package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"notalone/bot/discord/discordtest"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
	"notalone/i18n"
)

// first is the first line of a page, by which a test knows it on a platform.
func (s *stage) first(lang i18n.Lang, path flows.Path) string {
	line, _, _ := strings.Cut(s.site.Open(lang, path).Text.Plain(), "\n")
	return line
}

// slash uses a command on Discord and returns what the person sees.
func (s *stage) slash(user, command string, place discordtest.Place) *discordtest.Message {
	s.wait(5 * time.Second)
	answer := s.discord.Slash(user, command, place).Answer()
	if place == discordtest.Private(user) {
		s.discord.Next(place) // it stands in the chat, too
	}
	return answer
}

// write writes words to the bot on Discord and returns the answer.
func (s *stage) write(user, words string) *discordtest.Message {
	s.wait(5 * time.Second)
	s.discord.Say(user, words)
	return s.discord.Next(discordtest.Private(user))
}

func (s *stage) checkDiscordHelp(t *testing.T) {
	t.Helper()
	want := s.first("id", "help")
	if got := s.slash(dewiDiscord, "help", discordtest.Private(dewiDiscord)); !strings.HasPrefix(got.Content, want) {
		t.Errorf("discord: /help is answered with %q", got.Content)
	}
	for _, words := range []string{"tolong", "help", "cứu"} { // its language is known from the command
		if got := s.write(dewiDiscord, words); !strings.HasPrefix(got.Content, want) {
			t.Errorf("discord: %s is answered with %q", words, got.Content)
		}
	}
}

// TestCriterion04InAGroupForTheAskerAlone: what is asked in front of others is
// answered where they cannot read it, or by a line that tells nothing.
func TestCriterion04InAGroupForTheAskerAlone(t *testing.T) {
	s := newStage(t)
	asker := s.telegram.Group(classTelegram, false).As(anTelegram, "en")
	other := s.telegram.Group(classTelegram, false).As(buddyTelegram, "en")
	elsewhere := s.site.ElsewherePage("en", "", false).Text.Plain()
	at := "@" + telegramtest.Username
	for words, open := range map[string]string{
		"/help" + at: "help", "/help" + at + " sextortion": "help", "/privacy" + at: "privacy", "/delete" + at: "delete", "/trick" + at: "trick", "/mine" + at: "mine", "/lines" + at: "lines",
		at + " i want to die": "help", at + " he says he will post my nudes": "help",
	} {
		s.tell(asker, words)
		if last := lastOf(other.Messages()); last.Text != elsewhere {
			t.Errorf("telegram: after %q others read %q", words, last.Text)
		} else if link := last.Rows[0][0].URL; !strings.HasSuffix(link, "?start="+open) {
			t.Errorf("telegram: after %q the way into the private chat is %s, want it to open %s", words, link, open)
		}
	}
	s.discord.Join(guildDiscord, channelDiscord)
	school := discordtest.Channel(guildDiscord, channelDiscord)
	for _, command := range []string{"help", "privacy", "delete", "lines"} {
		s.slash(dewiDiscord, command, school)
		for _, seen := range s.discord.Visible(linhDiscord, school) {
			if strings.Contains(seen.Content, s.first("id", flows.Path(command))) {
				t.Errorf("discord: after /%s others read %q", command, seen.Content)
			}
		}
	}
}

func lastOf(messages []telegramtest.Message) telegramtest.Message {
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].FromBot {
			return messages[i]
		}
	}
	return telegramtest.Message{}
}

// TestCriterion06NoMediaIsFetched: whatever is sent instead of words gets one kind
// line, and no file is asked for.
func TestCriterion06NoMediaIsFetched(t *testing.T) {
	s := newStage(t)
	me := s.telegram.Private(anTelegram, "vi")
	refusal := s.site.Words().Line("vi", "media")
	for _, kind := range mediaKinds {
		s.wait(5 * time.Second)
		me.Send(kind)
		if got := me.Answer(); got.Text != refusal {
			t.Errorf("telegram: a %s is answered with %q", kind, got.Text)
		}
	}
	for _, call := range s.telegram.Calls("") {
		if call.Method == "getFile" || strings.Contains(call.Params, "AgACAgIAAxkBAAIB") {
			t.Errorf("telegram: %s %s", call.Method, call.Params)
		}
	}
	line, _, _ := strings.Cut(s.site.Words().Line("id", "media"), "\n")
	s.slash(dewiDiscord, "help", discordtest.Private(dewiDiscord)) // from here on her language is known
	attachment := []any{map[string]any{"id": "1", "filename": "a.png", "url": "https://cdn.example/a.png", "proxy_url": "https://cdn.example/a.png", "size": 1}}
	for kind, fields := range map[string]map[string]any{
		"picture or file": {"attachments": attachment},
		"voice message":   {"attachments": attachment, "flags": 1 << 13},
		"sticker":         {"sticker_items": []any{map[string]any{"id": "1", "name": "x", "format_type": 1}}},
		"poll":            {"poll": map[string]any{"question": map[string]any{"text": "x"}, "answers": []any{}}},
	} {
		s.wait(5 * time.Second)
		place := discordtest.Private(dewiDiscord)
		s.discord.Send(place, dewiDiscord, "", fields)
		if got := s.discord.Next(place); !strings.HasPrefix(got.Content, line) {
			t.Errorf("discord: a %s is answered with %q", kind, got.Content)
		}
	}
	for _, request := range s.discord.Requests("unknown") {
		t.Errorf("discord: an address that is none of the API's was asked: %+v", request)
	}
	never := map[i18n.Lang]string{"en": "never send an intimate picture", "vi": "đừng bao giờ gửi ảnh", "id": "jangan pernah kirim foto intim|jangan pernah mengirim foto intim"}
	for lang, pattern := range never {
		if !regexp.MustCompile("(?i)" + pattern).MatchString(s.site.Words().Line(lang, "media")) {
			t.Errorf("%s: the refusal does not say never to send intimate pictures", lang)
		}
	}
}

// keptOf lists the keys of people and places that are in the store.
func (s *stage) keptOf(parts ...string) []string {
	var kept []string
	for _, key := range s.redis.Keys() {
		for _, part := range parts {
			if strings.Contains(key, part) {
				kept = append(kept, key)
			}
		}
	}
	return kept
}

// settled waits until nothing of a kind is kept: some is deleted in the background.
func (s *stage) settled(parts ...string) []string {
	limit := time.After(10 * time.Second)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		kept := s.keptOf(parts...)
		if len(kept) == 0 {
			return nil
		}
		select {
		case <-limit:
			return kept
		case <-look.C:
		}
	}
}

var ofPeople = []string{":p:", ":d:", ":m:"}

// TestCriterion11DeletingTakesAllAtOnce: by the button, by blocking and by removing
// the bot from a group.
func TestCriterion11DeletingTakesAllAtOnce(t *testing.T) {
	s := newStage(t)
	me := s.telegram.Private(anTelegram, "en")
	use := func() telegramtest.Message {
		at := s.tell(me, "/settings")
		for _, path := range []string{"settings/lang/en", "tips/next", "mine", "mine/country/VN", "mine/tip/on", "settings/country", "delete"} {
			at = s.tap(me, at, path)
		}
		if len(s.keptOf(ofPeople...)) == 0 || len(s.keptOf(":f:")) == 0 {
			t.Fatalf("nothing was kept: %v", s.redis.Keys())
		}
		return at
	}
	at := use()
	if got := s.tap(me, at, "delete/now"); got.Text != s.site.Words().Line("en", "delete.done") {
		t.Errorf("delete answered %q", got.Text)
	}
	if kept := s.settled(":p:", ":d:", ":f:", "due", "news"); kept != nil {
		t.Errorf("after delete there is still %v", kept)
	}
	use()
	me.Remove()
	if kept := s.settled(":p:", ":d:", ":f:", "due", "news"); kept != nil {
		t.Errorf("after blocking there is still %v", kept)
	}
	teacher := s.telegram.Group(classTelegram, false).As(buddyTelegram, "vi")
	teacher.Promote()
	teacher.Join()
	s.tap(teacher, teacher.Answer(), "setup/quiz/on")
	if len(s.keptOf(":f:")) == 0 {
		t.Fatal("nothing was kept of the group")
	}
	teacher.Remove()
	if kept := s.settled(":f:", "due", "news"); kept != nil {
		t.Errorf("after the removal from a group there is still %v", kept)
	}
}

// TestCriterion12HideLeavesOneNeutralLine: one tap, no question, no sound, and the
// truth about what stays.
func TestCriterion12HideLeavesOneNeutralLine(t *testing.T) {
	campaign := regexp.MustCompile(`(?i)not alone|không một mình|tidak sendirian|bot|help|giúp|bantu`)
	s := newStage(t)
	me := s.telegram.Private(anTelegram, "vi")
	s.tell(me, "em muon chet")
	s.tell(me, "/lines")
	s.tell(me, "ẩn")
	left := me.Messages()
	if len(left) != 1 || !left[0].Silent || campaign.MatchString(left[0].Text) {
		t.Errorf("telegram: these stay: %+v", left)
	}
	s.tell(me, "/help")
	me.Forget() // too old to be deleted
	if got := s.tell(me, "/hide"); got.Text != s.site.Words().Line("vi", "hide.some") {
		t.Errorf("telegram: what could not be deleted is told as %q", got.Text)
	}
	place := discordtest.Private(dewiDiscord)
	s.write(dewiDiscord, "aku mau mati")
	got := s.write(dewiDiscord, "sembunyikan")
	if seen := s.discord.Visible(dewiDiscord, place); len(seen) != 1 || campaign.MatchString(got.Content) || !strings.Contains(got.Content, s.site.Words().Line("id", "hide.done.own")) {
		t.Errorf("discord: %d messages stay, with the line %q", len(seen), got.Content)
	}
}

// TestCriterion14PrivacyOnBothPlatforms answers by the command, in the person's language.
func TestCriterion14PrivacyOnBothPlatforms(t *testing.T) {
	s := newStage(t)
	for locale, person := range map[i18n.Lang]int64{"vi": anTelegram, "en": buddyTelegram} {
		if got := s.tell(s.telegram.Private(person, string(locale)), "/privacy"); got.Text != s.site.Open(locale, "privacy").Text.Plain() {
			t.Errorf("telegram, %s: %q", locale, got.Text)
		}
	}
	for locale, user := range map[i18n.Lang]string{"vi": linhDiscord, "id": dewiDiscord} {
		if got := s.slash(user, "privacy", discordtest.Private(user)); !strings.HasPrefix(got.Content, s.first(locale, "privacy")) {
			t.Errorf("discord, %s: %q", locale, got.Content)
		}
	}
}

// TestCriterion16TheFirstMessageEver may be the worst one: no question stands
// before help, on any platform.
func TestCriterion16TheFirstMessageEver(t *testing.T) {
	s := newStage(t)
	if got := s.tell(s.telegram.Private(anTelegram, "vi"), "em muon chet"); !strings.HasPrefix(got.Text, s.first("vi", "help/self_harm")) {
		t.Errorf("telegram: %q", got.Text)
	}
	if got := s.write(dewiDiscord, "aku mau mati aja"); !strings.HasPrefix(got.Content, s.first("id", "help/self_harm")) {
		t.Errorf("discord: %q", got.Content)
	}
	for _, lang := range langs {
		asks := map[i18n.Lang]*regexp.Regexp{
			"en": regexp.MustCompile(`(?i)how old are you|what is your name|which school|your birthday|are you over`),
			"vi": regexp.MustCompile(`(?i)bạn (bao nhiêu|mấy) tuổi|bạn tên (là )?gì|bạn học trường nào|ngày sinh của bạn`),
			"id": regexp.MustCompile(`(?i)(berapa )?umurmu berapa|berapa umurmu|siapa namamu|sekolah di mana|tanggal lahirmu`),
		}[lang]
		for _, path := range []flows.Path{"home", "help", "help/self_harm", "help/sextortion", "lines", "about", "settings"} {
			if found := asks.FindString(s.site.Open(lang, path).Text.Plain()); found != "" {
				t.Errorf("%s: %s asks %q", lang, path, found)
			}
		}
	}
}

// TestCriterion22NobodySeesWhoUsedHelp: the totals have no person and no topic, and
// a group's figures are not shown while few have answered.
func TestCriterion22NobodySeesWhoUsedHelp(t *testing.T) {
	site := shippedSite(t)
	for _, topic := range site.Content().Topics {
		_, effects := site.Turn(flows.State{}, flows.Event{Path: flows.Path("help/" + topic.ID), Locale: "vi", At: transcriptTime})
		for _, effect := range effects {
			if count, ok := effect.(flows.Count); ok && count.Name != "help:vi" {
				t.Errorf("help/%s is counted as %q", topic.ID, count.Name)
			}
		}
	}
	few := flows.Feed{Lang: "vi", Week: []flows.Score{{Question: "a", Right: 2, Answers: 4}}}
	page := openedBy(site, flows.Event{Path: "class", Locale: "vi", At: transcriptTime, Shared: true, HasFeed: true, Feed: &few, Manager: flows.Yes})
	together := site.Words().Line("vi", "class.together", i18n.Count("Right", 2), i18n.Count("All", 4))
	if page == nil || strings.Contains(page.Text.Plain(), together) {
		t.Errorf("four answers are shown to the class: %v", page)
	}
	commands := ""
	for _, command := range flows.Commands() {
		commands += " " + command.Name
	}
	if regexp.MustCompile(`stat|users|members|log|who`).MatchString(commands) {
		t.Errorf("a command may tell on people:%s", commands)
	}
}

// TestCriterion23ChatterChangesNothing: words in a group that are not for the bot
// are not answered, and nothing is written for them.
func TestCriterion23ChatterChangesNothing(t *testing.T) {
	s := newStage(t)
	pupil := s.telegram.Group(classTelegram, false).As(anTelegram, "vi")
	s.discord.Join(guildDiscord, channelDiscord)
	school := discordtest.Channel(guildDiscord, channelDiscord)
	for _, words := range []string{"hello", "i want to die", "help", "/help@some_other_bot"} {
		s.wait(5 * time.Second)
		pupil.Say(words)
		s.discord.Send(school, dewiDiscord, words, nil)
	}
	s.telegram.Settle()
	s.slash(dewiDiscord, "tips", discordtest.Private(dewiDiscord)) // after it, all before was read
	if !pupil.Silent() || len(s.telegram.Calls("sendMessage")) > 0 {
		t.Errorf("telegram: chatter was answered: %v", s.telegram.Transcript())
	}
	for _, seen := range s.discord.Visible(dewiDiscord, school) {
		if seen.Only == dewiDiscord || strings.Contains(seen.Content, s.first("id", "help")) {
			t.Errorf("discord: chatter was answered with %q", seen.Content)
		}
	}
}

// reviewNote stands at the head of every file of words.
var reviewNote = regexp.MustCompile(`(?m)^# Reviewed 20\d\d-\d\d-\d\d[^\n]*`)

func reviewed(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob("../../i18n/*/*.toml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files of words: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !reviewNote.Match(data) {
			t.Errorf("%s carries no note of review", file)
		}
	}
}
