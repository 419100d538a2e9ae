-- Lets a lease end at a time of its holder's choice.
-- KEYS  1 leased, 2 slot, 3 sending (one hash tag)
-- ARGV  1 member, 2 lease, 3 its new end, 4 1 if the post may have arrived: the
--       mark stays
-- Returns 1 if the lease was still held.
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return 0
end
if ARGV[4] ~= '1' then
  redis.call('HDEL', KEYS[3], ARGV[1])
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
