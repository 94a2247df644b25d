import type { TradingMode } from '@tickbridge/contracts';
import type { LadderTrip } from './ladder-triggers';
import { isHigher } from './rungs';

/** The ladder with what has tripped it since a person reset it last. Stored as a whole. */
export interface LatchedLadder {
  readonly mode: TradingMode;
  /** Trips acted on since the last reset: each moves the ladder once. */
  readonly acted: readonly string[];
}

export const FRESH_LADDER: LatchedLadder = { mode: 'ACTIVE', acted: [] };

/**
 * Moves the ladder up by the first trip that is news and higher than where it stands. It never moves down by itself,
 * whatever the figures do; and what was flattened and halted is not flattened again for the same reason.
 *
 * @returns the ladder as it is to be stored and the trip that moved it, or `undefined` when nothing moves
 */
export function latch(
  ladder: LatchedLadder,
  trips: readonly LadderTrip[],
): { ladder: LatchedLadder; trip: LadderTrip } | undefined {
  const trip = trips.find((one) => isHigher(one.rung, ladder.mode) && !ladder.acted.includes(keyOf(one)));
  if (!trip) return undefined;
  return { trip, ladder: { mode: trip.rung, acted: [...ladder.acted, keyOf(trip)] } };
}

/** Everything is closed: FLATTEN ends in HALTED, and remembers why. */
export function flattened(ladder: LatchedLadder): LatchedLadder {
  return ladder.mode === 'FLATTEN' ? { ...ladder, mode: 'HALTED' } : ladder;
}

/** A person resets it. Figures that still trip it do so again at the next look. */
export function resetLadder(): LatchedLadder {
  return FRESH_LADDER;
}

function keyOf({ code, rung }: LadderTrip): string {
  return `${code}:${rung}`;
}
