import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import type { Bar, Tick } from '@tickbridge/contracts';
import { RedisConnection } from '../src/connection/redis.connection';
import { LiveMarketData } from '../src/live-market-data/live-market-data';
import { keys } from '../src/contract/shared-cache.keys';
import { type PrivateRedis, waitFor } from '../src/testing';
import { aBar, FeedProcess } from './feed-process';
import { aTick, sharedCache, startRedis } from './harness';

describe('live market data across processes', () => {
  let redis: PrivateRedis;
  let directory: string;
  let feed: FeedProcess;
  let reader: INestApplicationContext;
  let live: LiveMarketData;
  let sequence: number;
  let bars: Bar[];

  const publish = (overrides: Partial<Tick> = {}) =>
    feed.publisher.publish(aTick({ sequence: ++sequence, ...overrides }));
  const price = (symbol = 'RELIANCE') => live.get(symbol)?.tick.lastPrice;
  const readerFor = (httpUrl: string) =>
    sharedCache(
      redis.options,
      { liveMarketData: 'reader' },
      { liveMarketData: { sources: ['simulator'], httpUrl, directory } },
    );

  beforeEach(async () => {
    sequence = 0;
    bars = [];
    redis = await startRedis();
    directory = await mkdtemp(join(tmpdir(), 'tickbridge-live-'));
    feed = await FeedProcess.start(redis, directory);
    reader = await readerFor(feed.httpUrl);
    await waitFor(() => [feed.context, reader].every((context) => context.get(RedisConnection).available));
    live = reader.get(LiveMarketData);
    live.bars$.subscribe((closed) => bars.push(...closed));
    await waitFor(() => live.status().source === 'redis');
  });

  afterEach(async () => {
    await reader.close();
    await feed.stop();
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('shows the other process each tick exactly as the feed made it', async () => {
    const tick = aTick({
      sequence: 1,
      eventTime: 1_700_000_000_000,
      receivedAt: Date.now() - 3_000,
      bid: null,
    });
    feed.publisher.publish(tick);
    const found = await waitFor(() => live.get('RELIANCE'));
    expect(found.tick).toEqual(tick);
    expect(found.source).toBe('redis');
    expect(found.ageMs).toBeGreaterThanOrEqual(3_000);
    expect(live.get('RELIANCE', { maxAgeMs: 1_000 })).toBeUndefined();
  });

  it('leaves the ticks readable for any client', async () => {
    publish({ lastPrice: 42 });
    await waitFor(() => price() === 42);
    const field = await redis.foreign.hget(keys.liveCache('simulator'), 'RELIANCE');
    expect(JSON.parse(field ?? '')).toMatchObject({ symbol: 'RELIANCE', lastPrice: 42, source: 'simulator' });
    expect(await redis.foreign.hget(keys.liveMeta('simulator'), 'epoch')).toBe(feed.publisher.epoch);
  });

  it('gathers many ticks into one frame a millisecond, and ends with the newest of each', async () => {
    const symbols = Array.from({ length: 100 }, (_, at) => `S${at}`);
    const before = feed.publisher.status().sequence;
    const began = performance.now();
    while (performance.now() - began < 200) {
      for (const symbol of symbols) publish({ symbol, lastPrice: sequence + 1 });
      await new Promise(setImmediate);
    }
    const frames = feed.publisher.status().sequence - before;
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThanOrEqual(performance.now() - began + 1);
    const newest = sequence;
    await waitFor(() => symbols.every((symbol, at) => price(symbol) === newest - 99 + at));
  });

  it('ages a symbol that stops while others trade', async () => {
    publish({ symbol: 'DEAD', receivedAt: Date.now() - 10_000 });
    publish({ symbol: 'ALIVE' });
    await waitFor(() => price('ALIVE'));
    expect(live.get('DEAD')?.ageMs).toBeGreaterThanOrEqual(10_000);
    expect(live.get('ALIVE', { maxAgeMs: 5_000 })).toBeDefined();
  });

  it('gives a reader that starts late the whole market and the bars before it', async () => {
    publish({ symbol: 'A' });
    publish({ symbol: 'B' });
    for (let index = 0; index < 5; index += 1) feed.publisher.publishBar(aBar('A', index * 5_000));
    await waitFor(() => bars.length === 5);
    const late = await readerFor(feed.httpUrl);
    const lateBars: Bar[] = [];
    late.get(LiveMarketData).bars$.subscribe((closed) => lateBars.push(...closed));
    await waitFor(() => late.get(LiveMarketData).getAll().ticks.size === 2 && lateBars.length === 5);
    expect(lateBars).toEqual(bars);
    await late.close();
  });

  it('goes over to HTTP when Redis dies and returns when it is back, without losing or repeating a bar', async () => {
    const pump = setInterval(() => {
      publish({ lastPrice: 100 + sequence });
      feed.publisher.publishBar(aBar('A', sequence * 5_000));
    }, 20);
    try {
      await waitFor(() => bars.length > 5);
      await redis.kill();
      await waitFor(() => live.status().source === 'http', { timeoutMs: 5_000 });
      expect(live.health().status).toBe('degraded');
      const during = bars.length;
      await waitFor(() => bars.length > during + 10 && (live.get('RELIANCE')?.ageMs ?? Infinity) < 1_000);
      await redis.start();
      await waitFor(() => live.status().source === 'redis', { timeoutMs: 5_000 });
      const after = bars.length;
      await waitFor(() => bars.length > after + 10);
    } finally {
      clearInterval(pump);
    }
    expect(bars.map((bar) => bar.sequence)).toEqual(bars.map((_, index) => index + 1));
    expect(live.status().sourceSwitches).toBeGreaterThanOrEqual(2);
    expect(await waitFor(() => redis.foreign.hlen(keys.liveCache('simulator')))).toBe(1);
  });

  it('goes on when Redis hangs instead of dying', async () => {
    const pump = setInterval(() => publish({ lastPrice: 100 + sequence }), 20);
    try {
      await waitFor(() => price());
      redis.pause();
      await waitFor(() => live.status().source === 'http', { timeoutMs: 5_000 });
      await waitFor(() => (live.get('RELIANCE')?.ageMs ?? Infinity) < 500);
      redis.resume();
      await waitFor(() => live.status().source === 'redis', { timeoutMs: 8_000 });
    } finally {
      clearInterval(pump);
    }
  });

  it('starts from the file when neither Redis nor HTTP is there, with the age told', async () => {
    publish({ lastPrice: 77 });
    await waitFor(() => price() === 77);
    await feed.stop();
    await redis.kill();
    const orphan = await readerFor(feed.httpUrl);
    const found = await waitFor(() => orphan.get(LiveMarketData).get('RELIANCE'), { timeoutMs: 5_000 });
    expect(found).toMatchObject({ source: 'file', tick: { lastPrice: 77 } });
    expect(orphan.get(LiveMarketData).health().status).toBe('degraded');
    await orphan.close();
  });

  it('lets symbols of an earlier epoch die with it', async () => {
    publish({ symbol: 'OLD' });
    await waitFor(() => price('OLD'));
    const { port } = feed;
    await feed.stop();
    feed = await FeedProcess.start(redis, directory, port);
    await waitFor(() => feed.context.get(RedisConnection).available);
    publish({ symbol: 'NEW' });
    await waitFor(() => price('NEW'), { timeoutMs: 5_000 });
    expect(price('OLD')).toBeUndefined();
    expect(await redis.foreign.hkeys(keys.liveCache('simulator'))).toEqual(['NEW']);
  });

  it('writes the whole hash again after FLUSHALL', async () => {
    publish({ symbol: 'A' });
    publish({ symbol: 'B' });
    await waitFor(() => price('B'));
    await redis.foreign.flushall();
    await waitFor(async () => {
      publish({ symbol: 'A' });
      return (await redis.foreign.hlen(keys.liveCache('simulator'))) === 2;
    });
  });
});
