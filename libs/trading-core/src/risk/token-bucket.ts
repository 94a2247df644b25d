const MINUTE_MS = 60_000;

/** A bucket of tokens: each submission takes one, time brings them back. */
export interface BucketRate {
  /** Tokens when full: what may leave at once. */
  size: number;
  /** Tokens that come back per minute. */
  perMinute: number;
}

/**
 * Tokens left in a bucket that was full a minute ago.
 *
 * Derived from the orders alone, so that it survives restarts and is the same for every process: in any stretch of
 * `t` milliseconds within the minute no more than `size + t * perMinute / 60,000` orders leave.
 *
 * @param takenAt when tokens were taken within the last minute (ms since 1970), newest first
 */
export function tokensLeft(takenAt: readonly number[], now: number, { size, perMinute }: BucketRate): number {
  let left = size;
  for (const [index, at] of takenAt.entries()) {
    const refilled = (Math.max(0, now - at) * perMinute) / MINUTE_MS;
    left = Math.min(left, size + refilled - (index + 1));
  }
  return left;
}
