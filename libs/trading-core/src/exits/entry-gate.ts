import type { ExitSettings, Product } from '@tickbridge/contracts';
import { isSquaredOff } from '../instruments/products';
import { MINUTE_MS, type SessionCalendar } from '../sessions/session-calendar';
import { squareOffTime } from './exit-levels';
import type { PositionLife } from './position-life';

export type EntryRefusal = 'after-square-off' | 'exit-cooldown' | 'reentries-used-up';

/**
 * Why a flat strategy may not enter a symbol now; `undefined` when it may.
 *
 * @param now time of the trading clock (ms since 1970)
 * @param daily whether it decides at the close of days: what ends within the day cannot be decided then
 */
export function entryRefusal(
  exits: ExitSettings,
  life: PositionLife,
  now: number,
  calendar: SessionCalendar,
  product: Product | null,
  daily = false,
): EntryRefusal | undefined {
  const { squareOffAt, cooldownMinutes, maxReentriesPerDay } = exits;
  if (daily && isSquaredOff(product)) return 'after-square-off';
  const cutoff = squareOffAt === null ? null : squareOffTime(now, exits, calendar, product);
  if (cutoff !== null && now >= cutoff) return 'after-square-off';
  if (life.lastExitAt !== null && now < life.lastExitAt + cooldownMinutes * MINUTE_MS) return 'exit-cooldown';
  const entries = life.day === calendar.tradingDayStart(now) ? life.entries : 0;
  if (maxReentriesPerDay !== null && entries > maxReentriesPerDay) return 'reentries-used-up';
  return undefined;
}
