package redisstore

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
)

//go:embed scripts/pace.lua
var paceSource string

var paceScript = redis.NewScript(paceSource)

// paceKeys names the pace of a platform and its sends; another limit is another
// pace.
func paceKeys(platform bot.Name, most int) []string {
	pace := "na:pace:{" + string(platform) + ":" + strconv.Itoa(most) + "}"
	return []string{pace, pace + ":sends"}
}

// Pace implements outbox.Store.
func (s *Store) Pace(ctx context.Context, platform bot.Name, limit outbox.Limit, want, past int) (outbox.Reservation, error) {
	got, err := paceScript.Run(ctx, s.client, paceKeys(platform, limit.Most), limit.Most, limit.Window.Microseconds(), want, past).Int64Slice()
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
	late := redis.ZAddArgs{XX: true, GT: true}
	for _, slot := range slots {
		late.Members = append(late.Members, redis.Z{Score: float64(at.UnixMicro()), Member: slot})
	}
	if err := s.client.ZAddArgs(ctx, paceKeys(platform, limit.Most)[1], late).Err(); err != nil {
		return fmt.Errorf("note that a send was late: %w", err)
	}
	return nil
}
