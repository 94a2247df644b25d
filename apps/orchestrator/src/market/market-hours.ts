import { Injectable } from '@nestjs/common';
import { VendorStatuses } from '@tickbridge/calendars';
import type { FeedName } from '@tickbridge/contracts';
import { ladderActs, type SessionCalendar, type VendorStatus } from '@tickbridge/trading-core';
import { TradingClock } from './trading-clock';
import type { TradingFeed } from './trading-feed';
import { TradingFeeds } from './trading-feeds';

/** What the markets behind the feeds do now. */
@Injectable()
export class MarketHours {
  constructor(
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
    private readonly vendors: VendorStatuses,
  ) {}

  /** What the vendor says of its market; `null` when it said nothing. */
  vendorOf(feed: FeedName): VendorStatus | null {
    return this.vendors.of(feed);
  }

  /**
   * Whether figures may move the kill ladder. A recorded market is a rehearsal: its losses are part of the play.
   *
   * @param held symbols whose prices move the figures; while one of their markets is open they may
   */
  ladderActs(feed: FeedName, held: Iterable<string> = []): boolean {
    if (this.feeds.recorded) return false;
    const market = this.feeds.of(feed);
    return [market.calendar, ...market.calendarsOf(held)].some((calendar) =>
      ladderActs(calendar, this.wordOn(market, calendar), this.clock.now()),
    );
  }

  /** What the vendor says of the market that goes by a calendar; its word is about the feed's main one. */
  private wordOn(feed: TradingFeed, calendar: SessionCalendar): VendorStatus | null {
    return calendar === feed.calendar ? this.vendorOf(feed.name) : null;
  }
}
