import { pack } from 'msgpackr';

/** What `FLUSH_FRAME` answers when a later holder of the lease has taken over. */
export const FENCED_OFF = -1;

/**
 * Writes one frame in one step: hash, meta and message. Refuses it when a publisher with a higher fencing number was
 * here, however late the frame arrives.
 *
 * KEYS: hash of ticks, meta. ARGV: fencing number or empty, '1' to write the hash anew, channel, frame, epoch,
 * sequence, flushed-at, symbol count, bar sequence, field and value of each tick as `packFields` gives them, and the
 * publisher's clock less Redis' (ms, or empty).
 * Returns the number of fields that were new, or -1 when refused.
 */
export const FLUSH_FRAME = `
if ARGV[1] ~= '' then
  if tonumber(ARGV[1]) < (tonumber(redis.call('HGET', KEYS[2], 'fence')) or 0) then return ${FENCED_OFF} end
  redis.call('HSET', KEYS[2], 'fence', ARGV[1])
end
if ARGV[2] == '1' then redis.call('DEL', KEYS[1]) end
local fields = cmsgpack.unpack(ARGV[10])
local added = 0
for at = 1, #fields, 1000 do
  added = added + redis.call('HSET', KEYS[1], unpack(fields, at, math.min(at + 999, #fields)))
end
redis.call('HSET', KEYS[2], 'epoch', ARGV[5], 'sequence', ARGV[6], 'flushedAt', ARGV[7], 'symbolCount', ARGV[8],
  'barSequence', ARGV[9], 'clockOffsetMs', ARGV[11])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return added
`;

/** One argument instead of hundreds: the client would frame each of them by itself. */
export const packFields = (fields: readonly string[]): Buffer => pack(fields);
