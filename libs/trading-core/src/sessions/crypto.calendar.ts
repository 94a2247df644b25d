import { DAY_MS, dayStart, type SessionCalendar, type TradingSession } from './session-calendar';

/** Crypto trades round the clock; a session is a day in UTC, without a cutoff. */
export class CryptoCalendar implements SessionCalendar {
  readonly name = 'CRYPTO';

  sessionAt(timeMs: number): TradingSession {
    const openTime = dayStart(timeMs, 0);
    return { openTime, closeTime: openTime + DAY_MS, squareOffTime: null };
  }

  tradingDayStart(timeMs: number): number {
    return dayStart(timeMs, 0);
  }

  tradingDayEnd(timeMs: number): number {
    return dayStart(timeMs, 0) + DAY_MS;
  }
}
