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

// paceBurst is how many sends may go at once after a pause.
const paceBurst = 3

// Pace takes up to want sends of a platform's rate, shared by all replicas; with
// none left it tells how long to wait for the next.
func (s *Store) Pace(ctx context.Context, platform bot.Name, perSecond float64, want int) (int, time.Duration, error) {
	each := max(1, int64(1e6/perSecond))
	reply, err := paceScript.Run(ctx, s.client, []string{"na:pace:" + string(platform)}, each, each*paceBurst, want).Int64Slice()
	if err != nil {
		return 0, 0, fmt.Errorf("take from the shared pace: %w", err)
	}
	if len(reply) != 2 {
		return 0, 0, fmt.Errorf("take from the shared pace: %d values came back", len(reply))
	}
	return int(reply[0]), time.Duration(reply[1]) * time.Microsecond, nil
}
