package redisstore_test

import (
	"context"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/bottest"
	"notalone/bot/redisstore"
	"notalone/flows"
)

var secret = []byte(strings.Repeat("not a real secret. ", 2))

func TestEmbedded(t *testing.T) {
	bottest.RunStoreTests(t, func(t *testing.T) bot.Store {
		store, _ := embedded(t)
		return store
	})
}

func TestRedisServer(t *testing.T) {
	client := startServer(t)
	bottest.RunStoreTests(t, func(t *testing.T) bot.Store {
		if err := client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		return open(t, client)
	})
}

func open(t *testing.T, client redis.UniversalClient, owners ...bot.Person) *redisstore.Store {
	t.Helper()
	store, err := redisstore.New(client, secret, time.Now, owners...)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func embedded(t *testing.T) (*redisstore.Store, *miniredis.Miniredis) {
	t.Helper()
	server := miniredis.RunT(t)
	client, err := redisstore.Connect("redis://"+server.Addr(), redisstore.Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return open(t, client), server
}

// startServer runs a redis-server of the test's own on 127.0.0.1.
func startServer(t *testing.T) redis.UniversalClient {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not on the PATH: tested against the embedded Redis only")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = command.Wait() })
	client, err := redisstore.Connect("redis://"+address, redisstore.Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	deadline := time.Now().Add(10 * time.Second)
	for client.Ping(t.Context()).Err() != nil {
		if time.Now().After(deadline) {
			t.Fatal("redis-server did not answer in 10 s")
		}
	}
	return client
}

func TestBatchesCostFewCommands(t *testing.T) {
	store, server := embedded(t)
	asks := make([]bot.Ask, 100)
	for i := range asks {
		asks[i].Person = bot.NewPerson("test", strings.Repeat("x", i+1))
	}
	if _, err := store.Load(t.Context(), asks); err != nil { // opens the connection
		t.Fatal(err)
	}
	before := server.CommandCount()
	if _, err := store.Load(t.Context(), asks); err != nil {
		t.Fatal(err)
	}
	if got := server.CommandCount() - before; got > 16 {
		t.Errorf("loading 100 people cost %d commands, want one a shard, 16 at most", got)
	}
}

func TestATypicalPersonIsSmall(t *testing.T) {
	store, server := embedded(t)
	person := bot.NewPerson("telegram", "123456789")
	typical := flows.State{Lang: "vi", Country: "VN", LastUse: 1_795_500_000, Tips: make([]uint16, 8), Questions: make([]uint16, 12), QuizDay: 20780}
	if _, err := store.Commit(t.Context(), []bot.Change{{Person: person, State: &typical}}); err != nil {
		t.Fatal(err)
	}
	for _, key := range server.Keys() {
		value, err := server.Get(key)
		if err != nil {
			t.Fatal(err)
		}
		if len(value) > 150 {
			t.Errorf("%d bytes, 150 or fewer are promised", len(value))
		}
	}
}

func TestDamagedValuesAreDroppedNotShown(t *testing.T) {
	store, server := embedded(t)
	person := bot.NewPerson("test", "ann")
	if _, err := store.Commit(t.Context(), []bot.Change{{Person: person, State: &flows.State{Lang: "vi"}}}); err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]string{"cut": "short", "forged": strings.Repeat("x", 60), "empty": ""} {
		t.Run(name, func(t *testing.T) {
			dropped := store.Dropped()
			for _, key := range server.Keys() {
				if err := server.Set(key, damage); err != nil {
					t.Fatal(err)
				}
			}
			got, err := store.Load(t.Context(), []bot.Ask{{Person: person}})
			if err != nil || !got[0].State.Equal(flows.State{}) || store.Dropped() != dropped+1 {
				t.Fatalf("state %+v, error %v, dropped %d more", got[0].State, err, store.Dropped()-dropped)
			}
			stored, err := store.Commit(t.Context(), []bot.Change{{Person: person, State: &flows.State{Lang: "id"}, Version: got[0].Version}})
			if err != nil || !stored[0] {
				t.Errorf("a damaged value could not be overwritten: %v %v", stored, err)
			}
		})
	}
}

func TestEveryKeyExpires(t *testing.T) {
	store, server := embedded(t)
	person := bot.NewPerson("test", "ann")
	state := flows.State{Lang: "vi", Draft: flows.Draft{Form: "settings/country", Till: 1}}
	if _, err := store.Load(t.Context(), []bot.Ask{{EventID: "e", Person: person}}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Commit(t.Context(), []bot.Change{{Person: person, State: &state}}); err != nil {
		t.Fatal(err)
	}
	if err := store.Note(t.Context(), []bot.Note{{Person: person, Messages: []string{"1"}}}, map[string]int64{"help:vi": 1}); err != nil {
		t.Fatal(err)
	}
	if n := len(server.Keys()); n != 5 {
		t.Fatalf("%d keys, want state, draft, messages, claim and totals", n)
	}
	for _, key := range server.Keys() {
		if server.TTL(key) <= 0 {
			t.Errorf("%s never expires", key[:5])
		}
	}
	server.FastForward(flows.KeepDraft + time.Second)
	got, err := store.Load(t.Context(), []bot.Ask{{Person: person}})
	if err != nil || got[0].State.Lang != "vi" || got[0].State.Draft != (flows.Draft{}) {
		t.Errorf("after %v: %+v %v, want the settings without the draft", flows.KeepDraft, got[0].State, err)
	}
}

func TestAServerThatForgotTheScriptIsTaughtAgain(t *testing.T) {
	client := startServer(t)
	store := open(t, client)
	person := bot.NewPerson("test", "ann")
	for range 2 {
		if err := client.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		loaded, err := store.Load(t.Context(), []bot.Ask{{Person: person}})
		if err != nil {
			t.Fatal(err)
		}
		stored, err := store.Commit(t.Context(), []bot.Change{{Person: person, State: &flows.State{Lang: "vi"}, Version: loaded[0].Version}})
		if err != nil || !stored[0] {
			t.Fatalf("commit after a script flush: %v %v", stored, err)
		}
	}
}
