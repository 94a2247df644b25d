/**
 * Appends a signal once and keeps exactly the newest ones.
 *
 * KEYS: stream, hash of ids. ARGV: signal id, signal as JSON, capacity, life in milliseconds.
 * Returns [1 when appended or 0 when known, length of the stream].
 */
export const APPEND_SIGNAL = `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then
  return {0, redis.call('XLEN', KEYS[1])}
end
local position = redis.call('XADD', KEYS[1], '*', 'signal', ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], position)
local surplus = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[3])
if surplus > 0 then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', surplus)) do
    redis.call('HDEL', KEYS[2], cjson.decode(entry[2][2])['id'])
  end
  redis.call('XTRIM', KEYS[1], 'MAXLEN', ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {1, redis.call('XLEN', KEYS[1])}
`;
