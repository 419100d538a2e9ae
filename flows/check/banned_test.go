package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"notalone/bot/bottest"
	"notalone/flows"
	"notalone/i18n"
)

var langs = []i18n.Lang{"en", "id", "vi"}

func shipped(t testing.TB) *flows.Site {
	t.Helper()
	return bottest.WholeSite(t, bottest.Keywords{}, nil, flows.Operator{})
}

func TestEveryRuleCatchesItsExample(t *testing.T) {
	banned, err := readBanned()
	if err != nil {
		t.Fatal(err)
	}
	words := shipped(t).Words()
	for lang, rules := range banned {
		for _, rule := range rules {
			for _, told := range langs {
				if !words.Has(told, rule.tells()) {
					t.Errorf("%s: moderators cannot read %s in %s", lang, rule.tells(), told)
				}
			}
			if !rule.re.MatchString(rule.Example) {
				t.Errorf("%s: %q is not caught by %s", lang, rule.Example, rule.Pattern)
			}
			if rule.Why == "" || !slices.Contains([]string{"", "help", "news", "claim"}, rule.Where) {
				t.Errorf("%s: %s has no reason, or is kept at %q", lang, rule.Pattern, rule.Where)
			}
		}
	}
}

// A moderator reads each refusal once, and also of what is said in other words.
func TestAnnouncementsAreRefusedForTheirWords(t *testing.T) {
	review, err := Reviewer()
	if err != nil {
		t.Fatal(err)
	}
	for text, tc := range map[string]struct {
		lang i18n.Lang
		want []i18n.Key
	}{
		"Kami resmi.": {"id", []i18n.Key{"flaw.banned_official"}},
		"Ayo screenshot foto telanjangmu dan kirim.": {"id", []i18n.Key{"flaw.banned_image"}},
		"Hati-hati dengan orang yang mengaku resmi.": {"id", nil},
		"Jangan screenshot foto intim.":              {"id", nil},
		"Chúng mình là kênh chính thức.":             {"vi", []i18n.Key{"flaw.banned_official"}},
		"Fotomu pasti dihapus.":                      {"id", []i18n.Key{"flaw.banned_promise"}},
	} {
		var got []i18n.Key
		for _, wording := range review(tc.lang, text) {
			got = append(got, wording.Why)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%q: %v, want %v", text, got, tc.want)
		}
	}
}

// What is forbidden has a right way to say it, which must stay free.
func TestRulesLeaveTheRightWordsAlone(t *testing.T) {
	banned, err := readBanned()
	if err != nil {
		t.Fatal(err)
	}
	for lang, texts := range map[i18n.Lang][]string{
		"en": {
			"It is not your fault.", "This was never your fault.", "Nobody can promise that every copy goes.", "Never take a screenshot of the picture.",
			"I cannot see you or send help.", "Ask directly about suicide: asking does not put the idea there.", "Do not delete the chat.",
			"What is online stays for ever? Not true.", "The Hanoi Convention is not in force yet.",
		},
		"vi": {"Đó không phải lỗi của bạn.", "Mình không thấy bạn và không gọi ai được.", "Đừng lưu, đừng chụp lại ảnh riêng tư.", "Đừng xóa tin nhắn.", "Không ai hứa chắc mọi bản sao đều được gỡ."},
		"id": {"Ini bukan salahmu.", "Aku tidak bisa melihatmu atau mengirim bantuan.", "Jangan simpan foto intim.", "Jangan hapus chat itu.", "Tidak ada yang bisa berjanji semua salinan hilang."},
	} {
		for _, text := range texts {
			for _, rule := range append(append([]bannedRule{}, banned[lang]...), banned["all"]...) {
				if rule.Where != "news" && rule.re.MatchString(text) {
					t.Errorf("%s: %q is caught by %s", lang, text, rule.Pattern)
				}
			}
		}
	}
}

