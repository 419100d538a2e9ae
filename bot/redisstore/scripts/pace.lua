-- Takes sends from a pace that all replicas share (GCRA: the time at which the
-- bucket is full again is all that is kept).
-- KEYS  1 pace
-- ARGV  1 microseconds a send, 2 burst in microseconds, 3 how many at most
-- Returns how many were taken and, if none, the microseconds to wait.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local each, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or '0')
-- More than the burst can only be ahead when the server's clock was set back.
full = math.min(math.max(full, now), now + burst)
local room = math.floor((now + burst - full) / each)
if room < 1 then
  return {0, full + each - now - burst}
end
local take = math.min(room, tonumber(ARGV[3]))
full = full + take * each
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
return {take, 0}
