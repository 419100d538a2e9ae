package bottest

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// Name is the recording platform's name.
const Name bot.Name = "test"

// Platform is a bot.Adapter that records. Its fields are set before Run.
type Platform struct {
	Capabilities flows.Can
	Fail         func(ev *bot.Event, try int) error // the error of an answer, nil for none
	FailPost     func(place bot.Address) error      // the error of a post, nil for none
	Missing      []flows.Lack                       // what the bot may not do
	posts, edits []Posted
	alerts       []Posted
	left         []bot.Address
	events       chan handed
	mu           sync.Mutex
	answers      []Answer
	deleted      []string
	tries        map[*bot.Event]int
}

// An Answer is what the bot answered to an event; Page is nil for a mere
// acknowledgement.
type Answer struct {
	Event *bot.Event
	Page  *flows.Page
	ID    string
}

// Posted is an unasked message.
type Posted struct {
	Place bot.Address
	Post  flows.Post
}

type handed struct {
	event *bot.Event
	done  func()
}

var _ bot.Adapter = (*Platform)(nil)

// NewPlatform makes a platform that can edit and delete.
func NewPlatform() *Platform {
	return &Platform{
		Capabilities: flows.CanEdit | flows.CanDeleteTheir, events: make(chan handed, 1024),
		tries: map[*bot.Event]int{},
	}
}

// Name implements bot.Adapter.
func (*Platform) Name() bot.Name { return Name }

// Can implements bot.Adapter.
func (p *Platform) Can(*bot.Event) flows.Can { return p.Capabilities }

// Alive implements bot.Adapter.
func (*Platform) Alive(time.Time) error { return nil }

// Run implements bot.Adapter.
func (p *Platform) Run(ctx context.Context, inbox bot.Inbox) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case h := <-p.events:
			if err := inbox.Accept(ctx, h.event, h.done); err != nil {
				return err
			}
		}
	}
}

// Answer implements bot.Adapter.
func (p *Platform) Answer(_ context.Context, ev *bot.Event, page *flows.Page) (bot.Sent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries[ev]++
	if p.Fail != nil {
		if err := p.Fail(ev, p.tries[ev]); err != nil {
			return bot.Sent{}, err
		}
	}
	id := "a" + strconv.Itoa(len(p.answers)+1)
	p.answers = append(p.answers, Answer{Event: ev, Page: page, ID: id})
	if ev.Pressed != "" || page == nil {
		return bot.Sent{}, nil
	}
	return bot.Sent{Message: id}, nil
}

// Manages implements bot.Adapter.
func (p *Platform) Manages(_ context.Context, ev *bot.Event) (bool, error) {
	return ev.Person.ID() == "teacher", nil
}

// Lacks implements bot.Adapter.
func (p *Platform) Lacks(context.Context, bot.Address) ([]flows.Lack, error) { return p.Missing, nil }

// Alert implements bot.Adapter.
func (p *Platform) Alert(_ context.Context, place bot.Address, page func(string) *flows.Page) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alerts = append(p.alerts, Posted{Place: place, Post: flows.Post{Page: page("Class 8A")}})
	return nil
}

// Alerts lists what admins were told, in order.
func (p *Platform) Alerts() []Posted {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Posted(nil), p.alerts...)
}

// Post implements bot.Adapter.
func (p *Platform) Post(_ context.Context, place bot.Address, post flows.Post, _ string) (bot.Sent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.FailPost != nil {
		if err := p.FailPost(place); err != nil {
			return bot.Sent{}, err
		}
	}
	p.posts = append(p.posts, Posted{Place: place, Post: post})
	return bot.Sent{Message: "post" + strconv.Itoa(len(p.posts))}, nil
}

// Edit implements bot.Adapter.
func (p *Platform) Edit(_ context.Context, place bot.Address, _ string, post flows.Post) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.edits = append(p.edits, Posted{Place: place, Post: post})
	return nil
}

// Edits lists what was put in the place of earlier posts, in order.
func (p *Platform) Edits() []Posted {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Posted(nil), p.edits...)
}

// ClosePoll implements bot.Adapter.
func (p *Platform) ClosePoll(context.Context, bot.Address, string) ([]int, error) {
	return []int{2, 6}, nil
}

// Link implements bot.Adapter.
func (*Platform) Link(path flows.Path) string { return "https://chat.example/" + path.Link() }

// Most implements bot.Adapter.
func (*Platform) Most() int { return 1000 }

// Leave implements bot.Adapter.
func (p *Platform) Leave(_ context.Context, place bot.Address) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = append(p.left, place)
	return nil
}

// Posts lists what was posted unasked, in order.
func (p *Platform) Posts() []Posted {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Posted(nil), p.posts...)
}

// Delete implements bot.Adapter.
func (p *Platform) Delete(_ context.Context, _ bot.Address, ids []string) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deleted = append(p.deleted, ids...)
	return 0, nil
}

// Deleted lists the deleted message ids.
func (p *Platform) Deleted() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.deleted...)
}

// Answers lists the answers in order.
func (p *Platform) Answers() []Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Answer(nil), p.answers...)
}

// Hand gives an event to the bot; the channel closes when it was answered.
func (p *Platform) Hand(ev *bot.Event) <-chan struct{} {
	done := make(chan struct{})
	p.events <- handed{event: ev, done: func() { close(done) }}
	return done
}

// Do hands an event over, waits for it and returns the page it was answered with.
func (p *Platform) Do(t testing.TB, ev *bot.Event) *flows.Page {
	t.Helper()
	select {
	case <-p.Hand(ev):
	case <-t.Context().Done():
		t.Fatal("the test ended before the answer")
	}
	answers := p.Answers()
	for i := len(answers) - 1; i >= 0; i-- {
		if a := answers[i]; a.Event == ev || a.Event.Message == ev.Message && ev.Message != "" {
			return a.Page
		}
	}
	return nil
}

// Event makes an event of a person in their private chat.
func Event(person string, what func(*bot.Event)) *bot.Event {
	ev := &bot.Event{
		Person: bot.NewPerson(Name, person), Place: bot.NewAddress(Name, person, ""), Locale: "en",
		At: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC),
	}
	what(ev)
	return ev
}

// Press makes the event of a pressed button.
func Press(person string, path flows.Path) *bot.Event {
	return Event(person, func(ev *bot.Event) { ev.Path, ev.Pressed = path, "m1" })
}

// Say makes the event of typed words.
func Say(person, words string) *bot.Event {
	return Event(person, func(ev *bot.Event) { ev.Text, ev.Message = words, "p1" })
}
