package telegram

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/telegram/telegramtest"
	"notalone/flows"
)

// known is an adapter that knows its name without having asked.
func known(t testing.TB) *Adapter {
	a := newAdapter(telegramtest.New(t), io.Discard, func(o *Options) { o.Now = func() time.Time { return time.Unix(1, 0) } })
	a.me.Store(&identity{ID: telegramtest.BotID, Name: telegramtest.Username})
	return a
}

// brief is an event without what all have in common.
type brief struct {
	Person, Chat, Thread, Path, Text, Link, Message, Pressed, Locale, Moved string
	Shared, Left, Joined, Media, Forwarded                                  bool
	Manager                                                                 flows.Answer
}

func briefly(ev *bot.Event) *brief {
	if ev == nil {
		return nil
	}
	return &brief{
		Person: ev.Person.ID(), Chat: ev.Place.Chat(), Thread: ev.Place.Thread(), Path: string(ev.Path), Text: ev.Text, Link: ev.Link,
		Message: ev.Message, Pressed: ev.Pressed, Locale: ev.Locale, Moved: ev.Moved.Chat(),
		Shared: ev.Shared, Left: ev.Left, Joined: ev.Joined, Media: ev.Media, Forwarded: ev.Forwarded, Manager: ev.Manager,
	}
}

const (
	inPrivate = `"message_id":5,"date":9,"from":{"id":7,"is_bot":false,"language_code":"vi"},"chat":{"id":7,"type":"private"}`
	inGroup   = `"message_id":5,"date":9,"from":{"id":7,"is_bot":false,"language_code":"vi"},"chat":{"id":-8,"type":"supergroup"}`
	ofBot     = `"reply_to_message":{"message_id":4,"date":8,"chat":{"id":-8,"type":"supergroup"},"from":{"id":110201543,"is_bot":true},"text":"x"}`
)

