package redisstore

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
)

//go:embed scripts/announce.lua
var announceSource string

var announceScript = redis.NewScript(announceSource)

var _ bot.Office = (*Store)(nil)

// deskShows is how many announcements a desk lists.
const deskShows = 40

// Desk reads who asks, all moderators, the latest announcements and, if one is
// named, how it stands and whom it can reach.
func (s *Store) Desk(ctx context.Context, ask bot.DeskAsk) (*flows.Desk, error) {
	members, err := s.members(ctx)
	if err != nil {
		return nil, err
	}
	key := s.keys.moderator(ask.Person)
	mine, known := members[key]
	desk := &flows.Desk{}
	if !known {
		return desk, nil
	}
	if mine, err = s.noteMember(ctx, key, mine, ask); err != nil {
		return nil, err
	}
	members[key] = mine
	for k, m := range members {
		desk.Members = append(desk.Members, flows.Moderator{Key: k, Role: m.role(), Label: m.Label, Since: m.Since})
	}
	slices.SortFunc(desk.Members, func(a, b flows.Moderator) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Key, b.Key))
	})
	desk.Me = flows.Moderator{Key: key, Role: mine.role(), Label: mine.Label, Since: mine.Since, Lang: mine.Lang}
	return desk, s.fillDesk(ctx, desk, ask.ID)
}

// noteMember keeps where a moderator writes from and in which language they are
// told of approvals.
func (s *Store) noteMember(ctx context.Context, key string, m member, ask bot.DeskAsk) (member, error) {
	fresh := m
	fresh.Chat, fresh.Lang, fresh.Since = ask.Place.Chat(), cmp.Or(ask.Lang, m.Lang), cmp.Or(m.Since, s.now().Unix())
	if fresh == m {
		return m, nil
	}
	return fresh, s.putMember(ctx, key, fresh)
}

func (s *Store) fillDesk(ctx context.Context, desk *flows.Desk, id string) error {
	var err error
	if desk.Recent, err = s.Announcements(ctx, deskShows); err != nil || id == "" {
		return err
	}
	if desk.One, desk.Version, err = s.Announcement(ctx, id); err != nil || desk.One == nil {
		return err
	}
	platforms, err := s.Platforms(ctx)
	if err != nil {
		return err
	}
	if desk.Reach, err = s.Reach(ctx, platforms); err != nil {
		return err
	}
	if desk.Progress, err = s.Progress(ctx, desk.One.Sent(), platforms); err != nil || desk.One.Undo.Round == 0 {
		return err
	}
	desk.Undone, err = s.Progress(ctx, desk.One, platforms)
	return err
}

// Announcements reads the latest ones, newest first.
func (s *Store) Announcements(ctx context.Context, most int) ([]*flows.Announcement, error) {
	ids, err := s.client.ZRevRange(ctx, indexKey, 0, int64(most)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("list announcements: %w", err)
	}
	return s.readAnnouncements(ctx, ids, func(*flows.Announcement, string) {})
}

// readAnnouncements reads those that are there; of the others the ids are dropped.
func (s *Store) readAnnouncements(ctx context.Context, ids []string, each func(*flows.Announcement, string)) ([]*flows.Announcement, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = announcementKey + id
	}
	values, err := s.client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, fmt.Errorf("read announcements: %w", err)
	}
	var all []*flows.Announcement
	for i, value := range values {
		sealed, ok := value.(string)
		if !ok { // its life ran out
			if err := errors.Join(s.client.ZRem(ctx, indexKey, ids[i]).Err(), s.client.SRem(ctx, liveKey, ids[i]).Err()); err != nil {
				return nil, fmt.Errorf("drop an old announcement: %w", err)
			}
			continue
		}
		if a := s.openAnnouncement(keys[i], sealed); a != nil {
			all = append(all, a)
			each(a, version(sealed))
		}
	}
	return all, s.endApprovals(ctx, all...)
}

func (s *Store) openAnnouncement(key, sealed string) *flows.Announcement {
	plain, err := s.seals.open(key, sealed)
	a := &flows.Announcement{}
	if err != nil || json.Unmarshal(plain, a) != nil {
		s.dropped.Add(1)
		return nil
	}
	return a
}

// Announcement reads one and its version; nil if there is none.
func (s *Store) Announcement(ctx context.Context, id string) (*flows.Announcement, string, error) {
	sealed, err := s.client.Get(ctx, announcementKey+id).Result()
	if errors.Is(err, redis.Nil) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("read an announcement: %w", err)
	}
	a := s.openAnnouncement(announcementKey+id, sealed)
	if a == nil {
		return nil, version(sealed), nil
	}
	return a, version(sealed), s.endApprovals(ctx, a)
}

// SaveAnnouncement stores an announcement with its log entry.
func (s *Store) SaveAnnouncement(ctx context.Context, by flows.Moderator, a *flows.Announcement, version, act string) (bool, error) {
	a.Changed = s.now().Unix()
	if a.Approval.By != "" && a.Approval.At == 0 {
		a.Approval.At = a.Changed
	}
	plain, err := json.Marshal(a)
	if err != nil {
		return false, fmt.Errorf("encode an announcement: %w", err)
	}
	life, live := flows.KeepDrafted, 0
	if a.Started > 0 {
		life = flows.KeepAnnounce
	}
	if a.Live() {
		live, life = 1, flows.KeepAnnounce
	}
	key := announcementKey + a.ID
	sealed := s.seals.seal(key, plain)
	for range settleTries {
		entry, after, err := s.nextEntry(ctx, by, act, a.ID, a.Hash())
		if err != nil {
			return false, err
		}
		done, err := announceScript.Run(ctx, s.client, []string{key, indexKey, liveKey, logKey},
			version, sealed, life.Milliseconds(), a.ID, a.Changed, live, after, entry, keptEntries).Int()
		if err != nil {
			return false, fmt.Errorf("store an announcement: %w", err)
		}
		if done == 1 {
			return true, nil
		}
		if _, now, err := s.Announcement(ctx, a.ID); err != nil || now != version {
			return false, err
		}
	}
	return false, errOutrun
}
