-- Replaces a feed if it still has the version that was loaded, and moves its due
-- times with it. What another replica has leased stays with that replica.
-- KEYS  1 feed, 2 due, 3 leased, 4 slot, 5 sending, 6 news (one hash tag)
-- ARGV  1 version loaded ('' for none), 2 new feed, 3 its life in ms, 4 name,
--       5 kind that is settled by this call ('' for none), 6 1 if it takes news,
--       7… pairs of kind and due time ('' for not due)
-- Returns 1 if the new feed is stored, 0 if another writer was quicker.
local now = redis.call('GETRANGE', KEYS[1], 0, 11)
if now ~= string.sub(ARGV[2], 1, 12) then
  if now ~= ARGV[1] then
    return 0
  end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
if ARGV[6] == '1' then
  redis.call('ZADD', KEYS[6], 0, ARGV[4])
else
  redis.call('ZREM', KEYS[6], ARGV[4])
end
for i = 7, #ARGV, 2 do
  local member = ARGV[4] .. ':' .. ARGV[i]
  if ARGV[i] == ARGV[5] then
    redis.call('ZREM', KEYS[3], member)
    redis.call('HDEL', KEYS[4], member)
    redis.call('HDEL', KEYS[5], member)
  end
  if not redis.call('ZSCORE', KEYS[3], member) then
    if ARGV[i + 1] == '' then
      redis.call('ZREM', KEYS[2], member)
    else
      redis.call('ZADD', KEYS[2], ARGV[i + 1], member)
    end
  end
end
return 1
