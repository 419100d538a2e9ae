package telegramtest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// A Fault is a way to fail. The zero value of a field means no such fault.
type Fault struct {
	Times       int           // how many calls; 0 is one, Always is all
	Delay       time.Duration // wait before anything else
	NoDial      bool          // no connection (in the process only)
	Cut         bool          // cut the connection before the call is carried out
	CutAfter    bool          // … and after
	HTML        int           // answer with this status and a page instead of JSON
	RetryAfter  int           // 429 with these seconds
	Code        int           // answer with this error
	Description string
}

// Always makes a fault last until Heal.
const Always = -1

// Fail makes calls of a method fail; "" stands for every method.
func (s *Server) Fail(method string, f Fault) {
	if f.Times == 0 {
		f.Times = 1
	}
	s.change(func() { s.faults[method] = append(s.faults[method], &f) })
}

// Heal ends all faults.
func (s *Server) Heal() { s.change(func() { clear(s.faults) }) }

// Delay adds a delay to every answer but those of polls.
func (s *Server) Delay(d time.Duration) { s.change(func() { s.delay = d }) }

func (s *Server) nextFault(method string, fits func(*Fault) bool) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []string{method, ""} {
		for i, f := range s.faults[name] {
			if !fits(f) {
				continue
			}
			if f.Times > 0 {
				if f.Times--; f.Times == 0 {
					s.faults[name] = slices.Delete(s.faults[name], i, i+1)
				}
			}
			return f
		}
	}
	return nil
}

var errNoDial = errors.New("connection refused")

func (s *Server) refuseDial(path string) error {
	method := path[strings.LastIndexByte(path, '/')+1:]
	if s.nextFault(method, func(f *Fault) bool { return f.NoDial }) != nil {
		return errNoDial
	}
	return nil
}

// fault waits as told and returns the answer of a call that is not carried out.
func (s *Server) fault(ctx context.Context, method string) (*Fault, *reply) {
	f := s.nextFault(method, func(f *Fault) bool { return !f.NoDial })
	s.mu.Lock()
	delay := s.delay
	s.mu.Unlock()
	if method == "getUpdates" {
		delay = 0
	}
	if f != nil {
		delay += f.Delay
	}
	if delay > 0 && !pause(ctx, delay) {
		return f, &reply{cut: true}
	}
	if f == nil {
		return nil, nil
	}
	var answer reply
	switch {
	case f.Cut:
		answer = reply{cut: true}
	case f.HTML != 0:
		answer = reply{status: f.HTML, body: []byte("<html><body>Bad Gateway</body></html>")}
	case f.RetryAfter > 0:
		answer = failure(&refusal{code: 429, description: "Too Many Requests: retry after", retryAfter: f.RetryAfter})
	case f.Code != 0:
		answer = failure(&refusal{code: f.Code, description: f.Description})
	default:
		return f, nil
	}
	return f, &answer
}

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
