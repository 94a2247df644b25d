import { marketPhase, type VendorStatus } from './market-phase';
import type { SessionCalendar } from './session-calendar';

/** Prices of a session may be this late after its opening before silence means anything (milliseconds). */
export const OPENING_GRACE_MS = 60_000;

/** The newest price of a feed. */
export interface NewestPrice {
  /** When the exchange says it was made (ms since 1970). */
  eventTime: number;
  /** Since it was received (milliseconds). */
  ageMs: number;
}

/**
 * How long a feed has been silent while its market trades (milliseconds).
 *
 * Silence only means something while trading goes on, which three things must say: the calendar, the vendor unless it is
 * silent too, and a price made in this session. On a holiday the calendar does not know, and between the opening and the
 * first price, there is none.
 *
 * @returns `undefined` outside of the session, in the grace after its opening, and before its first price
 */
export function feedSilenceMs(
  calendar: SessionCalendar,
  now: number,
  newest: NewestPrice | undefined,
  vendor: VendorStatus | null = null,
): number | undefined {
  const openedAt = tradingSince(calendar, now, vendor);
  if (openedAt === undefined || now < openedAt + OPENING_GRACE_MS) return undefined;
  if (newest === undefined || newest.eventTime < openedAt) return undefined;
  return newest.ageMs;
}

/** Sessions that follow each other without a pause are one, of a day at least; further back nobody needs to look. */
const MOST_SESSIONS = 8;

/** Since when the market trades without a pause (ms since 1970); `undefined` while it is closed. */
export function tradingSince(
  calendar: SessionCalendar,
  now: number,
  vendor: VendorStatus | null,
): number | undefined {
  let openTime = marketPhase(calendar, vendor, now).session?.openTime;
  for (let count = 0; openTime !== undefined && count < MOST_SESSIONS; count += 1) {
    const before = calendar.sessionAt(openTime - 1);
    if (!before) break;
    openTime = before.openTime;
  }
  return openTime;
}
