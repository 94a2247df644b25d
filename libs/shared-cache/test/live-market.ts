import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { Bar, Tick } from '@tickbridge/contracts';
import { RedisConnection } from '../src/connection/redis.connection';
import { LiveMarketData } from '../src/live-market-data/live-market-data';
import { FaultProxy, type PrivateRedis, waitFor } from '../src/testing';
import { FeedProcess } from './feed-process';
import { aTick, sharedCache, startRedis } from './harness';

/** A feed process and a reader, whose way to Redis can be broken. */
export class LiveMarket {
  readonly bars: Bar[] = [];
  private sequence = 0;

  private constructor(
    readonly redis: PrivateRedis,
    readonly proxy: FaultProxy,
    readonly feed: FeedProcess,
    readonly reader: INestApplicationContext,
    private readonly directory: string,
  ) {}

  static async open(): Promise<LiveMarket> {
    const redis = await startRedis();
    const proxy = await FaultProxy.to(redis.port);
    const directory = await mkdtemp(join(tmpdir(), 'tickbridge-live-'));
    const feed = await FeedProcess.start(redis, directory);
    const reader = await sharedCache(
      { host: '127.0.0.1', port: proxy.port },
      { liveMarketData: 'reader' },
      { liveMarketData: { sources: ['simulator'], httpUrl: feed.httpUrl, directory } },
    );
    const market = new LiveMarket(redis, proxy, feed, reader, directory);
    market.live.bars$.subscribe((closed) => market.bars.push(...closed));
    await waitFor(() => [feed.context, reader].every((context) => context.get(RedisConnection).available));
    await waitFor(() => market.live.status().source === 'redis');
    return market;
  }

  get live(): LiveMarketData {
    return this.reader.get(LiveMarketData);
  }

  publish(overrides: Partial<Tick> = {}): void {
    this.sequence += 1;
    this.feed.publisher.publish(aTick({ sequence: this.sequence, ...overrides }));
  }

  price(symbol = 'RELIANCE'): number | undefined {
    return this.live.get(symbol)?.tick.lastPrice;
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.feed.stop();
    await this.proxy.close();
    await this.redis.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
