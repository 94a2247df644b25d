import { Injectable, type OnApplicationShutdown, type OnModuleInit, Optional } from '@nestjs/common';
import type { Bar, DependencyHealth, FeedName, LiveSource, Tick } from '@tickbridge/contracts';
import { merge, type Observable } from 'rxjs';
import { RedisConnection } from '../connection/redis.connection';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import { ConflatedChanges } from './conflated-changes';
import { JoinedMap } from './joined-map';
import { type LiveFeedMarket, LiveFeedReader, type LiveFeedStatus, type LiveTick } from './live-feed.reader';
import { LiveMarketPublishers } from './live-market.publishers';
import { liveOptions } from './live-options';
import { LiveReaderMetrics } from './live-reader.metrics';

/** The whole market as this process knows it, all feeds together. */
export interface LiveMarket extends LiveFeedMarket {
  /** Each feed by itself. */
  readonly feeds: readonly (Omit<LiveFeedMarket, 'ticks'> & {
    readonly feed: FeedName;
    readonly symbols: number;
  })[];
}

/** How the reader is doing: figures of all feeds added up, and each feed's own. */
export interface LiveMarketStatus extends LiveFeedStatus {
  readonly feeds: readonly (LiveFeedStatus & { readonly feed: FeedName })[];
}

/** From the best way to the poorest. */
const WAYS: readonly LiveSource[] = ['in-process', 'redis', 'http', 'file'];

/**
 * Live market data of every feed in this process' memory: reads are plain memory reads.
 *
 * Each feed has a reader, and fails and recovers by itself. Symbols of different feeds are different instruments.
 */
@Injectable()
export class LiveMarketData implements OnModuleInit, OnApplicationShutdown {
  /** Ticks that changed, frame by frame. */
  readonly ticks$: Observable<readonly Tick[]>;
  /** The same at the pace of whoever reads: `for await (const ticks of live.changes$)`. */
  readonly changes$: AsyncIterable<readonly Tick[]>;
  /** Closed bars, each feed's in sequence, each once, none left out. A new subscriber first gets the retained ones. */
  readonly bars$: Observable<readonly Bar[]>;
  private readonly readers: readonly LiveFeedReader[];
  private readonly byFeed: ReadonlyMap<FeedName, LiveFeedReader>;
  private readonly ticks: ReadonlyMap<string, Tick>;

  /** @throws MissingPartError when the module was set up without live market data */
  constructor(
    settings: SharedCacheSettings,
    redis: RedisConnection,
    @Optional() publishers?: LiveMarketPublishers,
  ) {
    const options = liveOptions(settings);
    const { metrics } = settings.value;
    const readerMetrics =
      metrics &&
      new LiveReaderMetrics(
        metrics,
        options.sources,
        (feed) => this.byFeed.get(feed)?.getAll().ageMs ?? null,
      );
    this.readers = options.sources.map(
      (feed) => new LiveFeedReader(feed, options, redis, publishers?.of(feed), readerMetrics),
    );
    this.byFeed = new Map(this.readers.map((reader) => [reader.feed, reader]));
    const [only] = this.readers;
    this.ticks =
      only !== undefined && this.readers.length === 1
        ? only.getAll().ticks
        : new JoinedMap(this.readers.map((reader) => reader.getAll().ticks));
    this.ticks$ = merge(...this.readers.map(({ ticks$ }) => ticks$));
    this.changes$ = new ConflatedChanges(this.ticks$);
    this.bars$ = merge(...this.readers.map(({ bars$ }) => bars$));
  }

  onModuleInit(): void {
    for (const reader of this.readers) reader.start();
  }

  onApplicationShutdown(): void {
    for (const reader of this.readers) reader.stop();
  }

  /** One feed's data. @throws RangeError when this process does not read that feed */
  feed(name: FeedName): LiveFeedReader {
    const reader = this.byFeed.get(name);
    if (reader) return reader;
    throw new RangeError(`this process reads ${[...this.byFeed.keys()].join(', ')}, not ${name}`);
  }

