-- Replaces a feed if it still has the version that was loaded, and moves its due
-- times with it. What is being sent stays with its lease; what is merely leased
-- stays only if it would be due at that time by the new feed as well. Settling a
-- close deletes the answers to its quiz.
-- KEYS  1 feed, 2 due, 3 leased, 4 slot, 5 sending, 6 news, 7 votes, 8 reach (one hash tag)
-- ARGV  1 version loaded ('' for none), 2 new feed, 3 its life in ms, 4 name,
--       5 class if it takes news ('' if not), 6 kind that is settled by this call ('' for none),
--       7 lease of the settled entry,
--       8… triples of kind, next due time, due time that is past and still owed
--       ('' for none of either)
-- Returns 1 if the new feed is stored, 0 if another writer was quicker, 2 if the
-- lease of the settled entry is lost: nothing is changed.
local settled = ARGV[4] .. ':' .. ARGV[6]
if ARGV[6] ~= '' and redis.call('HGET', KEYS[4], settled) ~= ARGV[7] then
  return 2
end
local now = redis.call('GETRANGE', KEYS[1], 0, 11)
if now ~= string.sub(ARGV[2], 1, 12) then
  if now ~= ARGV[1] then
    return 0
  end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
local class = redis.call('HGET', KEYS[6], ARGV[4]) or ''
if class ~= ARGV[5] then
  if class ~= '' and redis.call('HINCRBY', KEYS[8], class, -1) < 1 then
    redis.call('HDEL', KEYS[8], class)
  end
  if ARGV[5] == '' then
    redis.call('HDEL', KEYS[6], ARGV[4])
  else
    redis.call('HSET', KEYS[6], ARGV[4], ARGV[5])
    redis.call('HINCRBY', KEYS[8], ARGV[5], 1)
  end
end

local function unlease(member)
  redis.call('ZREM', KEYS[3], member)
  redis.call('HDEL', KEYS[4], member)
  redis.call('HDEL', KEYS[5], member)
end

-- kept tells whether the entry stays as it stands, in the queue or leased.
local function kept(member, owed)
  local lease = redis.call('HGET', KEYS[4], member)
  if lease then
    return redis.call('HEXISTS', KEYS[5], member) == 1 or string.match(lease, '^%d+') == owed
  end
  return owed ~= '' and tonumber(redis.call('ZSCORE', KEYS[2], member) or '0') == tonumber(owed)
end

if ARGV[6] ~= '' then
  unlease(settled)
end
if ARGV[6] == 'close' then
  redis.call('DEL', KEYS[7])
end
for i = 8, #ARGV, 3 do
  local member = ARGV[4] .. ':' .. ARGV[i]
  if not kept(member, ARGV[i + 2]) then
    unlease(member)
    if ARGV[i + 1] == '' then
      redis.call('ZREM', KEYS[2], member)
    else
      redis.call('ZADD', KEYS[2], ARGV[i + 1], member)
    end
  end
end
return 1
