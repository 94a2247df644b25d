/** Length of a simulated trading day: six hours, so that there is a session at any hour of development. */
export const SESSION_MS = 6 * 3_600_000;

/** Start of the session a time belongs to: 00:00, 06:00, 12:00 or 18:00 UTC (ms since 1970). */
export function sessionStart(time: number): number {
  return Math.floor(time / SESSION_MS) * SESSION_MS;
}

/** Parts of a session in which the rush after its opening, and the one before its close, fall to a third. */
const OPENING = 0.06;
const CLOSING = 0.05;
const QUIET = 0.62;
const OPENING_RUSH = 1.9;
const CLOSING_RUSH = 1.4;
const MEAN = QUIET + OPENING_RUSH * OPENING + CLOSING_RUSH * CLOSING;

/**
 * How much is traded at a time of its session, 1 on average: most after the opening, least in the middle, more again before
 * the close, as exchanges know it.
 */
export function liveliness(time: number): number {
  const passed = (time - sessionStart(time)) / SESSION_MS;
  const opening = OPENING_RUSH * Math.exp(-passed / OPENING);
  const closing = CLOSING_RUSH * Math.exp((passed - 1) / CLOSING);
  return (QUIET + opening + closing) / MEAN;
}
