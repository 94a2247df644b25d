/** One continuous stretch of trading. Times are milliseconds since 1970. */
export interface TradingSession {
  openTime: number;
  /** End, exclusive. */
  closeTime: number;
  /** From here on intraday positions may only be closed; `null` when there is no cutoff. */
  squareOffTime: number | null;
}

/** When an instrument trades. Pure: the time comes in as an argument. */
export interface SessionCalendar {
  readonly name: 'NSE' | 'CRYPTO' | 'SIMULATED';

  /** The session that contains the time, or `undefined` when the market is closed. */
  sessionAt(timeMs: number): TradingSession | undefined;

  /** Start of the day that daily limits and counts refer to. */
  tradingDayStart(timeMs: number): number;

  /** End of that day, exclusive. */
  tradingDayEnd(timeMs: number): number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** India has one time zone and no daylight saving time. */
export const IST_OFFSET_MS = 5.5 * HOUR_MS;

/** Start of the day that contains `timeMs` in a zone with a fixed offset. */
export function dayStart(timeMs: number, zoneOffsetMs: number): number {
  return Math.floor((timeMs + zoneOffsetMs) / DAY_MS) * DAY_MS - zoneOffsetMs;
}

/** Midnight in India at or before the time. */
export function istDayStart(timeMs: number): number {
  return dayStart(timeMs, IST_OFFSET_MS);
}
