import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CalendarHealth, CalendarsModule, VendorStatuses } from '@tickbridge/calendars';
import {
  Database,
  DatabaseHealth,
  DatabaseModule,
  isDatabaseFull,
  isDatabaseUnavailable,
} from '@tickbridge/database';
import {
  DatabaseProblemInterceptor,
  dependencies,
  MetricsRegistry,
  refuseStart,
  ServiceAddress,
} from '@tickbridge/service-bootstrap';
import {
  LiveMarketPublishers,
  MemcachedConnection,
  RedisConnection,
  SharedCacheModule,
  SharedCacheSettings,
} from '@tickbridge/shared-cache';
import { Calendars } from '@tickbridge/trading-core';
import { BridgeController } from './api/bridge.controller';
import { FeedController } from './api/feed.controller';
import { InsightsController } from './api/insights.controller';
import { MarketDataAnswerCache } from './api/market-data.answer';
import { MarketDataController } from './api/market-data.controller';
import { TrueDataController } from './api/truedata.controller';
import { WholeMarket } from './api/whole-market';
import type { MarketDataConfig } from './app.config';
import type { FeedConfig } from './feeds/feed.config';
import { InstrumentsModule } from './instruments/instruments.module';
import { Subscriptions } from './instruments/subscriptions';
import { createLane } from './lanes/create-lane';
import { FeedLanes } from './lanes/feed-lanes';
import { FeedObservability } from './lanes/feed.observability';
import { VendorStatusWriter } from './status/vendor-status.writer';
import { LeaseTerms, LeaseTermsModule } from './lease/lease-terms';
import { instrumentSources } from './vendors/vendors';

/** Connections to PostgreSQL: per lane one for the lease and one for writing candles; the others read candles. */
const CONNECTIONS_PER_LANE = 2;
const CONNECTIONS_TO_READ = 4;

@Module({})
export class MarketDataModule {
  static forConfig(config: MarketDataConfig): DynamicModule {
    return {
      module: MarketDataModule,
      imports: [
        DatabaseModule.forRootAsync({
          inject: [ServiceAddress],
          useFactory: (address: ServiceAddress) => ({
            url: config.databaseUrl,
            applicationName: 'market-data',
            installation: config.installation.id,
            announce: { service: 'market-data', address: address.whenListening() },
            onForeign: refuseStart,
            maxConnections: CONNECTIONS_TO_READ + CONNECTIONS_PER_LANE * config.feeds.length,
          }),
        }),
        LeaseTermsModule.forFeeds(config.feeds.map(({ name }) => name)),
        sharedCache(config),
        InstrumentsModule.forOptions({
          feeds: config.feeds,
          symbols: config.symbols,
          directory: config.instrumentsDirectory,
          hasDatabase: config.databaseUrl !== undefined,
          sourcesOf: instrumentSources,
        }),
        CalendarsModule.forRoot({
          directory: config.calendarsDirectory,
          feeds: config.feeds.map(({ name }) => name),
        }),
      ],
      // The bridge's fixed paths come before the one with a symbol in it.
      controllers: [
        BridgeController,
        MarketDataController,
        FeedController,
        TrueDataController,
        InsightsController,
      ],
      providers: [
        {
          provide: FeedLanes,
          inject: [
            LeaseTerms,
            SharedCacheSettings,
            RedisConnection,
            LiveMarketPublishers,
            Database,
            Subscriptions,
            Calendars,
          ],
          useFactory: (
            terms: LeaseTerms,
            settings: SharedCacheSettings,
            redis: RedisConnection,
            publishers: LiveMarketPublishers,
            database: Database,
            subscriptions: Subscriptions,
            calendars: Calendars,
          ) => {
            const hasDatabase = config.databaseUrl !== undefined;
            const shared = { terms, settings, redis, publishers, database, calendars, hasDatabase };
            return new FeedLanes(
              config.feeds.map((feed) => {
                const subscribed = subscriptions.of(feed.name);
                return createLane(subscribing(feed, subscribed.symbols), subscribed, shared);
              }),
            );
          },
        },
        {
          provide: MarketDataAnswerCache,
          inject: [FeedLanes],
          useFactory: (lanes: FeedLanes) => new MarketDataAnswerCache(new WholeMarket(lanes)),
        },
        {
          provide: VendorStatusWriter,
          inject: [FeedLanes, VendorStatuses],
          useFactory: (lanes: FeedLanes, statuses: VendorStatuses) =>
            new VendorStatusWriter(
              lanes.all.map(({ name, parts }) => ({ name, status: parts.status })),
              statuses,
            ),
        },
        FeedObservability,
        {
          provide: APP_INTERCEPTOR,
          useValue: new DatabaseProblemInterceptor({ isDatabaseFull, isDatabaseUnavailable }),
        },
        dependencies({
          redis: RedisConnection,
          memcached: MemcachedConnection,
          postgresql: DatabaseHealth,
          calendars: CalendarHealth,
        }),
      ],
    };
  }
}

/** A recording without a list of symbols replays all it has. */
function subscribing(feed: FeedConfig, symbols: readonly string[]): FeedConfig {
  return feed.name === 'replay' && symbols.length === 0 ? feed : { ...feed, symbols };
}

function sharedCache(config: MarketDataConfig): DynamicModule {
  return SharedCacheModule.forRootAsync({
    isGlobal: true,
    inject: [MetricsRegistry, LeaseTerms],
    useFactory: (metrics: MetricsRegistry, terms: LeaseTerms) => ({
      service: 'market-data',
      installation: config.installation.id,
      redis: config.redis,
      memcached: config.memcached,
      liveMarketData: {
        sources: config.feeds.map(({ name }) => name),
        directory: config.liveDirectory,
        permit: (feed) => terms.of(feed),
      },
      metrics,
    }),
    parts: { liveMarketData: 'publisher' },
  });
}
