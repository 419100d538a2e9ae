package redisstore

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"notalone/bot"
)

// shelveFor is how long a parcel waits for a bot that was killed to come back.
const shelveFor = 5 * time.Minute

var _ bot.Shelf = (*Store)(nil)

// shelf names the hash of an owner's parcels.
func (k keyring) shelf(owner string) string {
	sum := k.hash("shelf", owner)
	return "na:s:" + base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Shelve implements bot.Shelf.
func (s *Store) Shelve(ctx context.Context, owner, name string, parcel []byte) error {
	key := s.keys.shelf(owner)
	pipe := s.client.Pipeline()
	pipe.HSet(ctx, key, name, s.seals.seal(key, parcel))
	pipe.PExpire(ctx, key, shelveFor)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("shelve a parcel: %w", err)
	}
	return nil
}

// Unshelve implements bot.Shelf.
func (s *Store) Unshelve(ctx context.Context, owner, name string) error {
	if err := s.client.HDel(ctx, s.keys.shelf(owner), name).Err(); err != nil {
		return fmt.Errorf("drop a parcel: %w", err)
	}
	return nil
}

// Shelved implements bot.Shelf.
func (s *Store) Shelved(ctx context.Context, owner string) (map[string][]byte, error) {
	key := s.keys.shelf(owner)
	sealed, err := s.client.HGetAll(ctx, key).Result()
	if err != nil {
		return nil, fmt.Errorf("read the shelf: %w", err)
	}
	parcels := make(map[string][]byte, len(sealed))
	for name, value := range sealed {
		plain, err := s.seals.open(key, value)
		if err != nil {
			s.dropped.Add(1)
			continue
		}
		parcels[name] = plain
	}
	return parcels, nil
}
