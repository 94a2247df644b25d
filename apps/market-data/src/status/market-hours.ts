import { toIso, type FeedName, type MarketStatus } from '@tickbridge/contracts';
import { calendarFor } from '@tickbridge/trading-core';
import type { VendorWord } from '../feeds/vendor-word';

/**
 * Whether the exchange behind a feed trades now.
 *
 * The vendor knows of holidays and special sessions, so its word counts where there is a fresh one that can be
 * understood; the calendar otherwise.
 *
 * @param now ms since 1970
 * @returns `null` for a replay: its market traded when it was recorded
 */
export function marketHours(feed: FeedName, word: VendorWord | null, now: number): MarketStatus | null {
  if (feed === 'replay') return null;
  const calendar = calendarFor(feed, feed === 'binance' ? 'crypto' : 'stock');
  const session = calendar.sessionAt(now);
  const said = word?.last ?? null;
  const vendorState = word?.state(now) ?? null;
  return {
    state: vendorState ?? (session === undefined ? 'closed' : 'open'),
    decidedBy: vendorState === null ? 'calendar' : 'vendor',
    calendar: calendar.name,
    closesAt: session === undefined ? null : toIso(session.closeTime),
    vendorSays: said === null ? null : said.text,
    vendorSaidAt: said === null ? null : toIso(said.at),
  };
}
