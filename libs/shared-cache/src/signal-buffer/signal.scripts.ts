/**
 * Appends a signal once, keeps exactly the newest ones, and tells subscribers.
 *
 * KEYS: stream, hash of ids. ARGV: signal id, signal as JSON, capacity, life in milliseconds, channel.
 * Returns [1 when appended or 0 when known, length of the stream].
 */
export const APPEND_SIGNAL = `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then
  return {0, redis.call('XLEN', KEYS[1])}
end
local position = redis.call('XADD', KEYS[1], '*', 'signal', ARGV[2], 'id', ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], position)
local surplus = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[3])
if surplus > 0 then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', surplus)) do
    redis.call('HDEL', KEYS[2], entry[2][4] or '')
  end
  redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('PUBLISH', ARGV[5], position)
return {1, redis.call('XLEN', KEYS[1])}
`;

/**
 * Replaces the stream by signals in order. A signal's position is the time it was created, so that a subscriber's
 * position keeps its meaning.
 *
 * KEYS: stream, hash of ids. ARGV: life in milliseconds, channel, then id, creation time in ms and JSON of each.
 */
export const REBUILD_SIGNALS = `
redis.call('DEL', KEYS[1], KEYS[2])
local position = '0-0'
for at = 3, #ARGV, 3 do
  position = redis.call('XADD', KEYS[1], ARGV[at + 1] .. '-*', 'signal', ARGV[at + 2], 'id', ARGV[at])
  redis.call('HSET', KEYS[2], ARGV[at], position)
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
redis.call('PUBLISH', ARGV[2], position)
return redis.call('XLEN', KEYS[1])
`;
