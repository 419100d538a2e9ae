package main

import (
	"slices"
	"strings"

	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
)

// The learner's settings, found by leaving hands out.
var (
	topicOptions  = options{epochs: 20, rate: 0.5, drop: 0.35, decay: 0.001, bits: features.Bits}
	tongueOptions = options{epochs: 6, rate: 0.5, drop: 0.3, bits: 15}
)

// unmarkedWeight is what a phrase counts in its second form, without marks.
const unmarkedWeight = 0.7

// lifeWeight is what a phrase of self-harm or danger counts: these are missed most
// easily and must be missed least.
const (
	lifeWeight = 1.4
	lifeLabels = 2
)

// foreignWeight makes up for how few foreign lines there are.
const foreignWeight = 8

// A school keeps the phrases and what the learner sees of each.
type school struct {
	lexicon *features.Lexicon
	phrases []phrase
	topics  [][]example // by phrase
	tongues [][]example
	foreign []example
}

func newSchool(lexicon *features.Lexicon, phrases []phrase, foreign []string) *school {
	s := &school{lexicon: lexicon, phrases: phrases}
	labels, langs := model.Labels(), model.Langs()
	for _, p := range phrases {
		label, lang := slices.Index(labels, p.label), slices.Index(langs, string(p.lang))
		var topics, tongues []example
		for i, text := range forms(p) {
			weight := float32(1)
			if i > 0 {
				weight = unmarkedWeight
			}
			serious := weight
			if label < lifeLabels {
				serious *= lifeWeight
			}
			sentences := features.Split(text)
			topics = append(topics, example{lexicon.Topic(sentences, p.lang, false).Hashes, label, serious})
			tongues = append(tongues, example{features.Tongue(sentences).Hashes, lang, weight})
		}
		s.topics = append(s.topics, topics)
		s.tongues = append(s.tongues, tongues)
	}
	for _, text := range foreign {
		set := features.Tongue(features.Split(features.Clean(text)))
		s.foreign = append(s.foreign, example{set.Hashes, len(langs) - 1, foreignWeight})
	}
	return s
}

// forms are a phrase as typed and, when it has marks, without them.
func forms(p phrase) []string {
	clean := features.Clean(p.text)
	if plain := features.Plain(clean); p.lang == "vi" && !strings.EqualFold(plain, clean) {
		return []string{clean, plain}
	}
	return []string{clean}
}

// learn fits the models to the phrases that keep lets through.
func (s *school) learn(keep func(phrase) bool) (topics, tongues *model.Model) {
	var topicExamples, tongueExamples []example
	for i, p := range s.phrases {
		if keep(p) {
			topicExamples = append(topicExamples, s.topics[i]...)
			tongueExamples = append(tongueExamples, s.tongues[i]...)
		}
	}
	tongueExamples = append(tongueExamples, s.foreign...)
	topics = fit(topicExamples, len(model.Labels()), topicOptions).quantise()
	tongues = fit(tongueExamples, len(model.Langs()), tongueOptions).quantise()
	return topics, tongues
}
