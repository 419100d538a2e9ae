-- Reserves sends of a platform's limit that all replicas share: each has a moment
-- of its own, at least a window after the send so many before it arrived.
-- KEYS  1 pace: a hash; next: the next slot; last: the latest moment given; asked:
--       the time of the last call; lately and usual: replies in about the last
--       second, and in a second of the last few
--       2 sends: a sorted set; the latest slots by when they arrive, in
--       microseconds
-- ARGV  1 how many sends a window takes, 2 the window in microseconds, 3 how many
--       to reserve, 4 how many were sent past the pace meanwhile (replies, which
--       never wait)
-- Returns the time, the first slot and the moment of each.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local most, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = function(n) return string.format('%.0f', n) end
local state = redis.call('HMGET', KEYS[1], 'next', 'last', 'asked', 'lately', 'usual')
local slot, last = tonumber(state[1] or '0'), tonumber(state[2] or '0')
local asked = tonumber(state[3] or '0')
if asked > now + window then -- the server's clock was set back
  redis.call('DEL', KEYS[1], KEYS[2])
  last, asked = 0, now
end
-- Room is left for as many replies as a second brings at most, nearly always; a
-- quarter of the limit stays with the posts.
local past, ago = tonumber(ARGV[4]), math.max(0, now - asked) / 1000000
local lately = tonumber(state[4] or '0') * math.exp(-ago) + past
local usual = tonumber(state[5] or '0') * math.exp(-ago / 4) + past / 4
local spare = 0
if usual > 0.02 then
  spare = math.ceil(math.max(lately, usual + 3 * math.sqrt(usual)))
end
local room = most - math.min(spare, math.floor(most * 3 / 4))
-- Evenly, but so that what was lost to a late one is caught up with.
local apart = 0.9 * window / room
local answer = {now, slot}
for _ = 1, tonumber(ARGV[3]) do
  local before = redis.call('ZREVRANGE', KEYS[2], room - 1, room - 1, 'WITHSCORES')[2]
  last = math.max(now, last + apart, tonumber(before or '0') + window)
  redis.call('ZADD', KEYS[2], whole(last), whole(slot))
  slot = slot + 1
  table.insert(answer, last)
end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -most - 1)
redis.call('HSET', KEYS[1], 'next', whole(slot), 'last', whole(last), 'asked', whole(now), 'lately', lately, 'usual', usual)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, math.ceil((last - now + window) / 1000) + 1000)
end
return answer
