import { Injectable } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { LiveMarketData } from '@tickbridge/shared-cache';
import { feedSilenceMs } from '@tickbridge/trading-core';
import { TradingClock } from '../market/trading-clock';
import { MarketHours } from '../market/market-hours';
import { TradingFeeds } from '../market/trading-feeds';

/** Measures how long a feed has been silent while its market trades. */
@Injectable()
export class FeedSilenceMeter {
  constructor(
    private readonly live: LiveMarketData,
    private readonly feeds: TradingFeeds,
    private readonly clock: TradingClock,
    private readonly hours: MarketHours,
  ) {}

  /** Milliseconds; `undefined` while silence means nothing, and of recordings, which go as fast as they are read. */
  of(feed: FeedName): number | undefined {
    if (this.feeds.recorded) return undefined;
    const { ticks, ageMs } = this.live.feed(feed).getAll();
    let eventTime = Number.NEGATIVE_INFINITY;
    for (const tick of ticks.values()) eventTime = Math.max(eventTime, tick.eventTime);
    const newest = ageMs === null ? undefined : { eventTime, ageMs };
    const { calendar: main } = this.feeds.of(feed);
    for (const calendar of [main, ...this.feeds.of(feed).calendarsOf(ticks.keys())]) {
      const vendor = calendar === main ? this.hours.vendorOf(feed) : null;
      const silence = feedSilenceMs(calendar, this.clock.now(), newest, vendor);
      if (silence !== undefined) return silence;
    }
    return undefined;
  }
}
