package discord

import (
	"encoding/json"
	"strings"
	"testing"

	"notalone/bot"
	"notalone/bot/discord/discordtest"
)

func TestAConversationInEveryLanguage(t *testing.T) {
	r := start(t)
	r.WaitReady()
	for user, word := range map[string]string{ann: "Help", bo: "giúp", citra: "Bantuan"} {
		home := r.Slash(user, "home", discordtest.Private(user)).Answer()
		if !strings.Contains(strings.ToLower(labels(home)), strings.ToLower(word)) {
			t.Errorf("home of %s has the buttons %s, want one that says %q", user, labels(home), word)
		}
		if home.Only != "" || home.Flags != flagPlain {
			t.Errorf("home in the private chat: %+v, want a message like any other", home)
		}
		front := r.Press(user, home, "help")
		if kind := front.First(); kind != updateMessage {
			t.Errorf("a press was answered with kind %d, want an edit in place", kind)
		}
		topic := r.Press(user, front.Answer(), "help/scam").Answer()
		if topic.ID != home.ID || topic.Edits != 2 || !strings.Contains(topic.Content, "Stop paying") {
			t.Errorf("after two presses: %+v, want the same message twice edited", topic)
		}
		if n := len(r.Visible(user, discordtest.Private(user))); n != 1 {
			t.Errorf("%d messages in the chat, want the one", n)
		}
	}
}

func labels(m *discordtest.Message) string {
	var all []string
	for _, row := range m.Rows {
		for _, b := range row {
			all = append(all, b.Label)
		}
	}
	return strings.Join(all, " | ")
}

func TestHelpIsTheButtonThatStandsOut(t *testing.T) {
	r := start(t)
	r.WaitReady()
	home := r.Slash(ann, "home", discordtest.Private(ann)).Answer()
	for i, row := range home.Rows {
		for _, b := range row {
			if primary := b.Style == 1; primary != (b.CustomID == "help") || primary && i != len(home.Rows)-1 {
				t.Errorf("the button to %s in row %d has style %d", b.CustomID, i, b.Style)
			}
		}
	}
}

func TestWordsAreAnsweredWithANonceAndWithoutMentions(t *testing.T) {
	r := start(t)
	r.WaitReady()
	answer := r.answers(ann, "they took my money")
	if !strings.Contains(answer.Content, "Stop paying") || answer.Nonce == "" {
		t.Errorf("answered with %+v", answer)
	}
	for _, request := range r.Requests(discordtest.CreateMessage) {
		var body struct {
			Mentions struct{ Parse []string } `json:"allowed_mentions"`
			Enforce  bool                     `json:"enforce_nonce"`
		}
		if err := json.Unmarshal([]byte(request.Body), &body); err != nil || body.Mentions.Parse == nil || len(body.Mentions.Parse) > 0 || !body.Enforce {
			t.Errorf("sent %s", request.Body)
		}
	}
}

func TestPicturesAreRefusedAndBotsIgnored(t *testing.T) {
	r := start(t)
	r.WaitReady()
	private := discordtest.Private(ann)
	r.Send(private, ann, "look", map[string]any{"author": map[string]any{"id": "9", "bot": true}})
	r.Send(private, ann, "look", map[string]any{"webhook_id": "9"})
	r.Send(private, ann, "", map[string]any{"type": 6}) // something was pinned
	for name, fields := range map[string]map[string]any{
		"picture":  {"attachments": []any{map[string]any{"id": "1", "url": "http://127.0.0.1:1/x.png"}}},
		"sticker":  {"sticker_items": []any{map[string]any{"id": "1", "name": "x"}}},
		"anything": {},
	} {
		r.Send(private, ann, "", fields)
		if answer := r.Next(private); strings.TrimSpace(answer.Content) == "" || len(answer.Rows) == 0 {
			t.Errorf("%s: answered with %+v", name, answer)
		}
	}
	if n := len(r.Requests(discordtest.CreateMessage)); n != 3 {
		t.Errorf("%d answers, want 3: bots and service messages get none", n)
	}
}

func TestInAServerEverythingIsForTheAskerAlone(t *testing.T) {
	r := start(t)
	r.WaitReady()
	for user, place := range map[string]discordtest.Place{ann: discordtest.Channel(guild, school), bo: discordtest.Group("500")} {
		for _, command := range []string{"help", "tips", "hide", "delete", "privacy"} {
			in := r.Slash(user, command, place)
			if in.First() != newMessage || in.Answer().Only != user {
				t.Errorf("/%s was answered with %+v", command, in.Answer())
			}
		}
		if seen := r.Visible(citra, place); len(seen) != 0 {
			t.Errorf("somebody else sees %q", seen[0].Content)
		}
		help := r.Slash(user, "help", place).Answer()
		press := r.Press(user, help, "help/scam")
		if press.First() != updateMessage || press.Answer().ID != help.ID {
			t.Error("a press on a message for one person did not edit it in place")
		}
	}
}

func TestAPressOnAPublicMessageIsAnsweredInPrivate(t *testing.T) {
	r := start(t)
	r.WaitReady()
	place := discordtest.Channel(guild, school)
	post := r.Publish(place, "Quiz of the day", []discordtest.Button{{Label: "Help", CustomID: "help", Style: 1}})
	in := r.Press(ann, post, "Help")
	if in.First() != newMessage || in.Answer().Only != ann {
		t.Errorf("answered with kind %d: %+v", in.First(), in.Answer())
	}
	if seen := r.Visible(bo, place); len(seen) != 1 || seen[0].Edits != 0 {
		t.Errorf("the others see %+v, want the post as it was", seen)
	}
}

