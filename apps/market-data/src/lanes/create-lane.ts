import type { Database } from '@tickbridge/database';
import type { LiveMarketPublishers, RedisConnection, SharedCacheSettings } from '@tickbridge/shared-cache';
import { calendarOf, type Calendars } from '@tickbridge/trading-core';
import { CandleKeeper } from '../candles/candle.keeper';
import { CandleReader } from '../candles/candle.reader';
import { CandleRepository } from '../candles/candle.repository';
import { CandleRetention } from '../candles/candle.retention';
import { CandleWarmUp } from '../candles/candle.warm-up';
import { createFeed } from '../vendors/vendors';
import type { FeedConfig } from '../feeds/feed.config';
import type { SubscribedInstruments } from '../instruments/subscribed-instruments';
import { FeedLease } from '../lease/feed-lease';
import { instanceName } from '../lease/instance-name';
import type { LeaseTerms } from '../lease/lease-terms';
import { PostgresLeaseStore } from '../lease/postgres.lease-store';
import { RedisLeaseStore } from '../lease/redis.lease-store';
import { CurrentMarket } from '../market/current-market';
import { MarketDataPipeline } from '../market/market-data.pipeline';
import { StandbyMarket } from '../market/standby-market';
import { LaneStatus } from '../status/lane-status';
import { FeedLane } from './feed-lane';

/** What all lanes of a process share. */
export interface LaneSurroundings {
  readonly terms: LeaseTerms;
  readonly settings: SharedCacheSettings;
  readonly redis: RedisConnection;
  readonly publishers: LiveMarketPublishers;
  readonly database: Database;
  readonly calendars: Calendars;
  /** Whether there is a PostgreSQL at all. */
  readonly hasDatabase: boolean;
}

/** Puts one feed's lane together. */
export function createLane(
  config: FeedConfig,
  instruments: SubscribedInstruments,
  shared: LaneSurroundings,
): FeedLane {
  const { name } = config;
  const { redis, database, hasDatabase } = shared;
  const repository = hasDatabase ? new CandleRepository(database, name) : null;
  // A recording begins anew with every start, and its clock is in it.
  const candles = new CandleKeeper(repository, name !== 'replay');
  const publisher = shared.publishers.of(name);
  const pipeline = new MarketDataPipeline(name, publisher, candles, Date.now, (symbol) =>
    instruments.assetClassOf(symbol),
  );
  const { feed, warmUp } = createFeed(config, pipeline);
  pipeline.isPlayback = () => feed.simulated;
  const lease = new FeedLease(
    instanceName(),
    [
      ...(hasDatabase ? [new PostgresLeaseStore(database, name)] : []),
      ...(redis.configured ? [new RedisLeaseStore(redis, name)] : []),
    ],
    shared.terms.of(name),
  );
  const standby = new StandbyMarket(name, shared.settings, redis);
  const market = new CurrentMarket(pipeline, standby);
  return new FeedLane({
    feed,
    instruments,
    lease,
    pipeline,
    candles,
    candleReader: new CandleReader(candles, repository),
    retention: new CandleRetention(repository, () => candles.book.exchangeTime),
    warmUp: new CandleWarmUp(warmUp, feed, candles),
    publisher,
    stream: shared.publishers.stream(name),
    standby,
    market,
    status: new LaneStatus(feed, lease, pipeline, market, shared.calendars.of(calendarOf(name)), instruments),
  });
}
