-- Ends the lease of a receiver: settled for good, or waiting for a later time.
-- KEYS  1 due, 2 leased, 3 slot, 4 sending, 5 state, 6 stats (one hash tag)
-- ARGV  1 member, 2 lease, 3 a later time ('' to settle), 4 state to keep,
--       5 tally to add one to, 6 life of state and stats in ms
-- Returns 1 if the lease was still held, and 0 if not: nothing is changed.
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
  return 1
end
redis.call('HSET', KEYS[5], ARGV[1], ARGV[4])
redis.call('PEXPIRE', KEYS[5], ARGV[6])
redis.call('HINCRBY', KEYS[6], ARGV[5], 1)
redis.call('PEXPIRE', KEYS[6], ARGV[6])
return 1
