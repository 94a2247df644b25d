import { marketPhase, type VendorStatus } from '../sessions/market-phase';
import { MINUTE_MS, type SessionCalendar } from '../sessions/session-calendar';

/** Fills of the last moment are measured after the session (milliseconds). */
const CLOSING_GRACE_MS = MINUTE_MS;

/**
 * Whether figures may move the ladder: while the market takes orders, and a minute longer.
 *
 * Outside nothing can be closed, prices stand still and brokers are serviced: what trips then would only be found latched
 * in the morning. A figure that is still beyond its threshold at the opening trips it there.
 */
export function ladderActs(calendar: SessionCalendar, vendor: VendorStatus | null, timeMs: number): boolean {
  return [timeMs, timeMs - CLOSING_GRACE_MS].some((at) => marketPhase(calendar, vendor, at).takesOrders);
}
