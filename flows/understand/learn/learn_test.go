package learn

import (
	"bytes"
	"testing"

	"notalone/flows/understand/model"
)

func TestLearningTwiceGivesTheSame(t *testing.T) {
	is := OneOf(2)
	examples := []Example{{[]uint32{1, 2, 3}, is[0], 1}, {[]uint32{3, 4}, is[1], 1}, {[]uint32{4, 5, 6}, is[0], 0.5}}
	for name, link := range map[string]func([]float64) []float64{"one is right": model.Softmax, "any may be": model.Logistics} {
		learn := func() []byte {
			var file bytes.Buffer
			if err := Fit(examples, 2, Options{Epochs: 3, Rate: 0.5, Drop: 0.5, Bits: 9, Link: link}).Write(&file); err != nil {
				t.Fatal(err)
			}
			return file.Bytes()
		}
		if first := learn(); !bytes.Equal(first, learn()) {
			t.Errorf("%s: the same examples gave another model", name)
		}
	}
}

// What was learnt is found again, one class of all or any number of them.
func TestWhatIsLearntIsFound(t *testing.T) {
	both := []float32{1, 1}
	examples := []Example{{[]uint32{1}, OneOf(2)[0], 1}, {[]uint32{2}, OneOf(2)[1], 1}, {[]uint32{3}, both, 1}}
	m := Fit(examples, 2, Options{Epochs: 60, Rate: 0.5, Bits: 9, Link: model.Logistics})
	for h, want := range map[uint32][]bool{1: {true, false}, 2: {false, true}, 3: {true, true}} {
		for k, p := range m.Each([]uint32{h}) {
			if p > 0.5 != want[k] {
				t.Errorf("feature %d, class %d: %.2f", h, k, p)
			}
		}
	}
	m = Fit(examples[:2], 2, Options{Epochs: 60, Rate: 0.5, Bits: 9, Link: model.Softmax})
	for h, want := range map[uint32]int{1: 0, 2: 1} {
		if p := m.Score([]uint32{h}); p[want] < 0.5 {
			t.Errorf("feature %d: %v", h, p)
		}
	}
}
