package redisstore

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
)

//go:embed scripts/pace.lua
var paceSource string

//go:embed scripts/late.lua
var lateSource string

var (
	paceScript = redis.NewScript(paceSource)
	lateScript = redis.NewScript(lateSource)
)

// paceKey names the pace of a platform; another limit is another pace.
func paceKey(platform bot.Name, most int) []string {
	return []string{"na:pace:" + string(platform) + ":" + strconv.Itoa(most)}
}

// Pace implements outbox.Store.
func (s *Store) Pace(ctx context.Context, platform bot.Name, limit outbox.Limit, want, past int) (outbox.Reservation, error) {
	got, err := paceScript.Run(ctx, s.client, paceKey(platform, limit.Most), limit.Most, limit.Window.Microseconds(), want, past).Int64Slice()
	if err != nil {
		return outbox.Reservation{}, fmt.Errorf("reserve sends of the shared pace: %w", err)
	}
	if len(got) != 2+want {
		return outbox.Reservation{}, fmt.Errorf("reserve sends of the shared pace: %d numbers for %d sends", len(got), want)
	}
	reservation := outbox.Reservation{Now: time.UnixMicro(got[0]), First: got[1]}
	for _, at := range got[2:] {
		reservation.Moments = append(reservation.Moments, time.UnixMicro(at))
	}
	return reservation, nil
}

// Late implements outbox.Store.
func (s *Store) Late(ctx context.Context, platform bot.Name, limit outbox.Limit, at time.Time, slots ...int64) error {
	args := []any{limit.Most, at.UnixMicro()}
	for _, slot := range slots {
		args = append(args, slot)
	}
	if err := lateScript.Run(ctx, s.client, paceKey(platform, limit.Most), args...).Err(); err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("note that a send was late: %w", err)
	}
	return nil
}
