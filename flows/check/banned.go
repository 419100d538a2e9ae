package check

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"notalone/flows"
	"notalone/i18n"
)

//go:embed banned.yaml
var bannedSource []byte

// bannedWords are patterns by language that must not appear, with the reason.
type bannedWords map[i18n.Lang][]bannedRule

type bannedRule struct {
	Pattern string
	Why     string
	Where   string // "help": only in texts about harm; "news": only in announcements; "claim": not where it is there to be seen through
	Tells   string // what a moderator reads: flaw.banned_TELLS
	Trap    int    // number of the trap in the facts file
	Example string // what it has to catch
	re      *regexp.Regexp
}

func readBanned() (bannedWords, error) {
	var banned bannedWords
	if err := yaml.UnmarshalWithOptions(bannedSource, &banned, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read banned.yaml: %w", err)
	}
	for lang, rules := range banned {
		for i := range rules {
			re, err := regexp.Compile(`(?i)` + rules[i].Pattern)
			if err != nil {
				return nil, fmt.Errorf("banned.yaml: %s: %q: %w", lang, rules[i].Pattern, err)
			}
			rules[i].re = re
		}
	}
	return banned, nil
}

// wording reports what must not be said in a text.
func (c *checker) wording(lang i18n.Lang, key i18n.Key, plain string) {
	for _, rules := range [][]bannedRule{c.banned[lang], c.banned["all"]} {
		for _, rule := range rules {
			if rule.Where == "news" || rule.Where == "help" && !aboutHarm(key) || rule.Where == "claim" && (c.tempts[key] || strings.HasSuffix(string(key), ".signs")) {
				continue
			}
			if found := rule.re.FindString(plain); found != "" {
				c.word("banned wording", lang, key, "%q: %s", strings.TrimSpace(found), rule.Why)
			}
		}
	}
}

// tells is the message of the reason, which moderators read in their language.
func (r bannedRule) tells() i18n.Key {
	if r.Trap > 0 {
		return "flaw.banned_facts"
	}
	return i18n.Key("flaw.banned_" + r.Tells)
}

// Reviewer names the wordings of an announcement that must not go out, each with
// the reason: every rule holds there.
func Reviewer() (func(lang i18n.Lang, text string) []flows.Wording, error) {
	banned, err := readBanned()
	if err != nil {
		return nil, err
	}
	return func(lang i18n.Lang, text string) []flows.Wording {
		var found []flows.Wording
		for _, rules := range [][]bannedRule{banned[lang], banned["all"]} {
			for _, rule := range rules {
				one := flows.Wording{Words: strings.TrimSpace(rule.re.FindString(text)), Why: rule.tells()}
				if one.Words != "" && !slices.Contains(found, one) {
					found = append(found, one)
				}
			}
		}
		return found
	}, nil
}

// tempting lists the texts that are there to be seen through: wrong answers
// and why they tempt, what a myth claims, and what is said in a practice story.
func tempting(content *flows.Content) map[i18n.Key]bool {
	tempts := map[i18n.Key]bool{}
	for _, q := range content.Questions {
		if q.Kind == "myth" || q.Kind == "trick" {
			tempts[i18n.Key("quiz."+q.ID+".ask")] = true
		}
		for _, choice := range q.Choices {
			if choice != q.Right {
				tempts[i18n.Key("quiz."+q.ID+"."+choice)] = true
				tempts[i18n.Key("quiz."+q.ID+".not_"+choice)] = true
			}
		}
	}
	for _, p := range content.Practice {
		tempts[i18n.Key("practice."+p.ID+".title")] = true
		for _, screen := range p.Screens {
			tempts[i18n.Key("practice."+p.ID+"."+screen.ID+".text")] = screen.Ending == ""
			for _, choice := range screen.Choices {
				tempts[i18n.Key("practice."+p.ID+"."+screen.ID+"."+choice.ID)] = true
			}
		}
	}
	return tempts
}
