package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

// signList is a SignReader that knows a few exact messages.
type signList map[string][]string

// Signs implements flows.SignReader.
func (s signList) Signs(text string) flows.Signs {
	if alike, ok := s["like "+text]; ok {
		return flows.Signs{Found: s[text], Alike: alike}
	}
	return flows.Signs{Found: s[text]}
}

const (
	fakeBank = "your account is blocked, confirm at once: bank.example"
	blackout = "pay or everyone sees the video, you have one hour only"
	goodbye  = "i cannot do this any more, goodbye to all of you, forget me"
	fakeLove = "dear, buy me two gift cards and send the codes, i love you"
	lunch    = "are you coming to lunch later"
	oddJob   = "come to the city with me tomorrow, pay the ticket first, you earn ten million"
)

// trickSite is the whole site with readers that know a few messages.
func trickSite(t *testing.T) *flows.Site {
	t.Helper()
	reader := bottest.Keywords{
		blackout: {Labels: []string{"sextortion"}, Decision: flows.Go},
		goodbye:  {Labels: []string{"self_harm", "danger"}, Decision: flows.Ask},
		fakeLove: {Labels: []string{"grooming"}, Decision: flows.Go},
		oddJob:   {Labels: []string{"exploitation", "scam", "danger"}, Decision: flows.Ask},
		"bad":    {Labels: []string{"scam"}, Decision: flows.Go},
	}
	signs := signList{fakeBank: {"hurry", "link", "threat", "office", "pay"}, blackout: {"share", "pay"}, fakeLove: {"gift", "pay"}, "quick": {"hurry"}, oddJob: {"travel", "fee", "job", "hurry"}, "bad": {"fee"}}
	return bottest.WholeSite(t, reader, signs, flows.Operator{})
}

func TestWhatIsSentOnTheTrickPageIsLookedAt(t *testing.T) {
	site := trickSite(t)
	awaiting := flows.State{Draft: flows.Draft{Form: "trick", Till: at.Add(time.Minute).Unix()}}
	for name, tc := range map[string]struct {
		state flows.State
		ev    flows.Event
		want  flows.Path
	}{
		"the most urgent signs, four at most":     {awaiting, flows.Event{Text: fakeBank, On: "trick"}, "trick/link-threat-office-pay"},
		"no sign":                                 {awaiting, flows.Event{Text: lunch, On: "trick"}, "trick/none"},
		"after a restart the draft still knows":   {awaiting, flows.Event{Text: fakeBank}, "trick/link-threat-office-pay"},
		"with the store away the page is enough":  {flows.State{}, flows.Event{Text: fakeBank, On: "trick", Offline: true}, "trick/link-threat-office-pay"},
		"the person has gone on to another page":  {awaiting, flows.Event{Text: lunch, On: "tips"}, "unknown"},
		"the draft has run out":                   {flows.State{Draft: flows.Draft{Form: "trick", Till: at.Unix()}}, flows.Event{Text: lunch}, "unknown"},
		"a label is a label":                      {awaiting, flows.Event{Text: "safety tips", On: "trick"}, "tips"},
		"a number presses":                        {awaiting, flows.Event{Text: "4", On: "trick"}, "home"},
		"a reading that is no emergency waits":    {awaiting, flows.Event{Text: "bad", On: "trick"}, "trick/fee"},
		"a threat is answered with help":          {awaiting, flows.Event{Text: blackout, On: "trick"}, "help/sextortion"},
		"signs of something else come first":      {awaiting, flows.Event{Text: fakeLove, On: "trick"}, "trick/gift-pay/grooming"},
		"doubt about a life leads the result":     {awaiting, flows.Event{Text: goodbye, On: "trick"}, "trick/none/self_harm"},
		"a message passed on":                     {flows.State{}, flows.Event{Text: fakeBank, On: "tips", Forwarded: true}, "trick/link-threat-office-pay"},
		"a label passed on presses nothing":       {flows.State{}, flows.Event{Text: "safety tips", Forwarded: true}, "trick/none"},
		"a threat passed on":                      {flows.State{}, flows.Event{Text: blackout, Forwarded: true}, "help/sextortion"},
		"in a group nothing is looked at":         {awaiting, flows.Event{Text: fakeBank, On: "trick", Shared: true}, "unknown"},
		"in a group what is passed on is no more": {awaiting, flows.Event{Text: fakeBank, Forwarded: true, Shared: true}, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.ev.At, tc.ev.Locale = at, "en"
			state, effects := site.Turn(tc.state, tc.ev)
			page := shown(effects)
			if page == nil || page.Path != tc.want {
				t.Fatalf("%v, want %s", page, tc.want)
			}
			if strings.HasPrefix(string(tc.want), "trick/") && (state.Draft != flows.Draft{} || !page.Sensitive) {
				t.Errorf("the form waits on or the page is not for one person alone: %+v", state.Draft)
			}
			if text := page.Text.Plain(); strings.Contains(text, "example") || strings.Contains(text, "everyone sees") {
				t.Errorf("the message is repeated: %s", text)
			}
		})
	}
}

