package model

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// A feature's row is how many known features come before it.
func TestAKnownFeatureHasItsRow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		set := rapid.SliceOfN(rapid.Byte(), 256, 256).Draw(rt, "set")
		index, rows := NewIndex(set), 0
		for h := range uint32(2048) {
			known := set[h/8]>>(h%8)&1 == 1
			row, ok := index.Row(h + 2048*rapid.Uint32Max(3).Draw(rt, "more"))
			if ok != known || known && row != rows {
				rt.Fatalf("feature %d: row %d, %v; want %d, %v", h, row, ok, rows, known)
			}
			if known {
				rows++
			}
		}
		if index.Len() != rows {
			rt.Fatalf("%d rows, want %d", index.Len(), rows)
		}
	})
}

// What is packed is read again, and what follows it is left; a file that was cut
// is no model.
func TestPackedModels(t *testing.T) {
	m := &Model{Classes: 2, Known: NewIndex(append([]byte{0b1001}, make([]byte, 63)...)), Rows: []byte{1, 2, 3, 0xff}, Scale: []float32{1, 0.5}, Bias: []float32{0, 1}}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		t.Fatal(err)
	}
	size := file.Len()
	file.WriteString("more")
	got, rest, err := Read(file.Bytes())
	if err != nil || string(rest) != "more" {
		t.Fatalf("rest %q: %v", rest, err)
	}
	known, unknown := []uint32{3}, []uint32{3, 4}
	if z := got.Sums(known); z[0] != 3 || z[1] != 0.5 {
		t.Errorf("sums %v", z)
	}
	if sure, less := got.Sums(known)[0], got.Sums(unknown)[0]; less <= 0 || less >= sure {
		t.Errorf("with something unknown beside it %v, without %v", less, sure)
	}
	for cut := range size {
		if _, _, err := Read(file.Bytes()[:cut]); err == nil {
			t.Errorf("read a model cut after %d bytes of %d", cut, size)
		}
	}
}
