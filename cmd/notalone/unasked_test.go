package main

import (
	"testing"
	"time"

	"notalone/flows"
)

// Self-harm belongs in the help pages alone: no post of the clock may bring it.
func TestSelfHarmIsNeverPostedUnasked(t *testing.T) {
	site, err := buildSite("", flows.Operator{})
	if err != nil {
		t.Fatal(err)
	}
	feed := flows.Feed{Lang: "en", Zone: "UTC", Practice: flows.Plan{Days: 127, Minute: 450}}
	for days := range 60 {
		at := transcriptTime.AddDate(0, 0, days)
		_, effects := site.Due(feed, flows.DuePractice, at, at, flows.Tally{}, 0)
		for _, effect := range effects {
			post, ok := effect.(flows.Post)
			if ok && post.Page.Path.Parts()[1] == "promise-not-to-tell" {
				t.Errorf("%s brings the story about self-harm", at.Format(time.DateOnly))
			}
		}
		if len(effects) == 0 {
			t.Fatalf("nothing is posted on %s", at.Format(time.DateOnly))
		}
	}
}
