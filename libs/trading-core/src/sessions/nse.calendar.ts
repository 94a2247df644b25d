import {
  DAY_MS,
  HOUR_MS,
  IST_OFFSET_MS,
  istDayStart,
  MINUTE_MS,
  type SessionCalendar,
  type TradingSession,
} from './session-calendar';

const OPEN_MS = 9 * HOUR_MS + 15 * MINUTE_MS;
const CLOSE_MS = 15 * HOUR_MS + 30 * MINUTE_MS;
const SQUARE_OFF_MS = 15 * HOUR_MS + 15 * MINUTE_MS;
const SATURDAY = 6;
const SUNDAY = 0;

/**
 * Cash market of the National Stock Exchange: 09:15 to 15:30 IST, Monday to Friday, square-off from 15:15.
 *
 * Exchange holidays are not known here; on such a day no price is fresh, and the price rules deny.
 */
export class NseCalendar implements SessionCalendar {
  readonly name = 'NSE';

  sessionAt(timeMs: number): TradingSession | undefined {
    const midnight = istDayStart(timeMs);
    const weekday = new Date(midnight + IST_OFFSET_MS).getUTCDay();
    if (weekday === SATURDAY || weekday === SUNDAY) return undefined;
    const openTime = midnight + OPEN_MS;
    const closeTime = midnight + CLOSE_MS;
    if (timeMs < openTime || timeMs >= closeTime) return undefined;
    return { openTime, closeTime, squareOffTime: midnight + SQUARE_OFF_MS };
  }

  tradingDayStart(timeMs: number): number {
    return istDayStart(timeMs);
  }

  tradingDayEnd(timeMs: number): number {
    return istDayStart(timeMs) + DAY_MS;
  }
}
