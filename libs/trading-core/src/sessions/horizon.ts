import type { ExchangeCalendar } from './exchange-calendar';
import { DAY_MS } from './session-calendar';

/** So long before its end a calendar is asked for (days). */
export const HORIZON_WARNING_DAYS = 30;

/** A sentence for people from 30 days before the last covered date on; `null` before that. */
export function horizonWarning(calendar: ExchangeCalendar, timeMs: number): string | null {
  const { horizon, id } = calendar;
  if (horizon === null) return null;
  const left = calendar.dayOf(horizon).end - timeMs;
  if (left <= 0) return `The calendar ${id} ended with ${horizon}: no orders until days are added`;
  if (left > HORIZON_WARNING_DAYS * DAY_MS) return null;
  return `The calendar ${id} ends with ${horizon}, in ${Math.ceil(left / DAY_MS)} days: add the next year`;
}
