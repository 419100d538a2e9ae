package outbox_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
)

// A sharedPace reserves as the store does.
type sharedPace struct{ free time.Time }

func (p *sharedPace) Pace(_ context.Context, _ bot.Name, perSecond float64, want, past int) (time.Duration, error) {
	each := time.Duration(float64(time.Second) / perSecond)
	now := time.Now()
	start := now
	if p.free.After(now) {
		start = p.free
	}
	start = start.Add(time.Duration(past) * each)
	p.free = start.Add(time.Duration(want) * each)
	return start.Sub(now), nil
}

// People are answered at once, at moments of their own choice, and posts make room
// for it: together they stay below what the platform takes in nearly every second,
// and never go far above.
func TestPostsMakeRoomForReplies(t *testing.T) {
	const limit, lasting = 30, 5 * time.Minute
	for name, perSecond := range map[string]float64{"a few": 2, "some": 5, "many": 10} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithTimeout(t.Context(), lasting)
				defer stop()
				pacer := outbox.NewPacer(&sharedPace{})
				random := rand.New(rand.NewPCG(7, 7))
				var replies, posts []time.Time
				go func() {
					for bot.Sleep(ctx, time.Duration(random.ExpFloat64()/perSecond*float64(time.Second))) {
						replies = append(replies, time.Now())
						pacer.Past("test")
					}
				}()
				for pacer.Wait(ctx, "test", 0.975*limit) == nil {
					posts = append(posts, time.Now())
				}
				synctest.Wait()
				most, over := busiest(append(posts, replies...), limit)
				total := len(posts) + len(replies)
				t.Logf("%d posts, %d replies; %d in the busiest second, %.1f %% of the calls are more than %d in a second", len(posts), len(replies), most, 100*float64(over)/float64(total), limit)
				if most > limit+4 || over*50 > total || total > limit*int(lasting.Seconds()) {
					t.Errorf("%d in the busiest second, %d of %d calls too many", most, over, total)
				}
				if float64(len(posts)) < (limit-3*perSecond)*0.6*lasting.Seconds() && perSecond < 10 {
					t.Errorf("only %d posts", len(posts))
				}
			})
		})
	}
}

// busiest is the most calls in any second, and how many calls find a full one.
func busiest(calls []time.Time, limit int) (most, over int) {
	slices.SortFunc(calls, time.Time.Compare)
	first := 0
	for i, at := range calls {
		for !calls[first].After(at.Add(-time.Second)) {
			first++
		}
		most = max(most, i-first+1)
		if i-first+1 > limit {
			over++
		}
	}
	return most, over
}
