/** How long to wait before another attempt, and how that grows. Milliseconds. */
export interface BackOffOptions {
  baseMs: number;
  capMs: number;
  /** Never wait less than this. */
  floorMs: number;
}

/** A dropped or unreachable socket. */
export const CONNECTION_BACK_OFF: BackOffOptions = { baseMs: 500, capMs: 30_000, floorMs: 100 };

/** The vendor said no for now ("User Already Connected"): its ghost session lives for about a minute. */
export const REFUSAL_BACK_OFF: BackOffOptions = { baseMs: 10_000, capMs: 120_000, floorMs: 10_000 };

/**
 * Exponential back-off with full jitter: many clients that lose a vendor together do not return together.
 *
 * @param attempt failed attempts so far, from 0
 * @param random uniform in [0, 1)
 */
export function backOffMs(attempt: number, options: BackOffOptions, random: () => number): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(Math.max(options.floorMs, options.floorMs + random() * (ceiling - options.floorMs)));
}
