-- Puts receivers into a job's queue. Those who are queued, leased or settled
-- already stay as they are, so the call may be repeated.
-- KEYS  1 due, 2 leased, 3 state, 4 stats (one hash tag)
-- ARGV  1 due time, 2 life of state and stats in ms, 3… members
-- Returns how many are new.
local new = 0
for i = 3, #ARGV do
  local m = ARGV[i]
  if redis.call('HEXISTS', KEYS[3], m) == 0 and not redis.call('ZSCORE', KEYS[2], m) then
    new = new + redis.call('ZADD', KEYS[1], 'NX', ARGV[1], m)
  end
end
if new > 0 then
  redis.call('HINCRBY', KEYS[4], 'all', new)
  redis.call('PEXPIRE', KEYS[4], ARGV[2])
end
return new
