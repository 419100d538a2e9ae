-- Notes that reserved sends arrived later than at their moments, so that those a
-- limit after them keep their distance.
-- KEYS  1 pace, as in pace.lua
-- ARGV  1 how many sends a window takes, 2 when they arrived, in microseconds,
--       3 … their slots
local most = tonumber(ARGV[1])
local following = tonumber(redis.call('HGET', KEYS[1], 'next') or '0')
for i = 3, #ARGV do
  local slot = tonumber(ARGV[i])
  local noted = tonumber(redis.call('HGET', KEYS[1], slot % most) or '0')
  if slot < following and slot >= following - most and noted < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], slot % most, ARGV[2])
  end
end
