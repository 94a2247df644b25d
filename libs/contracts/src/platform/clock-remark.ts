/** From here on people are told of a difference between two clocks (ms). */
export const REMARKABLE_OFFSET_MS = 2_000;

/**
 * What people have to know of the difference between this machine's clock and another; `null` when there is nothing.
 *
 * @param offsetMs this machine's clock less the other; `null` while it is not known
 * @param whose the other clock, e.g. `the vendor's`
 */
export function clockRemark(offsetMs: number | null, whose: string): string | null {
  if (offsetMs === null || Math.abs(offsetMs) < REMARKABLE_OFFSET_MS) return null;
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  return `this machine's clock is about ${seconds} s ${offsetMs < 0 ? 'behind' : 'ahead of'} ${whose}`;
}
