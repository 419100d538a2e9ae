-- Leases what is due: first what another replica leased and did not settle in
-- time, then the longest due.
-- KEYS  1 due, 2 leased, 3 slot, 4 sending (one hash tag)
-- ARGV  1 now, 2 end of the lease, 3 how many at most
-- Returns member, due time, '1' if it was being sent when its lease ended, … in
-- that order for each.
local out = {}
local left = tonumber(ARGV[3])
local late = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, left)
for _, member in ipairs(late) do
  redis.call('ZADD', KEYS[2], ARGV[2], member)
  out[#out + 1] = member
  out[#out + 1] = redis.call('HGET', KEYS[3], member) or ARGV[1]
  out[#out + 1] = redis.call('HGET', KEYS[4], member) and '1' or '0'
  left = left - 1
end
if left > 0 then
  local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, left)
  for i = 1, #due, 2 do
    redis.call('ZREM', KEYS[1], due[i])
    redis.call('ZADD', KEYS[2], ARGV[2], due[i])
    redis.call('HSET', KEYS[3], due[i], due[i + 1])
    out[#out + 1] = due[i]
    out[#out + 1] = due[i + 1]
    out[#out + 1] = '0'
  end
end
return out
