import { Injectable } from '@nestjs/common';
import { VendorStatuses } from '@tickbridge/calendars';
import type { FeedName } from '@tickbridge/contracts';
import { ladderActs, type VendorStatus } from '@tickbridge/trading-core';
import { TradingClock } from './trading-clock';
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

  /** Whether figures may move the kill ladder. A recorded market is a rehearsal: its losses are part of the play. */
  ladderActs(feed: FeedName): boolean {
    if (this.feeds.recorded) return false;
    return ladderActs(this.feeds.of(feed).calendar, this.vendorOf(feed), this.clock.now());
  }
}
