package main

import (
	"bytes"
	"testing"

	"notalone/flows/trick"
)

// dir is the folder of the packages trick and understand.
const dir = "../.."

func TestTheModelIsLearntFromTheseExamples(t *testing.T) {
	want, err := stamp(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, trick.Stamp()) {
		t.Error("the examples changed since model.bin was learnt: go run ./flows/trick/train -out flows/trick/model.bin")
	}
}

func TestLearningTwiceGivesTheSame(t *testing.T) {
	learn := func() []byte {
		s := &school{kinds: []string{"fee"}, examples: []*example{
			{signs: []string{"fee"}, trick: true, forms: [][]uint32{{1, 2, 3}}}, {forms: [][]uint32{{3, 4}, {4}}}, {angle: everyday, forms: [][]uint32{{4, 5}}},
		}}
		var file bytes.Buffer
		if err := s.learn(func(*example) bool { return true }).Write(&file); err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	if first := learn(); !bytes.Equal(first, learn()) {
		t.Error("the same examples gave another model")
	}
}
