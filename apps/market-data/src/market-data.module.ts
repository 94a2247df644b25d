import { type DynamicModule, Module } from '@nestjs/common';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { LiveMarketPublisher, SharedCacheModule } from '@tickbridge/shared-cache';
import type { MarketDataConfig } from './app.config';
import { CandleStore } from './bars/candle-store';
import { CandleWarmUp, WarmUpPlan } from './bars/candle.warm-up';
import { createFeed, createWarmUpPlan } from './feeds/create-feed';
import { Feed } from './feeds/feed';
import { BridgeController } from './market/bridge.controller';
import { MarketDataAnswerCache } from './market/market-data.answer';
import { MarketDataController } from './market/market-data.controller';
import { MarketDataPipeline } from './market/market-data.pipeline';
import { MarketPublisher } from './market/market-publisher';
import { FeedStatusService } from './status/feed-status.service';
import { FeedController } from './status/feed.controller';
import { FeedLifecycle } from './status/feed.lifecycle';
import { FeedObservability } from './status/feed.observability';
import { TrueDataController } from './status/truedata.controller';

@Module({})
export class MarketDataModule {
  static forConfig(config: MarketDataConfig): DynamicModule {
    return {
      module: MarketDataModule,
      imports: [sharedCache(config)],
      // The bridge's fixed paths come before the one with a symbol in it.
      controllers: [BridgeController, MarketDataController, FeedController, TrueDataController],
      providers: [
        CandleStore,
        CandleWarmUp,
        { provide: WarmUpPlan, useFactory: () => createWarmUpPlan(config.feed) },
        { provide: MarketPublisher, useExisting: LiveMarketPublisher },
        {
          provide: MarketDataPipeline,
          inject: [MarketPublisher, CandleStore],
          useFactory: (publisher: MarketPublisher, candles: CandleStore) =>
            new MarketDataPipeline(config.feed.name, publisher, candles),
        },
        {
          provide: Feed,
          inject: [MarketDataPipeline],
          useFactory: (pipeline: MarketDataPipeline) => createFeed(config.feed, pipeline),
        },
        {
          provide: MarketDataAnswerCache,
          inject: [MarketDataPipeline],
          useFactory: (pipeline: MarketDataPipeline) => new MarketDataAnswerCache(pipeline),
        },
        FeedStatusService,
        FeedLifecycle,
        FeedObservability,
      ],
    };
  }
}

function sharedCache(config: MarketDataConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
    inject: [MetricsRegistry],
    useFactory: (metrics: MetricsRegistry) => ({
      service: 'market-data',
      redis: config.redis,
      memcached: config.memcached,
      liveMarketData: { source: config.feed.name, directory: config.liveDirectory },
      metrics,
    }),
    parts: { liveMarketData: 'publisher' },
  });
}
