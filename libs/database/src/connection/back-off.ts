const FIRST_MS = 100;
const LONGEST_MS = 3_000;

/**
 * Pause before another attempt: doubling from 100 ms to 3 s, with jitter so that services that failed together do
 * not come back together.
 *
 * @param attempt how many attempts failed, from 1
 */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return full * (0.5 + random() / 2);
}
