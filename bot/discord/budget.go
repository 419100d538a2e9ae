package discord

import (
	"math"
	"slices"
	"time"
)

// Discord resets a bot's token after 1,000 sessions begun in a day. We stop well
// before, and also when many were begun in a short time: that helps nobody.
var identifyRules = [...]struct {
	within time.Duration
	most   int
}{
	{24 * time.Hour, 900},
	{10 * time.Minute, 20},
}

// budget counts the sessions begun.
type budget struct{ spent []time.Time }

func (b *budget) spend(now time.Time) {
	b.spent = append(b.spent, now)
	day := now.Add(-identifyRules[0].within)
	b.spent = slices.DeleteFunc(b.spent, func(at time.Time) bool { return at.Before(day) })
}

// wait is how long the next session has to wait.
func (b *budget) wait(now time.Time) time.Duration {
	var wait time.Duration
	for _, rule := range identifyRules {
		if n := len(b.spent); n >= rule.most {
			wait = max(wait, b.spent[n-rule.most].Add(rule.within).Sub(now))
		}
	}
	return wait
}

// maxBackoff is the longest pause between two tries to connect.
const maxBackoff = time.Minute

// backoff doubles with every try, with half of it left to chance so that many
// bots do not come back in step.
func backoff(try int, first time.Duration, chance float64) time.Duration {
	longest := min(float64(first)*math.Pow(2, float64(try)), float64(maxBackoff))
	return time.Duration(longest * (0.5 + chance/2))
}
