package discord

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"notalone/flows"
	"notalone/i18n"
)

func FuzzDecode(f *testing.F) {
	f.Add("INTERACTION_CREATE", []byte(`{"id":"1","application_id":"2","type":2,"token":"t","channel_id":"3","user":{"id":"4"},"data":{"name":"help"}}`))
	f.Add("MESSAGE_CREATE", []byte(`{"id":"1","channel_id":"3","author":{"id":"4"},"content":"hi","attachments":[{}]}`))
	f.Add("GUILD_DELETE", []byte(`{"id":"1"}`))
	f.Fuzz(func(t *testing.T, kind string, data []byte) {
		ev, err := decode(kind, data, "9", time.Unix(0, 0))
		if err == nil && ev != nil && ev.Place.Chat() == "" && !ev.Left {
			t.Errorf("an event without a place from %q", data)
		}
	})
}

func FuzzValuesNeverBecomeMarkupOrMention(f *testing.F) {
	for _, seed := range []string{"@everyone", "<@1>", "**x**", "[a](https://e.example)", "# big", "`code`", "||spoiler||"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) {
			return
		}
		body := string(render(&flows.Page{Text: i18n.Plainly(value)}))
		if strings.Contains(value, "@everyone") && strings.Contains(body, `"parse":["everyone`) {
			t.Errorf("%q may mention everybody: %s", value, body)
		}
		if !strings.Contains(body, `"allowed_mentions":{"parse":[]}`) {
			t.Errorf("mentions are not switched off in %s", body)
		}
	})
}
