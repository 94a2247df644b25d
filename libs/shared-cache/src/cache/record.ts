/**
 * What a cache key holds in shared memory: a head of fixed size, then the encoded value.
 *
 * All times are the server's, so that no two processes need clocks that agree.
 */
export interface CacheRecord {
  /** Version of the namespace's shape. */
  readonly shape: number;
  /** Order of writes to this key, issued by the server (its microseconds, never backwards). */
  readonly version: number;
  /** The value is as of this moment: when its load began, or it was written (server microseconds). */
  readonly asOf: number;
  /** End of its life; within the grace it is still there, stale (server milliseconds). */
  readonly expiresAt: number;
  /** Until when somebody loads it anew, or nobody may (server milliseconds; 0 = never). */
  readonly leaseUntil: number;
  /** Who loads it; 0 = nobody. */
  readonly token: number;
  /** Encoded value; absent while the key only holds a lease. */
  readonly payload: Uint8Array | undefined;
}

/** `struct` format of the head in the Lua scripts: magic, flags, shape, version, asOf, expiresAt, leaseUntil, token. */
export const HEAD_FORMAT = '>BBI4ddddd';
export const HEAD_BYTES = 46;
export const MAGIC = 0xc7;
export const HAS_VALUE = 1;

/** @returns `undefined` for bytes no process of the platform wrote */
export function readRecord(bytes: Uint8Array): CacheRecord | undefined {
  if (bytes.length < HEAD_BYTES || bytes[0] !== MAGIC) return undefined;
  const head = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    shape: head.readUInt32BE(2),
    version: head.readDoubleBE(6),
    asOf: head.readDoubleBE(14),
    expiresAt: head.readDoubleBE(22),
    leaseUntil: head.readDoubleBE(30),
    token: head.readDoubleBE(38),
    payload: ((bytes[1] ?? 0) & HAS_VALUE) === 0 ? undefined : head.subarray(HEAD_BYTES),
  };
}
