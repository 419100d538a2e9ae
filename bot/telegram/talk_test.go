package telegram

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot/telegram/telegramtest"
)

// bubble runs a test with a clock of its own.
func bubble(t *testing.T, do func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, do)
}

func TestConversation(t *testing.T) {
	for lang, want := range map[string][]string{
		"vi": {"Không Đơn Độc giúp bạn.", "Chuyện gì đã xảy ra?", "Đó không phải lỗi của bạn."},
		"id": {"Tidak Sendiri membantu.", "Apa yang terjadi?", "Ini bukan salahmu."},
		"en": {`Not Alone helps. <3 & "you"`, "What happened?", "It is not your fault. Call 111 or see this."},
	} {
		t.Run(lang, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, telegramtest.New(t))
				me := r.Private(7001, lang)
				me.Say("/start")
				for i, press := range []string{"", "help", "help/grooming"} {
					if press != "" {
						me.Press(press)
					}
					got := me.Answer()
					if !strings.HasPrefix(got.Text, want[i]) {
						t.Errorf("answer %d is %q, want %q", i, got.Text, want[i])
					}
					if press != "" && got.Edits != i {
						t.Errorf("answer %d is edit number %d, want %d", i, got.Edits, i)
					}
				}
				r.Settle()
				if got, want := len(r.Calls("answerCallbackQuery")), 2; got != want {
					t.Errorf("%d presses acknowledged, want %d", got, want)
				}
			})
		})
	}
}

// TestTranscript is a whole talk as the person sees it.
func TestTranscript(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7001, "en")
		for _, do := range []func() int64{
			func() int64 { return me.Say("/start help_grooming") },
			func() int64 { return me.Press("Tell someone") },
			func() int64 { return me.Send("photo") },
			func() int64 { return me.Say("what") },
			func() int64 { return me.Press("hide") },
		} {
			do()
			me.Answer()
		}
		r.Settle()
		want := `> /start help_grooming
< It is not your fault. Call 111 or see this.
< 
< I am a program.
  [Hide] [I am not safe]
  [Call] [Report]
  [Tell someone]
  [More]
  [Help]
> [help/grooming/tell]
<(edited) Tell somebody.
  [Hide] [Call]
  [Someone makes me uneasy]
  [Help]
> (something that is not words)
< I look at no pictures.
  [Help]
> what
< I did not understand.
  [Tips] [Quiz]
  [Help]
> [hide]
< deletes "/start help_grooming"
< deletes "Tell somebody."
< deletes ""
< deletes "I look at no pictures."
< deletes "what"
< deletes "I did not understand."
< Hi!
`
		if got := r.Transcript(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if last := me.Messages(); len(last) != 1 || !last[0].Silent {
			t.Errorf("after hiding these stay: %+v", last)
		}
		if n := len(r.Calls("getFile")); n > 0 {
			t.Errorf("%d files were asked for", n)
		}
	})
}

func TestPressCostsOneDelay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, telegramtest.New(t))
		me := r.Private(7001, "en")
		me.Say("/help")
		me.Answer()
		r.Settle()
		r.Delay(50 * time.Millisecond)
		began := time.Now()
		me.Press("help/grooming")
		me.Answer()
		r.Await("answerCallbackQuery", 1)
		r.Await("editMessageText", 1)
		if took := time.Since(began); took != 50*time.Millisecond {
			t.Errorf("a press took %v of a server's delay of 50ms", took)
		}
		edit, ack := r.Calls("editMessageText")[0], r.Calls("answerCallbackQuery")[0]
		if edit.Began.After(ack.End) || ack.Began.After(edit.End) {
			t.Errorf("edit %v-%v and acknowledgement %v-%v follow each other", edit.Began, edit.End, ack.Began, ack.End)
		}
	})
}
