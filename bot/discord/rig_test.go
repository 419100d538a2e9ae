package discord

import (
	"bytes"
	"context"
	"flag"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/discord/discordtest"
	"notalone/flows"
	"notalone/i18n"
)

// People and places of the tests. A person's locale follows from their id.
const (
	ann    = "200000000000000001" // en-US
	bo     = "840000000000000002" // vi
	citra  = "620000000000000003" // id
	guild  = "300000000000000001"
	school = "400000000000000001"
	club   = "400000000000000002"
)

// A rig is a whole bot on a fake Discord.
type rig struct {
	*discordtest.Server
	adapter *Adapter
	store   *bottest.Store
	meter   *meter
	log     *lockedBuffer
	ended   <-chan error
	stop    func()
}

// A change sets the rig up before it runs.
type change func(*rig, *bot.Options)

// TestMain lets many tests run at once: they wait for one another's network and
// for discordgo, which takes a second to say goodbye, and hardly use the machine.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() == "" { // there the number is that of its workers
		if err := flag.Set("test.parallel", "8"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// quick makes pauses short; the order of things stays as it is.
func quick(a *Adapter) {
	a.timing.first, a.timing.commands, a.timing.look = time.Millisecond, time.Millisecond, time.Millisecond
}

// start runs the whole bot for the time of the test.
func start(t testing.TB, changes ...change) *rig {
	t.Helper()
	beside(t)
	r := &rig{Server: discordtest.New(t), store: bottest.NewStore(), meter: &meter{}, log: &lockedBuffer{}}
	log := slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.adapter = newAdapter(t, r.URL, log)
	quick(r.adapter)
	o := bot.Options{
		Site:  bottest.Site(t, bottest.Keywords{"they took my money": {Labels: []string{"scam"}, Decision: flows.Go}}),
		Store: r.store, Adapters: []bot.Adapter{r.adapter}, Log: log, Now: time.Now, Seed: func() uint64 { return 3 }, Meter: r.meter,
	}
	for _, change := range changes {
		change(r, &o)
	}
	r.run(t, bot.New(o).Run)
	return r
}

// beside lets a test run beside others: discordgo takes a second to say goodbye.
func beside(t testing.TB) {
	if t, ok := t.(*testing.T); ok {
		t.Parallel()
	}
}

// run starts something and ends it with the test.
func (r *rig) run(t testing.TB, run func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	ended, done := make(chan error, 1), make(chan struct{})
	go func() { ended <- run(ctx); close(done) }()
	r.ended = ended
	r.stop = func() { stop(); <-done }
	t.Cleanup(r.stop)
}

// connect runs the adapter alone, its events thrown away.
func connect(t testing.TB, changes ...func(*rig)) *rig {
	t.Helper()
	beside(t)
	return connectWith(t, changes)
}

func connectWith(t testing.TB, changes []func(*rig)) *rig {
	t.Helper()
	r := &rig{Server: discordtest.New(t), log: &lockedBuffer{}}
	r.adapter = newAdapter(t, r.URL, quietLog(r.log))
	quick(r.adapter)
	for _, change := range changes {
		change(r)
	}
	r.run(t, func(ctx context.Context) error { return r.adapter.Run(ctx, acceptAll{}) })
	return r
}

// acceptAll is an inbox that answers nothing.
type acceptAll struct{}

func (acceptAll) Accept(_ context.Context, _ *bot.Event, done func()) error { done(); return nil }

func newAdapter(t testing.TB, address string, log *slog.Logger) *Adapter {
	t.Helper()
	a, err := New(Options{
		Token: discordtest.Token, APIURL: address, Now: time.Now, Log: log,
		Commands: []Command{
			{Name: "help", Names: map[i18n.Lang]string{"en": "help", "vi": "Trợ giúp", "id": "Bantuan"}, Descriptions: map[i18n.Lang]string{"en": "Help", "vi": "Giúp", "id": "Bantuan"}},
			{Name: "tips", Names: map[i18n.Lang]string{"en": "help", "vi": "mẹo", "id": "tips"}, Descriptions: map[i18n.Lang]string{"en": "Tips", "vi": "Mẹo", "id": "Tips"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// end waits for the run to end by itself.
func (r *rig) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the run did not end")
		return nil
	}
}

// answers waits for the answer to words in a private chat.
func (r *rig) answers(user, words string) *discordtest.Message {
	r.Say(user, words)
	return r.Next(discordtest.Private(user))
}

// meter counts what the shell met.
type meter struct {
	mu     sync.Mutex
	failed []bot.SendKind
}

func (*meter) Event(bot.Name)                   {}
func (*meter) Answered(bot.Name, time.Duration) {}
func (*meter) Dropped(string)                   {}
func (*meter) StoreDown(bool)                   {}

func (m *meter) Failed(_ bot.Name, kind bot.SendKind) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed = append(m.failed, kind)
}

func (m *meter) kinds() []bot.SendKind {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]bot.SendKind(nil), m.failed...)
}

// lockedBuffer takes log lines from many goroutines.
type lockedBuffer struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	next chan struct{} // closed by the next line
}

var _ io.Writer = (*lockedBuffer)(nil)

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
	return b.buf.Write(p)
}

// wrote is closed when another line comes.
func (b *lockedBuffer) wrote() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// count is how often a text stands in the log.
func (b *lockedBuffer) count(text string) int { return strings.Count(b.String(), text) }

// quietLog writes into a buffer.
func quietLog(to io.Writer) *slog.Logger { return slog.New(slog.NewJSONHandler(to, nil)) }

// waitLog waits until a line was logged.
func (r *rig) waitLog(t *testing.T, text string) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		next := r.log.wrote()
		if r.log.count(text) > 0 {
			return
		}
		select {
		case <-limit:
			t.Fatalf("nothing about %q in the log:\n%s", text, r.log)
		case <-next:
		}
	}
}

// waitFigures waits for the adapter's own counts.
func (r *rig) waitFigures(t *testing.T, ok func(Figures) bool) {
	t.Helper()
	limit := time.After(20 * time.Second)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for !ok(r.adapter.Figures()) {
		select {
		case <-limit:
			t.Fatalf("figures stay at %+v", r.adapter.Figures())
		case <-look.C:
		}
	}
}
