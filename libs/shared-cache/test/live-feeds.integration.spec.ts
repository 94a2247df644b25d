import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { Bar } from '@tickbridge/contracts';
import { Registry } from 'prom-client';
import { RedisConnection } from '../src/connection/redis.connection';
import { LiveMarketData } from '../src/live-market-data/live-market-data';
import { LiveMarketPublishers } from '../src/live-market-data/live-market.publishers';
import { type PrivateRedis, waitFor } from '../src/testing';
import { aBar } from './feed-process';
import { aTick, sharedCache, startRedis } from './harness';

describe('several feeds in one process', () => {
  const sources = ['truedata', 'binance'] as const;
  const metrics = new Registry();
  let redis: PrivateRedis;
  let directory: string;
  let feed: INestApplicationContext;
  let reader: INestApplicationContext;
  let permitted = true;

  const live = () => reader.get(LiveMarketData);
  const publisher = (name: (typeof sources)[number]) => feed.get(LiveMarketPublishers).of(name);

  beforeAll(async () => {
    redis = await startRedis();
    directory = await mkdtemp(join(tmpdir(), 'tickbridge-feeds-'));
    const permit = (name: string) => ({ fence: () => (name === 'truedata' && !permitted ? null : 1) });
    feed = await sharedCache(
      redis.options,
      { liveMarketData: 'publisher' },
      { liveMarketData: { sources, directory, permit }, metrics },
    );
    reader = await sharedCache(redis.options, { liveMarketData: 'reader' }, { liveMarketData: { sources } });
    await waitFor(() => [feed, reader].every((context) => context.get(RedisConnection).available));
  });

  afterAll(async () => {
    await reader.close();
    await feed.close();
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('are read as one market, each with its own way, age and keys', async () => {
    publisher('truedata').publish(aTick({ symbol: 'RELIANCE', source: 'truedata' }));
    publisher('binance').publish(aTick({ symbol: 'BTCUSDT', source: 'binance', lastPrice: 61_000 }));
    await waitFor(() => live().getAll().ticks.size === 2);
    const { ticks, source, feeds } = live().getAll();
    expect([...ticks.keys()].sort()).toEqual(['BTCUSDT', 'RELIANCE']);
    expect([ticks.has('BTCUSDT'), ticks.has('ITC'), ticks.get('BTCUSDT')?.lastPrice]).toEqual([
      true,
      false,
      61_000,
    ]);
    expect(source).toBe('redis');
    expect(feeds.map(({ feed: name, symbols }) => [name, symbols])).toEqual([
      ['truedata', 1],
      ['binance', 1],
    ]);
    expect(live().get('BTCUSDT')?.tick.source).toBe('binance');
    expect(await redis.foreign.hkeys('truedata:live_cache')).toEqual(['RELIANCE']);
    expect(await redis.foreign.hkeys('binance:live_cache')).toEqual(['BTCUSDT']);
  });

  it('keep their bars apart', async () => {
    const bars: Record<string, Bar[]> = { truedata: [], binance: [] };
    for (const name of sources)
      live()
        .feed(name)
        .bars$.subscribe((closed) => bars[name]?.push(...closed));
    publisher('truedata').publishBar(aBar('RELIANCE', 5_000));
    publisher('binance').publishBar(aBar('BTCUSDT', 5_000));
    await waitFor(() => sources.every((name) => bars[name]?.length === 1));
    expect(sources.map((name) => bars[name]?.map(({ symbol, sequence }) => [symbol, sequence]))).toEqual([
      [['RELIANCE', 1]],
      [['BTCUSDT', 1]],
    ]);
  });

  it('fail by themselves: one falls silent, the other goes on, and the health names the silent one', async () => {
    permitted = false;
    try {
      await waitFor(() => live().health().status === 'degraded', { timeoutMs: 10_000 });
      expect(live().health().detail).toMatch(/^truedata: nothing from market-data for/);
      publisher('binance').publish(
        aTick({ symbol: 'BTCUSDT', source: 'binance', lastPrice: 62_000, sequence: 2 }),
      );
      await waitFor(() => live().get('BTCUSDT')?.tick.lastPrice === 62_000);
    } finally {
      permitted = true;
    }
    await waitFor(() => live().health().status === 'up', { timeoutMs: 10_000 });
  });

  it('keep no more than the newest of each symbol while Redis does not answer, however long', async () => {
    const symbols = 100;
    const before = publisher('binance').status();
    redis.pause();
    const heapBefore = process.memoryUsage().heapUsed;
    try {
      for (let sequence = 10; sequence < 300_010; sequence += 1) {
        const symbol = `COIN${sequence % symbols}`;
        publisher('binance').publish(aTick({ symbol, source: 'binance', lastPrice: sequence, sequence }));
        if (sequence % 1_000 === 0) await new Promise(setImmediate);
      }
      const { framesToRedis, framesWithoutRedis, symbols: known } = publisher('binance').status();
      // Frames at the pace of answers that do not come, not one per tick.
      const frames = framesToRedis + framesWithoutRedis - before.framesToRedis - before.framesWithoutRedis;
      expect(frames).toBeLessThan(3_000);
      expect(known).toBe(symbols + 1);
      // 300,000 ticks are more than 100 MB; the newest of each symbol are next to nothing.
      expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(60_000_000);
    } finally {
      redis.resume();
    }
    await waitFor(() => live().get('COIN9')?.tick.lastPrice === 300_009, { timeoutMs: 15_000 });
    expect(live().getAll().ticks.size).toBe(symbols + 2);
  });

  it('are counted by name', async () => {
    const text = await metrics.metrics();
    for (const name of sources) {
      expect(text).toMatch(new RegExp(`live_ticks_published_total{feed="${name}"} [1-9]`));
      expect(text).toMatch(new RegExp(`live_frame_bytes_count{feed="${name}"} [1-9]`));
    }
  });

  it('are refused by name when this process does not have them', () => {
    expect(() => live().feed('replay')).toThrow('this process reads truedata, binance, not replay');
    expect(() => feed.get(LiveMarketPublishers).of('replay')).toThrow(/publishes truedata, binance/);
  });
});
