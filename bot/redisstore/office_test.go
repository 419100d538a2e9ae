package redisstore_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/redisstore"
	"notalone/flows"
	"notalone/i18n"
)

// onBothRedis runs a test on the embedded Redis and on a redis-server.
func onBothRedis(t *testing.T, do func(t *testing.T, store *redisstore.Store, client redis.UniversalClient, pass func(time.Duration))) {
	t.Run("embedded", func(t *testing.T) {
		_, server := embedded(t)
		client, err := redisstore.Connect("redis://"+server.Addr(), redisstore.Patience)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		do(t, open(t, client, owner), client, server.FastForward)
	})
	t.Run("redis-server", func(t *testing.T) {
		client := startServer(t)
		do(t, open(t, client, owner), client, nil)
	})
}

// owner is named in the settings.
var owner = bot.NewPerson("test", "lan")

var lan = flows.Moderator{Key: "lan", Role: flows.RoleOwner, Label: "Lan"}

// asks is how somebody opens the pages of announcements.
func asks(person string) bot.DeskAsk {
	return bot.DeskAsk{Person: bot.NewPerson("test", person), Place: bot.NewAddress("test", "chat of "+person, ""), Lang: "vi"}
}

func deskOf(t *testing.T, store *redisstore.Store, ask bot.DeskAsk) *flows.Desk {
	t.Helper()
	desk, err := store.Desk(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return desk
}

func TestModeratorsAreInvitedOnceAndRemoved(t *testing.T) {
	onBothRedis(t, func(t *testing.T, store *redisstore.Store, _ redis.UniversalClient, _ func(time.Duration)) {
		ctx := t.Context()
		if desk := deskOf(t, store, asks("budi")); desk.Me.Role != "" || len(desk.Members) > 0 {
			t.Errorf("nobody in particular sees %+v", desk)
		}
		me := deskOf(t, store, asks("lan")).Me
		if me.Role != flows.RoleOwner || me.Lang != "vi" {
			t.Errorf("an owner by the settings is %+v", me)
		}
		code, err := store.Invite(ctx, me, flows.RoleModerator, "Budi")
		if err != nil {
			t.Fatal(err)
		}
		ask := asks("budi")
		for i, want := range []flows.Role{flows.RoleModerator, ""} {
			if role, err := store.Join(ctx, ask, code); err != nil || role != want {
				t.Errorf("use %d of an invitation makes %q, %v; want %q", i+1, role, err, want)
			}
		}
		desk := deskOf(t, store, ask)
		if desk.Me.Role != flows.RoleModerator || desk.Me.Label != "Budi" || desk.Voices() != 2 {
			t.Errorf("whoever joined is %+v among %d voices", desk.Me, desk.Voices())
		}
		colleagues, err := store.Colleagues(ctx, me.Key)
		if err != nil || len(colleagues) != 1 || colleagues[0].Place != ask.Place || colleagues[0].Lang != "vi" {
			t.Errorf("colleagues are %+v, %v", colleagues, err)
		}
		if err := store.Dismiss(ctx, me, desk.Me.Key); err != nil {
			t.Fatal(err)
		}
		if desk := deskOf(t, store, ask); desk.Me.Role != "" {
			t.Errorf("whoever was removed is still %+v", desk.Me)
		}
		var acts []string
		if err := store.Audit(ctx, func(e redisstore.Entry) error { acts = append(acts, e.Act); return nil }); err != nil {
			t.Error(err)
		}
		if got := strings.Join(acts, ", "); got != "invited as moderator, joined as moderator, removed" {
			t.Errorf("the log has: %s", got)
		}
	})
}

// TestOwnersAreThoseOfTheSettings: whoever is named no more has the role they were
// invited to, or none, whatever the store keeps of them.
func TestOwnersAreThoseOfTheSettings(t *testing.T) {
	client := startServer(t)
	stores := map[string]*redisstore.Store{}
	for _, named := range []string{"lan", "mai"} {
		stores[named] = open(t, client, bot.NewPerson("test", named))
	}
	me := deskOf(t, stores["lan"], asks("lan")).Me
	code, err := stores["lan"].Invite(t.Context(), me, flows.RoleViewer, "Mai")
	if err != nil {
		t.Fatal(err)
	}
	mai := asks("mai")
	if _, err := stores["lan"].Join(t.Context(), mai, code); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		owner    string // at this start of the bot
		lan, mai flows.Role
	}{{"lan", flows.RoleOwner, flows.RoleViewer}, {"mai", "", flows.RoleOwner}, {"lan", flows.RoleOwner, flows.RoleViewer}} {
		for name, want := range map[string]flows.Role{"lan": step.lan, "mai": step.mai} {
			if got := deskOf(t, stores[step.owner], asks(name)).Me.Role; got != want {
				t.Errorf("with MODERATORS=%s, %s is %q, want %q", step.owner, name, got, want)
			}
		}
	}
}

