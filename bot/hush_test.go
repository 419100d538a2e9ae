package bot

import (
	"testing"
	"time"
)

func TestALossIsLoggedOnceInAWhileAndCounted(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	h := newHush(func() time.Time { return now })
	for i, step := range []struct {
		after  time.Duration
		kind   SendKind
		unsaid int
		loud   bool
	}{
		{0, Passing, 0, true},
		{0, Uncertain, 0, true},
		{time.Second, Passing, 0, false},
		{time.Second, Passing, 0, false},
		{hushFor, Passing, 2, true},
		{hushFor, Passing, 0, true},
	} {
		now = now.Add(step.after)
		if unsaid, loud := h.say("one", step.kind); unsaid != step.unsaid || loud != step.loud {
			t.Errorf("step %d: %d unsaid, loud %v; want %d, %v", i, unsaid, loud, step.unsaid, step.loud)
		}
	}
	if _, loud := h.say("another", Passing); !loud {
		t.Error("the loss of one platform hushes that of another")
	}
}
