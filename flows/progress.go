package flows

// Progress is how the sending of an announcement stands, as a whole.
type Progress struct {
	All     int // receivers on the list
	Left    int // still waiting
	Tallies []Tallied
	Presses map[Path]int // on its buttons, all together
}

// Tallied is how many receivers ended alike.
type Tallied struct {
	Outcome  string `json:"outcome"` // sent, wiped, refused, uncertain, skipped, failed
	Why      string `json:"why,omitempty"`
	Lang     string `json:"lang,omitempty"`
	Platform string `json:"platform"`
	N        int    `json:"n"`
}

// Outcomes of single receivers.
const (
	OutSent      = "sent"
	OutWiped     = "wiped"     // blocked, kicked or gone: nothing is kept of them
	OutRefused   = "refused"   // no permission there
	OutUncertain = "uncertain" // it may have arrived, and is not sent twice
	OutSkipped   = "skipped"   // wanted no news any more, or there was no text
	OutFailed    = "failed"    // could not be reached for too long
)

// Count adds up the receivers with an outcome.
func (p *Progress) Count(outcome string) int {
	n := 0
	for _, t := range p.Tallies {
		if t.Outcome == outcome {
			n += t.N
		}
	}
	return n
}

// Ended is how many receivers' entries have ended.
func (p *Progress) Ended() int {
	n := 0
	for _, t := range p.Tallies {
		n += t.N
	}
	return n
}

// Faults are the endings that speak of something wrong with the announcement or
// the platform; who blocked the bot is no fault.
func (p *Progress) Faults() int {
	return p.Count(OutRefused) + p.Count(OutFailed) + p.Count(OutUncertain)
}

// Shown are the presses that may be told: those of leastPresses or more.
func (p *Progress) Shown() map[Path]int {
	shown := map[Path]int{}
	for path, n := range p.Presses {
		if n >= leastPresses {
			shown[path] = n
		}
	}
	return shown
}
