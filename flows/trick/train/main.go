// Command train learns what messages are like tricks, from the examples of package
// trick and the everyday talk of package understand.
//
//	go run ./flows/trick/train -out flows/trick/model.bin
//	go run ./flows/trick/train -cross [-wrong]   # figures by left-out angle
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"notalone/flows/trick"
	"notalone/flows/understand/features"
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
	kinds, err := trick.Kinds()
	if err != nil {
		return fmt.Errorf("list the signs: %w", err)
	}
	examples, err := readExamples(dir)
	if err != nil {
		return err
	}
	s := &school{lexicon: lexicon, kinds: kinds, examples: examples}
	if err := s.prepare(); err != nil {
		return err
	}
	switch {
	case cross:
		return s.cross(os.Stdout, wrong)
	case out == "":
		return fmt.Errorf("say -out FILE or -cross")
	}
	return write(out, dir, s)
}

// write learns from all examples and writes the model file: stamp and model.
func write(path, dir string, s *school) error {
	mark, err := stamp(dir)
	if err != nil {
		return err
	}
	file := bytes.NewBuffer(mark)
	if err := s.learn(func(*example) bool { return true }).Write(file); err != nil {
		return fmt.Errorf("pack the model: %w", err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	return nil
}
