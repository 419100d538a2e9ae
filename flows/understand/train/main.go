// Command train learns the model of package understand from its phrase files.
//
//	go run ./flows/understand/train -out flows/understand/model.bin
//	go run ./flows/understand/train -cross        # figures by left-out hand
//	go run ./flows/understand/train -duplicates   # counts, without near-duplicates
package main

import (
	"flag"
	"fmt"
	"os"

	"notalone/flows/understand/features"
	"notalone/flows/understand/learn"
)

func main() {
	dir := flag.String("dir", "flows/understand", "the folder of phrases and languages")
	out := flag.String("out", "", "write the model to this file")
	cross := flag.Bool("cross", false, "print figures by left-out hand")
	duplicates := flag.Bool("duplicates", false, "print counts, without near-duplicates")
	share := flag.Float64("share", 1, "with -cross: learn from this share of the phrases, for the learning curve")
	wrong := flag.Bool("wrong", false, "with -cross: print what went wrong")
	hands := flag.String("hands", "", "with -cross: only these, as \"en/suburb+en/daily,id/kota\": what + joins is left out together, the first is read")
	flag.Parse()
	if err := run(*dir, *out, *hands, *cross, *duplicates, *share, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(dir, out, hands string, cross, duplicates bool, share float64, wrong bool) error {
	lexicon, err := features.LoadLexicon()
	if err != nil {
		return err
	}
	phrases, err := readPhrases(dir + "/phrases")
	if err != nil {
		return err
	}
	foreign, err := readForeign(dir + "/languages")
	if err != nil {
		return err
	}
	school := newSchool(lexicon, phrases, foreign)
	switch {
	case duplicates:
		return printDistinct(os.Stdout, phrases)
	case cross:
		return school.cross(hands, share, wrong)
	case out == "":
		return fmt.Errorf("say -out FILE, -cross or -duplicates")
	}
	return write(out, dir, school)
}

// stamp tells what is learnt from.
func stamp(dir string) ([]byte, error) {
	return learn.Stamp(os.DirFS(dir), "phrases", "languages", "features/lexicon")
}

// write learns from all phrases and writes the model file: topics, languages.
func write(path, dir string, s *school) error {
	mark, err := stamp(dir)
	if err != nil {
		return err
	}
	topics, tongues := s.learn(func(phrase) bool { return true })
	return learn.Write(path, mark, topics, tongues)
}
