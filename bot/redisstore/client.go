package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Patience is what somebody who waits for an answer has with a store.
const Patience = time.Second

// Connect opens a client for a redis:// or rediss:// address; several addresses
// divided by commas are the seeds of a cluster, and ?master_name= names a
// Sentinel's master. A server that does not answer within patience counts as gone.
func Connect(address string, patience time.Duration) (redis.UniversalClient, error) {
	redis.SetLogger(silent{}) // its lines hold addresses; what matters comes back as an error
	var seeds []string
	var first *redis.Options
	for part := range strings.SplitSeq(address, ",") {
		part, master, _ := strings.Cut(part, "?master_name=")
		o, err := redis.ParseURL(part)
		if err != nil {
			return nil, errors.New("not a redis:// or rediss:// address")
		}
		if first == nil {
			first = o
		}
		if master != "" {
			return redis.NewUniversalClient(universal(first, append(seeds, o.Addr), master, patience)), nil
		}
		seeds = append(seeds, o.Addr)
	}
	return redis.NewUniversalClient(universal(first, seeds, "", patience)), nil
}

// silent is a logger of the client that says nothing.
type silent struct{}

// Printf implements the client's logger.
func (silent) Printf(context.Context, string, ...any) {}

// universal sets what the defaults get wrong for us. No command is repeated by
// the client: a claim whose reply was lost would come back as claimed before.
func universal(o *redis.Options, seeds []string, master string, patience time.Duration) *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs: seeds, MasterName: master, Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLSConfig,
		MaxRetries: -1, DialTimeout: patience, ReadTimeout: patience, WriteTimeout: patience,
		ContextTimeoutEnabled: true, PoolSize: 24, MinIdleConns: 2, DisableIdentity: true,
	}
}

// ErrTooOld refuses a server before 6.2.
var ErrTooOld = errors.New("redis 6.2 or later is needed")

// Check refuses a server that is too old and tells what an operator should know.
func Check(ctx context.Context, client redis.UniversalClient) (warnings []string, err error) {
	info, err := client.Info(ctx, "server").Result()
	if err != nil {
		return nil, fmt.Errorf("ask Redis for its version: %w", err)
	}
	if v := field(info, "redis_version"); v != "" && !atLeast(v, 6, 2) {
		return nil, fmt.Errorf("%w: this is %s", ErrTooOld, v)
	}
	if policy, err := client.ConfigGet(ctx, "maxmemory-policy").Result(); err == nil {
		if p := policy["maxmemory-policy"]; p != "" && p != "noeviction" {
			warnings = append(warnings, "Redis may throw keys away when its memory is full: set maxmemory-policy noeviction (now "+p+")")
		}
	}
	if aof, err := client.ConfigGet(ctx, "appendonly").Result(); err == nil && aof["appendonly"] == "no" {
		warnings = append(warnings, "Redis loses what it keeps at a restart: set appendonly yes")
	} else if sync, err := client.ConfigGet(ctx, "appendfsync").Result(); err == nil && sync["appendfsync"] != "" && sync["appendfsync"] != "always" {
		warnings = append(warnings, "Redis may lose its last seconds in a power cut, and posts of that time may go out twice: set appendfsync always (now "+sync["appendfsync"]+")")
	}
	return warnings, nil
}

func field(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			return value
		}
	}
	return ""
}

func atLeast(version string, major, minor int) bool {
	parts := strings.Split(version, ".")
	if len(parts) < 2 {
		return true
	}
	a, errA := strconv.Atoi(parts[0])
	b, errB := strconv.Atoi(parts[1])
	if errA != nil || errB != nil {
		return true
	}
	return a > major || a == major && b >= minor
}