func TestEvents(t *testing.T) {
	private := brief{Person: "7", Chat: "7", Locale: "vi", Message: "5"}
	group := brief{Person: "7", Chat: "-8", Locale: "vi", Shared: true}
	with := func(b brief, change func(*brief)) *brief { change(&b); return &b }
	path := func(b brief, p string) *brief { return with(b, func(b *brief) { b.Path = p }) }
	text := func(b brief, words string) *brief { return with(b, func(b *brief) { b.Text = words }) }
	nobody := group
	nobody.Person, nobody.Locale = "", ""
	cases := map[string]struct {
		update string
		want   *brief
	}{
		"words":                      {`"message":{` + inPrivate + `,"text":"xin ch\u00e0o \ud83d\ude00"}`, text(private, "xin chào 😀")},
		"start":                      {`"message":{` + inPrivate + `,"text":"/start"}`, path(private, "home")},
		"deep link":                  {`"message":{` + inPrivate + `,"text":"/start help_grooming"}`, with(private, func(b *brief) { b.Link = "help_grooming" })},
		"command":                    {`"message":{` + inPrivate + `,"text":"/Help"}`, path(private, "help")},
		"command for us":             {`"message":{` + inPrivate + `,"text":"/help@notalonetestbot"}`, path(private, "help")},
		"command for another":        {`"message":{` + inPrivate + `,"text":"/help@otherbot"}`, text(private, "/help@otherbot")},
		"command with arguments":     {`"message":{` + inPrivate + `,"text":"/settings lang  vi"}`, path(private, "settings/lang/vi")},
		"command with a sentence":    {`"message":{` + inPrivate + `,"text":"/help somebody is after me"}`, with(private, func(b *brief) { b.Path, b.Text = "help", "somebody is after me" })},
		"command with odd arguments": {`"message":{` + inPrivate + `,"text":"/settings l%ng"}`, path(private, "settings")},
		"unknown command":            {`"message":{` + inPrivate + `,"text":"/sos now"}`, text(private, "/sos now")},
		"forged entity":              {`"message":{` + inPrivate + `,"text":"/","entities":[{"type":"bot_command","offset":0,"length":99}]}`, text(private, "/")},
		"photo":                      {`"message":{` + inPrivate + `,"photo":[{"file_id":"x"}],"caption":"look"}`, with(private, func(b *brief) { b.Media, b.Text = true, "look" })},
		"contact":                    {`"message":{` + inPrivate + `,"contact":{"phone_number":"1"}}`, with(private, func(b *brief) { b.Media = true })},
		"passed on":                  {`"message":{` + inPrivate + `,"forward_origin":{"type":"hidden_user","sender_user_name":"X","date":3},"forward_sender_name":"X","forward_date":3,"text":"you won"}`, with(private, func(b *brief) { b.Text, b.Forwarded = "you won", true })},
		"passed on, as of old":       {`"message":{` + inPrivate + `,"forward_from":{"id":9,"is_bot":false},"forward_date":3,"text":"/start x"}`, with(private, func(b *brief) { b.Text, b.Forwarded = "/start x", true })},
		"passed on from a channel":   {`"message":{` + inPrivate + `,"forward_from_chat":{"id":-9,"type":"channel"},"text":"free","forward_date":3}`, with(private, func(b *brief) { b.Text, b.Forwarded = "free", true })},
		"a picture passed on":        {`"message":{` + inPrivate + `,"forward_date":3,"photo":[{"file_id":"x"}],"caption":"you won"}`, with(private, func(b *brief) { b.Media, b.Text, b.Forwarded = true, "you won", true })},
		"not passed on":              {`"message":{` + inPrivate + `,"forward_origin":null,"text":"/help"}`, path(private, "help")},
		"service message":            {`"message":{` + inPrivate + `,"pinned_message":{"message_id":1,"date":0}}`, nil},
		"a gift":                     {`"message":{` + inPrivate + `,"gift":{"gift":{"id":"1"}}}`, with(private, func(b *brief) { b.Media = true })},
		"a giveaway":                 {`"message":{` + inPrivate + `,"giveaway":{"chats":[]}}`, with(private, func(b *brief) { b.Media = true })},
		"a kind of the future":       {`"message":{` + inPrivate + `,"hologram":{"text":"x"},"sender_tag":"x"}`, with(private, func(b *brief) { b.Media = true })},
		"words with an unknown mark": {`"message":{` + inPrivate + `,"text":"/help","sparkle":[1]}`, path(private, "help")},
		"rich words":                 {`"message":{` + inPrivate + `,"rich_message":{"blocks":[{"type":"paragraph","text":["i am ",{"type":"bold","text":"scared"}]},{"type":"list","items":[{"blocks":[{"type":"paragraph","text":"of him"}]}]}]}}`, text(private, "i am scared\nof him")},
		"rich without words":         {`"message":{` + inPrivate + `,"rich_message":{"blocks":[{"type":"photo","photo":[{"file_id":"x"}]}]}}`, with(private, func(b *brief) { b.Media = true })},
		"a kind of the future there": {`"message":{` + inGroup + `,"hologram":{}}`, nil},
		"edited":                     {`"edited_message":{` + inPrivate + `,"text":"x"}`, nil},
		"another bot":                {`"message":{"message_id":5,"date":9,"from":{"id":9,"is_bot":true},"chat":{"id":-8,"type":"supergroup"},"text":"/help"}`, nil},

		"chatter":                  {`"message":{` + inGroup + `,"text":"hello all"}`, nil},
		"chatter with our name":    {`"message":{` + inGroup + `,"text":"@NotAloneTestBottle is fun"}`, nil},
		"group command":            {`"message":{` + inGroup + `,"text":"/help"}`, path(group, "help")},
		"group command for us":     {`"message":{` + inGroup + `,"text":"/quiz@NotAloneTestBot"}`, path(group, "quiz")},
		"group command of another": {`"message":{` + inGroup + `,"text":"/help@otherbot"}`, nil},
		"unknown in a group":       {`"message":{` + inGroup + `,"text":"/ban"}`, nil},
		"unknown, but for us":      {`"message":{` + inGroup + `,"text":"/ban@NotAloneTestBot"}`, text(group, "/ban@NotAloneTestBot")},
		"mention":                  {`"message":{` + inGroup + `,"text":"\ud83d\ude00 @notalonetestbot i am scared","entities":[{"type":"mention","offset":3,"length":16}]}`, text(group, "😀 i am scared")},
		"bare mention":             {`"message":{` + inGroup + `,"text":"@NotAloneTestBot","entities":[{"type":"mention","offset":0,"length":16}]}`, path(group, "home")},
		"mention by id":            {`"message":{` + inGroup + `,"text":"Bot help","entities":[{"type":"text_mention","offset":0,"length":3,"user":{"id":110201543}}]}`, text(group, "help")},
		"mention of another":       {`"message":{` + inGroup + `,"text":"@otherbot hi","entities":[{"type":"mention","offset":0,"length":9}]}`, nil},
		"mention out of range":     {`"message":{` + inGroup + `,"text":"hi","entities":[{"type":"mention","offset":1,"length":900}]}`, nil},
		"reply to us":              {`"message":{` + inGroup + `,` + ofBot + `,"text":"and now?"}`, text(group, "and now?")},
		"reply to us with a photo": {`"message":{` + inGroup + `,` + ofBot + `,"photo":[{}]}`, with(group, func(b *brief) { b.Media = true })},
		"photo in a group":         {`"message":{` + inGroup + `,"photo":[{}]}`, nil},
		"topic":                    {`"message":{` + inGroup + `,"message_thread_id":77,"is_topic_message":true,"text":"/help"}`, with(group, func(b *brief) { b.Path, b.Thread = "help", "77" })},
		"chain of replies":         {`"message":{` + inGroup + `,"message_thread_id":77,"text":"/help"}`, path(group, "help")},
		"anonymous admin":          {`"message":{"message_id":5,"date":9,"from":{"id":1087968824,"is_bot":true},"sender_chat":{"id":-8,"type":"supergroup"},"chat":{"id":-8,"type":"supergroup"},"text":"/help"}`, with(nobody, func(b *brief) { b.Path, b.Manager = "help", flows.Yes })},
		"in a channel's name":      {`"message":{"message_id":5,"date":9,"from":{"id":136817688,"is_bot":true},"sender_chat":{"id":-9,"type":"channel"},"chat":{"id":-8,"type":"supergroup"},"text":"/help"}`, path(nobody, "help")},
		"passed on in a group":     {`"message":{` + inGroup + `,"forward_date":3,"text":"you won"}`, nil},
		"forwarded by itself":      {`"message":{` + inGroup + `,"is_automatic_forward":true,"text":"/help"}`, nil},
		"channel post":             {`"channel_post":{"message_id":5,"date":9,"sender_chat":{"id":-8},"chat":{"id":-8,"type":"channel"},"text":"news"}`, nil},
		"channel command":          {`"channel_post":{"message_id":5,"date":9,"sender_chat":{"id":-8},"chat":{"id":-8,"type":"channel"},"text":"/quiz"}`, with(nobody, func(b *brief) { b.Path, b.Manager = "quiz", flows.Yes })},
		"group moves":              {`"message":{` + inGroup + `,"migrate_to_chat_id":-100}`, &brief{Chat: "-100", Shared: true, Moved: "-8"}},

		"press":                   {`"callback_query":{"id":"3","from":{"id":7,"language_code":"vi"},"data":"help/x","message":{"message_id":6,"date":9,"chat":{"id":7,"type":"private"},"text":"x"}}`, &brief{Person: "7", Chat: "7", Locale: "vi", Path: "help/x", Pressed: "6"}},
		"press out of reach":      {`"callback_query":{"id":"3","from":{"id":7},"data":"help","message":{"message_id":6,"date":0,"chat":{"id":7,"type":"private"}}}`, &brief{Person: "7", Chat: "7", Path: "help"}},
		"forged press":            {`"callback_query":{"id":"3","from":{"id":7},"data":"<b>","message":{"message_id":6,"date":9,"chat":{"id":7,"type":"private"}}}`, &brief{Person: "7", Chat: "7", Path: "old", Pressed: "6"}},
		"press without data":      {`"callback_query":{"id":"3","from":{"id":7},"message":{"message_id":6,"date":9,"chat":{"id":7,"type":"private"}}}`, &brief{Person: "7", Chat: "7", Path: "old", Pressed: "6"}},
		"press on a whisper":      {`"callback_query":{"id":"3","from":{"id":7},"data":"help","message":{"message_id":0,"ephemeral_message_id":12,"date":9,"chat":{"id":-8,"type":"supergroup"}}}`, &brief{Person: "7", Chat: "-8", Path: "help", Pressed: "12", Shared: true}},
		"press of an inline mode": {`"callback_query":{"id":"3","from":{"id":7},"data":"help","inline_message_id":"x"}`, &brief{Person: "7", Chat: "7", Path: "help"}},
		"press by nobody":         {`"callback_query":{"id":"3","data":"help"}`, nil},
		"press in a topic":        {`"callback_query":{"id":"3","from":{"id":7},"data":"help","message":{"message_id":6,"message_thread_id":4,"is_topic_message":true,"date":9,"chat":{"id":-8,"type":"supergroup"}}}`, &brief{Person: "7", Chat: "-8", Thread: "4", Path: "help", Pressed: "6", Shared: true}},

		"blocked":              {`"my_chat_member":{"chat":{"id":7,"type":"private"},"from":{"id":7},"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked"}}`, &brief{Person: "7", Chat: "7", Left: true}},
		"unblocked":            {`"my_chat_member":{"chat":{"id":7,"type":"private"},"from":{"id":7},"old_chat_member":{"status":"kicked"},"new_chat_member":{"status":"member"}}`, nil},
		"removed":              {`"my_chat_member":{"chat":{"id":-8,"type":"group"},"from":{"id":7,"language_code":"vi"},"old_chat_member":{"status":"member"},"new_chat_member":{"status":"left"}}`, with(nobody, func(b *brief) { b.Left, b.Locale = true, "vi" })},
		"added":                {`"my_chat_member":{"chat":{"id":-8,"type":"group"},"from":{"id":7,"language_code":"vi"},"old_chat_member":{"status":"left"},"new_chat_member":{"status":"member"}}`, with(nobody, func(b *brief) { b.Joined, b.Locale = true, "vi" })},
		"made administrator":   {`"my_chat_member":{"chat":{"id":-8,"type":"group"},"from":{"id":7},"old_chat_member":{"status":"member"},"new_chat_member":{"status":"administrator"}}`, nil},
		"a kind not asked for": {`"poll":{"id":"1"}`, nil},
	}
	a := known(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			u, err := parseUpdate([]byte(`{"update_id":1,` + tc.update + `}`))
			if err != nil {
				t.Fatal(err)
			}
			got, want := asJSON(briefly(a.event(&u))), asJSON(tc.want)
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func asJSON(v any) string {
	encoded, _ := json.Marshal(v)
	return string(encoded)
}

func TestBadUpdates(t *testing.T) {
	for name, tc := range map[string]struct {
		raw string
		id  int64
	}{
		"no object":       {`[]`, 0},
		"no id":           {`{"message":{}}`, 0},
		"wrong kind":      {`{"update_id":5,"message":{"message_id":"five"}}`, 5},
		"text is a list":  {`{"update_id":6,"message":{"text":[]}}`, 6},
		"cut off":         {`{"update_id":7,"message":{"text":"x`, 7},
		"a huge number":   {`{"update_id":8,"message":{"message_id":99999999999999999999}}`, 8},
		"a fraction":      {`{"update_id":9,"message":{"message_id":1.5}}`, 9},
		"an array inside": {`{"update_id":10,"message":[]}`, 10},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := parseUpdate([]byte(tc.raw))
			if err == nil || u.id != tc.id || u.message != nil {
				t.Errorf("parseUpdate(%s) = %+v, %v; want id %d and an error", tc.raw, u, err, tc.id)
			}
		})
	}
}

