package week

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// A platform records posts. It knows each member's fate, and with troubles it
// fails now and then as platforms do.
type platform struct {
	bot.Adapter // what the clock never calls
	name        bot.Name
	can         flows.Can
	now         func() time.Time
	troubles    bool

	mu      sync.Mutex
	random  *rand.Rand
	members map[string]*member // by chat
	posts   []*post
	open    map[slot]*post   // quizzes, for the votes
	known   map[string]*post // by nonce
	refused map[*member]int  // messages; a poll is tried as a message again
	told    map[*member]int  // times that an admin was told of a pause
	asked   func(*post)      // told of every new quiz of a group
}

// A post is a message that arrived.
type post struct {
	member *member
	kind   flows.DueKind
	at     time.Time
	page   *flows.Page
	poll   *flows.Poll
	id     string
	votes  []int // of a quiz, by choice
	told   bool  // the count of its poll was told to a process
}

func newPlatform(name bot.Name, can flows.Can, o Options, now func() time.Time) *platform {
	return &platform{
		name: name, can: can, now: now, troubles: o.Kills, random: rand.New(rand.NewPCG(o.Seed, uint64(can))),
		members: map[string]*member{}, open: map[slot]*post{}, known: map[string]*post{}, refused: map[*member]int{}, told: map[*member]int{},
	}
}

// Name implements bot.Adapter.
func (p *platform) Name() bot.Name { return p.name }

// Can implements bot.Adapter.
func (p *platform) Can(*bot.Event) flows.Can { return p.can }

// Most implements bot.Adapter.
func (*platform) Most() int { return 20_000 }

// Post implements bot.Adapter.
func (p *platform) Post(_ context.Context, place bot.Address, sent flows.Post, nonce string) (bot.Sent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.members[place.Chat()]
	if err := p.fateOf(m, place, sent.Poll == nil); err != nil {
		return bot.Sent{}, err
	}
	trouble := 1000
	if p.troubles {
		trouble = p.random.IntN(1000)
	}
	switch {
	case trouble < 8:
		return bot.Sent{}, &bot.SendError{Kind: bot.Throttled, RetryAfter: time.Duration(1+p.random.IntN(40)) * time.Second, Op: "post"}
	case trouble < 16:
		return bot.Sent{}, &bot.SendError{Kind: bot.Passing, Op: "post"}
	case trouble < 18: // lost on the way there
		return bot.Sent{}, &bot.SendError{Kind: bot.Uncertain, Op: "post"}
	}
	arrived := p.arrive(m, sent, nonce)
	if trouble < 20 { // lost on the way back
		return bot.Sent{}, &bot.SendError{Kind: bot.Uncertain, Op: "post"}
	}
	return bot.Sent{Message: arrived.id}, nil
}

func (p *platform) fateOf(m *member, place bot.Address, message bool) error {
	now := p.now()
	switch {
	case m.happened(moves, now) && place == m.place:
		return &bot.SendError{Kind: bot.Refused, MovedTo: m.after, Op: "post"}
	case m.happened(leaves, now):
		return &bot.SendError{Kind: bot.Gone, Op: "post"}
	case m.happened(forbids, now):
		if message {
			p.refused[m]++
		}
		return &bot.SendError{Kind: bot.Refused, Op: "post"}
	}
	return nil
}

func (p *platform) arrive(m *member, sent flows.Post, nonce string) *post {
	if before := p.known[nonce]; before != nil && p.can.Has(flows.CanRepeat) {
		return before
	}
	at := p.now()
	arrived := &post{member: m, kind: kindOf(sent), at: at, page: sent.Page, poll: sent.Poll, id: "m" + strconv.Itoa(len(p.posts)+1)}
	p.posts, p.known[nonce] = append(p.posts, arrived), arrived
	if arrived.kind == flows.DueQuiz && !m.feed.Private {
		p.open[m.slot(flows.DueQuiz, at)] = arrived
		p.asked(arrived)
	}
	return arrived
}

// kindOf tells by what is seen what a post is.
func kindOf(sent flows.Post) flows.DueKind {
	first, _, _ := strings.Cut(string(sent.Page.Path), "/")
	switch {
	case sent.Poll != nil, first == "quiz", sent.Page.Path == "class/quiz":
		return flows.DueQuiz
	case sent.Page.Path == "class/closed":
		return flows.DueClose
	case sent.Page.Path == "class/week":
		return flows.DueSummary
	case first == "tip", first == "tips":
		return flows.DueTip
	case first == "practice":
		return flows.DuePractice
	default:
		return "unknown"
	}
}

// Alert implements bot.Adapter.
func (p *platform) Alert(_ context.Context, place bot.Address, _ func(string) *flows.Page) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told[p.members[place.Chat()]]++
	return nil
}

// ClosePoll implements bot.Adapter: the count is told once.
func (p *platform) ClosePoll(_ context.Context, _ bot.Address, message string) ([]int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, quiz := range p.open {
		if quiz.id == message && !quiz.told {
			quiz.told = true
			return quiz.votes, nil
		}
	}
	return nil, &bot.SendError{Kind: bot.Refused, Op: "close poll"}
}
