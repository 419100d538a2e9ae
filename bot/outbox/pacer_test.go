package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/bot/outbox/outboxtest"
)

func waits(t *testing.T, pacer *outbox.Pacer, most, calls int) *outbox.Turn {
	t.Helper()
	turn, err := pacer.Wait(t.Context(), "test", most, calls)
	if err != nil {
		t.Fatal(err)
	}
	return turn
}

func TestThePaceIsFairAndAskedForSparingly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace := &outboxtest.Ring{Clock: time.Now}
		pacer := outbox.NewPacer(pace)
		var mu sync.Mutex
		var order []int
		for i := range 20 {
			go func() {
				waits(t, pacer, 1, 1)
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			}()
			synctest.Wait()
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := pacer.Wait(gone, "test", 1, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("waited with %v", err)
		}
		time.Sleep(30 * time.Second)
		mu.Lock()
		defer mu.Unlock()
		if fmt.Sprint(order) != "[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19]" || pace.Asked != 20 {
			t.Errorf("order %v, asked %d times for 20 sends", order, pace.Asked)
		}
	})
}

func TestSendsAreReservedAheadAndRepliesMadeUpFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace := &outboxtest.Ring{Clock: time.Now}
		pacer := outbox.NewPacer(pace)
		for range 10 {
			pacer.Reply(t.Context(), "test", 100)
			waits(t, pacer, 100, 1)
		}
		if pace.Asked != 2 {
			t.Errorf("asked %d times for ten sends, eight at a time", pace.Asked)
		}
		if pace.Past != 9 {
			t.Errorf("%d replies were told of, want 9: the tenth came after the last reservation", pace.Past)
		}
		time.Sleep(time.Minute)
		if waits(t, pacer, 100, 1); pace.Asked != 3 {
			t.Errorf("asked %d times: what is long past is lost", pace.Asked)
		}
	})
}

// A post of three calls has three moments, and they are noted as late together.
func TestCallsInARowTakeATurnEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pace := &outboxtest.Ring{Clock: time.Now}
		pacer := outbox.NewPacer(pace)
		began := time.Now()
		for range 4 {
			turn := waits(t, pacer, 3, 3)
			time.Sleep(100 * time.Millisecond)
			turn.Done(t.Context(), true)
		}
		if took := time.Since(began); took < 3*time.Second || pace.Lates != 4 {
			t.Errorf("twelve calls in %v at three a second, %d times late", took, pace.Lates)
		}
	})
}

// A road is how long a call takes to the platform and its answer back.
type road func(*rand.Rand) (there, back time.Duration)

func steady(there, back, jitter time.Duration) road {
	return func(r *rand.Rand) (time.Duration, time.Duration) {
		return there + time.Duration(r.Int64N(int64(jitter))), back + time.Duration(r.Int64N(int64(jitter)))
	}
}

// However long calls take and however many replicas make them, no second holds
// more of them than the platform takes; and it holds nearly that many.
func TestNoSecondHoldsTooMuch(t *testing.T) {
	const lasting = time.Minute
	for name, tc := range map[string]struct {
		road     road
		replicas int
		share    float64
	}{
		"near":              {steady(time.Millisecond, time.Millisecond, time.Millisecond), 1, 0.99},
		"far":               {steady(60*time.Millisecond, 60*time.Millisecond, 3*time.Millisecond), 2, 0.985},
		"far and uneven":    {steady(30*time.Millisecond, 30*time.Millisecond, 20*time.Millisecond), 3, 0.96},
		"with long pauses":  {pausing(steady(5*time.Millisecond, 5*time.Millisecond, 5*time.Millisecond)), 2, 0.975},
		"slow to be worked": {steady(5*time.Millisecond, 250*time.Millisecond, 10*time.Millisecond), 2, 0.97},
	} {
		for _, limit := range []int{30, 50} {
			t.Run(fmt.Sprintf("%s, %d a second", name, limit), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					pace := &outboxtest.Ring{Clock: func() time.Time { return time.Now().Add(17 * time.Second) }} // clocks differ
					ctx, stop := context.WithTimeout(t.Context(), lasting)
					defer stop()
					arrivals := send(ctx, pace, tc.replicas, limit, tc.road)
					most, over := busiest(arrivals, limit)
					share := float64(len(arrivals)) / lasting.Seconds() / float64(limit)
					t.Logf("share %.3f, %d in the busiest second, %d notes", share, most, pace.Lates)
					if over > 0 || share < tc.share {
						t.Errorf("share %.3f, %d in the busiest second, %d calls too many", share, most, over)
					}
				})
			})
		}
	}
}

// pausing is a road on which everything stands still now and then.
func pausing(usual road) road {
	return func(r *rand.Rand) (time.Duration, time.Duration) {
		there, back := usual(r)
		if r.IntN(100) == 0 {
			there += time.Duration(r.Int64N(int64(250 * time.Millisecond)))
		}
		return there, back
	}
}