// FuzzUpdate: nothing a server sends may crash the bot, all sound JSON is passed
// over whole, and a read id is the one that stands there.
func FuzzUpdate(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{` + inPrivate + `,"text":"/start x","entities":[{"type":"mention","offset":0,"length":4}]}}`,
		`{"update_id":2,"callback_query":{"id":"3","from":{"id":7},"data":"help","message":{"message_id":6,"date":0,"chat":{"id":7,"type":"private"}}}}`,
		`{"update_id":3,"my_chat_member":{"chat":{"id":-8},"from":null,"new_chat_member":{"status":"left"}}}`,
		` { "update_id" : 4 , "x" : [ 1 , { "y" : "\u00e9\\\"" } , null , true , -1.5e3 ] } `,
	} {
		f.Add([]byte(seed))
	}
	a := known(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if u, err := parseUpdate(raw); err == nil {
			a.event(&u)
		}
		if !json.Valid(raw) {
			return
		}
		s := scanner{data: raw}
		if s.skip(); s.bad || s.peek() != 0 {
			t.Errorf("%q is sound and was not passed over", raw)
		}
		var one struct {
			ID int64 `json:"update_id"`
		}
		if u, err := parseUpdate(raw); err == nil && json.Unmarshal(raw, &one) == nil && u.id != one.ID && !repeats(raw) {
			t.Errorf("%q has the id %d, read %d", raw, one.ID, u.id)
		}
	})
}

// repeats reports whether the key could stand there more than once in some form.
func repeats(raw []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return true
	}
	members := 0
	s := scanner{data: raw}
	s.object(func([]byte) { s.skip(); members++ })
	return members != 1
}

func TestByteRange(t *testing.T) {
	for name, tc := range map[string]struct {
		text           string
		offset, length int
		want           string
	}{
		"plain":         {"abc", 1, 1, "b"},
		"after an icon": {"😀@b x", 2, 2, "@b"},
		"vietnamese":    {"đủ @b", 3, 2, "@b"},
		"to the end":    {"a😀", 1, 2, "😀"},
		"half an icon":  {"😀", 0, 1, ""},
		"past the end":  {"ab", 1, 5, ""},
		"negative":      {"ab", -1, 1, ""},
		"empty":         {"ab", 1, 0, ""},
		"broken bytes":  {"\xff\xffab", 2, 1, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if start, end, ok := byteRange(tc.text, tc.offset, tc.length); ok {
				got = tc.text[start:end]
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestEveryMediaKindIsKnown keeps the list of what is not words up to date.
func TestEveryMediaKindIsKnown(t *testing.T) {
	folder := os.Getenv("NOTALONE_SPECS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "specs")
	}
	data, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.json"))
	if err != nil {
		t.Log("not checked: Telegram's own description is not at hand")
		return
	}
	var spec struct {
		Types map[string]struct {
			Fields []struct {
				Name  string
				Types []string
			}
		}
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	media := map[string]bool{
		"Animation": true, "Audio": true, "Document": true, "PaidMediaInfo": true, "Sticker": true, "Story": true, "Video": true, "VideoNote": true,
		"Voice": true, "Checklist": true, "Contact": true, "Dice": true, "Game": true, "Poll": true, "Venue": true, "Location": true, "Array of PhotoSize": true, "LivePhoto": true,
	}
	for _, field := range spec.Types["Message"].Fields {
		if !media[field.Types[0]] || field.Name == "new_chat_photo" || field.Name == "reply_to_story" {
			continue
		}
		u, err := parseUpdate([]byte(`{"update_id":1,"message":{"` + field.Name + `":{}}}`))
		if err != nil || !u.message.media {
			t.Errorf("%s (%s) is not known as something other than words", field.Name, field.Types[0])
		}
	}
}

// TestAlbums: pictures sent at once get one answer; words with a later one, and the
// first one told again after a failure, are answered all the same.
func TestAlbums(t *testing.T) {
	a := known(t)
	for _, tc := range []struct {
		name, fields string
		answered     bool
	}{
		{"the first", `"message_id":1,"media_group_id":"9","photo":[{}]`, true},
		{"the second", `"message_id":2,"media_group_id":"9","photo":[{}]`, false},
		{"the first again", `"message_id":1,"media_group_id":"9","photo":[{}]`, true},
		{"one with words", `"message_id":3,"media_group_id":"9","photo":[{}],"caption":"he wants more"`, true},
		{"the last", `"message_id":4,"media_group_id":"9","video":{}`, false},
		{"another album", `"message_id":5,"media_group_id":"10","photo":[{}]`, true},
		{"a single one", `"message_id":6,"photo":[{}]`, true},
	} {
		u, err := parseUpdate([]byte(`{"update_id":1,"message":{"date":9,"from":{"id":7},"chat":{"id":7,"type":"private"},` + tc.fields + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := a.event(&u) != nil; got != tc.answered {
			t.Errorf("%s is answered: %v", tc.name, got)
		}
	}
}