func TestForgedAndOldButtonsAndMenus(t *testing.T) {
	r := start(t)
	r.WaitReady()
	home := r.Slash(ann, "home", discordtest.Private(ann)).Answer()
	for _, id := range []string{"no such page", "help/nothing/here/at/all", "../../etc", strings.Repeat("x", 100), ""} {
		if answer := r.PressRaw(ann, home, id).Answer(); !strings.Contains(labels(answer), "elp") {
			t.Errorf("%q led to a dead end: %+v", id, answer)
		}
	}
	if answer := r.Choose(ann, home, "help/scam").Answer(); !strings.Contains(answer.Content, "Stop paying") {
		t.Errorf("a choice from a menu led to %q", answer.Content)
	}
}

func TestHideDeletesTheBotsMessages(t *testing.T) {
	r := start(t)
	r.WaitReady()
	first := r.answers(ann, "they took my money")
	second := r.answers(ann, "what?")
	third := r.Slash(ann, "tips", discordtest.Private(ann)).Answer()
	in := r.Press(ann, third, "help")
	in.Answer()
	in = r.Press(ann, in.Answer(), "hide")
	line := in.Answer()
	seen := r.Visible(ann, discordtest.Private(ann))
	if len(seen) != 1 || seen[0].ID != line.ID || len(line.Rows) != 0 {
		t.Errorf("after hide of %s, %s, %s the chat shows %+v, want one neutral line", first.ID, second.ID, third.ID, seen)
	}
	if in.First() != newMessage {
		t.Errorf("hide was answered with kind %d, want a new message: the pressed one is gone", in.First())
	}
}

func TestADoubledEventIsAnsweredOnce(t *testing.T) {
	r := start(t)
	r.Twice(true)
	r.WaitReady()
	r.answers(ann, "they took my money")
	home := r.Slash(ann, "home", discordtest.Private(ann)).Answer()
	r.Press(ann, home, "help").Answer()
	r.Twice(false)
	r.Say(ann, "still there?")
	r.WaitRequests(discordtest.CreateMessage, 2) // the doubles have been through the bot by now
	if n := len(r.Visible(ann, discordtest.Private(ann))); n != 3 {
		t.Errorf("%d messages, want 3:\n%s", n, r.Transcript())
	}
}

func TestAMentionIsAnsweredInPublicButNeverWithSomethingSensitive(t *testing.T) {
	r := start(t)
	r.WaitReady()
	place := discordtest.Channel(guild, school)
	mention := map[string]any{"mentions": []any{map[string]any{"id": discordtest.Bot, "bot": true}}}
	r.Send(place, ann, "they took my money", nil) // not to the bot
	r.Send(place, ann, "<@"+discordtest.Bot+"> they took my money", mention)
	if answer := r.Next(place); strings.Contains(answer.Content, "paying") || len(answer.Rows) == 0 {
		t.Errorf("in public: %q", answer.Content)
	}
	r.Send(place, ann, "<@"+discordtest.Bot+">", mention)
	if answer := r.Next(place); !strings.Contains(labels(answer), "elp") {
		t.Errorf("a mere mention led to %+v", answer)
	}
	if n := len(r.Requests(discordtest.CreateMessage)); n != 2 {
		t.Errorf("%d answers, want 2", n)
	}
}

func TestNothingInTheLogTellsWhoAskedWhat(t *testing.T) {
	r := start(t)
	r.WaitReady()
	r.Fail(discordtest.CreateMessage, discordtest.Fault{Status: 400, Code: 50035}, discordtest.Fault{Cut: true}, discordtest.Fault{Cloud: true})
	r.Fail(discordtest.Callback, discordtest.Times(4, discordtest.Fault{Status: 400, Code: 50035})...)
	r.Fail(discordtest.EditOriginal, discordtest.Fault{Cut: true})
	r.Say(ann, "they took my money")
	in := r.Slash(ann, "help", discordtest.Private(ann))
	r.WaitRequests(discordtest.Callback, 1)
	r.Drop()
	r.WaitCounts("a resume", func(c discordtest.Counts) bool { return c.Resumes == 1 })
	r.stop()
	if r.log.String() == "" {
		t.Fatal("nothing was logged, so nothing was tested")
	}
	for _, secret := range []string{discordtest.Token, ann, in.Token, in.ID, "took my money", "127.0.0.1", discordtest.Private(ann).Channel} {
		if r.log.count(secret) > 0 {
			t.Errorf("the log holds %q:\n%s", secret, r.log)
		}
	}
}

func TestABlockedPersonIsForgotten(t *testing.T) {
	r := start(t)
	r.WaitReady()
	home := r.Slash(ann, "home", discordtest.Private(ann)).Answer()
	r.Press(ann, home, "settings").Answer()
	r.Block(ann)
	r.Say(ann, "they took my money")
	r.WaitRequests(discordtest.CreateMessage, 1)
	r.stop() // finishes what is in hand
	if _, kept := r.store.State(bot.NewPerson(Name, ann)); kept {
		t.Error("something is kept of a person who blocked the bot")
	}
	if got := r.meter.kinds(); len(got) != 1 || got[0] != bot.Gone {
		t.Errorf("failed with %v, want gone once", got)
	}
}
