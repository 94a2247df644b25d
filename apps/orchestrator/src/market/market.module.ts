import { type DynamicModule, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { Database } from '@tickbridge/database';
import { CacheService, LiveMarketData } from '@tickbridge/shared-cache';
import { Calendars } from '@tickbridge/trading-core';
import { InstrumentCalendars } from './instrument-calendars';
import { instrumentFinder } from './instrument-finder';
import { LiveMarketView } from './live.market-view';
import { MarketView } from './market-view';
import { MarketHours } from './market-hours';
import { MarketViewsWriter } from './market-views.writer';
import { RecordedMarketView } from './recorded.market-view';
import { RecordedClock, TradingClock, WallClock } from './trading-clock';
import { TradingFeeds } from './trading-feeds';

/** The feeds, the market and the time as they have them. Global: every room knows the market, the shared cache too. */
@Module({})
export class MarketModule {
  static forFeeds(feeds: readonly FeedName[]): DynamicModule {
    const recorded = feeds.includes('replay');
    return {
      module: MarketModule,
      global: true,
      providers: [
        {
          provide: TradingFeeds,
          inject: [Calendars, CacheService, Database],
          useFactory: (calendars: Calendars, cache: CacheService, database: Database) =>
            new TradingFeeds(feeds, calendars, instrumentFinder(cache, database)),
        },
        InstrumentCalendars,
        MarketHours,
        { provide: TradingClock, useClass: recorded ? RecordedClock : WallClock },
        {
          provide: MarketView,
          inject: [LiveMarketData, TradingClock],
          useFactory: (live: LiveMarketData, clock: TradingClock) =>
            recorded ? new RecordedMarketView('replay', clock) : new LiveMarketView(live),
        },
        {
          provide: MarketViewsWriter,
          inject: [LiveMarketData, CacheService],
          useFactory: (live: LiveMarketData, cache: CacheService) =>
            new MarketViewsWriter(feeds, live, cache),
        },
      ],
      exports: [TradingFeeds, MarketHours, TradingClock, MarketView, MarketViewsWriter],
    };
  }
}