// TestAnApprovalEndsWithTheRole: nothing begins on the word of somebody who was
// removed since, whether they come back or not; what has begun goes on.
func TestAnApprovalEndsWithTheRole(t *testing.T) {
	onBothRedis(t, func(t *testing.T, store *redisstore.Store, _ redis.UniversalClient, _ func(time.Duration)) {
		ctx, me, budi := t.Context(), deskOf(t, store, asks("lan")).Me, asks("budi")
		joins := func() flows.Moderator {
			code, err := store.Invite(ctx, me, flows.RoleModerator, "Budi")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Join(ctx, budi, code); err != nil {
				t.Fatal(err)
			}
			return deskOf(t, store, budi).Me
		}
		him := joins()
		approvals := map[string]*flows.Announcement{
			"scheduled":           {ID: flows.NewsID(1), Stage: flows.Scheduled, Approval: flows.Approval{By: him.Key}},
			"from a shell":        {ID: flows.NewsID(2), Stage: flows.Scheduled, Approval: flows.Approval{By: "shell"}},
			"an owner's":          {ID: flows.NewsID(3), Stage: flows.Scheduled, Approval: flows.Approval{By: me.Key}},
			"begun":               {ID: flows.NewsID(4), Stage: flows.Sending, Started: 1, Approval: flows.Approval{By: him.Key}},
			"approved before now": {ID: flows.NewsID(5), Stage: flows.Scheduled, Approval: flows.Approval{By: him.Key, At: 1}},
		}
		for _, a := range approvals {
			if _, err := store.SaveAnnouncement(ctx, him, a, "", "approved"); err != nil {
				t.Fatal(err)
			}
		}
		check := func(when string, ended ...string) {
			t.Helper()
			live, err := store.Live(ctx)
			if err != nil || len(live) != len(approvals) {
				t.Fatalf("%s: %d are live, %v", when, len(live), err)
			}
			for name, was := range approvals {
				now, _, err := store.Announcement(ctx, was.ID)
				if err != nil {
					t.Fatal(err)
				}
				want := was.Stage
				if slices.Contains(ended, name) {
					want = flows.Waiting
				}
				if now.Stage != want || (now.Approval.By == "") != slices.Contains(ended, name) {
					t.Errorf("%s, %s: it is %s, approved by %q", when, name, now.Stage, now.Approval.By)
				}
				for _, one := range live {
					if one.Announcement.ID == was.ID && one.Announcement.Stage != want {
						t.Errorf("%s, %s: the machinery reads %s", when, name, one.Announcement.Stage)
					}
				}
			}
		}
		check("while he is one", "approved before now")
		if err := store.Dismiss(ctx, me, him.Key); err != nil {
			t.Fatal(err)
		}
		check("after he was removed", "scheduled", "approved before now")
		if desk := deskOf(t, store, budi); desk.Me.Role != "" || len(deskOf(t, store, asks("lan")).Members) != 1 {
			t.Errorf("he is still %+v", desk.Me)
		}
	})
}

// TestProgressIsShownToModeratorsOnly: whoever was removed sees nothing more.
func TestProgressIsShownToModeratorsOnly(t *testing.T) {
	onBothRedis(t, func(t *testing.T, store *redisstore.Store, _ redis.UniversalClient, _ func(time.Duration)) {
		ctx, id := t.Context(), flows.NewsID(1)
		me, budi := deskOf(t, store, asks("lan")).Me, asks("budi")
		code, err := store.Invite(ctx, me, flows.RoleModerator, "Budi")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Join(ctx, budi, code); err != nil {
			t.Fatal(err)
		}
		him := deskOf(t, store, budi).Me
		if err := errors.Join(watches(ctx, store, id, me, asks("lan"), "vi"), watches(ctx, store, id, him, budi, "id")); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			what string
			do   func() error
			want int
		}{
			{"both watch", func() error { return nil }, 2},
			{"one is removed", func() error { return store.Dismiss(ctx, me, him.Key) }, 1},
		} {
			err := step.do()
			watchers, readErr := store.Watchers(ctx, &flows.Announcement{ID: id})
			if err := errors.Join(err, readErr); err != nil || len(watchers) != step.want {
				t.Fatalf("%s: %d watchers, %v; want %d", step.what, len(watchers), err, step.want)
			}
			if last := watchers[0]; step.want == 1 && (last.Key != me.Key || last.Place != asks("lan").Place) {
				t.Errorf("the one left is %+v", last)
			}
		}
	})
}

func watches(ctx context.Context, store *redisstore.Store, id string, who flows.Moderator, ask bot.DeskAsk, lang string) error {
	return store.Watch(ctx, &flows.Announcement{ID: id}, bot.Colleague{Key: who.Key, Place: ask.Place, Lang: lang}, "")
}

