import { barCloseTime, type Bar, plainNumber } from '@tickbridge/contracts';

/** An open position with the levels at which it must be left. */
export interface GuardedPosition {
  strategy: string;
  symbol: string;
  /** The account whose own levels these are; absent where every account leaves with the strategy. */
  accountId?: string;
  /** Positive is long, negative is short, never zero. */
  quantity: number;
  stopLoss: number | null;
  target: number | null;
  /** Where the trailing stop stands; `null` without one. */
  trailingStop: number | null;
  /** From then on it is closed whatever its price (ms since 1970); `null` when it may stay. */
  squareOffTime: number | null;
}

export interface ExitDraft {
  cause: 'stop-loss' | 'trailing-stop' | 'target' | 'square-off';
  reason: string;
  components: Record<string, number>;
  /** Price at which it was met; `null` where the time decides. */
  level: number | null;
}

/**
 * Decides whether a bar ends a position: stop, trailing stop or target reached, or the square-off time.
 *
 * When one bar touches stop and target, the stop counts: which came first cannot be seen in a bar. Of stop and trailing
 * stop the one nearer to the market counts: it was met first.
 */
export function guardPosition(position: GuardedPosition, bar: Bar): ExitDraft | undefined {
  const { quantity, stopLoss, target, trailingStop } = position;
  const long = quantity > 0;
  const side = long ? 'long' : 'short';
  const worst = long ? bar.low : bar.high;
  const best = long ? bar.high : bar.low;
  const fallenTo = (level: number | null) => level !== null && (long ? worst <= level : worst >= level);

  if (trailingStop !== null && fallenTo(trailingStop) && isNearer(trailingStop, stopLoss, long)) {
    return {
      cause: 'trailing-stop',
      reason: `Trailing stop ${figure(trailingStop)} of the ${side} position was reached at ${worst}`,
      components: { trailingStop, reached: worst },
      level: trailingStop,
    };
  }
  if (stopLoss !== null && fallenTo(stopLoss)) {
    return {
      cause: 'stop-loss',
      reason: `Stop ${figure(stopLoss)} of the ${side} position was reached at ${worst}`,
      components: { stopLoss, reached: worst },
      level: stopLoss,
    };
  }
  if (target !== null && (long ? best >= target : best <= target)) {
    return {
      cause: 'target',
      reason: `Target ${figure(target)} of the ${side} position was reached at ${best}`,
      components: { target, reached: best },
      level: target,
    };
  }
  if (position.squareOffTime !== null && barCloseTime(bar) >= position.squareOffTime) {
    return {
      cause: 'square-off',
      reason: 'Intraday positions are closed at the square-off time',
      components: {},
      level: null,
    };
  }
  return undefined;
}

function isNearer(trailingStop: number, stopLoss: number | null, long: boolean): boolean {
  if (stopLoss === null) return true;
  return long ? trailingStop > stopLoss : trailingStop < stopLoss;
}

/** A level as people read it; components keep every digit. */
function figure(level: number): string {
  return plainNumber(Number(level.toPrecision(10)));
}