// send has replicas send as fast as they may until ctx ends, and returns when the
// calls arrived.
func send(ctx context.Context, pace *outboxtest.Ring, replicas, limit int, road road) (arrivals []time.Time) {
	var mu sync.Mutex
	var calls sync.WaitGroup
	var senders sync.WaitGroup
	for i := range replicas {
		senders.Go(func() {
			pacer := outbox.NewPacer(pace)
			random := rand.New(rand.NewPCG(7, uint64(i)))
			for {
				turn, err := pacer.Wait(ctx, "test", limit, 1)
				if err != nil {
					return
				}
				there, back := road(random)
				calls.Go(func() {
					time.Sleep(there)
					mu.Lock()
					arrivals = append(arrivals, time.Now())
					mu.Unlock()
					time.Sleep(back)
					turn.Done(ctx, true)
				})
			}
		})
	}
	senders.Wait()
	calls.Wait()
	slices.SortFunc(arrivals, time.Time.Compare)
	return arrivals
}

// People are answered within a moment while posts go out: their replies take the
// next slots. However many write, no second holds more than the platform takes.
func TestRepliesTakeTheNextSlots(t *testing.T) {
	const limit, lasting = 30, 5 * time.Minute
	for name, tc := range map[string]struct {
		perSecond, posts float64 // replies, and the posts that are left at least
		over             float64 // share of calls too many; replies wait for a moment only
	}{"a few": {0.2, 28, 0}, "some": {5, 22, 0.002}, "many": {15, 7, 0.03}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithTimeout(t.Context(), lasting)
				defer stop()
				pacer := outbox.NewPacer(&outboxtest.Ring{Clock: time.Now})
				random := rand.New(rand.NewPCG(7, 9))
				var mu sync.Mutex
				var replies, posts []time.Time
				var longest time.Duration
				go func() {
					for bot.Sleep(ctx, time.Duration(random.ExpFloat64()/tc.perSecond*float64(time.Second))) {
						go func() {
							came := time.Now()
							pacer.Reply(ctx, "test", limit)
							mu.Lock()
							defer mu.Unlock()
							longest = max(longest, time.Since(came))
							replies = append(replies, time.Now())
						}()
					}
				}()
				for range 4 {
					go func() {
						for {
							if _, err := pacer.Wait(ctx, "test", limit, 1); err != nil {
								return
							}
							mu.Lock()
							posts = append(posts, time.Now())
							mu.Unlock()
						}
					}()
				}
				<-ctx.Done()
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				left := float64(len(posts)) / lasting.Seconds()
				most, over := busiest(append(posts, replies...), limit)
				t.Logf("%.1f posts a second, %d replies, the longest waited %v; %d in the busiest second, %d calls too many", left, len(replies), longest, most, over)
				if float64(over) > tc.over*float64(len(posts)+len(replies)) || left < tc.posts || longest > 150*time.Millisecond {
					t.Errorf("%d in the busiest second, %d calls too many, %.1f posts a second", most, over, left)
				}
			})
		})
	}
}

// A reply does not wait for slots that nobody is in line for any more.
func TestRepliesBesideTheLastPostsGoAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := outbox.NewPacer(&outboxtest.Ring{Clock: time.Now})
		began := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { _, _ = pacer.Wait(t.Context(), "test", 1000, 1) })
		}
		synctest.Wait()
		for range 100 {
			all.Go(func() { pacer.Reply(t.Context(), "test", 1000) })
		}
		all.Wait()
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("twenty posts and a hundred replies took %v", took)
		}
	})
}

// Another process sends posts, so that replies here find no slot to take: room is
// left for as many as have lately come.
func TestPostsLeaveRoomForRepliesOfOthers(t *testing.T) {
	const limit, lasting, unknown = 30, 5 * time.Minute, 5 * time.Second
	for name, perSecond := range map[string]float64{"a few": 2, "some": 5, "many": 10} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithTimeout(t.Context(), lasting)
				defer stop()
				known := time.Now().Add(unknown)
				ring := &outboxtest.Ring{Clock: time.Now}
				here, there := outbox.NewPacer(ring), outbox.NewPacer(ring)
				random := rand.New(rand.NewPCG(7, 9))
				var mu sync.Mutex
				var replies, posts []time.Time
				note := func(calls *[]time.Time) {
					mu.Lock()
					defer mu.Unlock()
					*calls = append(*calls, time.Now())
				}
				go func() {
					for bot.Sleep(ctx, time.Duration(random.ExpFloat64()/perSecond*float64(time.Second))) {
						here.Reply(ctx, "test", limit)
						note(&replies)
					}
				}()
				go func() {
					for bot.Sleep(ctx, time.Second) { // and a post now and then, which tells of the replies
						if _, err := here.Wait(ctx, "test", limit, 1); err == nil {
							note(&posts)
						}
					}
				}()
				for {
					if _, err := there.Wait(ctx, "test", limit, 1); err != nil {
						break
					}
					note(&posts)
				}
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				calls := slices.DeleteFunc(append(posts, replies...), func(at time.Time) bool { return at.Before(known) })
				most, over := busiest(calls, limit)
				t.Logf("%d posts, %d replies; %d in the busiest second, %d calls too many", len(posts), len(replies), most, over)
				if most > limit+6 || over*50 > len(calls) {
					t.Errorf("%d in the busiest second, %d of %d calls too many", most, over, len(calls))
				}
				if float64(len(posts)) < (limit-2*perSecond)*0.6*lasting.Seconds() && perSecond < 10 {
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
