import { CANDLE_INTERVAL_MS, type CandleInterval } from '@tickbridge/contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is kept of one interval, and where. */
export interface CandlePolicy {
  /** Newest candles in memory per symbol: for late trades, and for charts without PostgreSQL. */
  readonly window: number;
  /** Candles that may wait for PostgreSQL, all symbols together; beyond it the oldest are given up. */
  readonly waiting: number;
  /** How long PostgreSQL keeps them (milliseconds); `null` for ever. */
  readonly keepMs: number | null;
}

/** The one table of what is kept, whoever is connected. */
export const CANDLE_POLICY: Readonly<Record<CandleInterval, CandlePolicy>> = {
  '1s': { window: 120, waiting: 20_000, keepMs: DAY_MS },
  '5s': { window: 60, waiting: 10_000, keepMs: 7 * DAY_MS },
  '1m': { window: 60, waiting: 20_000, keepMs: 90 * DAY_MS },
  '5m': { window: 24, waiting: 10_000, keepMs: 365 * DAY_MS },
  '15m': { window: 12, waiting: 10_000, keepMs: 2 * 365 * DAY_MS },
  '1h': { window: 24, waiting: 10_000, keepMs: 5 * 365 * DAY_MS },
  '1d': { window: 10, waiting: 10_000, keepMs: null },
};

export const CANDLE_INTERVALS = Object.keys(CANDLE_POLICY) as readonly CandleInterval[];

/** A trade that comes this long after the end of its candle still amends it; a later one is counted and dropped. */
export const LATE_LIMIT_MS = 60_000;

/** A candle counts as finished so long after its end, when trades stamped in whole seconds have come in. */
export const FINISH_GRACE_MS = 1_000;

/** Unfinished candles of a minute and more are written this often, so that a crash costs no more of them. */
export const SAVE_UNFINISHED_MS = 10_000;

/** Shorter candles are written when they are finished, not before. */
export function isSavedUnfinished(interval: CandleInterval): boolean {
  return CANDLE_INTERVAL_MS[interval] >= 60_000;
}
