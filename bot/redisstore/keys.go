package redisstore

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"

	"notalone/bot"
)

// shards spread people over a cluster while a batch still costs few commands.
const shards = 16

// keyring derives key names and never writes a platform's id into one.
type keyring struct{ secret []byte }

// A personKeys holds the names of all keys of one person.
type personKeys struct {
	shard    int
	state    string // string: the sealed flows.State, KeepPerson
	draft    string // string: the sealed flows.Draft, KeepDraft
	messages string // list: sealed message ids, KeepTalk
}

func (k keyring) person(p bot.Person) personKeys {
	sum := k.hash("person", string(p.Platform()), p.ID())
	shard := int(sum[0]) % shards
	tag := "na:{" + strconv.Itoa(shard) + "}:"
	name := base64.RawURLEncoding.EncodeToString(sum[:12])
	return personKeys{shard: shard, state: tag + "p:" + name, draft: tag + "d:" + name, messages: tag + "m:" + name}
}

// claim names the key that tells an event id was seen, claimFor long.
func (k keyring) claim(eventID string) string {
	sum := k.hash("event", eventID)
	return "na:c:" + base64.RawURLEncoding.EncodeToString(sum[:9])
}

// totals names the hash of a day's counters.
func totals(day string) string { return "na:t:" + day }

func (k keyring) hash(parts ...string) []byte {
	mac := hmac.New(sha256.New, k.secret)
	for _, part := range parts {
		mac.Write([]byte(strconv.Itoa(len(part))))
		mac.Write([]byte{':'})
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
