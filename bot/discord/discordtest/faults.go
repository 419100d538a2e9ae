package discordtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// A Fault is what goes wrong with one call.
type Fault struct {
	Status     int           // answered instead of doing what was asked
	Code       int           // Discord's code beside the status
	RetryAfter time.Duration // of a 429
	Global     bool          // the 429 is about all calls
	Cloud      bool          // the 429 comes from the network before Discord, as a page
	Hold       <-chan struct{}
	Cut        bool   // the connection ends without an answer
	Done       bool   // what was asked is done before it goes wrong
	Body       string // an answer that cannot be read
}

// Fail lets the next calls of a route go wrong, one fault each.
func (s *Server) Fail(route string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[route] = append(s.faults[route], faults...)
}

// Times repeats a fault.
func Times(n int, fault Fault) []Fault {
	all := make([]Fault, n)
	for i := range all {
		all[i] = fault
	}
	return all
}

// next takes the fault that is due on a route.
func (s *Server) next(route string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.faults[route]
	if len(queue) == 0 {
		return Fault{}, false
	}
	s.faults[route] = queue[1:]
	return queue[0], true
}

// hold notes that a call has come and waits.
func (s *Server) hold(route string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[route]++
	s.happened()
}

// WaitBusy waits until a call of a route is being held.
func (s *Server) WaitBusy(route string) {
	s.t.Helper()
	s.wait("a call of "+route, func() bool { return s.held[route] > 0 })
}

// spoil answers as a fault says. A cut panics in the way that net/http knows.
func (f Fault) spoil(w http.ResponseWriter) {
	switch {
	case f.Cut:
		panic(http.ErrAbortHandler)
	case f.Cloud:
		w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		if f.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		}
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, "<!DOCTYPE html><title>Access denied | error 1015</title>")
	case f.Status == http.StatusTooManyRequests:
		tooMany(w, f.RetryAfter, f.Global)
	case f.Status != 0:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(f.Status)
		fmt.Fprintf(w, `{"message":"as the test asked","code":%d}`, f.Code)
	default:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, f.Body)
	}
}

func tooMany(w http.ResponseWriter, after time.Duration, global bool) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds()+1)))
	scope := "user"
	if global {
		scope = "global"
		w.Header().Set("X-RateLimit-Global", "true")
	}
	w.Header().Set("X-RateLimit-Scope", scope)
	w.WriteHeader(http.StatusTooManyRequests)
	fmt.Fprintf(w, `{"message":"You are being rate limited.","retry_after":%.3f,"global":%t}`, after.Seconds(), global)
}

// A limit is a route's bucket.
type limit struct {
	n      int
	window time.Duration
	used   map[string]*use
}

type use struct {
	n     int
	since time.Time
}

// spend counts a call and writes the headers; false is a 429.
func (l *limit) spend(w http.ResponseWriter, route, major string, now time.Time) (time.Duration, bool) {
	u := l.used[major]
	if u == nil || now.Sub(u.since) >= l.window {
		u = &use{since: now}
		l.used[major] = u
	}
	after := l.window - now.Sub(u.since)
	u.n++
	header := w.Header()
	header.Set("X-RateLimit-Bucket", fmt.Sprintf("%x", route))
	header.Set("X-RateLimit-Limit", strconv.Itoa(l.n))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, l.n-u.n)))
	header.Set("X-RateLimit-Reset-After", strconv.FormatFloat(after.Seconds(), 'f', 3, 64))
	return after, u.n <= l.n
}