func TestAMessageMayComeWithTheQuestion(t *testing.T) {
	site := trickSite(t)
	for text, want := range map[string]flows.Path{
		"/trick " + fakeBank: "trick/link-threat-office-pay", "/Trick\n" + fakeBank: "trick/link-threat-office-pay",
		"trick: " + fakeBank: "trick/link-threat-office-pay", "Is this a trick? " + fakeBank: "trick/link-threat-office-pay",
		"is this a scam\n\"" + fakeBank: "trick/link-threat-office-pay", "is this a trick " + blackout: "help/sextortion",
		"cái này có phải lừa đảo không: " + fakeBank: "trick/link-threat-office-pay", "cai nay co phai lua dao khong? " + fakeBank: "trick/link-threat-office-pay",
		"ini penipuan bukan: " + fakeBank: "trick/link-threat-office-pay", "Ini penipuan bukan? " + lunch: "trick/none",
		"is this a trick?": "trick", "is this a trick": "trick", "/trick": "trick", "trick or treat in our street at eight": "unknown", "is this a trick or what do you think": "unknown",
	} {
		state, effects := site.Turn(flows.State{}, flows.Event{Text: text, At: at, Locale: "en"})
		if page := shown(effects); page == nil || page.Path != want {
			t.Errorf("%q leads to %v, want %s", text, page, want)
		}
		if stored := fmt.Sprintf("%+v", state); strings.Contains(stored, "bank") || strings.Contains(stored, "video") {
			t.Errorf("the message is stored: %s", stored)
		}
	}
	for name, tc := range map[string]struct {
		ev   flows.Event
		want flows.Path
	}{
		"behind a command":            {flows.Event{Path: "trick", Text: fakeBank}, "trick/link-threat-office-pay"},
		"behind a command in a group": {flows.Event{Path: "trick", Text: fakeBank, Shared: true}, "elsewhere"},
		"with a question in a group":  {flows.Event{Text: "is this a trick? " + fakeBank, Shared: true}, "elsewhere"},
		"behind another command":      {flows.Event{Path: "tips", Text: fakeBank}, "tips"},
	} {
		tc.ev.At, tc.ev.Locale = at, "en"
		if _, effects := site.Turn(flows.State{}, tc.ev); shown(effects) == nil || shown(effects).Path != tc.want {
			t.Errorf("%s: %v, want %s", name, shown(effects), tc.want)
		}
	}
}

func TestTheWayBackFromTheHelpIsTheResult(t *testing.T) {
	_, effects := trickSite(t).Turn(flows.State{}, flows.Event{Text: blackout, On: "trick", At: at, Locale: "en"})
	if links := joined(shown(effects).Links()); !strings.Contains(links, " trick/share-pay/sextortion ") {
		t.Errorf("no way to the signs: %v", links)
	}
}

func joined(links []flows.Path) string {
	var b strings.Builder
	for _, link := range links {
		b.WriteString(" " + string(link) + " ")
	}
	return b.String()
}

