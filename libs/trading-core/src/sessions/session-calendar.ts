import type { MarketPhaseName } from '@tickbridge/contracts';

/** One continuous stretch of trading. Times are milliseconds since 1970. */
export interface TradingSession {
  openTime: number;
  /** End, exclusive. */
  closeTime: number;
  /** From here on intraday positions may only be closed; `null` when there is no cutoff. */
  squareOffTime: number | null;
}

/** A stretch of a day in which the exchange does one thing. Times are milliseconds since 1970. */
export interface PhaseStretch {
  readonly phase: MarketPhaseName;
  readonly from: number;
  /** End, exclusive. */
  readonly to: number;
  readonly squareOffTime: number | null;
}

/** A day in the zone of a calendar. */
export interface ExchangeDay {
  /** `2026-11-20`. */
  readonly date: string;
  readonly start: number;
  /** End, exclusive. */
  readonly end: number;
  /** All of the day, in order of time, without gaps. */
  readonly stretches: readonly PhaseStretch[];
  /** What people call it, where it is not as its weekday is: `Republic Day`. */
  readonly reason: string | null;
  /** True where a person said how it is: no vendor's word opens it. */
  readonly final: boolean;
}

/** A day of a market by its date; times in ms since 1970. */
export interface TradingDay {
  readonly date: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** When an instrument trades. Pure: the time comes in as an argument. */
export interface SessionCalendar {
  /** `NSE_EQUITY`. */
  readonly id: string;
  /** Last date that is covered; `null` without an end. */
  readonly horizon: string | null;

  /** Trading days from a trade for delivery to its settlement; 0: at once. */
  readonly settlementDays: number;

  /** The day that contains the time. */
  dayAt(timeMs: number): ExchangeDay;

  /** What the exchange does at the time, and from when to when. */
  phaseAt(timeMs: number): PhaseStretch;

  /** The session that contains the time, or `undefined` when no orders are taken. */
  sessionAt(timeMs: number): TradingSession | undefined;

  /** Begin of the next session after the time (ms since 1970); `undefined` when none is known. */
  nextOpening(timeMs: number): number | undefined;

  /** The day that daily limits, counts and notes of brokers refer to. */
  tradingDay(timeMs: number): TradingDay;

  /** The same by its date, `2026-11-20`. */
  tradingDayOf(date: string): TradingDay;

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

/** Midnight in India at or before the time. */
export function istDayStart(timeMs: number): number {
  return Math.floor((timeMs + IST_OFFSET_MS) / DAY_MS) * DAY_MS - IST_OFFSET_MS;
}
