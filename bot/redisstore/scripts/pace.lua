-- Reserves sends of a pace that all replicas share: each has a moment of its own,
-- so that no moment of the platform's window ever holds more than the rate.
-- KEYS  1 pace: the moment of the next free send, in microseconds
-- ARGV  1 microseconds a send, 2 how many to reserve, 3 how many were sent past
--       the pace meanwhile (replies, which never wait)
-- Returns the microseconds until the first; the others follow one each.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local each = tonumber(ARGV[1])
local free = tonumber(redis.call('GET', KEYS[1]) or '0')
-- More than two seconds ahead can only be when the server's clock was set back.
if free > now + 2000000 then
  free = now
end
local start = math.max(free, now) + tonumber(ARGV[3]) * each
local after = start + tonumber(ARGV[2]) * each
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1000)
return start - now
