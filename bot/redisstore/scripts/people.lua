-- Changes one moderator and adds what was done to the audit log, or does neither.
-- KEYS  1 moderators, 2 audit log, 3 invitation to use up (one hash tag)
-- ARGV  1 moderator, 2 value ('=' to leave as it is),
--       3 version of the last log entry read ('' for none), 4 new log entry,
--       5 how many log entries are kept, 6 '1' if the invitation must be there
-- Returns 1 if done, 0 if another writer was quicker, 2 if the invitation is gone.
local last = string.sub(redis.call('LINDEX', KEYS[2], -1) or '', 1, 12)
if last == string.sub(ARGV[4], 1, 12) then
  return 1
end
if last ~= ARGV[3] then
  return 0
end
if ARGV[6] == '1' and redis.call('DEL', KEYS[3]) == 0 then
  return 2
end
if ARGV[2] ~= '=' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
redis.call('RPUSH', KEYS[2], ARGV[4])
redis.call('LTRIM', KEYS[2], -ARGV[5], -1)
return 1
