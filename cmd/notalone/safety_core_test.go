package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"notalone/bot/bottest"
	"notalone/bot/discord"
	"notalone/flows"
	"notalone/flows/check"
	"notalone/i18n"
)

var langs = []i18n.Lang{"en", "id", "vi"}

// forms are all that may wait for typed words.
var forms = []flows.Path{"", "settings/country", "setup/country", "setup/zone", "setup/pause", "mine/country", "mine/zone"}

// safeWords are the words that open help, of all languages.
func safeWords(site *flows.Site) []string {
	words := []string{"/help"}
	for _, lang := range langs {
		for word := range strings.SplitSeq(site.Words().Line(lang, "typed.help"), ",") {
			words = append(words, strings.TrimSpace(word))
		}
		words = append(words, site.Words().Line(lang, "label.help"))
	}
	return words
}

// TestCriterion02HelpFromEveryState: on every page, with every form open, in the
// group too, over the rate and with the store away, the safe words and the command
// open help, and the button is there.
func TestCriterion02HelpFromEveryState(t *testing.T) {
	site := shippedSite(t)
	words := safeWords(site)
	for _, lang := range langs {
		for i, on := range append(site.Crawl(lang), site.Directly()...) {
			if page := site.Open(lang, on); page != nil && on != "help" && on.Root() != "hide" && on != "setup/remove/now" && !slices.Contains(page.Links(), "help") {
				t.Errorf("%s: no Help button on %s", lang, on)
			}
			state := flows.State{Lang: lang, Draft: flows.Draft{Form: forms[i%len(forms)], Till: transcriptTime.Add(time.Minute).Unix()}}
			event := flows.Event{
				Text: words[i%len(words)], On: on, Locale: string(lang), At: transcriptTime,
				Offline: i%2 == 0, Hurried: i%3 == 0, Shared: i%5 == 0, HasFeed: i%5 == 0,
			}
			if event.Text == "/help" {
				event.Text, event.Path = "", "help"
			}
			if _, effects := site.Turn(state, event); pathOf(pageOf(effects)) != "help" && (!event.Shared || pathOf(pageOf(effects)) != "elsewhere") {
				t.Errorf("%s on %s with the form %q: %q opens %s", lang, on, state.Draft.Form, event.Text, pathOf(pageOf(effects)))
			}
		}
	}
}

// TestCriterion02HelpOnBothPlatformsWithoutTheStore is the same from outside.
func TestCriterion02HelpOnBothPlatformsWithoutTheStore(t *testing.T) {
	s := newStage(t)
	me := s.telegram.Private(anTelegram, "vi")
	s.tell(me, "/settings")
	s.redis.SetError("ERR gone")
	for _, words := range []string{"/help", "cứu", "help", "tolong"} {
		if got := s.tell(me, words); got.Text != s.site.Open("vi", "help").Text.Plain() {
			t.Errorf("telegram: %s is answered with %q", words, got.Text)
		}
	}
	s.checkDiscordHelp(t)
	s.redis.SetError("")
}

