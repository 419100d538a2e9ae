package bot

import (
	"time"

	"golang.org/x/time/rate"
)

// A person may send a burst of floodBurst and then one each second. Help always
// answers; flows decides that, this only tells who is in a hurry.
const (
	floodBurst  = 10
	floodPeople = 20_000
)

type flood struct {
	people *recent[Person, *rate.Limiter]
}

func newFlood() *flood {
	return &flood{people: newRecent[Person, *rate.Limiter](floodPeople)}
}

func (f *flood) hurried(person Person, now time.Time) bool {
	if !person.Known() {
		return false
	}
	limiter, ok := f.people.get(person)
	if !ok {
		limiter = rate.NewLimiter(rate.Every(time.Second), floodBurst)
		f.people.set(person, limiter)
	}
	return !limiter.AllowN(now, 1)
}
