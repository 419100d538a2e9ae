package discord

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/flows"
)

const self = "9"

// with is a payload of an interaction or a message, changed.
func with(base string, more string) string {
	return strings.TrimSuffix(base, "}") + "," + more + "}"
}

const (
	slash = `{"id":"1","application_id":"2","token":"tok","channel_id":"3","locale":"vi","type":2,"data":{"name":"help"}}`
	press = `{"id":"1","application_id":"2","token":"tok","channel_id":"3","locale":"id","type":3,"data":{"custom_id":"help/scam"},"message":{"id":"7","flags":64}}`
	wrote = `{"id":"1","channel_id":"3","content":" hi ","author":{"id":"4"},"type":0}`
	user4 = `"user":{"id":"4"},"context":1`
)

func member(permissions string) string {
	return `"member":{"user":{"id":"4"},"permissions":"` + permissions + `"},"guild_id":"5","context":0`
}

// passedOn is what Discord adds to a forwarded message.
func passedOn(message string) string {
	return `"message_reference":{"type":1,"channel_id":"3","message_id":"6"},"message_snapshots":[{"message":{"type":0,"timestamp":"2026-11-28T09:00:00Z",` + message + `}}]`
}

func TestDecode(t *testing.T) {
	base := bot.Event{ID: "dc:1", Person: bot.NewPerson(Name, "4"), Place: bot.NewAddress(Name, "3", "")}
	there := bot.NewAddress(Name, "5", "3")
	ev := func(change func(*bot.Event)) *bot.Event {
		e := base
		change(&e)
		return &e
	}
	for name, tc := range map[string]struct {
		kind, data string
		want       *bot.Event
	}{
		"command in private": {"INTERACTION_CREATE", with(slash, user4), ev(func(e *bot.Event) { e.Path, e.Locale, e.Manager = "help", "vi", flows.Yes })},
		"command in a server": {"INTERACTION_CREATE", with(slash, member("2048")), ev(func(e *bot.Event) {
			e.Path, e.Locale, e.Shared, e.Manager, e.Place = "help", "vi", true, flows.No, there
		})},
		"by who manages it": {"INTERACTION_CREATE", with(slash, member("32")), ev(func(e *bot.Event) {
			e.Path, e.Locale, e.Shared, e.Manager, e.Place = "help", "vi", true, flows.Yes, there
		})},
		"with text behind it": {"INTERACTION_CREATE", with(slash, user4+`,"data":{"name":"trick","options":[{"name":"text","type":3,"value":" you won "}]}`), ev(func(e *bot.Event) { e.Path, e.Text, e.Locale, e.Manager = "trick", "you won", "vi", flows.Yes })},
		"with a forged text":  {"INTERACTION_CREATE", with(slash, user4+`,"data":{"name":"trick","options":[{"value":{"a":1}}]}`), ev(func(e *bot.Event) { e.Path, e.Locale, e.Manager = "trick", "vi", flows.Yes })},
		"by an administrator": {"INTERACTION_CREATE", with(slash, member("9007199254740991")), ev(func(e *bot.Event) {
			e.Path, e.Locale, e.Shared, e.Manager, e.Place = "help", "vi", true, flows.Yes, there
		})},
		"odd permissions": {"INTERACTION_CREATE", with(slash, member("all")), ev(func(e *bot.Event) {
			e.Path, e.Locale, e.Shared, e.Manager, e.Place = "help", "vi", true, flows.No, there
		})},
		"a chosen channel": {"INTERACTION_CREATE", with(press, member("32")+`,"data":{"custom_id":"setup/spot","component_type":8,"values":["31"]}`), ev(func(e *bot.Event) {
			e.Path, e.Pressed, e.Locale, e.Shared, e.Manager, e.Place = "setup/spot/31", "7", "id", true, flows.Yes, there
		})},
		"in a chat of people":   {"INTERACTION_CREATE", with(slash, `"user":{"id":"4"},"context":2`), ev(func(e *bot.Event) { e.Path, e.Locale, e.Shared, e.Manager = "help", "vi", true, flows.No })},
		"of long ago, private":  {"INTERACTION_CREATE", with(slash, `"user":{"id":"4"}`), ev(func(e *bot.Event) { e.Path, e.Locale, e.Manager = "help", "vi", flows.Yes })},
		"press":                 {"INTERACTION_CREATE", with(press, user4), ev(func(e *bot.Event) { e.Path, e.Pressed, e.Locale, e.Manager = "help/scam", "7", "id", flows.Yes })},
		"choice":                {"INTERACTION_CREATE", with(press, user4+`,"data":{"custom_id":"m","values":["tips"]}`), ev(func(e *bot.Event) { e.Path, e.Pressed, e.Locale, e.Manager = "tips", "7", "id", flows.Yes })},
		"forged":                {"INTERACTION_CREATE", with(press, user4+`,"data":{"custom_id":"a b"}`), ev(func(e *bot.Event) { e.Path, e.Pressed, e.Locale, e.Manager = "old", "7", "id", flows.Yes })},
		"ping":                  {"INTERACTION_CREATE", `{"type":1}`, nil},
		"autocomplete":          {"INTERACTION_CREATE", `{"type":4}`, nil},
		"words":                 {"MESSAGE_CREATE", wrote, ev(func(e *bot.Event) { e.Text = "hi" })},
		"an answer to us":       {"MESSAGE_CREATE", with(wrote, `"type":19`), ev(func(e *bot.Event) { e.Text = "hi" })},
		"words with a picture":  {"MESSAGE_CREATE", with(wrote, `"attachments":[{"url":"x"}]`), ev(func(e *bot.Event) { e.Media, e.Text = true, "hi" })},
		"a sticker":             {"MESSAGE_CREATE", with(wrote, `"content":"","sticker_items":[{}]`), ev(func(e *bot.Event) { e.Media = true })},
		"something wordless":    {"MESSAGE_CREATE", with(wrote, `"content":" "`), ev(func(e *bot.Event) { e.Media = true })},
		"a bot":                 {"MESSAGE_CREATE", with(wrote, `"author":{"id":"4","bot":true}`), nil},
		"a webhook":             {"MESSAGE_CREATE", with(wrote, `"webhook_id":"8"`), nil},
		"a pin":                 {"MESSAGE_CREATE", with(wrote, `"type":6`), nil},
		"words in a server":     {"MESSAGE_CREATE", with(wrote, `"guild_id":"5"`), nil},
		"words to us there":     {"MESSAGE_CREATE", with(wrote, `"guild_id":"5","content":"<@9> hi <@!9>","mentions":[{"id":"8"},{"id":"9"}]`), ev(func(e *bot.Event) { e.Place, e.Shared, e.Text = there, true, "hi" })},
		"only our name there":   {"MESSAGE_CREATE", with(wrote, `"guild_id":"5","content":"<@9>","mentions":[{"id":"9"}]`), ev(func(e *bot.Event) { e.Place, e.Shared, e.Path = there, true, "home" })},
		"a picture to us there": {"MESSAGE_CREATE", with(wrote, `"guild_id":"5","mentions":[{"id":"9"}],"attachments":[{}]`), ev(func(e *bot.Event) { e.Place, e.Shared, e.Media, e.Text = there, true, true, "hi" })},
		"passed on":             {"MESSAGE_CREATE", with(wrote, `"content":"",`+passedOn(`"content":" you won "`)), ev(func(e *bot.Event) { e.Text, e.Forwarded = "you won", true })},
		"a picture passed on":   {"MESSAGE_CREATE", with(wrote, `"content":"",`+passedOn(`"content":"x","attachments":[{"url":"x"}]`)), ev(func(e *bot.Event) { e.Media, e.Text, e.Forwarded = true, "x", true })},
		"nothing passed on":     {"MESSAGE_CREATE", with(wrote, `"message_reference":{"type":1}`), ev(func(e *bot.Event) { e.Text = "hi" })},
		"an answer, not a pass": {"MESSAGE_CREATE", with(wrote, `"message_reference":{"type":0},"message_snapshots":[{"message":{"content":"x"}}]`), ev(func(e *bot.Event) { e.Text = "hi" })},
		"passed on in a server": {"MESSAGE_CREATE", with(wrote, `"guild_id":"5",`+passedOn(`"content":"x"`)), nil},
		"somebody typing":       {"TYPING_START", `{}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Unix(7, 0)
			got, err := decode(tc.kind, []byte(tc.data), self, now)
			if err != nil || (got == nil) != (tc.want == nil) {
				t.Fatalf("got %v, %v", got, err)
			}
			if got == nil {
				return
			}
			r, ok := got.Reply.(*reply)
			if !ok || r.nonce != "dc:1" || len(r.nonce) > maxNonce || r.whispers != (got.Shared && r.token != "") || r.onWhisper != (got.Pressed != "") {
				t.Errorf("the reply is %t %+v", ok, r)
			}
			got.Reply, tc.want.At = nil, now
			if tc.want.Place == there {
				tc.want.Kind = "server"
			}
			if *got != *tc.want {
				t.Errorf("got  %s\nwant %s", show(got), show(tc.want))
			}
		})
	}
}

func show(ev *bot.Event) string {
	b, _ := json.Marshal(ev)
	return ev.Person.ID() + "@" + ev.Place.Chat() + string(b)
}

func TestWhatIsNotAsDocumentedIsNotAnEvent(t *testing.T) {
	for _, data := range []string{
		slash, // nobody
		with(slash, user4+`,"id":"x"`), with(slash, user4+`,"token":"a/b"`), with(slash, user4+`,"token":""`), with(slash, user4+`,"channel_id":"1/2"`),
		with(slash, user4+`,"data":null`), with(slash, `"user":{"id":""}`), with(slash, user4+`,"application_id":""`), with(press, user4+`,"message":null`), `[]`, `"x"`,
	} {
		if ev, err := decode("INTERACTION_CREATE", []byte(data), self, time.Now()); err == nil || ev != nil {
			t.Errorf("%s: %v, %v", data, ev, err)
		}
	}
	for _, data := range []string{`{}`, with(wrote, `"author":null`), with(wrote, `"id":""`), with(wrote, `"channel_id":"@me"`), `7`} {
		if ev, err := decode("MESSAGE_CREATE", []byte(data), self, time.Now()); err == nil || ev != nil {
			t.Errorf("%s: %v, %v", data, ev, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("INTERACTION_CREATE", []byte(with(slash, user4)))
	f.Add("INTERACTION_CREATE", []byte(with(press, member("32"))))
	f.Add("MESSAGE_CREATE", []byte(wrote))
	f.Add("MESSAGE_CREATE", []byte(with(wrote, `"guild_id":"5","mentions":[{"id":"9"}],"attachments":[{}]`)))
	f.Add("GUILD_DELETE", []byte(`{"id":"1"}`))
	f.Add("GUILD_CREATE", []byte(`{"id":"1","joined_at":"2026-11-24T07:30:00Z","preferred_locale":"vi"}`))
	f.Add("CHANNEL_DELETE", []byte(`{"id":"2","guild_id":"1"}`))
	a := newAdapter(f, "http://127.0.0.1:1", quietLog(&lockedBuffer{}))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		if ev, err := a.read(kind, data); ev != nil {
			one, nobody := 0, ev.Left || ev.Joined || ev.Closed
			for _, is := range []bool{ev.Path != "", ev.Text != "" || ev.Media, ev.Left, ev.Joined, ev.Closed} {
				if is {
					one++
				}
			}
			if err != nil || one != 1 || !isID(ev.Place.Chat()) || !nobody && (!isID(ev.Person.ID()) || ev.Reply == nil || ev.ID == "") {
				t.Errorf("%s %q: %s, %v", kind, data, show(ev), err)
			}
		}
	})
}

// FuzzPayload feeds whole payloads to what stands between the socket and
// discordgo, and reads what goes on.
func FuzzPayload(f *testing.F) {
	for _, seed := range []string{
		`{"op":0,"s":1,"t":"READY","d":{"session_id":"a","user":{"id":"1"},"application":{"id":"2"}}}`, `{"op":0,"s":2,"t":"RESUMED","d":{}}`,
		`{"op":10,"d":{"heartbeat_interval":41250}}`, `{"op":11}`, `{"op":1}`, `{"op":7}`, `{"op":9,"d":false}`, `null`,
		`{"op":0,"s":3,"t":"INTERACTION_CREATE","d":` + with(slash, user4) + `}`,
	} {
		f.Add([]byte(seed))
	}
	a := newAdapter(f, "http://127.0.0.1:1", quietLog(&lockedBuffer{}))
	f.Fuzz(func(t *testing.T, message []byte) {
		l := newLife(t.Context(), a, elsewhere, true)
		defer l.cancel()
		a.empty()
		forward := l.hear(message)
		a.empty()
		if forward == nil {
			return
		}
		var p struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if err := json.Unmarshal(forward, &p); err != nil || p.Op != opDispatch && p.Op != opHello && p.Op != opHeartbeat && p.Op != opHeartbeatAck {
			t.Errorf("%q goes on as %q: %v", message, forward, err)
		}
	})
}
