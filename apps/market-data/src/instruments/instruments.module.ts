import { type DynamicModule, Module } from '@nestjs/common';
import type { FeedName } from '@tickbridge/contracts';
import { Database } from '@tickbridge/database';
import { refuseStart } from '@tickbridge/service-bootstrap';
import { CacheService, instrumentCacheKey, instrumentsByKey } from '@tickbridge/shared-cache';
import type { FeedConfig } from '../feeds/feed.config';
import { InstrumentMaster } from './instrument-master';
import { InstrumentRepository } from './instrument.repository';
import type { InstrumentSource } from './instrument-source';
import { InstrumentStore, MemoryInstrumentStore } from './instrument-store';
import { InstrumentsController } from './instruments.controller';
import { ListReader } from './list-reader';
import { SharedNameError } from './shared-name.error';
import type { SubscribedInstruments } from './subscribed-instruments';
import { SubscriptionResolver } from './subscription-resolver';
import { Subscriptions } from './subscriptions';
import { UnlistedNamesError } from './unlisted-names.error';

/** Cached instruments dropped with one call. */
const DROPPED_AT_ONCE = 100;

export interface InstrumentOptions {
  readonly feeds: readonly FeedConfig[];
  /** Names of FEED_SYMBOLS as they are written; `undefined` leaves every feed its own. */
  readonly symbols: readonly string[] | undefined;
  /** The user's own lists. */
  readonly directory: string;
  readonly hasDatabase: boolean;
  /** The lists of a feed's vendor. */
  readonly sourcesOf: (feed: FeedConfig) => InstrumentSource[];
}

/** The instrument master: what can be traded, under which names, in which steps. */
@Module({})
export class InstrumentsModule {
  static forOptions(options: InstrumentOptions): DynamicModule {
    return {
      module: InstrumentsModule,
      controllers: [InstrumentsController],
      providers: [
        {
          provide: InstrumentStore,
          inject: [Database],
          useFactory: (database: Database) =>
            options.hasDatabase ? new InstrumentRepository(database) : new MemoryInstrumentStore(),
        },
        {
          provide: InstrumentMaster,
          inject: [InstrumentStore, Database, CacheService],
          useFactory: (store: InstrumentStore, database: Database, cache: CacheService) =>
            new InstrumentMaster(
              options.feeds.map(
                (feed) => new ListReader(feed.name, options.sourcesOf(feed), store, options.directory),
              ),
              store,
              () => (options.hasDatabase ? database.whenReady() : Promise.resolve()),
              (feed, symbols) => dropFromCache(cache, feed, symbols),
            ),
        },
        {
          provide: Subscriptions,
          inject: [InstrumentMaster, InstrumentStore],
          useFactory: async (master: InstrumentMaster, store: InstrumentStore) => {
            const subscribed = await resolveOrRefuse(new SubscriptionResolver(master, store), options);
            master.keepDescribed(subscribed);
            return new Subscriptions(subscribed);
          },
        },
      ],
      exports: [Subscriptions, InstrumentMaster],
    };
  }
}

/** A few at a time: on the day of an expiry thousands change, and nearly none of them is cached. */
async function dropFromCache(cache: CacheService, feed: FeedName, symbols: readonly string[]): Promise<void> {
  for (let start = 0; start < symbols.length; start += DROPPED_AT_ONCE) {
    const keys = symbols
      .slice(start, start + DROPPED_AT_ONCE)
      .map((symbol) => instrumentCacheKey(feed, symbol));
    await cache.deleteMany(instrumentsByKey, keys);
  }
}

/** A start with names that no list has, or that two feeds have, is a mistake of whoever starts. */
async function resolveOrRefuse(
  resolver: SubscriptionResolver,
  { feeds, symbols }: InstrumentOptions,
): Promise<ReadonlyMap<FeedName, SubscribedInstruments>> {
  try {
    return await resolver.resolve(symbols, new Map(feeds.map((feed) => [feed.name, feed.symbols ?? []])));
  } catch (error) {
    if (!(error instanceof UnlistedNamesError || error instanceof SharedNameError)) throw error;
    refuseStart(error, 'FEED_SYMBOLS');
    return new Promise<never>(() => undefined);
  }
}
