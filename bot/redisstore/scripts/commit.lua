-- Replaces a person's state if it still has the version that was loaded.
-- KEYS  1 state, 2 draft (one hash tag)
-- ARGV  1 version loaded ('' for none), 2 new state, 3 its life in ms,
--       4 new draft ('' for none), 5 its life in ms
-- Returns 1 if the new state is stored, 0 if another writer was quicker.
-- Repeating the call after a lost reply changes nothing and returns 1 again.
local now = redis.call('GETRANGE', KEYS[1], 0, 11)
if now == string.sub(ARGV[2], 1, 12) then
  return 1
end
if now ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if ARGV[4] == '' then
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[5])
end
return 1
