package main

import (
	"strings"
	"testing"

	"notalone/flows"
	"notalone/i18n"
)

// whoAsked is how people ask whether somebody is there, in many wordings, with
// tone marks and without.
var whoAsked = map[i18n.Lang][]string{
	"en": {
		"are you human?", "Are you a bot", "r u a bot", "are you real", "are you a real person?", "is this a person or a robot", "am i talking to a human",
		"who are you", "what are you", "are you ai", "are you an AI?", "are you chatgpt", "who reads this", "does anyone read this", "are u a real human or a bot",
		"is this ai", "so are you actually a person", "you're a bot", "hey are you a machine or a person", "is this a chatbot",
	},
	"vi": {
		"bạn là ai", "ban la ai", "bạn là người hay máy", "ban la nguoi hay bot", "bạn có phải người thật không", "ban co phai nguoi that khong?", "bạn là robot à",
		"mày là bot à", "may la bot ha", "bạn là AI phải không", "ban la ai hay nguoi", "có ai đọc không", "co ai doc tin nhan nay khong", "bạn có thấy mình không",
		"chatgpt à", "đây là bot hay người", "mình đang nói chuyện với người thật hay bot vậy", "bot là người hả", "ai đọc tin nhắn này vậy",
	},
	"id": {
		"kamu manusia?", "kamu manusia atau robot", "kamu siapa", "siapa kamu", "kamu bot ya", "lo bot ya", "kamu orang beneran?", "ini orang atau robot",
		"apakah kamu manusia", "kamu AI?", "ini chatgpt?", "siapa yang baca ini", "ini dibaca siapa", "kamu bisa lihat aku?", "aku lagi chat sama orang atau bot",
		"lu robot apa", "apa kamu manusia asli", "ini bot atau manusia", "ada yang baca ini?",
	},
}

// TestCriterion18SaysThatItIsNoPerson: asked in any wording, at the start and in
// help it says what it is, and never that it sees, alerts or sends anyone.
func TestCriterion18SaysThatItIsNoPerson(t *testing.T) {
	site := shippedSite(t)
	words := site.Words()
	for lang, all := range whoAsked {
		honest := words.Line(lang, "notice")
		for _, asked := range all {
			for _, locale := range []string{string(lang), "en"} {
				page := openedBy(site, flows.Event{Text: asked, Locale: locale, At: transcriptTime})
				if page == nil || page.Path != "about" || page.Lang != lang || !strings.Contains(page.Text.Plain(), honest) {
					t.Errorf("%s: %q is answered with %v", locale, asked, pathOf(page))
				}
			}
		}
		if front := site.Open(lang, "home").Text.Plain(); !strings.Contains(front, honest) {
			t.Errorf("%s: the start does not say that it is a program", lang)
		}
		for _, topic := range site.Content().Topics {
			page := site.Open(lang, flows.Path("help/"+topic.ID)).Text.Plain()
			if !strings.Contains(page, words.Line(lang, "help.program")) {
				t.Errorf("%s: help/%s does not say that it is a program", lang, topic.ID)
			}
		}
	}
	// What is no question about the bot is left to understanding.
	for _, other := range []string{"is this real", "someone asked are you a bot and then took my money", "bạn trai mình là người xấu", "orang itu minta foto"} {
		if page := openedBy(site, flows.Event{Text: other, Locale: "en", At: transcriptTime}); page != nil && page.Path == "about" {
			t.Errorf("%q is taken for a question about the bot", other)
		}
	}
}

// openedBy is the page that an event of a stranger is answered with.
func openedBy(site *flows.Site, event flows.Event) *flows.Page {
	_, effects := site.Turn(flows.State{}, event)
	return pageOf(effects)
}

func pageOf(effects []flows.Effect) *flows.Page {
	for _, effect := range effects {
		if show, ok := effect.(flows.Show); ok {
			return show.Page
		}
	}
	return nil
}

func pathOf(page *flows.Page) flows.Path {
	if page == nil {
		return "nothing"
	}
	return page.Path
}
