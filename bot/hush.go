package bot

import (
	"sync"
	"time"
)

// hushFor is how long the same is not said again in the log.
const hushFor = 10 * time.Second

// hush keeps an outage from filling the log: a line on lost answers stands for
// all of its platform and kind since the one before.
type hush struct {
	now  func() time.Time
	mu   sync.Mutex
	said map[lost]said
}

type lost struct {
	platform Name
	kind     SendKind
}

type said struct {
	at     time.Time
	unsaid int
}

func newHush(now func() time.Time) *hush { return &hush{now: now, said: map[lost]said{}} }

// say reports whether to log a loss, and how many before it were not logged.
func (h *hush) say(platform Name, kind SendKind) (unsaid int, loud bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what, now := lost{platform, kind}, h.now()
	before := h.said[what]
	if now.Sub(before.at) < hushFor {
		before.unsaid++
		h.said[what] = before
		return 0, false
	}
	h.said[what] = said{at: now}
	return before.unsaid, true
}
