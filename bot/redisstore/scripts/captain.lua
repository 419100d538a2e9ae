-- Takes a place that one process has at a time, or keeps it.
-- KEYS  1 the place
-- ARGV  1 who, 2 for how long in ms
-- Returns 1 if it is theirs.
local has = redis.call('GET', KEYS[1])
if has and has ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
