-- Deletes a feed and everything that is due, leased, marked or counted for it.
-- KEYS  1 feed, 2 due, 3 leased, 4 slot, 5 sending, 6 news, 7 votes,
--       8 reach (one hash tag)
-- ARGV  1 name, 2… kinds
-- Returns 1 if there was a feed.
local was = redis.call('DEL', KEYS[1])
redis.call('DEL', KEYS[7])
local class = redis.call('HGET', KEYS[6], ARGV[1])
if class then
  redis.call('HDEL', KEYS[6], ARGV[1])
  if redis.call('HINCRBY', KEYS[8], class, -1) < 1 then
    redis.call('HDEL', KEYS[8], class)
  end
end
for i = 2, #ARGV do
  local member = ARGV[1] .. ':' .. ARGV[i]
  redis.call('ZREM', KEYS[2], member)
  redis.call('ZREM', KEYS[3], member)
  redis.call('HDEL', KEYS[4], member)
  redis.call('HDEL', KEYS[5], member)
end
return was
