/** Length of a simulated trading day: six hours, so that there is a session at any hour of development. */
export const SESSION_MS = 6 * 3_600_000;

/** Start of the session a time belongs to: 00:00, 06:00, 12:00 or 18:00 UTC (ms since 1970). */
export function sessionStart(time: number): number {
  return Math.floor(time / SESSION_MS) * SESSION_MS;
}
