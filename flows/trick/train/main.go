// Command train learns what messages are like tricks, from the examples of package
// trick and the everyday talk of package understand.
//
//	go run ./flows/trick/train -out flows/trick/model.bin
//	go run ./flows/trick/train -cross [-wrong]   # figures by left-out angle
package main

import (
	"flag"
	"fmt"
	"os"

	"notalone/flows/trick"
	"notalone/flows/understand/features"
	"notalone/flows/understand/learn"
)

func main() {
	dir := flag.String("dir", "flows", "the folder of the packages trick and understand")
	out := flag.String("out", "", "write the model to this file")
	cross := flag.Bool("cross", false, "print figures by left-out angle")
	wrong := flag.Bool("wrong", false, "with -cross: print what went wrong")
	flag.Parse()
	if err := run(*dir, *out, *cross, *wrong); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(dir, out string, cross, wrong bool) error {
	lexicon, err := features.LoadLexicon()
	if err != nil {
		return fmt.Errorf("load the lexicon: %w", err)
	}
	reader, err := trick.Patterns(lexicon)
	if err != nil {
		return err
	}
	examples, err := readExamples(dir)
	if err != nil {
		return err
	}
	s, err := newSchool(reader, examples)
	switch {
	case err != nil:
		return err
	case cross:
		return s.cross(os.Stdout, wrong)
	case out == "":
		return fmt.Errorf("say -out FILE or -cross")
	}
	mark, err := stamp(dir)
	if err != nil {
		return err
	}
	return learn.Write(out, mark, s.learn(func(*example) bool { return true }))
}
