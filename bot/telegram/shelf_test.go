package telegram

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"notalone/bot"
	"notalone/bot/telegram/telegramtest"
)

// memoryShelf is a shelf that survives a kill.
type memoryShelf struct {
	mu      sync.Mutex
	parcels map[string][]byte
	away    bool
}

func (s *memoryShelf) do(do func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errors.New("away")
	}
	do()
	return nil
}

func (s *memoryShelf) Shelve(_ context.Context, owner, name string, parcel []byte) error {
	return s.do(func() { s.parcels[owner+name] = parcel })
}

func (s *memoryShelf) Unshelve(_ context.Context, owner, name string) error {
	return s.do(func() { delete(s.parcels, owner+name) })
}

func (s *memoryShelf) Shelved(_ context.Context, owner string) (map[string][]byte, error) {
	all := map[string][]byte{}
	return all, s.do(func() {
		for name, parcel := range maps.All(s.parcels) {
			all[strings.TrimPrefix(name, owner)] = parcel
		}
	})
}

func (s *memoryShelf) reach(can bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = !can
}

func newShelf() *memoryShelf { return &memoryShelf{parcels: map[string][]byte{}} }

const pressBy = `{"id":"43%[1]d","from":{"id":%[1]d,"is_bot":false,"language_code":"vi"},"data":"%[2]s",` +
	`"message":{"message_id":102,"date":1441645532,"chat":{"id":%[1]d,"type":"private"},"text":"words"}}`

// rush is a crowd that presses or writes at once, before a bot whose answers do
// not get through.
func rush(server *telegramtest.Server, shelf bot.Shelf, press bool) (in *inbox, kill func()) {
	for person := range 350 {
		if press {
			server.Inject("callback_query", fmt.Sprintf(pressBy, 7000+person, "help/grooming"))
		} else {
			server.Inject("message", fmt.Sprintf(`{"message_id":5,"date":1,"from":{"id":%[1]d},"chat":{"id":%[1]d,"type":"private"},"text":"em sợ"}`, 7000+person))
		}
	}
	in = newInbox()
	ctx, kill := context.WithCancel(context.Background())
	go func() { _ = newAdapter(server, &strings.Builder{}, func(o *Options) { o.Shelf = shelf }).Run(ctx, in) }()
	time.Sleep(300 * time.Millisecond)
	return in, kill
}

func TestRushOfPressesWaitsForNoAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		press bool
		shelf *memoryShelf
		most  int // in hand at once
	}{
		"presses":                     {true, newShelf(), 350},
		"words stay with Telegram":    {false, newShelf(), batchSize},
		"presses while Redis is away": {true, &memoryShelf{away: true}, batchSize},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				server := telegramtest.New(t)
				in, kill := rush(server, tc.shelf, tc.press)
				defer func() { kill(); time.Sleep(finishWithin + time.Second) }()
				if got := len(in.events); got != tc.most {
					t.Errorf("%d updates in hand, want %d", got, tc.most)
				}
			})
		})
	}
}

func TestRushIsRepeatedAfterAKill(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server, shelf := telegramtest.New(t), newShelf()
		first, kill := rush(server, shelf, true)
		for range 20 { // answered before the kill
			<-first.events
			(<-first.done)()
		}
		kill()
		time.Sleep(finishWithin + time.Second)
		if got := len(server.Waiting()); got > batchSize {
			t.Errorf("%d updates were still with Telegram", got)
		}
		next := newInbox()
		shelf.reach(false) // Redis comes back later than the bot
		run(t, newAdapter(server, &strings.Builder{}, func(o *Options) { o.Shelf = shelf }), next)
		time.Sleep(time.Second)
		shelf.reach(true)
		time.Sleep(3 * shelfRest)
		again := map[string]bool{}
		for range len(next.events) {
			ev := <-next.events
			again[ev.Person.ID()] = true
			if ev.Path != "help" && ev.Path != "help/grooming" {
				t.Errorf("a press came again as %q", ev.Path)
			}
			(<-next.done)()
		}
		for range len(first.events) {
			if ev := <-first.events; !again[ev.Person.ID()] {
				t.Fatal("a press that was not answered is lost")
			}
		}
		if len(again) > 350 {
			t.Errorf("%d people were answered again", len(again))
		}
		time.Sleep(time.Second)
		if len(shelf.parcels) != 0 || len(server.Waiting()) != 0 {
			t.Errorf("%d parcels and %d updates are left", len(shelf.parcels), len(server.Waiting()))
		}
	})
}

// TestPackedPress: what an answer needs comes back, and which worry it was does
// not.
func TestPackedPress(t *testing.T) {
	a := newAdapter(telegramtest.New(t), &strings.Builder{})
	for name, tc := range map[string]struct{ in, path string }{
		"private":  {fmt.Sprintf(pressBy, 7000, "quiz/phishing-link/b"), "quiz/phishing-link/b"},
		"help":     {fmt.Sprintf(pressBy, 7000, "help/sextortion/now"), "help"},
		"forged":   {fmt.Sprintf(pressBy, 7000, `no \"path\"`), "old"},
		"a topic":  {`{"id":"4","from":{"id":5},"data":"tips","message":{"message_id":7,"date":9,"message_thread_id":3,"is_topic_message":true,"chat":{"id":-100,"type":"supergroup"}}}`, "tips"},
		"whispers": {`{"id":"4","from":{"id":5},"data":"tips","message":{"message_id":7,"date":9,"ephemeral_message_id":8,"chat":{"id":-100,"type":"group"}}}`, "tips"},
		"too old":  {`{"id":"4","from":{"id":5},"data":"tips","message":{"message_id":7,"date":0,"chat":{"id":5,"type":"private"}}}`, "tips"},
	} {
		t.Run(name, func(t *testing.T) {
			before, err := parseUpdate([]byte(`{"update_id":9,"callback_query":` + tc.in + `}`))
			if err != nil {
				t.Fatal(err)
			}
			packed := appendPress(nil, before.id, before.press)
			after, err := parseUpdate(packed)
			if err != nil {
				t.Fatalf("%v: %s", err, packed)
			}
			if strings.Contains(string(packed), "sextortion") || strings.Contains(string(packed), "words") {
				t.Errorf("too much is kept: %s", packed)
			}
			want, got := a.event(&before), a.event(&after)
			if string(got.Path) != tc.path {
				t.Errorf("the path is %q, want %q", got.Path, tc.path)
			}
			got.Path, want.At, got.At = want.Path, time.Time{}, time.Time{}
			want.Reply.(*reply).at, got.Reply.(*reply).at = time.Time{}, time.Time{}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(reply{}, bot.Address{}, bot.Person{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheShelfTellsNoWorry(t *testing.T) {
	for data, want := range map[string]string{
		"help/self_harm/tell": "help", "lines/sextortion/VN": "lines", "line/vn-111": "lines", "report/tiktok/images": "report",
		"trick/link-threat": "trick", "via/2345678/help/scam": "help", "via/2345678/quiz/today": "quiz/today",
		"quiz/code/b": "quiz/code/b", "settings/lang/vi": "settings/lang/vi", "not a path": "not a path",
	} {
		if got := lessOf(data); got != want {
			t.Errorf("%q is kept as %q, want %q", data, got, want)
		}
	}
}
