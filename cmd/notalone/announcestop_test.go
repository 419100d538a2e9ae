package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"notalone/bot"
	"notalone/bot/bottest/limits"
	"notalone/bot/discord"
	"notalone/bot/telegram"
	"notalone/flows"
	"notalone/i18n"
)

// quietWithin is how soon a pause or a cancellation is known everywhere.
const quietWithin = 1500 * time.Millisecond

// change lets a moderator change the announcement.
func (c *campaign) change(act string, change func(*flows.Announcement)) {
	c.Helper()
	for range 20 { // the captain may be quicker
		a, version, err := c.store.Announcement(c.Context(), newsID)
		if err != nil || a == nil {
			c.Fatalf("no announcement: %v", err)
		}
		change(a)
		ok, err := c.store.SaveAnnouncement(c.Context(), flows.Moderator{Key: "lan"}, a, version, act)
		if err != nil {
			c.Fatal(err)
		}
		if ok {
			return
		}
	}
	c.Fatalf("could not %s", act)
}

// stays checks that after a moment nothing more is sent.
func (c *campaign) stays(what string) {
	c.Helper()
	<-time.After(quietWithin)
	before := c.calls()
	<-time.After(time.Second)
	progress, err := c.store.Progress(c.Context(), c.announcement(), []bot.Name{telegram.Name, discord.Name})
	if after := c.calls(); err != nil || after != before || progress.Ended() >= len(c.people) {
		c.Errorf("%s: %d calls, then %d; %d of %d ended (%v)", what, before, after, progress.Ended(), len(c.people), err)
	}
}

// watch shows a moderator the progress.
func (c *campaign) watch(place bot.Address) {
	c.Helper()
	code, err := c.store.Invite(c.Context(), shell, flows.RoleModerator, "Lan")
	if err != nil {
		c.Fatal(err)
	}
	person := bot.NewPerson(place.Platform(), place.Chat())
	if _, err := c.store.Join(c.Context(), bot.DeskAsk{Person: person, Place: place}, code); err != nil {
		c.Fatal(err)
	}
	desk, err := c.store.Desk(c.Context(), bot.DeskAsk{Person: person, Place: place})
	if err == nil {
		err = c.store.Watch(c.Context(), &flows.Announcement{ID: newsID}, bot.Colleague{Key: desk.Me.Key, Place: place, Lang: "en"}, "")
	}
	if err != nil {
		c.Fatal(err)
	}
}

func (c *campaign) awaitStage(stage flows.Stage) {
	c.Helper()
	c.replicas[0].await(string(stage), time.Minute, func() bool { return c.announcement().Stage == stage })
}

func (c *campaign) undo(del bool) {
	c.Helper()
	c.change("undo", func(a *flows.Announcement) {
		a.Undo = flows.Undo{Running: true, Delete: del, Round: a.Undo.Round + 1}
		a.Approve("lan") // of the words as they are now
	})
	c.replicas[0].await("the undo", time.Minute, func() bool { return !c.announcement().Undo.Running })
}

// TestAnnouncementIsStoppedAndTakenBack: a moderator pauses, goes on, puts the words
// right and takes all back, on both platforms, with a picture, pinned and spread.
func TestAnnouncementIsStoppedAndTakenBack(t *testing.T) {
	c := newCampaign(t, 6)
	c.enlist(400)
	c.gates[telegram.Name], c.gates[discord.Name] = c.telegram.Enforce(c.scale, limits.Options{}), c.discord.Enforce(c.scale, limits.Options{})
	const picture = "https://example.org/news.png"
	c.approve(func(a *flows.Announcement) {
		a.Picture = flows.Picture{URL: picture, Alt: map[i18n.Lang]string{"vi": "Một bức ảnh", "id": "Sebuah gambar", "en": "A picture"}}
		a.Buttons = []flows.NewsButton{{Path: "help/scam"}}
		a.Pin, a.Spread = true, true
	})
	c.discord.News("4" + strconv.Itoa(20_000_004))
	c.begin(2)
	c.until(0.2)
	c.change("pause", func(a *flows.Announcement) { a.Stage = flows.Paused })
	c.stays("paused")
	c.change("resume", func(a *flows.Announcement) { a.Stage = flows.Sending })
	c.awaitStage(flows.Done)
	c.checkOnce()
	c.checkLooks(picture)

	c.change("put right", func(a *flows.Announcement) { a.Texts["en"] = "News for you, put right" })
	c.undo(false)
	for i, one := range c.people {
		if got := one.got(); one.lang == "en" && !one.blocked && (len(got) != 1 || !strings.HasPrefix(got[0], "News for you, put right")) {
			t.Fatalf("receiver %d on %s reads %q", i, one.platform, got)
		}
	}
	c.undo(true)
	for i, one := range c.people {
		if got := one.got(); len(got) > 0 {
			t.Errorf("receiver %d on %s still reads %q", i, one.platform, got)
		}
	}
	for name, gate := range c.gates {
		if l := gate.Ledger(); l.Own > 0 {
			t.Errorf("%s: %d 429s of our own making", name, l.Own)
		}
	}
}

// checkLooks looks at one message of each sort.
func (c *campaign) checkLooks(picture string) {
	c.Helper()
	group := c.telegram.Group(-10_000_000, true).Sent()
	person := c.telegram.Private(10_000_001, "id").Sent()
	if len(group) != 1 || len(person) != 1 || group[0].Photo != picture || !group[0].Pinned || person[0].Photo != picture || person[0].Pinned {
		c.Errorf("on Telegram: %+v, %+v", group, person)
	}
	news, other := c.discord.In("4"+strconv.Itoa(20_000_004)), c.discord.In("4"+strconv.Itoa(20_000_008))
	if len(news) != 1 || len(other) != 1 || news[0].Picture != picture || !news[0].Pinned || !news[0].Spread || other[0].Spread || !other[0].Pinned {
		c.Errorf("on Discord: %+v, %+v", news, other)
	}
}

// TestAnnouncementIsCancelled: nobody gets it any more within a moment.
func TestAnnouncementIsCancelled(t *testing.T) {
	c := newCampaign(t, 2)
	c.enlist(600)
	c.gates[telegram.Name], c.gates[discord.Name] = c.telegram.Enforce(c.scale, limits.Options{}), c.discord.Enforce(c.scale, limits.Options{})
	c.approve()
	c.begin(2)
	c.until(0.2)
	c.change("cancel", func(a *flows.Announcement) { a.Stage = flows.Cancelled })
	c.stays("cancelled")
	c.replicas[0].await("the empty queue", 10*time.Second, func() bool { return !c.announcement().Live() })
}

// TestAnnouncementPausesItself: too much goes wrong.
func TestAnnouncementPausesItself(t *testing.T) {
	c := newCampaign(t, 4)
	c.enlist(600)
	c.gates[telegram.Name], c.gates[discord.Name] = c.telegram.Enforce(c.scale, limits.Options{Cut: 0.3}), c.discord.Enforce(c.scale, limits.Options{})
	c.approve()
	c.begin(1)
	c.awaitStage(flows.Paused)
	if a := c.announcement(); a.Stopped != flows.StoppedByFaults {
		t.Errorf("stopped by %q", a.Stopped)
	}
	c.stays("paused")
}
