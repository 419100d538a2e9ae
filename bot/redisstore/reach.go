package redisstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/flows"
)

// Platforms lists the platforms that are served by any process.
func (s *Store) Platforms(ctx context.Context) ([]bot.Name, error) {
	names, err := s.client.SMembers(ctx, platformsKey).Result()
	if err != nil {
		return nil, fmt.Errorf("list the platforms: %w", err)
	}
	slices.Sort(names)
	platforms := make([]bot.Name, len(names))
	for i, name := range names {
		platforms[i] = bot.Name(name)
	}
	return platforms, nil
}

// platformsKey is a set: the platforms that were ever served.
const platformsKey = "na:{news}:platforms"

// ServePlatforms notes which platforms there are: whoever has none of them at
// hand can count their receivers all the same.
func (s *Store) ServePlatforms(ctx context.Context, names ...bot.Name) error {
	for _, name := range names {
		if err := s.client.SAdd(ctx, platformsKey, string(name)).Err(); err != nil {
			return fmt.Errorf("note a platform: %w", err)
		}
	}
	return nil
}

// Reach counts everybody who takes news, by language, country and kind.
func (s *Store) Reach(ctx context.Context, platforms []bot.Name) ([]flows.Reached, error) {
	pipe := s.client.Pipeline()
	counts := map[bot.Name][]*redis.MapStringStringCmd{}
	for _, platform := range platforms {
		for shard := range shards {
			counts[platform] = append(counts[platform], pipe.HGetAll(ctx, shardOf(platform, shard)+"reach"))
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("count whom news reach: %w", err)
	}
	var reach []flows.Reached
	for _, platform := range platforms {
		classes := map[string]int{}
		for _, shard := range counts[platform] {
			for class, value := range shard.Val() {
				n, _ := strconv.Atoi(value)
				classes[class] += n
			}
		}
		for class, n := range classes {
			reach = append(reach, flows.Reached{Platform: string(platform), Class: *ofClass(class), N: n})
		}
	}
	slices.SortFunc(reach, func(a, b flows.Reached) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Class.Lang, b.Class.Lang), cmp.Compare(a.Class.Country, b.Class.Country), cmp.Compare(a.Class.Kind, b.Class.Kind))
	})
	return reach, nil
}
