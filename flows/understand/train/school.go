package main

import (
	"slices"
	"strings"

	"notalone/flows/understand/features"
	"notalone/flows/understand/learn"
	"notalone/flows/understand/model"
)

// The learner's settings, found by leaving hands out.
var (
	topicOptions  = learn.Options{Epochs: 20, Rate: 0.5, Drop: 0.35, Decay: 0.001, Bits: features.Bits, Link: model.Softmax}
	tongueOptions = learn.Options{Epochs: 6, Rate: 0.5, Drop: 0.3, Bits: 15, Link: model.Softmax}
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
	topics  [][]learn.Example // by phrase
	tongues [][]learn.Example
	foreign []learn.Example
}

func newSchool(lexicon *features.Lexicon, phrases []phrase, foreign []string) *school {
	s := &school{lexicon: lexicon, phrases: phrases}
	labels, langs := model.Labels(), model.Langs()
	isLabel, isLang := learn.OneOf(len(labels)), learn.OneOf(len(langs))
	for _, p := range phrases {
		label, lang := slices.Index(labels, p.label), slices.Index(langs, string(p.lang))
		var topics, tongues []learn.Example
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
			topics = append(topics, learn.Example{Hashes: lexicon.Topic(sentences, p.lang, false).Hashes, Truth: isLabel[label], Weight: serious})
			tongues = append(tongues, learn.Example{Hashes: features.Tongue(sentences).Hashes, Truth: isLang[lang], Weight: weight})
		}
		s.topics = append(s.topics, topics)
		s.tongues = append(s.tongues, tongues)
	}
	for _, text := range foreign {
		set := features.Tongue(features.Split(features.Clean(text)))
		s.foreign = append(s.foreign, learn.Example{Hashes: set.Hashes, Truth: isLang[len(langs)-1], Weight: foreignWeight})
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
	var topicExamples, tongueExamples []learn.Example
	for i, p := range s.phrases {
		if keep(p) {
			topicExamples = append(topicExamples, s.topics[i]...)
			tongueExamples = append(tongueExamples, s.tongues[i]...)
		}
	}
	tongueExamples = append(tongueExamples, s.foreign...)
	return learn.Fit(topicExamples, len(model.Labels()), topicOptions), learn.Fit(tongueExamples, len(model.Langs()), tongueOptions)
}
