// Package terminal connects the bot to standard input and output: for people
// without an account, for authors and for conversations run from a file. With
// no terminal on the other side it is a plain line protocol without escapes.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"notalone/bot"
	"notalone/flows"
	"notalone/i18n"
)

// Name is the platform's name.
const Name bot.Name = "terminal"

// You is who talks in the terminal.
var You = bot.NewPerson(Name, "you")

// maxLine is the longest line that is read; a longer one is cut into pieces.
const maxLine = 64 << 10

// Options say who is played, where and when.
type Options struct {
	In      io.Reader
	Out     io.Writer
	Locale  string
	Shared  bool
	Manager bool
	Styled  bool // bold and dim by escape codes
	Echo    bool // repeat each line that is read: for transcripts
	Open    flows.Path
	Now     func() time.Time
}

// Adapter is one conversation in a terminal.
type Adapter struct {
	o  Options
	mu sync.Mutex // one answer is printed at a time
	n  int
}

var _ bot.Adapter = (*Adapter)(nil)

// New makes an adapter.
func New(o Options) *Adapter { return &Adapter{o: o} }

// ErrEnd ends Run when the input has ended.
var ErrEnd = errors.New("the input has ended")

// Name implements bot.Adapter.
func (a *Adapter) Name() bot.Name { return Name }

// Can implements bot.Adapter. In a shared place the terminal whispers: it has one reader.
func (a *Adapter) Can(*bot.Event) flows.Can {
	return flows.CanWhisper | flows.CanDeleteTheir | flows.CanHear
}

// Alive implements bot.Adapter.
func (a *Adapter) Alive(time.Time) error { return nil }

// Run reads a line, has it answered and only then reads the next.
func (a *Adapter) Run(ctx context.Context, inbox bot.Inbox) error {
	first := a.o.Open
	if first == "" {
		first = "home"
	}
	if err := a.act(ctx, inbox, func(ev *bot.Event) { ev.Path = first }); err != nil {
		return err
	}
	lines := make(chan string)
	go readLines(a.o.In, lines)
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok || line == "/quit" {
				return ErrEnd
			}
			if a.o.Echo {
				_, _ = fmt.Fprintf(a.o.Out, "> %s\n", line)
			}
			if err := a.act(ctx, inbox, func(ev *bot.Event) { understandLine(ev, line) }); err != nil {
				return err
			}
		}
	}
}

func readLines(in io.Reader, lines chan<- string) {
	defer close(lines)
	reader := bufio.NewReaderSize(in, maxLine)
	for {
		piece, _, err := reader.ReadLine()
		if line := strings.TrimSpace(strings.ToValidUTF8(string(piece), "")); line != "" {
			lines <- line
		}
		if err != nil {
			return
		}
	}
}

// understandLine takes "/help", "/help scam" and "/help/scam" for commands, "[photo]"
// for a picture, and all else for words or the number of a button. A command with a
// sentence behind it is left to the site.
func understandLine(ev *bot.Event, line string) {
	if command, ok := strings.CutPrefix(line, "/"); ok && len(strings.Fields(command)) <= longestCommand {
		if path, err := flows.ParsePath(strings.Join(strings.Fields(command), "/")); err == nil {
			ev.Path = path
			return
		}
	}
	if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
		ev.Media = true
		return
	}
	ev.Text = line
}

// longestCommand is how many words a command has at most: "/help scam tell".
const longestCommand = 3

// act sends one event and waits until it is answered.
func (a *Adapter) act(ctx context.Context, inbox bot.Inbox, what func(*bot.Event)) error {
	ev := &bot.Event{
		Person: You, Place: bot.NewAddress(Name, "here", ""),
		Shared: a.o.Shared, Manager: answer(a.o.Manager), Locale: a.o.Locale, At: a.o.Now(),
	}
	if ev.Shared {
		ev.Kind = "group"
	}
	what(ev)
	answered := make(chan struct{})
	if err := inbox.Accept(ctx, ev, func() { close(answered) }); err != nil {
		return fmt.Errorf("hand a line to the bot: %w", err)
	}
	select {
	case <-answered:
		return nil
	case <-ctx.Done():
		return nil
	}
}

// Answer prints a page with its buttons numbered.
func (a *Adapter) Answer(_ context.Context, _ *bot.Event, page *flows.Page) (bot.Sent, error) {
	if page == nil {
		return bot.Sent{}, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	if _, err := io.WriteString(a.o.Out, Render(page, a.o.Styled)); err != nil {
		return bot.Sent{}, &bot.SendError{Kind: bot.Refused, Op: "print"}
	}
	return bot.Sent{Message: fmt.Sprint(a.n)}, nil
}

func answer(yes bool) flows.Answer {
	if yes {
		return flows.Yes
	}
	return flows.No
}

// Manages implements bot.Adapter.
func (a *Adapter) Manages(context.Context, *bot.Event) (bool, error) { return a.o.Manager, nil }

// Lacks implements bot.Adapter: a terminal takes everything.
func (a *Adapter) Lacks(context.Context, bot.Address) ([]flows.Lack, error) { return nil, nil }

// Alert implements bot.Adapter by printing.
func (a *Adapter) Alert(ctx context.Context, _ bot.Address, page func(string) *flows.Page) error {
	_, err := a.Answer(ctx, nil, page("here"))
	return err
}

// Post prints an unasked page, or what is in a file.
func (a *Adapter) Post(ctx context.Context, _ bot.Address, post flows.Post, _ string) (bot.Sent, error) {
	if post.File != nil {
		return a.Answer(ctx, nil, &flows.Page{Text: i18n.Plainly(post.File.Name + "\n" + strings.TrimSpace(string(post.File.Data)))})
	}
	return a.Answer(ctx, nil, post.Page)
}

// Edit prints the page anew: a terminal can't unprint.
func (a *Adapter) Edit(ctx context.Context, _ bot.Address, _ string, post flows.Post) error {
	_, err := a.Answer(ctx, nil, post.Page)
	return err
}

// ClosePoll implements bot.Adapter: a terminal has no native polls.
func (a *Adapter) ClosePoll(context.Context, bot.Address, string) ([]int, error) { return nil, nil }

// Link implements bot.Adapter: there is no way in from outside.
func (*Adapter) Link(flows.Path) string { return "" }

// Most implements bot.Adapter.
func (*Adapter) Most() int { return 1000 }

// Leave implements bot.Adapter.
func (a *Adapter) Leave(context.Context, bot.Address) error { return nil }

// Delete says what a chat app would delete: a terminal can't unprint.
func (a *Adapter) Delete(_ context.Context, _ bot.Address, ids []string) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, err := fmt.Fprintf(a.o.Out, "  (%d messages deleted)\n", len(ids))
	if err != nil {
		return len(ids), &bot.SendError{Kind: bot.Refused, Op: "print"}
	}
	return 0, nil
}