// TestCriterion07NothingTellsToCopyAPicture: a sentence that names a picture and
// copying it forbids it, and proof is link, name, time, words and payment.
func TestCriterion07NothingTellsToCopyAPicture(t *testing.T) {
	site := shippedSite(t)
	words := site.Words()
	type tongue struct{ copying, picture, no *regexp.Regexp }
	tongues := map[i18n.Lang]tongue{
		"en": {regexp.MustCompile(`(?i)\b(screenshot|download|save|copy|copies|keep|forward)`), regexp.MustCompile(`(?i)\b(intimate|nude|naked|private) (picture|image|photo|video)|\bthe (picture|image|nude)\b`), regexp.MustCompile(`(?i)\b(no|not|never|none|don.t|without|nobody|cannot|instead|stop|leave out)\b`)},
		"vi": {regexp.MustCompile(`(?i)chụp màn hình|chụp lại|tải về|lưu|sao chép|chuyển tiếp`), regexp.MustCompile(`(?i)ảnh (riêng tư|nhạy cảm|khỏa thân|nóng)|(tấm|bức) ảnh|ảnh đó`), regexp.MustCompile(`(?i)đừng|không|chớ|chưa|khỏi|ngừng|thôi|tránh|bỏ`)},
		"id": {regexp.MustCompile(`(?i)screenshot|tangkapan layar|unduh|simpan|salin|teruskan`), regexp.MustCompile(`(?i)(foto|gambar|video)(nya)? (intim|pribadi|telanjang)|\b(fotonya|gambarnya)\b`), regexp.MustCompile(`(?i)jangan|tidak|tanpa|bukan|stop|berhenti|tak|belum|nggak`)},
	}
	for lang, tongue := range tongues {
		looked := 0
		for _, key := range words.Keys(lang) {
			if root, _, _ := strings.Cut(string(key), "."); !slices.Contains([]string{"help", "report", "line", "tip", "lesson", "story", "page", "media"}, root) {
				continue
			}
			for _, sentence := range sentencesOf(words, lang, key) {
				if tongue.copying.MatchString(sentence) && tongue.picture.MatchString(sentence) {
					looked++
					if !tongue.no.MatchString(sentence) {
						t.Errorf("%s: %s: %q", lang, key, sentence)
					}
				}
			}
		}
		if looked < 5 {
			t.Errorf("%s: only %d sentences on copying pictures: this test looked at nothing", lang, looked)
		}
	}
	for lang, proof := range map[i18n.Lang]string{
		"en": "link|address|name|time|words|payment", "vi": "đường dẫn|tên|giờ|lời|chuyển tiền|tài khoản", "id": "tautan|nama|jam|waktu|kata|pembayaran",
	} {
		for _, topic := range []string{"sextortion", "image_shared", "grooming"} {
			text := words.Line(lang, i18n.Key("help."+topic+".evidence"))
			if n := len(regexp.MustCompile(`(?i)`+proof).FindAllString(text, -1)); n < 3 || !tongues[lang].no.MatchString(text) {
				t.Errorf("%s: help/%s/evidence names %d kinds of proof, or forbids nothing: %q", lang, topic, n, text)
			}
		}
	}
}

func sentencesOf(words *i18n.Catalog, lang i18n.Lang, key i18n.Key) []string {
	var all []string
	for _, text := range words.Forms(lang, key) {
		all = append(all, check.Sentences(text.Plain())...)
	}
	return all
}

// TestCriterion08NoBannedWordingAnywhere: blame, method words, promises and the
// rest; what the rules are is proven beside them, in flows/check.
func TestCriterion08NoBannedWordingAnywhere(t *testing.T) {
	report, err := check.Run(shippedSite(t), transcriptTime)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range report.Faults {
		t.Error(fault)
	}
}

// TestCriterion09EveryCardIsWhole: name, a way to reach, cost, hours, languages,
// what happens, whether an account is needed and the date of the check.
func TestCriterion09EveryCardIsWhole(t *testing.T) {
	site := shippedSite(t)
	words := site.Words()
	for _, entry := range check.Directory(site.Content(), transcriptTime) {
		if entry.Due {
			t.Errorf("%s was checked %d days ago", entry.ID, entry.Days)
		}
		channel := site.Content().Directory.Channel(entry.ID)
		for _, lang := range langs {
			page := site.Open(lang, flows.Path("line/"+entry.ID))
			if page == nil {
				t.Errorf("%s: no card for %s", lang, entry.ID)
				continue
			}
			shown := page.Text.Plain()
			for what, want := range map[string]string{
				"name": channel.Name, "cost": words.Line(lang, i18n.Key("cost."+channel.Cost)), "hours": words.Line(lang, i18n.Key("hours."+channel.Hours)), "check date": channel.CheckedOn,
			} {
				if want == "" || !strings.Contains(shown, want) {
					t.Errorf("%s: %s shows no %s", lang, entry.ID, what)
				}
			}
			account, none := words.Line(lang, "card.account"), words.Line(lang, "card.no_account")
			if !strings.Contains(shown, account) && !strings.Contains(shown, none) {
				t.Errorf("%s: %s does not say whether an account is needed", lang, entry.ID)
			}
			if paragraphs := strings.Count(shown, "\n\n"); paragraphs < 4 {
				t.Errorf("%s: %s lacks what happens there: %q", lang, entry.ID, shown)
			}
		}
	}
}

