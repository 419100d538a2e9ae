-- Replaces an announcement if it still has the version that was read, and adds
-- what was done to the audit log, or does neither.
-- KEYS  1 announcement, 2 index, 3 live, 4 audit log (one hash tag)
-- ARGV  1 version read ('' for none), 2 new announcement, 3 its life in ms, 4 id,
--       5 time of the change, 6 '1' if somebody has to work on it,
--       7 version of the last log entry read ('' for none), 8 new log entry,
--       9 how many log entries are kept
-- Returns 1 if both are stored, 0 if another writer was quicker.
-- Repeating the call after a lost reply changes nothing and returns 1 again.
local now = redis.call('GETRANGE', KEYS[1], 0, 11)
if now == string.sub(ARGV[2], 1, 12) then
  return 1
end
local last = string.sub(redis.call('LINDEX', KEYS[4], -1) or '', 1, 12)
if now ~= ARGV[1] or last ~= ARGV[7] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[4])
if ARGV[6] == '1' then
  redis.call('SADD', KEYS[3], ARGV[4])
else
  redis.call('SREM', KEYS[3], ARGV[4])
end
redis.call('RPUSH', KEYS[4], ARGV[8])
redis.call('LTRIM', KEYS[4], -ARGV[9], -1)
return 1
