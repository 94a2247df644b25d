import { type DynamicModule, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { TradingFeeds } from './trading-feeds';

/** The feeds for every module: the durable homes that the shared cache makes need them too. */
@Module({})
export class TradingFeedsModule {
  static forFeeds(feeds: readonly FeedName[]): DynamicModule {
    return {
      module: TradingFeedsModule,
      global: true,
      providers: [{ provide: TradingFeeds, useFactory: () => new TradingFeeds(feeds) }],
      exports: [TradingFeeds],
    };
  }
}
