import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@tickbridge/database';
import { MetricsRegistry } from '@tickbridge/service-bootstrap';
import { LiveMarketPublisher, SharedCacheModule } from '@tickbridge/shared-cache';
import type { MarketDataConfig } from './app.config';
import { CandleKeeper } from './candles/candle.keeper';
import { CandlesModule } from './candles/candles.module';
import { CandleWarmUp, WarmUpPlan } from './candles/candle.warm-up';
import { createFeed, createWarmUpPlan } from './feeds/create-feed';
import { Feed } from './feeds/feed';
import { LeaseModule, LeaseTermModule } from './lease/lease.module';
import { LeaseTerm } from './lease/lease-term';
import { BridgeController } from './market/bridge.controller';
import { CurrentMarket } from './market/current-market';
import { StandbyMarket } from './market/standby-market';
import { MarketDataAnswerCache } from './market/market-data.answer';
import { MarketDataController } from './market/market-data.controller';
import { MarketDataPipeline } from './market/market-data.pipeline';
import { MarketPublisher } from './market/market-publisher';
import { FeedStatusService } from './status/feed-status.service';
import { FeedController } from './status/feed.controller';
import { FeedLifecycle } from './status/feed.lifecycle';
import { FeedObservability } from './status/feed.observability';
import { MarketDataHealth } from './status/market-data.health';
import { TrueDataController } from './status/truedata.controller';

/** One for the lease, one for writing candles, the others for reading them. */
const MAX_CONNECTIONS = 6;

@Module({})
export class MarketDataModule {
  static forConfig(config: MarketDataConfig): DynamicModule {
    const shared = sharedCache(config);
    return {
      module: MarketDataModule,
      imports: [
        DatabaseModule.forRootAsync({
          useFactory: () => ({
            url: config.databaseUrl,
            applicationName: 'market-data',
            maxConnections: MAX_CONNECTIONS,
          }),
        }),
        shared,
        CandlesModule.forFeed(config.feed, config.databaseUrl !== undefined),
        LeaseModule.forFeed(config.feed.name, config.databaseUrl !== undefined, shared),
      ],
      // The bridge's fixed paths come before the one with a symbol in it.
      controllers: [BridgeController, MarketDataController, FeedController, TrueDataController],
      providers: [
        CandleWarmUp,
        { provide: WarmUpPlan, useFactory: () => createWarmUpPlan(config.feed) },
        { provide: MarketPublisher, useExisting: LiveMarketPublisher },
        {
          provide: MarketDataPipeline,
          inject: [MarketPublisher, CandleKeeper],
          useFactory: (publisher: MarketPublisher, candles: CandleKeeper) =>
            new MarketDataPipeline(config.feed.name, publisher, candles),
        },
        {
          provide: Feed,
          inject: [MarketDataPipeline],
          useFactory: (pipeline: MarketDataPipeline) => createFeed(config.feed, pipeline),
        },
        {
          provide: MarketDataAnswerCache,
          inject: [CurrentMarket],
          useFactory: (market: CurrentMarket) => new MarketDataAnswerCache(market),
        },
        StandbyMarket,
        CurrentMarket,
        FeedStatusService,
        FeedLifecycle,
        FeedObservability,
        MarketDataHealth,
      ],
    };
  }
}

function sharedCache(config: MarketDataConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
    imports: [LeaseTermModule],
    inject: [MetricsRegistry, LeaseTerm],
    useFactory: (metrics: MetricsRegistry, permit: LeaseTerm) => ({
      service: 'market-data',
      redis: config.redis,
      memcached: config.memcached,
      liveMarketData: { source: config.feed.name, directory: config.liveDirectory, permit },
      metrics,
    }),
    parts: { liveMarketData: 'publisher' },
  });
}
