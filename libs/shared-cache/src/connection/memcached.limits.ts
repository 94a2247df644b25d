import { hashedId } from '../contract/shared-cache.keys';

/** What every Memcached client may use as a key: no space, no control character, at most 250 bytes. */
const PLAIN_KEY = /^[\x21-\x7e]{1,250}$/;
const HASHED_PREFIX = 'hashed:';

/**
 * Most bytes of key and value together that are sent. Memcached takes items of 1 MiB with its own header, for
 * which the rest is left; a server started with a smaller `-I` refuses more.
 */
export const MAX_ITEM_BYTES = 1_048_576 - 1_024;

/** Longer lives than this Memcached takes for dates (seconds). */
const LONGEST_RELATIVE_S = 60 * 60 * 24 * 30;
/** Largest number that fits the field. */
const LAST_DATE_S = 0xffff_ffff;

/**
 * The key under which Memcached holds a value: the key itself if Memcached allows it, else `hashed:` and the key's
 * SHA-256 in hex. A key that begins with `hashed:` is hashed too, so that two keys never meet.
 *
 * @param prefix installation that it belongs to: Memcached has no databases
 */
export function wireKey(key: string, prefix = ''): string {
  if (prefix !== '') return wireKey(`${prefix}:${key}`);
  return PLAIN_KEY.test(key) && !key.startsWith(HASHED_PREFIX) ? key : HASHED_PREFIX + hashedId(key);
}

/**
 * Memcached's expiry for a life: seconds from now, or a date (seconds since 1970) where it takes the number for one.
 *
 * Rounded up to whole seconds and one more, because Memcached's clock ticks once a second and a value stored just
 * before a tick would leave early. The exact end of a life is the reader's business.
 *
 * @returns `undefined` when nothing is left of the life
 */
export function expiry(ttlMs: number, nowMs: number): number | undefined {
  if (!(ttlMs > 0)) return undefined;
  const seconds = Math.ceil(ttlMs / 1_000) + 1;
  if (seconds <= LONGEST_RELATIVE_S) return seconds;
  return Math.min(Math.ceil(nowMs / 1_000) + seconds, LAST_DATE_S);
}
