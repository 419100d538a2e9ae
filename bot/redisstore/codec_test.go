package redisstore

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"notalone/flows"
	"notalone/i18n"
)

func TestEveryStateComesBack(t *testing.T) {
	marks := rapid.Custom(func(t *rapid.T) []uint16 {
		if list := rapid.SliceOfN(rapid.Uint16(), 0, 64).Draw(t, "marks"); len(list) > 0 {
			return list
		}
		return nil
	})
	rapid.Check(t, func(t *rapid.T) {
		want := flows.State{
			Lang: i18n.Lang(rapid.StringMatching(`[a-z]{0,3}`).Draw(t, "lang")), Country: rapid.StringMatching(`[A-Z]{0,2}`).Draw(t, "country"),
			LastUse: rapid.Int64().Draw(t, "use"), QuizDay: rapid.Int32().Draw(t, "day"), QuizRight: rapid.Bool().Draw(t, "right"),
			Tips: marks.Draw(t, "tips"), Questions: marks.Draw(t, "questions"), Promises: marks.Draw(t, "promises"),
		}
		got, err := decodeState(encodeState(want))
		if err != nil || !cmp.Equal(want, got) {
			t.Fatalf("%v\n%s", err, cmp.Diff(want, got))
		}
	})
}

func FuzzDecodeState(f *testing.F) {
	f.Add(encodeState(flows.State{Lang: "vi", Tips: []uint16{1, 2}}))
	f.Add([]byte{format, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, data []byte) {
		state, err := decodeState(data)
		if err == nil && len(encodeState(state)) > len(data)+32 {
			t.Errorf("%d bytes grew to %d", len(data), len(encodeState(state)))
		}
	})
}
