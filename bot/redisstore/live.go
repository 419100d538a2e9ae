package redisstore

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

//go:embed scripts/captain.lua
var captainSource string

var captainScript = redis.NewScript(captainSource)

// machinery is who acts when no moderator does.
var machinery = flows.Moderator{Key: "bot"}

// Live lists the announcements that somebody has to work on.
func (s *Store) Live(ctx context.Context) ([]outbox.Live, error) {
	ids, err := s.client.SMembers(ctx, liveKey).Result()
	if err != nil {
		return nil, fmt.Errorf("list live announcements: %w", err)
	}
	var live []outbox.Live
	_, err = s.readAnnouncements(ctx, ids, func(a *flows.Announcement, version string) {
		live = append(live, outbox.Live{Announcement: a, Version: version})
	})
	return live, err
}

// Advance stores what the machinery changed of an announcement.
func (s *Store) Advance(ctx context.Context, live outbox.Live, act string) (bool, error) {
	return s.SaveAnnouncement(ctx, machinery, live.Announcement, live.Version, act)
}

// Captain takes or keeps the one place that announcements are begun and ended from.
func (s *Store) Captain(ctx context.Context, who string, lease time.Duration) (bool, error) {
	is, err := captainScript.Run(ctx, s.client, []string{captainKey}, who, lease.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("take the captain's place: %w", err)
	}
	return is == 1, nil
}

// storedWatcher is a watcher as it is sealed.
type storedWatcher struct {
	Platform bot.Name `json:"p"`
	Chat     string   `json:"c"`
	Lang     string   `json:"l"`
	Message  string   `json:"m,omitempty"`
	Job      string   `json:"j,omitempty"` // that the message tells of
}

// Watch shows an announcement's progress in a moderator's chat.
func (s *Store) Watch(ctx context.Context, a *flows.Announcement, who bot.Colleague, message string) error {
	key := watchKey + a.ID
	w := storedWatcher{}
	sealed, err := s.client.HGet(ctx, key, who.Key).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read a watcher: %w", err)
	}
	if plain, err := s.seals.open(key, sealed); err == nil && json.Unmarshal(plain, &w) != nil {
		w = storedWatcher{}
	}
	w.Platform, w.Chat, w.Lang = who.Place.Platform(), who.Place.Chat(), who.Lang
	if message != "" {
		w.Message, w.Job = message, a.Queue()
	}
	return s.putWatcher(ctx, key, who.Key, w)
}

// KeepWatcher keeps the message in which progress is shown.
func (s *Store) KeepWatcher(ctx context.Context, a *flows.Announcement, watcher outbox.Watcher) error {
	return s.putWatcher(ctx, watchKey+a.ID, watcher.Key, storedWatcher{watcher.Place.Platform(), watcher.Place.Chat(), watcher.Lang, watcher.Message, a.Queue()})
}

func (s *Store) putWatcher(ctx context.Context, key, who string, w storedWatcher) error {
	plain, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("encode a watcher: %w", err)
	}
	pipe := s.client.Pipeline()
	pipe.HSet(ctx, key, who, s.seals.seal(key, plain))
	pipe.Expire(ctx, key, jobFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("keep a watcher: %w", err)
	}
	return nil
}

// Watchers are the chats in which the progress of an announcement is shown: of
// those who asked for it and are moderators still. A job has a message of its own.
func (s *Store) Watchers(ctx context.Context, a *flows.Announcement) ([]outbox.Watcher, error) {
	key := watchKey + a.ID
	sealed, err := s.client.HGetAll(ctx, key).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read the watchers: %w", err)
	}
	members, err := s.members(ctx)
	if err != nil {
		return nil, err
	}
	var watchers []outbox.Watcher
	for who, value := range sealed {
		if _, still := members[who]; !still {
			continue
		}
		var w storedWatcher
		plain, err := s.seals.open(key, value)
		if err != nil || json.Unmarshal(plain, &w) != nil {
			s.dropped.Add(1)
			continue
		}
		if w.Job != a.Queue() {
			w.Message = ""
		}
		watchers = append(watchers, outbox.Watcher{Key: who, Place: bot.NewAddress(w.Platform, w.Chat, ""), Lang: w.Lang, Message: w.Message})
	}
	return watchers, nil
}
