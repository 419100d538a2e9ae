package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"notalone/flows"
)

// An Adapter connects one platform.
type Adapter interface {
	Name() Name
	// Can tells what is possible in the place of an event, right now.
	Can(ev *Event) flows.Can
	// Run receives events and hands them to the inbox until ctx ends. An error
	// before that is final: a refused token, a forbidden intent.
	Run(ctx context.Context, inbox Inbox) error
	// Answer replies to an event. A nil page only acknowledges a press. A
	// sensitive page in a shared place is seen by the person alone, or the call
	// fails with Refused: never a public fallback.
	Answer(ctx context.Context, ev *Event, page *flows.Page) (Sent, error)
	// Manages asks the platform whether the person may manage the place.
	Manages(ctx context.Context, ev *Event) (bool, error)
	// Lacks asks the platform what the bot may not do in a place it posts to.
	Lacks(ctx context.Context, place Address) ([]flows.Lack, error)
	// Alert tells somebody who manages the place, away from where posts go. The
	// page is made with the place's name.
	Alert(ctx context.Context, place Address, page func(name string) *flows.Page) error
	// Post sends an unasked page, native poll or file. A nonce that is repeated within
	// some minutes must not post twice where the platform can tell.
	Post(ctx context.Context, place Address, post flows.Post, nonce string) (Sent, error)
	// Edit puts a page in the place of what was posted. What already reads so is
	// left as it is, without an error.
	Edit(ctx context.Context, place Address, message string, post flows.Post) error
	// ClosePoll stops a native poll and returns its votes by choice.
	ClosePoll(ctx context.Context, place Address, message string) ([]int, error)
	// Link is the web address that opens the private chat with the bot on a page;
	// empty: the platform has none, or does not know it yet.
	Link(path flows.Path) string
	// Most is how many sends the platform takes in any second, replies included.
	Most() int
	// Leave leaves a group.
	Leave(ctx context.Context, place Address) error
	// Delete removes messages and tells how many it could not.
	Delete(ctx context.Context, place Address, ids []string) (left int, err error)
	// Alive is nil while the platform has been heard of lately.
	Alive(now time.Time) error
}

// An Inbox takes events in. Accept blocks while the bot has too much in hand;
// done is called once, when the event was answered or given up.
type Inbox interface {
	Accept(ctx context.Context, ev *Event, done func()) error
}

// Sent is what came of an answer: the id of a new message, to hide it later.
type Sent struct{ Message string }

// SendKind is what the shell should do about a failed send.
type SendKind uint8

// The kinds of failed sends.
const (
	Passing   SendKind = iota // a fault of the moment: try again with a pause
	Throttled                 // the platform asks to wait RetryAfter
	Gone                      // blocked, kicked or deleted: wipe what is kept
	Refused                   // this message will never be accepted
	Uncertain                 // it may have arrived: only what is idempotent is repeated
)

// A SendError is a failed send. Its text carries no token, id or words.
type SendError struct {
	Kind       SendKind
	RetryAfter time.Duration // kind Throttled
	MovedTo    Address       // kind Refused: the group has another id now
	Op         string        // the platform's method
	Code       int           // the platform's or HTTP's status, 0 if there was none
}

func (e *SendError) Error() string { return fmt.Sprintf("%s: %s (%d)", e.Op, e.Kind, e.Code) }

func (k SendKind) String() string {
	return [...]string{"passing fault", "throttled", "gone", "refused", "uncertain"}[k]
}

// AsSendError sorts any error of an adapter into a kind.
func AsSendError(err error) *SendError {
	var sendErr *SendError
	switch {
	case errors.As(err, &sendErr):
		return sendErr
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &SendError{Kind: Uncertain, Op: "send"}
	default:
		return &SendError{Kind: Passing, Op: "send"}
	}
}
