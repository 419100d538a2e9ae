package bottest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"notalone/bot"
	"notalone/flows"
)

// RunStoreTests is what every bot.Store must do. open gives an empty store.
func RunStoreTests(t *testing.T, open func(t *testing.T) bot.Store) {
	ann, binh := bot.NewPerson("test", "ann"), bot.NewPerson("test", "binh")
	full := flows.State{
		Lang: "vi", Country: "VN", LastUse: 1_795_500_000, Tips: []uint16{1, 65535}, Questions: []uint16{7}, Promises: []uint16{3, 4, 5},
		QuizDay: 20780, QuizRight: true, Draft: flows.Draft{Form: "settings/country", Till: 1_795_501_800},
	}

	t.Run("a stranger has an empty state and no version", func(t *testing.T) {
		got := load(t, open(t), bot.Ask{Person: ann})
		if diff := cmp.Diff([]bot.Loaded{{}}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a state comes back as it was written, to its own person", func(t *testing.T) {
		s := open(t)
		commit(t, s, true, bot.Change{Person: ann, State: &full})
		got := load(t, s, bot.Ask{Person: binh}, bot.Ask{Person: ann})
		if diff := cmp.Diff(flows.State{}, got[0].State); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(full, got[1].State); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a draft that is done is gone", func(t *testing.T) {
		s := open(t)
		commit(t, s, true, bot.Change{Person: ann, State: &full})
		done := full
		done.Draft = flows.Draft{}
		commit(t, s, true, bot.Change{Person: ann, State: &done, Version: load(t, s, bot.Ask{Person: ann})[0].Version})
		if got := load(t, s, bot.Ask{Person: ann})[0].State.Draft; got != (flows.Draft{}) {
			t.Errorf("draft = %v, want none", got)
		}
	})
	t.Run("of two writers from one version the second loses", func(t *testing.T) {
		s := open(t)
		commit(t, s, true, bot.Change{Person: ann, State: &full})
		version := load(t, s, bot.Ask{Person: ann})[0].Version
		commit(t, s, true, bot.Change{Person: ann, State: &flows.State{Lang: "id"}, Version: version})
		commit(t, s, false, bot.Change{Person: ann, State: &flows.State{Lang: "en"}, Version: version})
		commit(t, s, false, bot.Change{Person: ann, State: &flows.State{Lang: "en"}})
		if got := load(t, s, bot.Ask{Person: ann})[0].State.Lang; got != "id" {
			t.Errorf("language = %q, want the first writer's", got)
		}
	})
	t.Run("an event id is claimed once", func(t *testing.T) {
		s := open(t)
		got := load(t, s, bot.Ask{EventID: "1", Person: ann}, bot.Ask{EventID: "1", Person: binh}, bot.Ask{EventID: "2", Person: ann})
		again := load(t, s, bot.Ask{EventID: "2", Person: ann})
		if got[0].Repeated || !got[1].Repeated || got[2].Repeated || !again[0].Repeated {
			t.Errorf("repeated = %v %v %v, then %v", got[0].Repeated, got[1].Repeated, got[2].Repeated, again[0].Repeated)
		}
	})
	t.Run("message ids come back once, in order", func(t *testing.T) {
		s := open(t)
		note(t, s, bot.Note{Person: ann, Messages: []string{"1", "2"}}, bot.Note{Person: binh, Messages: []string{"9"}})
		note(t, s, bot.Note{Person: ann, Messages: []string{"3"}})
		if diff := cmp.Diff([]string{"1", "2", "3"}, take(t, s, ann)); diff != "" {
			t.Error(diff)
		}
		if got := take(t, s, ann); len(got) != 0 {
			t.Errorf("taken again: %v", got)
		}
	})
	t.Run("forgetting leaves nothing of the person and all of others", func(t *testing.T) {
		s := open(t)
		commit(t, s, true, bot.Change{Person: ann, State: &full}, bot.Change{Person: binh, State: &full})
		note(t, s, bot.Note{Person: ann, Messages: []string{"1"}})
		if err := s.Forget(t.Context(), ann, bot.Address{}); err != nil {
			t.Fatal(err)
		}
		got := load(t, s, bot.Ask{Person: ann}, bot.Ask{Person: binh})
		if got[0].Version != "" || got[1].Version == "" || len(take(t, s, ann)) != 0 {
			t.Errorf("after forgetting: %+v", got)
		}
	})
	t.Run("a feed comes back, loses races and can be moved", func(t *testing.T) {
		s := open(t)
		class, new := bot.NewAddress("test", "class", "7"), bot.NewAddress("test", "class-2", "7")
		feed := flows.Feed{Lang: "vi", Zone: "Asia/Ho_Chi_Minh", Quiz: flows.Plan{Days: 31, Minute: 450}, News: true}
		commit(t, s, true, bot.Change{Place: class, Feed: &feed})
		commit(t, s, false, bot.Change{Place: class, Feed: &flows.Feed{}})
		got := load(t, s, bot.Ask{Place: class}, bot.Ask{Place: new})
		if got[0].Feed == nil || !got[0].Feed.Equal(&feed) || got[1].Feed != nil {
			t.Fatalf("feeds = %+v, %+v", got[0].Feed, got[1].Feed)
		}
		for range 2 {
			if err := s.MoveFeed(t.Context(), class, new); err != nil {
				t.Fatal(err)
			}
		}
		got = load(t, s, bot.Ask{Place: class}, bot.Ask{Place: new})
		if got[0].Feed != nil || got[1].Feed == nil || !got[1].Feed.Equal(&feed) {
			t.Errorf("after the move: %+v, %+v", got[0].Feed, got[1].Feed)
		}
		if err := s.DropFeed(t.Context(), new); err != nil {
			t.Fatal(err)
		}
		if load(t, s, bot.Ask{Place: new})[0].Feed != nil {
			t.Error("a dropped feed is still there")
		}
	})
	t.Run("a moved feed takes the place of a mere greeting and of nothing else", func(t *testing.T) {
		s := open(t)
		old, greeted, used := bot.NewAddress("test", "old", ""), bot.NewAddress("test", "greeted", "3"), bot.NewAddress("test", "used", "")
		feed, newer := flows.Feed{Lang: "vi", Spot: "7", Tip: flows.Plan{Days: 1, Minute: 450}}, flows.Feed{Lang: "id", News: true}
		commit(t, s, true, bot.Change{Place: greeted, Feed: &flows.Feed{Greeted: true}}, bot.Change{Place: used, Feed: &newer})
		for to, want := range map[bot.Address]*flows.Feed{greeted: &feed, used: &newer} {
			commit(t, s, true, bot.Change{Place: old, Feed: &feed})
			if err := s.MoveFeed(t.Context(), old, to); err != nil {
				t.Fatal(err)
			}
			got := load(t, s, bot.Ask{Place: old}, bot.Ask{Place: to.At("any topic")})
			if got[0].Feed != nil || got[1].Feed == nil || !got[1].Feed.Equal(want) {
				t.Errorf("after the move: %+v, %+v", got[0].Feed, got[1].Feed)
			}
		}
	})
	t.Run("a person answers a group's question once", func(t *testing.T) {
		s := open(t)
		class := bot.NewAddress("test", "class", "")
		for i, want := range []bool{true, false} {
			got, err := s.Vote(t.Context(), class, "prize", ann, "a")
			if err != nil || got != want {
				t.Errorf("answer %d counted = %v %v, want %v", i+1, got, err, want)
			}
		}
		if got, err := s.Vote(t.Context(), class, "prize", binh, "b"); err != nil || !got {
			t.Errorf("another person's answer counted = %v %v", got, err)
		}
	})
}

func load(t *testing.T, s bot.Store, asks ...bot.Ask) []bot.Loaded {
	t.Helper()
	loaded, err := s.Load(t.Context(), asks)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func commit(t *testing.T, s bot.Store, want bool, changes ...bot.Change) {
	t.Helper()
	stored, err := s.Commit(t.Context(), changes)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range stored {
		if got != want {
			t.Errorf("commit %d stored = %v, want %v", i, got, want)
		}
	}
}

func note(t *testing.T, s bot.Store, notes ...bot.Note) {
	t.Helper()
	if err := s.Note(t.Context(), notes, map[string]int64{"help:en": 1}); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, s bot.Store, person bot.Person) []string {
	t.Helper()
	ids, err := s.TakeMessages(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
