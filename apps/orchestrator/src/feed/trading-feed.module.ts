import { type DynamicModule, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { TradingFeed } from './trading-feed';

/** The feed for every module: the durable homes that the shared cache makes need it too. */
@Module({})
export class TradingFeedModule {
  static forFeed(feed: FeedName): DynamicModule {
    return {
      module: TradingFeedModule,
      global: true,
      providers: [{ provide: TradingFeed, useFactory: () => new TradingFeed(feed) }],
      exports: [TradingFeed],
    };
  }
}