func TestAMessageNobodyAskedAboutOffersALook(t *testing.T) {
	site := trickSite(t)
	for text, want := range map[string]bool{fakeBank: true, lunch: false, "quick": false, "bad": false, blackout: false} {
		_, effects := site.Turn(flows.State{}, flows.Event{Text: text, At: at, Locale: "en"})
		if got := strings.Contains(joined(shown(effects).Links()), " trick/"); got != want {
			t.Errorf("%q: offers a look %v, want %v", text, got, want)
		}
	}
}

func TestForgedResultsAreNoPages(t *testing.T) {
	site := trickSite(t)
	for _, path := range []flows.Path{"trick/x", "trick/fee-x", "trick/fee-fee", "trick/fee-gift-plea-job-prize", "trick/fee/scam", "trick/none/x", "trick/none-fee", "trick/-", "trick/fee.hurry", "trick/like", "trick/fee-like", "trick/like-fee-job-prize", "unknown/x"} {
		if site.Open("en", path) != nil {
			t.Errorf("%s opens", path)
		}
	}
}

func TestAResultNeverSaysThatAllIsWell(t *testing.T) {
	site := trickSite(t)
	never := map[i18n.Lang][]string{"en": {"safe", "harmless", "you can trust it."}, "vi": {" an toàn"}, "id": {" aman"}}
	for _, path := range site.Directly() {
		for lang, words := range never {
			page := site.Open(lang, path)
			if path.Root() != "trick" || page == nil {
				continue
			}
			text := strings.ReplaceAll(page.Text.Plain(), "no proof that you can trust it.", "")
			for _, word := range words {
				if strings.Contains(text, word) {
					t.Errorf("%s %s says %q", path, lang, word)
				}
			}
			if links := page.Links(); links[len(links)-1] != "help" || !page.Sensitive {
				t.Errorf("%s: Help is not last or the page is not for one person alone", path)
			}
		}
	}
}

// A question about a message leaves room for the look, and not at the cost of a life.
func TestAQuestionOffersALook(t *testing.T) {
	site := trickSite(t)
	_, effects := site.Turn(flows.State{}, flows.Event{Text: oddJob, At: at, Locale: "en"})
	page := shown(effects)
	want := []flows.Path{"help/exploitation", "help/danger", "trick/travel-fee-job-hurry"}
	if links := page.Links(); !slices.Equal(links[:3], want) {
		t.Errorf("leads to %v", links)
	}
	if again := site.Open("en", page.Again); again == nil || len(page.Again) > flows.MaxPath || !slices.Equal(again.Links(), page.Links()) {
		t.Errorf("%q opens %v", page.Again, again)
	}
}

func TestUrgentSignsLeadWithTheirHelp(t *testing.T) {
	site := trickSite(t)
	for path, want := range map[flows.Path]flows.Path{
		"trick/fee-hurry": "help/scam", "trick/code-threat": "help/hacked", "trick/photo-gift": "help/grooming", "trick/fee-share": "help/sextortion",
		"trick/harm-pay": "help/danger", "trick/pay-like-harm": "help/danger", "trick/travel-job": "help/exploitation", "trick/chain": "help/scam", "trick/none": "help/unsure", "trick/fee/danger": "help/danger",
	} {
		if links := site.Open("en", path).Links(); links[0] != want {
			t.Errorf("%s leads with %s, want %s", path, links[0], want)
		}
	}
}

func TestAThreatOfViolenceOffersTheDangerPageToo(t *testing.T) {
	if links := trickSite(t).Open("en", "trick/harm-pay/sextortion").Links(); links[0] != "help/sextortion" || links[1] != "help/danger" {
		t.Errorf("leads to %v", links)
	}
}

func TestWithTheStoreAwayThePageSaysSo(t *testing.T) {
	_, effects := trickSite(t).Turn(flows.State{}, flows.Event{Path: "trick", Offline: true, At: at, Locale: "en"})
	if text := shown(effects).Text.Plain(); !strings.Contains(text, "very next message") {
		t.Errorf("says only: %s", text)
	}
}