func TestAnInvitationEndsAfterADay(t *testing.T) {
	onBothRedis(t, func(t *testing.T, store *redisstore.Store, client redis.UniversalClient, pass func(time.Duration)) {
		code, err := store.Invite(t.Context(), lan, flows.RoleViewer, "Mai")
		if err != nil {
			t.Fatal(err)
		}
		keys, err := client.Keys(t.Context(), "*invite*").Result()
		if err != nil || len(keys) != 1 || strings.Contains(keys[0], code) {
			t.Fatalf("an invitation is kept under %q, %v", keys, err)
		}
		if life := client.PTTL(t.Context(), keys[0]).Val(); life > flows.KeepInvite || life < flows.KeepInvite-time.Minute {
			t.Errorf("it lives %v", life)
		}
		if pass == nil {
			return
		}
		pass(flows.KeepInvite + time.Second)
		ask := asks("mai")
		if role, err := store.Join(t.Context(), ask, code); err != nil || role != "" {
			t.Errorf("a day later it makes %q, %v", role, err)
		}
	})
}

func TestTwoModeratorsNeverOverwriteOneAnother(t *testing.T) {
	onBothRedis(t, func(t *testing.T, store *redisstore.Store, client redis.UniversalClient, _ func(time.Duration)) {
		ctx := t.Context()
		draft := &flows.Announcement{ID: flows.NewsID(1), Stage: flows.Drafted, Texts: map[i18n.Lang]string{"en": "one"}}
		if ok, err := store.SaveAnnouncement(ctx, lan, draft, "", "began a draft"); err != nil || !ok {
			t.Fatalf("stored %v, %v", ok, err)
		}
		if life := client.PTTL(ctx, "na:{news}:a:"+draft.ID).Val(); life > flows.KeepDrafted || life < flows.KeepDrafted-time.Minute {
			t.Errorf("a draft lives %v", life)
		}
		_, version, err := store.Announcement(ctx, draft.ID)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{true, false} {
			mine := draft.Clone()
			mine.Texts["vi"] = strings.Repeat("x", i+1)
			if ok, err := store.SaveAnnouncement(ctx, lan, mine, version, "wrote"); err != nil || ok != want {
				t.Errorf("writer %d stored %v, %v; want %v", i+1, ok, err, want)
			}
		}
		if now, _, err := store.Announcement(ctx, draft.ID); err != nil || now.Texts["vi"] != "x" {
			t.Errorf("it reads %+v, %v: want the first writer's", now, err)
		}
	})
}

// TestTheLogTellsWhoeverChangedIt takes the log in hand as somebody would who has
// Redis, but not the key.
func TestTheLogTellsWhoeverChangedIt(t *testing.T) {
	const log = "na:{news}:log"
	onBothRedis(t, func(t *testing.T, store *redisstore.Store, client redis.UniversalClient, _ func(time.Duration)) {
		ctx := t.Context()
		for _, name := range []string{"a", "b", "c", "d"} {
			if _, err := store.Invite(ctx, lan, flows.RoleViewer, name); err != nil {
				t.Fatal(err)
			}
		}
		whole, err := client.LRange(ctx, log, 0, -1).Result()
		if err != nil || len(whole) != 4 {
			t.Fatalf("%d entries, %v", len(whole), err)
		}
		last := lastSum(t, store)
		for name, tc := range map[string]struct {
			entries []string
			want    error
		}{
			"untouched":         {whole, nil},
			"changed":           {[]string{whole[0], whole[1][:20] + string(whole[1][20]^1) + whole[1][21:], whole[2], whole[3]}, redisstore.ErrTampered},
			"one removed":       {[]string{whole[0], whole[2], whole[3]}, redisstore.ErrTampered},
			"the first removed": {whole[1:], redisstore.ErrTampered},
			"one put in twice":  {[]string{whole[0], whole[1], whole[1], whole[2], whole[3]}, redisstore.ErrTampered},
			"two swapped":       {[]string{whole[0], whole[2], whole[1], whole[3]}, redisstore.ErrTampered},
		} {
			rewrite(ctx, t, client, log, tc.entries)
			if err := store.Audit(ctx, func(redisstore.Entry) error { return nil }); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
		rewrite(ctx, t, client, log, whole[:3])
		if lastSum(t, store) == last {
			t.Error("with its end cut off, the log ends in the same fingerprint")
		}
		rewrite(ctx, t, client, log, whole)
		other, err := redisstore.New(client, []byte(strings.Repeat("another secret. ", 3)), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Audit(ctx, func(redisstore.Entry) error { return nil }); !errors.Is(err, redisstore.ErrTampered) {
			t.Errorf("with another key: %v", err)
		}
	})
}

func lastSum(t *testing.T, store *redisstore.Store) string {
	t.Helper()
	var sum string
	if err := store.Audit(t.Context(), func(e redisstore.Entry) error { sum = e.Sum; return nil }); err != nil {
		t.Fatal(err)
	}
	return sum
}

func rewrite(ctx context.Context, t *testing.T, client redis.UniversalClient, key string, entries []string) {
	t.Helper()
	if err := errors.Join(client.Del(ctx, key).Err(), client.RPush(ctx, key, entries).Err()); err != nil {
		t.Fatal(err)
	}
}
