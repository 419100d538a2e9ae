package telegramtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// call speaks to the server as any bot would and returns what it says of it.
func call(s *Server, method, body string) string {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://telegram.test/bot"+Token+"/"+method, strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := s.Transport().RoundTrip(req)
	if err != nil {
		return err.Error()
	}
	raw, _ := io.ReadAll(res.Body)
	var answer struct {
		OK          bool
		Description string
	}
	if json.Unmarshal(raw, &answer) != nil {
		return string(raw)
	}
	if answer.OK {
		return "ok"
	}
	return answer.Description
}

// unchecked is a server without Telegram's description, which would fail the
// test at the first wrong parameter.
func unchecked(t *testing.T) *Server {
	s := New(t)
	s.spec = nil
	return s
}

func TestRefusals(t *testing.T) {
	text := func(words, more string) string {
		encoded, _ := json.Marshal(words)
		return `{"chat_id":7,"parse_mode":"HTML","text":` + string(encoded) + more + `}`
	}
	button := func(b string) string { return text("x", `,"reply_markup":{"inline_keyboard":[[`+b+`]]}`) }
	for name, tc := range map[string]struct{ method, body, want string }{
		"sound":               {"sendMessage", text("<b>Đừng</b> &lt;3 &#34;", ""), "ok"},
		"unknown method":      {"sendMassage", `{}`, "method not found"},
		"no chat":             {"sendMessage", `{"text":"x"}`, "chat_id is empty"},
		"chat not found":      {"sendMessage", `{"chat_id":99,"text":"x"}`, "chat not found"},
		"blocked":             {"sendMessage", `{"chat_id":8,"text":"x"}`, "bot was blocked by the user"},
		"empty":               {"sendMessage", text(" <b> </b>", ""), "message text is empty"},
		"too long":            {"sendMessage", text(strings.Repeat("😀", 2049), ""), "message is too long"},
		"long enough":         {"sendMessage", text(strings.Repeat("😀", 2048), ""), "ok"},
		"unknown tag":         {"sendMessage", text("<x>", ""), "unsupported start tag"},
		"open tag":            {"sendMessage", text("<b>x", ""), "can't find end tag"},
		"crossed tags":        {"sendMessage", text("<b><i>x</b></i>", ""), "unexpected end tag"},
		"bad entity":          {"sendMessage", text("a & b", ""), "unknown entity"},
		"button without kind": {"sendMessage", button(`{"text":"a"}`), "exactly one kind"},
		"button of two kinds": {"sendMessage", button(`{"text":"a","url":"https://x.org","callback_data":"x"}`), "exactly one kind"},
		"button, no label":    {"sendMessage", button(`{"text":" ","callback_data":"x"}`), "text is empty"},
		"button, long data":   {"sendMessage", button(`{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}`), "BUTTON_DATA_INVALID"},
		"button, odd link":    {"sendMessage", button(`{"text":"a","url":"tel:111"}`), "wrong HTTP URL"},
		"no such topic":       {"sendMessage", text("x", `,"message_thread_id":5`), "message thread not found"},
		"edit of nothing":     {"editMessageText", text("x", `,"message_id":55`), "message to edit not found"},
		"edit of theirs":      {"editMessageText", text("x", `,"message_id":101`), "message can't be edited"},
		"unknown press":       {"answerCallbackQuery", `{"callback_query_id":"1"}`, "query is too old"},
		"odd action":          {"sendChatAction", `{"chat_id":7,"action":"dancing"}`, "wrong parameter action"},
		"odd command":         {"setMyCommands", `{"commands":[{"command":"Help","description":"x"}]}`, "BOT_COMMAND_INVALID"},
		"odd language":        {"setMyCommands", `{"commands":[],"language_code":"vie"}`, "invalid language code"},
		"whisper, old server": {"editEphemeralMessageText", `{"chat_id":7}`, "method not found"},
		"poll of one":         {"sendPoll", `{"chat_id":7,"question":"x","options":[{"text":"a"}]}`, "at least 2"},
		"quiz without answer": {"sendPoll", `{"chat_id":7,"question":"x","type":"quiz","options":[{"text":"a"},{"text":"b"}]}`, "wrong correct option"},
	} {
		t.Run(name, func(t *testing.T) {
			s := unchecked(t)
			s.Private(7, "vi").Say("hello")
			s.Private(8, "vi").Block()
			if got := call(s, tc.method, tc.body); !strings.Contains(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAcknowledgedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := unchecked(t)
		me := s.Private(7, "vi")
		call(s, "sendMessage", `{"chat_id":7,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`)
		me.Press("a")
		me.Press("a")
		const first, second = `{"callback_query_id":"4300000000001"}`, `{"callback_query_id":"4300000000002"}`
		if got := call(s, "answerCallbackQuery", first); got != "ok" {
			t.Errorf("the first time: %q", got)
		}
		if got := call(s, "answerCallbackQuery", first); !strings.Contains(got, "too old") {
			t.Errorf("the second time: %q", got)
		}
		time.Sleep(2 * queryLife)
		if got := call(s, "answerCallbackQuery", second); !strings.Contains(got, "too old") {
			t.Errorf("too late: %q", got)
		}
		same := `{"chat_id":7,"message_id":101,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`
		if got := call(s, "editMessageText", same); !strings.Contains(got, "message is not modified") {
			t.Errorf("an edit without a change: %q", got)
		}
	})
}

func TestOnePoller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := unchecked(t)
		first := make(chan string, 1)
		go func() { first <- call(s, "getUpdates", `{"timeout":50}`) }()
		synctest.Wait()
		go call(s, "getUpdates", `{"timeout":1,"offset":5}`)
		if got := <-first; !strings.Contains(got, "terminated by other getUpdates") {
			t.Errorf("the first poll ended with %q", got)
		}
		call(s, "setWebhook", `{"url":"https://x.org"}`)
		if got := call(s, "getUpdates", `{}`); !strings.Contains(got, "while webhook is active") {
			t.Errorf("a poll beside a webhook got %q", got)
		}
	})
}

// TestDescription: with Telegram's own description at hand, wrong parameters fail
// the test that sends them.
func TestDescription(t *testing.T) {
	s := loadSpec(t)
	if s == nil {
		return
	}
	for name, tc := range map[string]struct{ method, body, want string }{
		"sound":              {"sendMessage", `{"chat_id":7,"text":"x","reply_parameters":{"message_id":4}}`, ""},
		"whispered":          {"sendMessage", `{"chat_id":-7,"text":"x","receiver_user_id":7,"reply_parameters":{"ephemeral_message_id":4}}`, ""},
		"missing":            {"sendMessage", `{"chat_id":7}`, "text is missing"},
		"misspelt":           {"sendMessage", `{"chat_id":7,"text":"x","parsemode":"HTML"}`, "parsemode is no parameter"},
		"misspelt inside":    {"sendMessage", `{"chat_id":7,"text":"x","link_preview_options":{"disabled":true}}`, "disabled is no parameter"},
		"of the wrong kind":  {"editMessageText", `{"chat_id":7,"message_id":"five","text":"x"}`, "not Integer"},
		"an object expected": {"sendMessage", `{"chat_id":7,"text":"x","reply_markup":[]}`, "reply_markup"},
		"array of the wrong": {"deleteMessages", `{"chat_id":7,"message_ids":["a"]}`, "not Integer"},
	} {
		t.Run(name, func(t *testing.T) {
			p := params{}
			if err := json.Unmarshal([]byte(tc.body), &p); err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := s.check(tc.method, p); err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, tc.want) || tc.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
