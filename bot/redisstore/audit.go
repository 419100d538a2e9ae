package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"notalone/flows"
)

// Keys of what moderators do. They share a hash tag: an act and its log entry are
// stored together or not at all.
const (
	announcementKey = "na:{news}:a:"      // + id, string: a sealed announcement
	indexKey        = "na:{news}:all"     // zset: ids by the time of the last change
	liveKey         = "na:{news}:live"    // set: ids that somebody has to work on
	logKey          = "na:{news}:log"     // list: sealed audit entries, oldest first
	peopleKey       = "na:{news}:people"  // hash: key of a moderator → sealed record
	inviteKey       = "na:{news}:invite:" // + hash of the code, string: sealed, KeepInvite
	captainKey      = "na:{news}:captain" // string: which process begins and ends announcements
	watchKey        = "na:{news}:watch:"  // + id, hash: key of a moderator → sealed place and message
)

// keptEntries bounds the audit log.
const keptEntries = 100_000

// An Entry is one act in the audit log. Sum is a keyed fingerprint of all other
// fields and of the entry before, so that none can be changed, left out or put in
// without NOTALONE_KEY.
type Entry struct {
	N     int    `json:"n"`
	At    int64  `json:"at"` // Unix seconds
	Who   string `json:"who"`
	Label string `json:"label,omitempty"`
	Role  string `json:"role,omitempty"`
	Act   string `json:"act"`
	ID    string `json:"id,omitempty"`   // of the announcement, or key of the moderator
	Hash  string `json:"hash,omitempty"` // of the content
	Prev  string `json:"prev"`
	Sum   string `json:"sum"`
}

func (s *Store) sum(e Entry) string {
	return fmt.Sprintf("%x", s.keys.hash("audit", strconv.Itoa(e.N), strconv.FormatInt(e.At, 10), e.Who, e.Label, e.Role, e.Act, e.ID, e.Hash, e.Prev)[:16])
}

// nextEntry seals the entry that follows the last one, and tells the version of
// that one, which must still be the last when it is written.
func (s *Store) nextEntry(ctx context.Context, by flows.Moderator, act, id, hash string) (sealed, after string, err error) {
	last, err := s.client.LIndex(ctx, logKey, -1).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", "", fmt.Errorf("read the audit log: %w", err)
	}
	e := Entry{At: s.now().Unix(), Who: by.Key, Label: by.Label, Role: string(by.Role), Act: act, ID: id, Hash: hash, N: 1}
	if last != "" {
		before, err := s.openEntry(last)
		if err != nil {
			return "", "", err
		}
		e.N, e.Prev = before.N+1, before.Sum
	}
	e.Sum = s.sum(e)
	plain, err := json.Marshal(e)
	if err != nil {
		return "", "", fmt.Errorf("encode an audit entry: %w", err)
	}
	return s.seals.seal(logKey, plain), version(last), nil
}

func (s *Store) openEntry(sealed string) (Entry, error) {
	var e Entry
	plain, err := s.seals.open(logKey, sealed)
	if err != nil {
		return e, fmt.Errorf("open an audit entry: %w", err)
	}
	if err := json.Unmarshal(plain, &e); err != nil {
		return e, fmt.Errorf("open an audit entry: %w", errFormat)
	}
	return e, nil
}

// ErrTampered says that the audit log was changed behind the bot's back.
var ErrTampered = errors.New("the audit log is not as it was written")

// Audit hands the log to a function, oldest entry first, and proves the chain. It
// stops with ErrTampered at the first entry that does not fit.
func (s *Store) Audit(ctx context.Context, each func(Entry) error) error {
	const atOnce = 500
	var before *Entry
	kept, err := s.client.LLen(ctx, logKey).Result()
	if err != nil {
		return fmt.Errorf("read the audit log: %w", err)
	}
	for from := int64(0); ; from += atOnce {
		list, err := s.client.LRange(ctx, logKey, from, from+atOnce-1).Result()
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		for _, sealed := range list {
			e, err := s.openEntry(sealed)
			if err != nil {
				return fmt.Errorf("%w: entry %d cannot be read", ErrTampered, int(from)+1)
			}
			first := before == nil && (e.N == 1 && e.Prev == "" || kept >= keptEntries) // a full log is cut at its old end
			follows := before != nil && e.N == before.N+1 && e.Prev == before.Sum
			if e.Sum != s.sum(e) || !first && !follows {
				return fmt.Errorf("%w: entry %d", ErrTampered, e.N)
			}
			if err := each(e); err != nil {
				return err
			}
			before = &e
		}
	}
}
