package bot

import (
	"sync"
	"time"
)

// hurry is how many events of one person in one place may wait for their turn.
// Those beyond are not answered, but for help: flows decides that.
const hurry = 10

// A job is one event in hand.
type job struct {
	event   *Event
	done    func()
	came    time.Time
	hurried bool
}

// lane is what keeps a job in line: who did it, and where. What a place has in
// common needs no order between people: it is written by compare-and-set.
func (j *job) lane() talk { return talk{j.event.Person, j.event.Place} }

// lanes keep the events of one person in one place in order while all others run
// side by side: a talk has at most one job out, and its next one follows when
// that is finished.
type lanes struct {
	mu      sync.Mutex
	waiting map[talk][]*job // a talk is present while it has a job out
	ready   chan *job
}

func newLanes(size int) *lanes {
	return &lanes{waiting: map[talk][]*job{}, ready: make(chan *job, size)}
}

// add queues a job. The ready channel has room for every job in hand, so the
// send inside the lock cannot block.
func (l *lanes) add(j *job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue, out := l.waiting[j.lane()]
	if out {
		j.hurried = j.event.Person.Known() && len(queue) >= hurry
		l.waiting[j.lane()] = append(queue, j)
		return
	}
	l.waiting[j.lane()] = nil
	l.ready <- j
}

// next lets the following job of the finished one's lane go.
func (l *lanes) next(j *job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	queue := l.waiting[j.lane()]
	if len(queue) == 0 {
		delete(l.waiting, j.lane())
		return
	}
	l.waiting[j.lane()] = queue[1:]
	l.ready <- queue[0]
}

// batch waits for a job and takes what else is ready, up to max; nil when stop
// is closed.
func (l *lanes) batch(stop <-chan struct{}, max int) []*job {
	var first *job
	select {
	case first = <-l.ready:
	case <-stop:
		return nil
	}
	jobs := []*job{first}
	for len(jobs) < max {
		select {
		case j := <-l.ready:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
}
