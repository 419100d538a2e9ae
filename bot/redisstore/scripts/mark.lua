-- Marks a leased entry as being sent, and lengthens its lease, if the lease is
-- still held, the feed is as it was read and nothing else is being sent to it.
-- If only one of the last two fails, the entry is to be claimed anew.
-- KEYS  1 feed, 2 leased, 3 slot, 4 sending (one hash tag)
-- ARGV  1 name, 2 kind ('' if the name alone is the entry), 3 lease, 4 version of the feed, 5 now, 6 end of the lease,
--       7 when to claim it anew, 8… all kinds
-- Returns 1 if the platform may be called.
local member = ARGV[1]
if ARGV[2] ~= '' then
  member = member .. ':' .. ARGV[2]
end
if redis.call('HGET', KEYS[3], member) ~= ARGV[3] then
  return 0
end
local free = redis.call('GETRANGE', KEYS[1], 0, 11) == ARGV[4]
for i = 8, #ARGV do
  if ARGV[i] ~= ARGV[2] and redis.call('HEXISTS', KEYS[4], ARGV[1] .. ':' .. ARGV[i]) == 1 then
    free = false
  end
end
if not free then
  redis.call('ZADD', KEYS[2], ARGV[7], member)
  return 0
end
redis.call('HSETNX', KEYS[4], member, ARGV[5])
redis.call('ZADD', KEYS[2], ARGV[6], member)
return 1
