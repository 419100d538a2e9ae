// Package redisstore keeps the bot's state in Redis 6.2 or later. It names every
// key and script and is the only importer of go-redis.
//
// A person's keys share a hash tag, so scripts run on a cluster. Key names are
// keyed hashes; values are sealed under a key derived from the same secret.
package redisstore
