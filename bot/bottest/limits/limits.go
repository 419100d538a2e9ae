// Package limits is how a platform's server treats those who call it: what it
// takes in a sliding window, and faults by chance. The fakes of both platforms
// use it.
package limits

import (
	"math/rand/v2"
	"sync"
	"time"
)

// A Rule takes so many calls in any window of a length.
type Rule struct {
	Most   int
	Window time.Duration
}

// Options say what is taken and how often a call fails by chance.
type Options struct {
	All   Rule                     // over all chats
	Chat  func(chat string) []Rule // of one chat
	Seed  uint64
	Scale float64 // how much faster than on the real platform pauses go by; 0: as fast

	Throttled float64 // chance of a 429 about the chat
	Held      float64 // … about all chats
	Broken    float64 // … of a 5xx, with nothing done
	Cut       float64 // … of a cut after the call was carried out
}

// Kind is what becomes of a call.
type Kind int

// The kinds. The zero one lets a call pass.
const (
	Pass Kind = iota
	TooMany
	Broken
	Cut
)

// A Verdict is what becomes of a call. Wait is as the platform tells it: in its
// own time, not in the scaled one.
type Verdict struct {
	Kind Kind
	Wait time.Duration
	All  bool // the wait is for all chats
}

// A Span is a time from, till.
type Span struct{ From, Till time.Time }

// A Ledger is what a Gate has seen.
type Ledger struct {
	Calls     []time.Time
	Holds     []Span // in which nothing was taken from anybody
	Own       int    // 429s because a limit was exceeded
	Chance    int    // 429s by chance
	Disobeyed int    // calls before the time that a 429 had named
	Broken    int
	Cuts      int
}

// A Gate applies the rules. It is safe for concurrent use.
type Gate struct {
	o      Options
	mu     sync.Mutex
	random *rand.Rand
	all    []time.Time
	chats  map[string][]time.Time
	waits  map[string]time.Time
	hold   Span
	ledger Ledger
}

// New makes a Gate.
func New(o Options) *Gate {
	if o.Scale == 0 {
		o.Scale = 1
	}
	return &Gate{o: o, random: rand.New(rand.NewPCG(o.Seed, 1)), chats: map[string][]time.Time{}, waits: map[string]time.Time{}}
}

// Ledger is what was seen so far.
func (g *Gate) Ledger() Ledger {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.ledger
	l.Calls = append([]time.Time(nil), l.Calls...)
	l.Holds = append([]Span(nil), l.Holds...)
	return l
}

// Calls is how many calls came so far.
func (g *Gate) Calls() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.ledger.Calls)
}

// Calm ends the faults by chance.
func (g *Gate) Calm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.o.Throttled, g.o.Held, g.o.Broken, g.o.Cut = 0, 0, 0, 0
}

// inFlight is how long after a 429 about everything calls are still on their way.
const inFlight = 300 * time.Millisecond

// Call decides about one call.
func (g *Gate) Call(chat string) Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.ledger.Calls = append(g.ledger.Calls, now)
	if wait := g.hold.Till.Sub(now); wait > 0 {
		if now.Sub(g.hold.From) > inFlight {
			g.ledger.Disobeyed++
		}
		return g.tooMany(wait, true)
	}
	if wait := g.waits[chat].Sub(now); wait > 0 {
		g.ledger.Disobeyed++
		return g.tooMany(wait, false)
	}
	delete(g.waits, chat)
	if v, over := g.count(chat, now); over {
		g.ledger.Own++
		return v
	}
	return g.chance(chat, now)
}

// count adds the call to its windows, if there is room in all of them.
func (g *Gate) count(chat string, now time.Time) (Verdict, bool) {
	longest := time.Duration(0)
	for _, rule := range g.o.Chat(chat) {
		longest = max(longest, rule.Window)
		if wait, full := rule.full(g.chats[chat], now); full {
			return g.tooMany(wait, false), true
		}
	}
	if wait, full := g.o.All.full(g.all, now); full {
		return g.tooMany(wait, true), true
	}
	g.all = append(since(g.all, now.Add(-g.o.All.Window)), now)
	if longest > 0 {
		g.chats[chat] = append(since(g.chats[chat], now.Add(-longest)), now)
	}
	return Verdict{}, false
}

// full tells how long a window has no room for another call.
func (r Rule) full(calls []time.Time, now time.Time) (time.Duration, bool) {
	inside := since(calls, now.Add(-r.Window))
	if len(inside) < r.Most {
		return 0, false
	}
	return inside[len(inside)-r.Most].Add(r.Window).Sub(now), true
}

// since drops what is older.
func since(calls []time.Time, from time.Time) []time.Time {
	for len(calls) > 0 && !calls[0].After(from) {
		calls = calls[1:]
	}
	return calls
}

func (g *Gate) chance(chat string, now time.Time) Verdict {
	pause := time.Duration(1+g.random.IntN(5)) * time.Second
	scaled := time.Duration(float64(pause) / g.o.Scale)
	draw := g.random.Float64()
	for _, one := range []struct {
		chance float64
		do     func() Verdict
	}{
		{g.o.Throttled, func() Verdict {
			g.ledger.Chance++
			g.waits[chat] = now.Add(scaled)
			return Verdict{Kind: TooMany, Wait: pause}
		}},
		{g.o.Held, func() Verdict {
			g.ledger.Chance++
			g.hold = Span{now, now.Add(scaled)}
			g.ledger.Holds = append(g.ledger.Holds, g.hold)
			return Verdict{Kind: TooMany, Wait: pause, All: true}
		}},
		{g.o.Broken, func() Verdict { g.ledger.Broken++; return Verdict{Kind: Broken} }},
		{g.o.Cut, func() Verdict { g.ledger.Cuts++; return Verdict{Kind: Cut} }},
	} {
		if draw < one.chance {
			return one.do()
		}
		draw -= one.chance
	}
	return Verdict{}
}

func (g *Gate) tooMany(wait time.Duration, all bool) Verdict {
	return Verdict{Kind: TooMany, Wait: time.Duration(float64(wait) * g.o.Scale), All: all}
}
