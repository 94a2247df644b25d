import { toIso, type FeedName, type MarketStatus } from '@tickbridge/contracts';
import { type ExchangeCalendar, marketPhase } from '@tickbridge/trading-core';
import type { VendorWord } from '../feeds/vendor-word';

/**
 * Whether the exchange behind a feed trades now.
 *
 * The vendor knows of holidays and special sessions, so its word says `state` where there is a fresh one that can be
 * understood; the calendar otherwise. Whether orders may be entered takes both.
 *
 * @param now ms since 1970
 * @returns `null` for a replay: its market traded when it was recorded
 */
export function marketHours(
  feed: FeedName,
  word: VendorWord | null,
  calendar: ExchangeCalendar,
  now: number,
): MarketStatus | null {
  if (feed === 'replay') return null;
  const session = calendar.sessionAt(now);
  const opensAt = calendar.nextOpening(now);
  const said = word?.last ?? null;
  const vendor = word?.status(now, calendar.file.vendorNames) ?? null;
  const { phase, takesOrders, contradiction } = marketPhase(calendar, vendor, now);
  return {
    state: vendor?.state ?? (session === undefined ? 'closed' : 'open'),
    decidedBy: vendor === null ? 'calendar' : 'vendor',
    calendar: calendar.id,
    phase,
    takesOrders,
    closesAt: session === undefined ? null : toIso(session.closeTime),
    opensAt: opensAt === undefined ? null : toIso(opensAt),
    contradiction,
    vendorSays: said === null ? null : said.text,
    vendorSaidAt: said === null ? null : toIso(said.at),
  };
}