  /**
   * Newest tick of a symbol.
   *
   * @param maxAgeMs older ticks count as absent (milliseconds since `receivedAt`)
   * @returns the tick with its source and age, or `undefined` when none is fresh enough
   */
  get(symbol: string, options?: { maxAgeMs?: number }): LiveTick | undefined {
    for (const reader of this.readers) {
      const found = reader.get(symbol, options);
      if (found) return found;
    }
    return undefined;
  }

  /** Every symbol's newest tick, whatever its age; `source` is the poorest way that any feed's data took. */
  getAll(): LiveMarket {
    const feeds = this.readers.map((reader) => {
      const { ticks, ...rest } = reader.getAll();
      return { feed: reader.feed, symbols: ticks.size, ...rest };
    });
    const asOf = newest(feeds.map((feed) => feed.asOf));
    return {
      source: poorest(feeds.map(({ source }) => source)),
      asOf,
      ageMs: asOf === null ? null : Math.max(0, Date.now() - asOf),
      ticks: this.ticks,
      feeds,
    };
  }

  /** The tick with `receivedAt` as this machine's clock would have shown it; itself while the clocks agree. */
  inLocalTime(tick: Tick): Tick {
    return this.byFeed.get(tick.source)?.inLocalTime(tick) ?? tick;
  }

  /** Every symbol's newest tick, in this machine's time. */
  allInLocalTime(): ReadonlyMap<string, Tick> {
    const own = this.readers.map((reader) => reader.allInLocalTime());
    const agree = this.readers.every((reader, at) => own[at] === reader.getAll().ticks);
    return agree ? this.ticks : new JoinedMap(own);
  }

  status(): LiveMarketStatus {
    const feeds = this.readers.map((reader) => ({ feed: reader.feed, ...reader.status() }));
    const sum = (pick: (feed: LiveFeedStatus) => number) =>
      feeds.reduce((total, feed) => total + pick(feed), 0);
    const [first] = feeds;
    return {
      source: poorest(feeds.map(({ source }) => source)),
      epoch: feeds.length === 1 ? (first?.epoch ?? null) : null,
      sequence: sum(({ sequence }) => sequence),
      symbols: sum(({ symbols }) => symbols),
      framesApplied: sum(({ framesApplied }) => framesApplied),
      gaps: sum(({ gaps }) => gaps),
      sourceSwitches: sum(({ sourceSwitches }) => sourceSwitches),
      bars: sum(({ bars }) => bars),
      barsLost: sum(({ barsLost }) => barsLost),
      // ISO 8601 in UTC: the order of texts is the order of times.
      updatedAt: newest(feeds.map(({ updatedAt }) => updatedAt)),
      newestTickAt: newest(feeds.map(({ newestTickAt }) => newestTickAt)),
      feeds,
    };
  }

  /** Up while every feed's frames arrive over its first source; else the first trouble, by feed. */
  health(): DependencyHealth {
    const healths = this.readers.map((reader) => ({ feed: reader.feed, ...reader.health() }));
    const trouble = healths.filter(({ status }) => status !== 'up');
    const told = trouble.length > 0 ? trouble : healths;
    const name = (feed: FeedName) => (this.readers.length > 1 ? `${feed}: ` : '');
    return {
      status: trouble.length > 0 ? 'degraded' : 'up',
      detail: told.map(({ feed, detail }) => `${name(feed)}${detail ?? ''}`).join('; '),
    };
  }
}

function poorest(sources: readonly LiveSource[]): LiveSource {
  const way = Math.max(...sources.map((source) => WAYS.indexOf(source)));
  return WAYS[way] ?? 'none';
}

function newest<T extends number | string>(values: readonly (T | null)[]): T | null {
  return values.reduce<T | null>((latest, value) => {
    if (value === null) return latest;
    return latest === null || value > latest ? value : latest;
  }, null);
}
