package redisstore

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
)

//go:embed scripts/pace.lua
var paceSource string

var paceScript = redis.NewScript(paceSource)

// Pace reserves sends of a platform's rate, shared by all replicas, and tells
// when the first may go; the others follow at the rate. What was sent past the
// pace is made up for, three quarters of a second's worth at most.
func (s *Store) Pace(ctx context.Context, platform bot.Name, perSecond float64, want, past int) (time.Duration, error) {
	each := max(1, int64(1e6/perSecond))
	past = min(past, int(perSecond*3/4))
	wait, err := paceScript.Run(ctx, s.client, []string{"na:pace:" + string(platform)}, each, want, past).Int64()
	if err != nil {
		return 0, fmt.Errorf("reserve sends of the shared pace: %w", err)
	}
	return time.Duration(wait) * time.Microsecond, nil
}