// TestCriterion10StartFailsWithoutTheKey names the variable and not its value.
func TestCriterion10StartFailsWithoutTheKey(t *testing.T) {
	for name, environ := range map[string][]string{
		"a Redis":   {"REDIS_URL=redis://127.0.0.1:1"},
		"telegram":  {"TELEGRAM_BOT_TOKEN=1:x", "OPERATOR_CONTACT=us"},
		"discord":   {"DISCORD_BOT_TOKEN=x", "OPERATOR_CONTACT=us"},
		"too short": {"REDIS_URL=redis://127.0.0.1:1", "NOTALONE_KEY=c2hvcnQtc2VjcmV0"},
	} {
		if _, err := readConfig(environ); err == nil || !strings.Contains(err.Error(), "NOTALONE_KEY") || strings.Contains(err.Error(), "c2hvcnQ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCriterion13NothingUnasked: a place that asked for nothing gets nothing, and
// one that asked for everything gets it between seven and nine in its own evening.
func TestCriterion13NothingUnasked(t *testing.T) {
	site := shippedSite(t)
	from := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	posts := 0
	for _, zone := range []string{"Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Jayapura", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for quarter := range 2 * 24 * 4 {
			at := from.Add(time.Duration(quarter) * 15 * time.Minute)
			local := at.In(place)
			every := flows.Plan{Days: 127, Minute: uint16(local.Hour()*60 + local.Minute())}
			for _, kind := range flows.DueKinds() {
				if _, effects := site.Due(flows.Feed{Lang: "vi", Zone: zone}, kind, at, at, flows.Tally{}, 0); posted(effects) {
					t.Errorf("%s %s: a %s was posted that nobody asked for", zone, local.Format("15:04"), kind)
				}
				eager := flows.Feed{Lang: "vi", Zone: zone, Quiz: every, Tip: every, Practice: every, News: true}
				if _, effects := site.Due(eager, kind, at, at, flows.Tally{}, 0); posted(effects) {
					posts++
					if local.Hour() < 7 || local.Hour() >= 21 {
						t.Errorf("%s: a %s was posted at %s", zone, kind, local.Format("15:04"))
					}
				}
			}
		}
	}
	if posts == 0 {
		t.Error("nothing was ever posted: this test looked at nothing")
	}
	_, effects := site.Turn(flows.State{}, flows.Event{Path: "stop/now", Locale: "en", At: from, HasFeed: true, Feed: &flows.Feed{Private: true}})
	if !slices.ContainsFunc(effects, func(e flows.Effect) bool { _, ok := e.(flows.DropFeed); return ok }) {
		t.Error("Stop does not stop at once")
	}
}

func posted(effects []flows.Effect) bool {
	return slices.ContainsFunc(effects, func(e flows.Effect) bool { _, ok := e.(flows.Post); return ok })
}

// TestCriterion14Privacy: few words, all that must be said, the numbers of the code.
func TestCriterion14Privacy(t *testing.T) {
	site := shippedSite(t)
	for lang, musts := range map[i18n.Lang][]string{
		"en": {"program", "nobody reads", "keep nothing you write|not keep", "encrypted", "scrambled", "own copy", "not end-to-end", "Delete", "Block", "phone", "[Aa]dmins cannot"},
		"vi": {"chương trình", "không ai đọc", "không lưu", "mã hóa", "mã", "bản riêng", "không mã hóa đầu cuối", "Xóa", "chặn", "gọi điện", "Quản trị viên không"},
		"id": {"program", "[Tt]idak ada yang|tak ada", "tidak (menyimpan|kusimpan|aku simpan)|tidak.{0,20}simpan", "terenkripsi|enkripsi", "samaran|diacak|acak|sandi", "salinan", "tidak.{0,30}ujung ke ujung|end-to-end", "Hapus", "[Bb]lokir|memblokir", "telepon|telp", "[Aa]dmin"},
	} {
		text := site.Open(lang, "privacy").Text.Plain()
		if n := len(strings.Fields(text)); n > 120 {
			t.Errorf("%s: %d words", lang, n)
		}
		for _, must := range musts {
			if !regexp.MustCompile(must).MatchString(text) {
				t.Errorf("%s: privacy does not say %q: %s", lang, must, text)
			}
		}
		for _, number := range []int{int(flows.KeepPerson.Hours() / 24), int(flows.KeepDraft.Minutes()), int(flows.KeepTalk.Hours())} {
			if !regexp.MustCompile(`\b` + strconv.Itoa(number) + `\b`).MatchString(text) {
				t.Errorf("%s: privacy does not say %d", lang, number)
			}
		}
		for _, own := range []string{operator.Name, operator.Contact} {
			if !strings.Contains(text, own) {
				t.Errorf("%s: privacy does not name %s", lang, own)
			}
		}
	}
}

// hosts are all that the program may speak to by itself, or lead people to.
var hosts = []string{"api.telegram.org", "discord.com", "t.me"}

// TestCriterion15EverySentenceIsReviewedContent: the code holds no sentence for
// people and no address but those of the platforms, and nothing that writes text.
func TestCriterion15EverySentenceIsReviewedContent(t *testing.T) {
	sentence := regexp.MustCompile("^[\"`](\\p{Lu}.*\\p{L} \\p{L}+ \\p{L}|.*\\p{L} \\p{L}+ \\p{L}.*[.!?…][\"`]$)")
	address := regexp.MustCompile(`https?://([a-z0-9.-]+\.[a-z]{2,})`)
	eachFile(t, func(pkg, file string, syntax *ast.File) {
		for _, spec := range syntax.Imports {
			if regexp.MustCompile(`openai|anthropic|llm|ollama|langchain|genai|bedrock|sentry|segment|mixpanel|analytics|datadog|posthog`).MatchString(spec.Path.Value) {
				t.Errorf("%s imports %s", file, spec.Path.Value)
			}
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isError(call) {
				return false
			}
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING {
				return true
			}
			for _, found := range address.FindAllStringSubmatch(text.Value, -1) {
				if !slices.Contains(hosts, found[1]) && !strings.HasSuffix(pkg, "test") && !strings.HasPrefix(pkg, "cmd/") {
					t.Errorf("%s speaks of %s", file, found[1])
				}
			}
			if pkg == "flows" && sentence.MatchString(text.Value) {
				t.Errorf("%s holds a sentence: %s", file, text.Value)
			}
			return true
		})
	})
}

// isError tells the calls whose words no teenager sees: errors.
func isError(call *ast.CallExpr) bool {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	return name == "Errorf" || name == "New" || name == "fault"
}

// TestCriterion17NoPressure: nothing is kept by which people could be counted,
// ranked or praised, and a wrong answer is answered kindly.
func TestCriterion17NoPressure(t *testing.T) {
	known := []string{"Lang", "Country", "LastUse", "Tips", "Questions", "QuizDay", "QuizRight", "Promises", "Draft"}
	state := reflect.TypeFor[flows.State]()
	for i := range state.NumField() {
		if !slices.Contains(known, state.Field(i).Name) {
			t.Errorf("State.%s: a new field needs a line in docs/privacy-assessment.md and here", state.Field(i).Name)
		}
	}
	site := shippedSite(t)
	for _, lang := range langs {
		scold := map[i18n.Lang]*regexp.Regexp{
			"en": regexp.MustCompile(`(?i)^(wrong|incorrect|no[,.!])|you failed|\bbad\b answer`), "vi": regexp.MustCompile(`(?i)^(sai|không đúng|nhầm rồi)`), "id": regexp.MustCompile(`(?i)^(salah|keliru|bukan[,.!])`),
		}[lang]
		for _, question := range site.Content().Questions {
			for _, choice := range question.Choices {
				page := site.Open(lang, flows.Path("quiz/"+question.ID+"/"+choice))
				if page == nil || scold.MatchString(page.Text.Plain()) {
					t.Errorf("%s: quiz/%s/%s scolds: %v", lang, question.ID, choice, page)
				}
			}
		}
	}
}

// TestCriterion19AFalseAlarmCostsOneTap: from the page a person was on, a guess is
// undone by one press that leads back there, and what is kept is as before.
func TestCriterion19AFalseAlarmCostsOneTap(t *testing.T) {
	site := shippedSite(t)
	hit := flows.Event{Text: "he says he will post my nudes if i do not pay", Locale: "en", At: transcriptTime}
	for _, on := range []flows.Path{"home", "quiz/" + flows.Path(site.Content().Questions[0].ID), "practice/parcel-call/office", "settings/country", "pledge", "tips/scam", "report/instagram"} {
		before, _ := site.Turn(flows.State{}, flows.Event{Path: on, Locale: "en", At: transcriptTime})
		hit.On = on
		after, effects := site.Turn(before, hit)
		page := pageOf(effects)
		if page == nil || page.Path != "help/sextortion" {
			t.Errorf("on %s: answered with %s", on, pathOf(page))
			continue
		}
		back := slices.ContainsFunc(page.Rows, func(row []flows.Button) bool {
			return slices.ContainsFunc(row, func(b flows.Button) bool { return b.Label == site.Words().Line("en", "label.not_that") && b.Path == on })
		})
		if !back || !reflect.DeepEqual(before, after) {
			t.Errorf("on %s: a way back %v; kept before %+v, after %+v", on, back, before, after)
		}
		if kept, err := json.Marshal(after); err != nil || strings.Contains(string(kept), "sextortion") {
			t.Errorf("a trace is kept: %s", kept)
		}
	}
}

// TestCriterion20TypedWordsAlone: without buttons each of them can be typed, by its
// number and by its words, on every page in every language.
func TestCriterion20TypedWordsAlone(t *testing.T) {
	site := shippedSite(t)
	for _, lang := range langs {
		typed, known := 0, map[flows.Path]bool{}
		for _, path := range append(site.Crawl(lang), site.Directly()...) {
			page := openedBy(site, flows.Event{Path: path, Locale: string(lang), At: transcriptTime})
			if page == nil || known[page.Path] || page.Path.Root() == "setup" || page.Path.Root() == "mine" { // these are tried with a feed of their own
				continue
			}
			known[page.Path] = true
			on := page.Path
			labels := map[string]int{}
			for _, row := range page.Rows {
				for _, button := range row {
					labels[strings.ToLower(button.Label)]++
				}
			}
			n := 0
			for _, row := range page.Rows {
				for _, button := range row {
					n++
					if button.Path == "" { // a web address, which is shown as it is
						continue
					}
					want := opened(site, lang, flows.Event{Path: button.Path, On: on})
					for _, words := range []string{strconv.Itoa(n), button.Label} {
						if words == button.Label && labels[strings.ToLower(words)] > 1 {
							continue
						}
						if got := opened(site, lang, flows.Event{Text: words, On: on}); got != want {
							t.Errorf("%s on %s: %q opens %s, the button %s", lang, on, words, got, want)
						}
						typed++
					}
				}
			}
		}
		if typed < 3000 {
			t.Errorf("%s: only %d were typed", lang, typed)
		}
	}
}

// opened tells what an event leads to: a page or what it does.
func opened(site *flows.Site, lang i18n.Lang, event flows.Event) string {
	event.Locale, event.At = string(lang), transcriptTime
	_, effects := site.Turn(flows.State{}, event)
	for _, effect := range effects {
		if show, ok := effect.(flows.Show); ok {
			return string(show.Page.Path)
		}
	}
	return fmt.Sprintf("%T", effects)
}

// TestCriterion23NoPrivilegedIntent: Discord is asked for servers and direct
// messages; what the privileged intents would show is not wanted.
func TestCriterion23NoPrivilegedIntent(t *testing.T) {
	const privileged = 1<<1 | 1<<8 | 1<<15 // members, presences, message content
	if discord.Intents&privileged != 0 {
		t.Errorf("the intents are %b", discord.Intents)
	}
}

// TestCriterion24TheSameInThreeLanguages: topics, cards and checks alike, a source
// for each item, a note of review in each file, and Vietnamese without tone marks.
func TestCriterion24TheSameInThreeLanguages(t *testing.T) {
	site := shippedSite(t)
	report, err := check.Run(site, transcriptTime)
	if err != nil {
		t.Fatal(err)
	}
	for kind, counts := range report.Counts {
		for _, lang := range langs {
			if kind != "messages" && counts[string(lang)] != counts["all"] {
				t.Errorf("%s: %d of %d %s", lang, counts[string(lang)], counts["all"], kind)
			}
		}
	}
	for _, pair := range [][2]string{
		{"em muốn chết", "em muon chet"}, {"giúp mình với", "giup minh voi"}, {"câu đố", "cau do"}, {"bố đánh em", "bo danh em"}, {"nó dọa tung ảnh của em", "no doa tung anh cua em"},
	} {
		marked := openedBy(site, flows.Event{Text: pair[0], Locale: "vi", At: transcriptTime})
		bare := openedBy(site, flows.Event{Text: pair[1], Locale: "vi", At: transcriptTime})
		if pathOf(marked) != pathOf(bare) || pathOf(marked) == "unknown" {
			t.Errorf("%q opens %s, %q opens %s", pair[0], pathOf(marked), pair[1], pathOf(bare))
		}
	}
	reviewed(t)
}

// TestCriterion25AStrangerStartsItWithOneCommand: the terminal needs nothing but
// the binary, and the whole of this suite runs there.
func TestCriterion25AStrangerStartsItWithOneCommand(t *testing.T) {
	talk := newTalk(t, "vi", bottest.NewStore())
	printed := talk.says("/help", "1", "/privacy", "/delete", "[photo]", "/hide")
	for _, want := range []flows.Path{"home", "help", "privacy", "delete"} {
		first, _, _ := strings.Cut(talk.site.Open("vi", want).Text.Plain(), "\n")
		if !strings.Contains(printed, "< "+first) {
			t.Errorf("%s was not shown:\n%s", want, printed)
		}
	}
}