// The kinds of words that a child must never read, each guarded in every language.
func TestEachLanguageForbidsTheSame(t *testing.T) {
	banned, err := readBanned()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range langs {
		for _, kind := range []string{
			"never blame", "no method words", "calms down", "speak of self-harm|die by suicide", "promise secrecy", "promise removal", "promise rescue",
			"claim to see, alert, trace or send", "copy an intimate image", "claim to be official", "no pressure", "never ask for codes",
		} {
			re := regexp.MustCompile(kind)
			found := false
			for _, rule := range banned[lang] {
				found = found || re.MatchString(rule.Why)
			}
			if !found {
				t.Errorf("%s has no rule on %q", lang, kind)
			}
		}
	}
}

// traps are the claims of the facts file that its sources contradict.
const traps = 19

func TestEveryTrapHasARuleInEveryLanguage(t *testing.T) {
	banned, err := readBanned()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range langs {
		guarded := map[int]bool{}
		for _, rule := range append(append([]bannedRule{}, banned[lang]...), banned["all"]...) {
			guarded[rule.Trap] = true
		}
		for n := 1; n <= traps; n++ {
			if !guarded[n] {
				t.Errorf("%s: trap %d has no rule", lang, n)
			}
		}
	}
}

// notVerified are numbers, addresses and names that circulate and that nobody
// found in a source good enough: they are never shown.
var notVerified = []string{
	"0692194053", "0692343636", "0692348560", "0339035656", "0909658035", "08119224545", "081288822669", "0213903963", "18001567",
	"canhbaokhonggianmang", "chongthurac", "thongbaorac", "canhsatso", "thaipoliceonline", "cyber999", "talian heal", "buddy bear",
}

// shortNumbers are the same for numbers too short to be searched for in a text.
var shortNumbers = map[string][]string{"TH": {"1323", "1669"}, "MY": {"15555"}, "PH": {"1553", "1326"}, "SG": {"71999", "995"}, "KH": {"117"}, "ID": {"157"}, "LA": {"1362"}}

// lowEntries were tested by nobody, or are known to be shaky.
var lowEntries = []string{
	"vn-danang-1022", "vn-a05-phone", "vn-vncop", "vn-ngaymai", "id-119ext8", "id-dpatens24", "id-patrolisiber", "id-tepsa", "th-ticac", "la-1362", "gb-fraud",
}

func TestNothingUnverifiedIsShown(t *testing.T) {
	site := shipped(t)
	for _, lang := range langs {
		for _, key := range site.Words().Keys(lang) {
			for _, text := range site.Words().Forms(lang, key) {
				searched := squeezed(fmt.Sprint(text))
				for _, claim := range notVerified {
					if strings.Contains(searched, claim) {
						t.Errorf("%s: %s shows %s", lang, key, claim)
					}
				}
			}
		}
	}
	directory := &site.Content().Directory
	channels := directory.Global
	for _, country := range directory.Countries {
		channels = append(channels, country.Channels...)
	}
	for i := range channels {
		ch := &channels[i]
		shown := squeezed(ch.Name, ch.Phone, ch.PhoneAlt, ch.SMS, ch.WhatsApp, ch.Email, ch.URL, ch.App, ch.Chat)
		for _, claim := range notVerified {
			if strings.Contains(shown, claim) {
				t.Errorf("%s:%d: %s shows %s", ch.Origin.File, ch.Origin.Line, ch.ID, claim)
			}
		}
		for _, number := range shortNumbers[ch.Country] {
			if squeezed(ch.Phone) == number || squeezed(ch.PhoneAlt) == number || squeezed(ch.SMS) == number {
				t.Errorf("%s:%d: %s shows %s", ch.Origin.File, ch.Origin.Line, ch.ID, number)
			}
		}
	}
	for _, id := range lowEntries {
		if directory.Channel(id) != nil {
			t.Errorf("%s is in the directory", id)
		}
	}
}

// squeezed is text in lower case without what people write between digits.
func squeezed(texts ...string) string {
	return strings.NewReplacer(".", "", "-", "", " 0", "0", " 1", "1", " 2", "2", " 3", "3", " 4", "4", " 5", "5", " 6", "6", " 7", "7", " 8", "8", " 9", "9").
		Replace(strings.ToLower(strings.Join(texts, "|")))
}
