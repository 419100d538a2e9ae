package understand_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"notalone/flows"
	"notalone/flows/understand"
	"notalone/flows/understand/features"
	"notalone/i18n"
)

func load(t testing.TB) *understand.Reader {
	t.Helper()
	lexicon, err := features.LoadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := understand.Load(lexicon)
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// Messages as they come, one of each kind that the package promises to handle.
// None is a phrase that was learnt.
func TestRead(t *testing.T) {
	reader := load(t)
	for name, tc := range map[string]struct {
		text  string
		want  string // the page: gone to or offered; empty: none of help may open
		knows i18n.Lang
	}{
		"teencode without marks":     {"co nguoi doa dang anh m len fb, ho doi 2tr", "sextortion", "vi"},
		"Indonesian slang":           {"ada yg ngancem sebar foto gw", "sextortion", "id"},
		"English slang":              {"someone's threatening to leak my pics idk what to do", "sextortion", "en"},
		"small talk before":          {"hi bot. nice weather today. had pizza with my sister. then my ex said he will post my nudes if i dont come back", "sextortion", "en"},
		"small talk after":           {"t muon chet. a ma hom nay an gi ngon ta. troi dep ghe", "self_harm", "vi"},
		"indirect":                   {"everyone would be better off without me", "self_harm", "en"},
		"joking about a plan":        {"haha joking but ive got the pills ready for tonight", "self_harm", "en"},
		"a friend's case":            {"temenku dibawa orang ga dikenal, hpnya mati", "danger", "id"},
		"danger now":                 {"ba đang cầm dao đứng trước cửa phòng em", "danger", "vi"},
		"an exaggeration":            {"mai thi toán chết chắc luôn haha", "", ""},
		"a figure of speech":         {"this game is killing me lol", "", ""},
		"a soap opera":               {"filmnya sedih banget tokoh utamanya mati", "", ""},
		"nothing happened":           {"nobody bullies me, all good, just asking", "", ""},
		"thanks":                     {"makasih ya bot", "", ""},
		"a command in other words":   {"stop sending me messages pls", "stop", "en"},
		"letters repeated":           {"helppppp heeee wants my nuuudes or he willll post themmm", "sextortion", ""},
		"marks that are not visible": {"some\u200bone is thr\u200beatening to po\u200bst my nudes", "sextortion", "en"},
	} {
		t.Run(name, func(t *testing.T) {
			got := reader.Read(tc.text, "en")
			switch {
			case tc.want == "" && got.Decision == flows.Go && slices.Contains(crises, got.Labels[0]):
				t.Errorf("goes to %q", got.Labels[0])
			case tc.want != "" && !slices.Contains(got.Labels, tc.want):
				t.Errorf("%+v does not lead to %q", got, tc.want)
			case tc.want != "" && got.Decision == flows.Go && got.Labels[0] != tc.want:
				t.Errorf("goes to %q, not %q", got.Labels[0], tc.want)
			}
			if tc.knows != "" && got.Lang != tc.knows {
				t.Errorf("takes it for %q", got.Lang)
			}
		})
	}
}

var crises = []string{"self_harm", "danger", "sextortion", "image_shared", "grooming", "exploitation"}

func TestSeveralTopicsOfferTheOther(t *testing.T) {
	got := load(t).Read("my ex posted my nudes in the group chat. also i lost my savings to a fake shop, they took my money", "en")
	if got.Decision == flows.None || !slices.Contains(got.Labels, "image_shared") {
		t.Errorf("taken for %+v", got)
	}
}

func TestOtherLanguagesAreForeign(t *testing.T) {
	reader := load(t)
	for _, text := range []string{
		"สวัสดีครับ ช่วยด้วย มีคนข่มขู่ฉัน", "ជួយខ្ញុំផង", "有人威胁要发布我的照片", "助けてください", "도와주세요",
		"может кто-нибудь помочь мне", "may nagbabanta sa akin na ikakalat niya ang mga litrato ko, natatakot po ako",
	} {
		if got := reader.Read(text, "en"); !got.Foreign {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}

func TestOddInputIsCalm(t *testing.T) {
	reader := load(t)
	for _, text := range []string{
		"", " ", "\x00", "\xff\xfe", "???", "....", "31/12", "7.30", "500000", "\u202e\u202d\u200f", strings.Repeat("a", 4096), strings.Repeat("\u0336", 500),
		strings.Repeat("z̷̢̧̛", 300), "аbсdе мix миш 混 ผสม", strings.Repeat("?!", 2000),
	} {
		if got := reader.Read(text, "vi"); got.Decision == flows.Go {
			t.Errorf("%.20q goes to %v", text, got.Labels)
		}
	}
}

func TestTheEvidenceIsNamed(t *testing.T) {
	g := load(t).Explain("he wants money or he will post my nudes", "en")
	if len(g.Evidence) == 0 || g.Evidence[0].What == "" {
		t.Errorf("evidence %+v", g.Evidence)
	}
}

// TestMemory keeps the promise of 20 MB.
func TestMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	reader := load(t)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > 20<<20 {
		t.Errorf("%d MB are used", used>>20)
	}
	runtime.KeepAlive(reader)
}

// FuzzRead finds no message that is read in more than a moment, goes somewhere
// without a label, or offers what is not there.
func FuzzRead(f *testing.F) {
	reader := load(f)
	for _, seed := range []string{"", "help", "em muốn chết", "a\x00b", "\xff", strings.Repeat("ab ", 700), "ส", "😭😭😭"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		began := time.Now()
		got := reader.Read(text, "vi")
		if took := time.Since(began); took > time.Second { // 5 ms are kept on a machine of one's own: BenchmarkWorst
			t.Errorf("took %v", took)
		}
		if (got.Decision == flows.None) != (len(got.Labels) == 0) || len(got.Labels) > 3 || slices.Contains(got.Labels, "none") {
			t.Errorf("%+v", got)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	reader := load(b)
	messages := []string{
		"co nguoi doa dang anh m len fb, ho doi 2tr", "hôm nay ăn gì ta", "ada yg ngancem sebar foto gw, takut banget aku kak",
		"someone's threatening to leak my pics idk what to do", "how do i report a fake account on insta",
	}
	for i := 0; b.Loop(); i++ {
		reader.Read(messages[i%len(messages)], "vi")
	}
}

// BenchmarkWorst reads the longest message that is looked at, of many sentences.
func BenchmarkWorst(b *testing.B) {
	reader := load(b)
	text := strings.Repeat("nó dọa đăng ảnh. ", 300)
	for b.Loop() {
		reader.Read(text, "vi")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
