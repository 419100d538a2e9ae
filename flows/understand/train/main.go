// Command train learns the model of package understand from its phrase files.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
)

func main() {
	var o options
	flag.IntVar(&o.epochs, "epochs", 10, "")
	flag.Float64Var(&o.rate, "rate", 0.5, "")
	flag.Float64Var(&o.l2, "l2", 0, "")
	flag.Float64Var(&o.drop, "drop", 0.2, "")
	dir := flag.String("phrases", "flows/understand/phrases", "")
	only := flag.String("only", "", "")
	out := flag.String("out", "", "write the model to this file")
	flag.Parse()
	phrases, err := readPhrases(*dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if *out == "" {
		crossValidate(phrases, o, *only)
		return
	}
	if err := build(phrases, o, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// build learns from all phrases and writes the model file.
func build(phrases []phrase, o options, path string) error {
	var topics []example
	for _, p := range phrases {
		topics = append(topics, examplesOf(p)...)
	}
	var file bytes.Buffer
	if err := learn(topics, len(model.Labels()), o).quantise().Write(&file); err != nil {
		return err
	}
	return os.WriteFile(path, file.Bytes(), 0o644)
}

func examplesOf(p phrase) []example {
	var out []example
	clean := features.Clean(p.text)
	s := features.Split(clean)
	out = append(out, example{features.Of(s, p.lang, false).Hashes, p.label, 1})
	if p.lang == "vi" && !p.plain {
		s := features.Split(features.Plain(clean))
		out = append(out, example{features.Of(s, p.lang, false).Hashes, p.label, 0.7})
	}
	return out
}

func crossValidate(phrases []phrase, o options, only string) {
	start := time.Now()
	var hands []string
	for _, p := range phrases {
		if len(hands) == 0 || hands[len(hands)-1] != p.hand {
			hands = append(hands, p.hand)
		}
	}
	cached := make([][]example, len(phrases))
	for i, p := range phrases {
		cached[i] = examplesOf(p)
	}
	fmt.Println("features", time.Since(start), len(phrases))
	results := make([][]result, len(hands))
	var wg sync.WaitGroup
	gate := make(chan bool, 2)
	for h, hand := range hands {
		if only != "" && only != hand {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate <- true
			defer func() { <-gate }()
			var train []example
			for i, p := range phrases {
				if p.hand != hand {
					train = append(train, cached[i]...)
				}
			}
			w := learn(train, len(model.Labels()), o)
			for i, p := range phrases {
				if p.hand == hand {
					z := make([]float64, w.classes)
					w.score(cached[i][0].hashes, z)
					results[h] = append(results[h], result{p, z})
				}
			}
		}()
	}
	wg.Wait()
	var all []result
	for h, hand := range hands {
		summary(hand, results[h])
		all = append(all, results[h]...)
	}
	summary("all", all)
	fmt.Println(time.Since(start))
}
