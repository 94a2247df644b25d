import { barCloseTime, type Bar } from '@tickbridge/contracts';
import type { SessionCalendar } from '../sessions/session-calendar';

/** An open position with the levels at which it must be left. */
export interface GuardedPosition {
  strategy: string;
  symbol: string;
  /** Positive is long, negative is short, never zero. */
  quantity: number;
  stopLoss: number | null;
  target: number | null;
}

export interface ExitDraft {
  cause: 'stop-loss' | 'target' | 'square-off';
  reason: string;
  components: Record<string, number>;
}

/**
 * Decides whether a bar ends a position: stop reached, target reached, or the session's square-off time.
 *
 * When one bar touches stop and target, the stop counts: which came first cannot be seen in a bar.
 */
export function guardPosition(
  position: GuardedPosition,
  bar: Bar,
  calendar: SessionCalendar,
): ExitDraft | undefined {
  const { quantity, stopLoss, target } = position;
  const long = quantity > 0;
  const worst = long ? bar.low : bar.high;
  const best = long ? bar.high : bar.low;

  if (stopLoss !== null && (long ? worst <= stopLoss : worst >= stopLoss)) {
    return {
      cause: 'stop-loss',
      reason: `Stop ${stopLoss} of the ${long ? 'long' : 'short'} position was reached at ${worst}`,
      components: { stopLoss, reached: worst },
    };
  }
  if (target !== null && (long ? best >= target : best <= target)) {
    return {
      cause: 'target',
      reason: `Target ${target} of the ${long ? 'long' : 'short'} position was reached at ${best}`,
      components: { target, reached: best },
    };
  }
  const cutoff = calendar.sessionAt(bar.openTime)?.squareOffTime ?? null;
  if (cutoff !== null && barCloseTime(bar) >= cutoff) {
    return {
      cause: 'square-off',
      reason: 'Intraday positions are closed at the square-off time',
      components: {},
    };
  }
  return undefined;
}
