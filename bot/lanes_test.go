package bot

import "testing"

// TestLanes: in one channel people run side by side, each in their own order, and
// so does what nobody in particular did there.
func TestLanes(t *testing.T) {
	channel := NewAddress("test", "channel", "")
	at := func(person string) *job {
		return &job{event: &Event{Person: NewPerson("test", person), Place: channel}}
	}
	ann, bob, moved := at("ann"), at("bob"), at("")
	again, left := at("ann"), at("")
	l := newLanes(10)
	for _, j := range []*job{ann, again, bob, moved, left} {
		l.add(j)
	}
	expect := func(when string, want ...*job) {
		t.Helper()
		if len(l.ready) != len(want) {
			t.Fatalf("%s: %d jobs are ready, want %d", when, len(l.ready), len(want))
		}
		for i, j := range want {
			if got := <-l.ready; got != j {
				t.Errorf("%s: job %d is another one", when, i)
			}
		}
	}
	expect("at first", ann, bob, moved)
	l.next(bob)
	expect("after bob's only one")
	l.next(ann)
	expect("after ann's first", again)
	l.next(moved)
	expect("after the move", left)
	l.next(again)
	l.next(left)
	if len(l.waiting) != 0 {
		t.Errorf("%d lanes are left behind", len(l.waiting))
	}
}

func TestWhoSendsWithoutWaitingIsHurried(t *testing.T) {
	l := newLanes(100)
	ann, binh := talk{person: NewPerson("test", "ann")}, talk{person: NewPerson("test", "binh")}
	send := func(who talk) bool {
		j := &job{event: &Event{Person: who.person, Place: who.place}}
		l.add(j)
		return j.hurried
	}
	calm := 0
	for range 30 {
		if !send(ann) {
			calm++
		}
	}
	if calm != 1+hurry {
		t.Errorf("%d of 30 events at once are not hurried, want the one in hand and %d that wait", calm, hurry)
	}
	if send(binh) {
		t.Error("somebody else's flood hurries this person")
	}
}
