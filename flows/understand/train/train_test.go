package main

import (
	"bytes"
	"slices"
	"testing"

	"notalone/flows/understand"
	"notalone/flows/understand/model"
)

// dir is the folder of package understand.
const dir = ".."

func phrasesHere(t *testing.T) []phrase {
	t.Helper()
	phrases, err := readPhrases(dir + "/phrases")
	if err != nil {
		t.Fatal(err)
	}
	return phrases
}

func TestTheModelIsLearntFromTheseFiles(t *testing.T) {
	want, err := stamp(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, understand.Stamp()) {
		t.Error("phrases, languages or lexicon changed since model.bin was learnt: go run ./flows/understand/train -out flows/understand/model.bin")
	}
}

// Near-duplicates do not count.
func TestThereAreEnoughPhrases(t *testing.T) {
	const helpLabels, ofHelp, ofCommand, ofNone, ofNear = 10, 400, 100, 2000, 1200
	got := map[[2]string]int{}
	for _, g := range distinct(phrasesHere(t)) {
		got[[2]string{g.lang, g.kind}] = g.distinct
	}
	wanted := map[string]int{"none": ofNone, nearMisses: ofNear}
	for i, label := range model.Labels() {
		if label != "none" {
			wanted[label] = ofCommand
		}
		if i < helpLabels {
			wanted[label] = ofHelp
		}
	}
	for _, lang := range []string{"vi", "id", "en"} {
		for kind, want := range wanted {
			if n := got[[2]string{lang, kind}]; n < want {
				t.Errorf("%s %s: %d distinct phrases, %d wanted", lang, kind, n, want)
			}
		}
	}
}

func TestEveryLanguageHasSeveralHands(t *testing.T) {
	hands := map[string][]string{}
	for _, p := range phrasesHere(t) {
		if !slices.Contains(hands[string(p.lang)], p.hand) {
			hands[string(p.lang)] = append(hands[string(p.lang)], p.hand)
		}
	}
	for _, lang := range []string{"vi", "id", "en"} {
		if len(hands[lang]) < 3 {
			t.Errorf("%s has only the hands %v", lang, hands[lang])
		}
	}
}

func TestNearDuplicatesDoNotCount(t *testing.T) {
	var c counter
	for _, tc := range []struct {
		text string
		kept bool
	}{
		{"someone hacked my account", true},
		{"Someone hacked my ACCOUNT!!", false},
		{"someone hacked my account pls", false},
		{"he reads my messages", true},
	} {
		if got := c.add(tc.text); got != tc.kept {
			t.Errorf("%q: kept %v", tc.text, got)
		}
	}
}

// The messages that the distress test asks must not have been learnt from.
func TestDistressMessagesAreUnseen(t *testing.T) {
	phrases := phrasesHere(t)
	for _, lang := range []string{"vi", "id", "en"} {
		var seen counter
		for _, p := range phrases {
			if string(p.lang) == lang {
				seen.add(p.text)
			}
		}
		lines, err := readLines("../../../cmd/notalone/testdata/distress/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if line[0] != '#' && line[0] != '[' && seen.like(words(line)) {
				t.Errorf("%s: %q is among the phrases, or nearly", lang, line)
			}
		}
	}
}
