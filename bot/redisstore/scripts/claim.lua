-- Leases what is due: first what another replica leased and did not settle in
-- time, then the longest due.
-- KEYS  1 due, 2 leased, 3 slot, 4 sending (one hash tag)
-- ARGV  1 now, 2 end of the lease, 3 how many at most, 4 a word no other claim has,
--       5 '1' if the lease counts from now, not from the due time
-- Returns member, lease, when its sending began ('' if it did not), … in that
-- order for each. A lease reads 'due time:word', so that one that was lost cannot
-- be mistaken for the present one.
local out = {}
local left = tonumber(ARGV[3])
local late = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, left)
for _, member in ipairs(late) do
  local at = string.match(redis.call('HGET', KEYS[3], member) or '', '^%d+') or ARGV[1]
  local lease = at .. ':' .. ARGV[4]
  redis.call('ZADD', KEYS[2], ARGV[2], member)
  redis.call('HSET', KEYS[3], member, lease)
  out[#out + 1] = member
  out[#out + 1] = lease
  out[#out + 1] = redis.call('HGET', KEYS[4], member) or ''
  left = left - 1
end
if left > 0 then
  local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, left)
  for i = 1, #due, 2 do
    local at = ARGV[5] == '1' and ARGV[1] or due[i + 1]
    local lease = string.format('%.0f', tonumber(at)) .. ':' .. ARGV[4]
    redis.call('ZREM', KEYS[1], due[i])
    redis.call('ZADD', KEYS[2], ARGV[2], due[i])
    redis.call('HSET', KEYS[3], due[i], lease)
    out[#out + 1] = due[i]
    out[#out + 1] = lease
    out[#out + 1] = ''
  end
end
return out
