package understand_test

import (
	"slices"
	"testing"

	"notalone/flows"
	"notalone/flows/understand/model"
)

// Eating and home have no label: meanings that meet choose their pages, with the
// label beside. A wish to die and violence that is happening now stay first.
func TestMeaningsChooseThePage(t *testing.T) {
	reader := load(t)
	for text, want := range map[string][]string{
		"every time i eat i put my fingers down my throat, two weeks now":   {"eating", "self_harm"},
		"havent eaten for three days and im proud, the scale says 41 kilos": {"eating", "self_harm"},
		"abis sarapan aku colok tenggorokan biar muntah":                    {"eating", "self_harm"},
		"em ăn xong là móc họng cho ra, sợ mập":                             {"eating", "self_harm"},
		"my stepfather touches me at night when mum is at work":             {"home", "grooming"},
		"paman suka raba-raba aku kalo lagi sepi":                           {"home", "grooming"},
		"cha dượng cứ sờ soạng em lúc em ngủ":                               {"home", "grooming"},
		"dad hits me with a belt whenever hes drunk":                        {"home", "danger"},
		"bapak sering mukulin aku kalo mabuk":                               {"home", "danger"},
		"ba hay đánh em bằng dây điện":                                      {"home", "danger"},
		"my dad is beating my mum right now, please help":                   {"danger", "home"},
		"bapak lagi mukulin ibu, tolong":                                    {"danger", "home"},
		"ba đang đánh mẹ, cứu với":                                          {"danger", "home"},
	} {
		got := reader.Guess(text, "en")
		if got.Decision != flows.Go || !slices.Equal(got.Labels, want) {
			t.Errorf("%q: %v %v, want to go to %v", text, got.Decision, got.Labels, want)
		}
		if !slices.Contains(model.Labels(), got.Label) {
			t.Errorf("%q: %q is no label", text, got.Label)
		}
	}
}

func TestAnOverdoseIsNotAskedAbout(t *testing.T) {
	reader := load(t)
	for _, text := range []string{
		"i swallowed like 20 tylenol an hour ago", "took all of mums tablets", "i took a whole box of paracetamol",
		"barusan nelen obat tidur ibu dua strip", "aku udah minum obat satu botol", "barusan minum paracetamol 20 butir",
		"em mới uống hết vỉ thuốc của bà", "em uong het lo thuoc ngu cua me roi", "em nuốt cả hộp thuốc rồi",
	} {
		if got := reader.Guess(text, "en"); got.Decision != flows.Go || got.Labels[0] != "self_harm" {
			t.Errorf("%q: %v %v", text, got.Decision, got.Labels)
		}
	}
}

func TestFamilyFoodAndMedicineAreOftenHarmless(t *testing.T) {
	reader := load(t)
	for _, text := range []string{
		"dad beat me at chess again", "my brother touched my phone without asking", "i threw up after the rollercoaster lol",
		"i took two paracetamol for my headache and went to bed", "kakak megang-megang hp ku mulu sebel", "adik muntahin makanan di baju aku wkwk",
		"kak ak gpp kok, bapak gk pernah mukul ak", "nobody at home hits me, dad is just loud", "ba chưa bao giờ đánh em, chỉ la thôi",
		"em nhịn ăn sáng vì dậy trễ", "mẹ dặn uống hết thuốc ho của bác sĩ",
	} {
		if got := reader.Guess(text, "en"); got.Decision == flows.Go {
			t.Errorf("%q goes to %v", text, got.Labels)
		}
	}
}
