package understand

import (
	"unicode"

	"notalone/flows/understand/features"
	"notalone/flows/understand/model"
	"notalone/i18n"
)

// tongue is the language of a message.
type tongue struct {
	written i18n.Lang // empty: not sure, or none of ours
	read    i18n.Lang // whose words and meanings to look it up with
	foreign bool      // surely another language or script
}

// From these probabilities on a language is named, and a foreign one believed.
const (
	namedFrom   = 0.95
	foreignFrom = 0.9
)

// tongue tells the language of a message; prefer decides when it is close.
func (r *Reader) tongue(sentences []features.Sentence, prefer i18n.Lang) tongue {
	latin, other := letters(sentences)
	switch {
	case other > latin:
		return tongue{read: prefer, foreign: true}
	case latin == 0:
		return tongue{read: prefer}
	}
	scores := r.tongues.Score(features.Tongue(sentences).Hashes)
	langs := model.Langs()
	best, total := 0, 0.0
	for k, lang := range langs {
		if lang == string(prefer) {
			scores[k] *= preferred
		}
		total += scores[k]
		if scores[k] > scores[best] {
			best = k
		}
	}
	t := tongue{read: i18n.Lang(langs[best])}
	sure := scores[best] / total
	if langs[best] == model.OtherLang {
		t.foreign = sure >= foreignFrom
		t.read = closest(scores, prefer)
		return t
	}
	if sure >= namedFrom {
		t.written = t.read
	}
	return t
}

// preferred is how much likelier the person's own language is beforehand.
const preferred = 3

// closest of our own languages.
func closest(scores []float64, prefer i18n.Lang) i18n.Lang {
	best := prefer
	top := 0.0
	for k, lang := range model.Langs() {
		if lang != model.OtherLang && scores[k] > top {
			best, top = i18n.Lang(lang), scores[k]
		}
	}
	return best
}

// letters counts those of the script that our languages are written in, and others.
func letters(sentences []features.Sentence) (latin, other int) {
	for _, s := range sentences {
		for _, t := range s {
			for _, r := range t.Plain {
				switch {
				case unicode.Is(unicode.Latin, r):
					latin++
				case unicode.IsLetter(r):
					other++
				}
			}
		}
	}
	return latin, other
}
