package trick

import (
	"bufio"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/flows"
	"notalone/flows/content"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

func load(t testing.TB) *Reader {
	t.Helper()
	lexicon, err := features.LoadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Load(lexicon)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// knownSigns are those that the site has words for.
func knownSigns(t testing.TB) map[string]flows.Sign {
	t.Helper()
	structure, err := content.Load(content.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	signs := map[string]flows.Sign{}
	for _, sign := range structure.Signs {
		signs[sign.ID] = sign
	}
	return signs
}

// An example is a message as people get it, with the signs that are in it.
type example struct {
	text  string
	signs []string // none: an honest message
}

func examples(t testing.TB, lang i18n.Lang, half string) []example {
	t.Helper()
	var all []example
	for _, line := range lines(t, "testdata/"+string(lang)+"."+half+".txt") {
		signs, text, ok := strings.Cut(line, " | ")
		if !ok {
			t.Fatalf("no \" | \" in %q", line)
		}
		e := example{text: text}
		if signs != "ok" {
			e.signs = strings.Split(signs, ",")
		}
		all = append(all, e)
	}
	return all
}

// lines of a file but for empty ones and those that begin with #.
func lines(t testing.TB, name string) []string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []string
	in := bufio.NewScanner(file)
	for in.Scan() {
		if line := in.Text(); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// figures are what examples come to.
type figures struct {
	tricks, found         int // with at least one right sign
	honest, marked, wrong int // with any sign; with a page that says "be careful"
	signs, right          int // found in tricks; of these, truly in them
}

// isTelling is what flows takes for a telling result.
func isTelling(known map[string]flows.Sign, signs flows.Signs) bool {
	return len(signs.Found) > 1 || len(signs.Found) == 1 && known[signs.Found[0]].Strong || len(signs.Alike) > 0
}

// named are the signs that a page can name.
func named(signs flows.Signs) []string { return slices.Concat(signs.Found, signs.Alike) }

func measure(t *testing.T, r *Reader, list []example) figures {
	var f figures
	signs := knownSigns(t)
	for _, e := range list {
		seen := r.Signs(e.text)
		got := named(seen)
		if e.signs == nil {
			f.honest++
			if len(got) > 0 {
				f.marked++
			}
			if isTelling(signs, seen) {
				f.wrong++
				t.Logf("honest, but %v: %s", got, e.text)
			}
			continue
		}
		f.tricks++
		right := 0
		for _, sign := range got {
			if slices.Contains(e.signs, sign) {
				right++
			}
		}
		f.signs, f.right = f.signs+len(got), f.right+right
		if right > 0 {
			f.found++
		} else {
			t.Logf("missed %v: %s", e.signs, e.text)
		}
	}
	return f
}

// floors are what each half must reach, and how many examples it has at least.
var floors = map[string]struct {
	recall, wrong  float64
	tricks, honest int
}{
	"dev":  {recall: 0.95, wrong: 0.05, tricks: 150, honest: 100},
	"held": {recall: 0.72, wrong: 0.10, tricks: 70, honest: 50},
}

// TestFigures prints the table of docs/understanding.md (run with -v) and fails
// when they get worse.
func TestFigures(t *testing.T) {
	r := load(t)
	for _, half := range []string{"dev", "held"} {
		for _, lang := range []i18n.Lang{"vi", "id", "en"} {
			f := measure(t, r, examples(t, lang, half))
			recall, accuracy := part(f.found, f.tricks), part(f.right, f.signs)
			t.Logf("%s %s: tricks with a right sign %.2f, signs that are right %.2f, honest ones with a clear sign %.2f, with any %.2f",
				lang, half, recall, accuracy, part(f.wrong, f.honest), part(f.marked, f.honest))
			if least := floors[half]; recall < least.recall || part(f.wrong, f.honest) > least.wrong || f.tricks < least.tricks || f.honest < least.honest {
				t.Errorf("%s %s is worse than it was: %+v", lang, half, f)
			}
		}
	}
}

func part(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// TestOrdinaryTalkIsNotMarked reads what other hands wrote as everyday talk for
// another purpose: figures of speech, games, school, love.
func TestOrdinaryTalkIsNotMarked(t *testing.T) {
	r, signs := load(t), knownSigns(t)
	for _, lang := range []string{"vi", "id", "en"} {
		files, err := filepath.Glob("../understand/phrases/" + lang + "/*/none_*.txt")
		if err != nil || len(files) == 0 {
			t.Fatalf("no phrases: %v", err)
		}
		all, wrong := 0, 0
		for _, file := range files {
			for _, line := range lines(t, file) {
				all++
				if isTelling(signs, r.Signs(line)) {
					wrong++
				}
			}
		}
		t.Logf("%s: %d of %d everyday messages have a clear sign", lang, wrong, all)
		if part(wrong, all) > 0.03 {
			t.Errorf("%s: too many", lang)
		}
	}
}

func TestEverySignHasWordsAndIsFound(t *testing.T) {
	r, signs := load(t), knownSigns(t)
	seen := map[string]bool{}
	for _, lang := range []i18n.Lang{"vi", "id", "en"} {
		for _, half := range []string{"dev", "held"} {
			for _, e := range examples(t, lang, half) {
				for _, sign := range named(r.Signs(e.text)) {
					seen[sign] = true
				}
				for _, sign := range e.signs {
					if _, ok := signs[sign]; !ok {
						t.Errorf("%s %s: there is no sign %q", lang, half, sign)
					}
				}
			}
		}
	}
	for _, sign := range r.signs {
		if _, ok := signs[sign]; !ok && sign != warning && sign != calm {
			t.Errorf("the words know the sign %q, the content does not", sign)
		}
	}
	for sign := range signs {
		if !seen[sign] {
			t.Errorf("no example shows %q", sign)
		}
	}
}

// TestVietnameseWithoutMarks: whoever types without marks gets the same answer.
func TestVietnameseWithoutMarks(t *testing.T) {
	r := load(t)
	for with, without := range map[string]string{
		"Đọc mã OTP cho chị nhé":                          "doc ma otp cho chi nhe",
		"Không được nói với ai, cả bố mẹ":                 "khong dc noi voi ai, ca bo me",
		"Bạn trúng thưởng xe máy, nộp phí hồ sơ 500k":     "ban trung thuong xe may, nop phi ho so 500k",
		"việc nhẹ lương cao 20 triệu một tháng ở Bình Đô": "viec nhe luong cao 20 trieu mot thang o binh do",
	} {
		if a, b := r.Signs(with).Found, r.Signs(without).Found; len(a) == 0 || !slices.Equal(a, b) {
			t.Errorf("%q shows %v, %q shows %v", with, a, without, b)
		}
	}
}

// TestWarningsAreNotTricks: who tells people not to give a code asks for none.
func TestWarningsAreNotTricks(t *testing.T) {
	r := load(t)
	for _, text := range []string{
		"Tuyệt đối không cung cấp mã OTP cho bất kỳ ai.", "Đừng đọc mã xác nhận cho người lạ.",
		"Jangan berikan kode OTP kepada siapa pun.", "Kami tidak pernah meminta PIN atau password.",
		"Never share your code with anyone.", "We will never ask you to give us your password.",
	} {
		if got := named(r.Signs(text)); slices.Contains(got, "code") || slices.Contains(got, "secret") {
			t.Errorf("%q shows %v", text, got)
		}
	}
}

// slowest is what one message may cost in a test. On a quiet machine it is 5 ms at
// most; the machine of a test may be busy with nine others.
const slowest = 40 * time.Millisecond

// slowMessages are made to cost as much as they can.
func slowMessages() map[string]string {
	return map[string]string{
		"one letter": strings.Repeat("a", 4096), "letters of a word": strings.Repeat("gui", 1400),
		"one word": strings.Repeat("gửi ", 2000), "two words": strings.Repeat("gửi ảnh ", 1000),
		"all first ones": strings.Repeat("send kirim gửi transfer bayar chuyển 500k akun ", 200),
		"stacked marks":  strings.Repeat("e\u0301\u0302\u0303\u0304", 1000),
		"links":          strings.Repeat("http://a.b-c.d@paypa1.example/x ", 300),
		"a long host":    "http://" + strings.Repeat("a-", 2000) + ".example",
		"Thai":           strings.Repeat("ส่งรหัส", 600), "Chinese": strings.Repeat("发送验证码 ", 800), "emoji": strings.Repeat("😳🎁", 1000), "single letters": strings.Repeat("a b c d e f ", 340),
		"dots": strings.Repeat(".", 5000), "no words": "\u202e\u200b\x00\xff", "megabyte": strings.Repeat("mã otp ", 100000),
	}
}

func TestNoMessageIsSlow(t *testing.T) {
	r := load(t)
	for name, text := range slowMessages() {
		best := time.Hour
		for try := 0; best > slowest && try < 50; try++ { // other work on the machine counts along
			start := time.Now()
			r.Signs(text)
			best = min(best, time.Since(start))
		}
		if best > slowest {
			t.Errorf("%s took %v, %v or less", name, best, slowest)
		}
	}
}

func FuzzSigns(f *testing.F) {
	r := load(f)
	for _, lang := range []i18n.Lang{"vi", "id", "en"} {
		for _, e := range examples(f, lang, "dev") {
			f.Add(e.text)
		}
	}
	f.Add("http://user@103.20.11.8:8080/a?b#c [x](y) xn--80ak6aa92e.example \u202ehttps://\u0440aypal.example")
	f.Fuzz(func(t *testing.T, text string) {
		best := time.Hour
		signs := r.Signs(text)
		for try := 0; best > slowest && try < 20; try++ {
			start := time.Now()
			signs = r.Signs(text)
			best = min(best, time.Since(start))
		}
		if best > slowest {
			t.Errorf("%d bytes took %v", len(text), best)
		}
		if all := slices.Sorted(slices.Values(named(signs))); !slices.IsSorted(signs.Found) || len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Errorf("signs are not each once and in order: %v", signs)
		}
		if again, _ := r.Explain(text); !reflect.DeepEqual(signs, again) {
			t.Errorf("explained otherwise: %v, %v", signs, again)
		}
	})
}

func BenchmarkSigns(b *testing.B) {
	r := load(b)
	list := examples(b, "vi", "dev")
	for i := 0; b.Loop(); i++ {
		r.Signs(list[i%len(list)].text)
	}
}

// BenchmarkWorst is the message that costs most: 5 ms or less.
func BenchmarkWorst(b *testing.B) {
	r := load(b)
	for name, text := range slowMessages() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r.Signs(text)
			}
		})
	}
}
