import { DAY_MS, HOUR_MS, istDayStart, type SessionCalendar, type TradingSession } from './session-calendar';

const SESSION_MS = 6 * HOUR_MS;

/**
 * Sessions of the simulated exchange: six hours each, from 00:00, 06:00, 12:00 and 18:00 UTC, without a cutoff,
 * so that development works at any hour. The day of the limits is the Indian one, as on the exchange it imitates.
 */
export class SimulatedCalendar implements SessionCalendar {
  readonly name = 'SIMULATED';

  sessionAt(timeMs: number): TradingSession {
    const openTime = Math.floor(timeMs / SESSION_MS) * SESSION_MS;
    return { openTime, closeTime: openTime + SESSION_MS, squareOffTime: null };
  }

  tradingDayStart(timeMs: number): number {
    return istDayStart(timeMs);
  }

  tradingDayEnd(timeMs: number): number {
    return istDayStart(timeMs) + DAY_MS;
  }
}
