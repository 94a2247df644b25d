import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { cacheNamespace } from '../src/cache/cache.namespace';
import { CacheService } from '../src/cache/cache.service';
import { Coherence } from '../src/cache/coherence';
import { RedisConnection } from '../src/connection/redis.connection';
import { keys } from '../src/contract/shared-cache.keys';
import { CACHE_TTL_MS } from '../src/contract/shared-cache.ttl';
import { type PrivateRedis, waitFor } from '../src/testing';
import { PATIENT, sharedCache, startRedis } from './harness';

const quotes = cacheNamespace({
  name: 'quotes',
  version: 1,
  kind: 'marketData',
  schema: z.object({ price: z.number(), tags: z.array(z.string()) }),
});
const quote = (price: number) => ({ price, tags: ['live'] });
const redisKey = keys.cacheEntry('quotes', 'A');

async function joined(context: INestApplicationContext): Promise<CacheService> {
  await waitFor(() => context.get(RedisConnection).available && context.get(Coherence).armed);
  return context.get(CacheService);
}

describe('CacheService', () => {
  let redis: PrivateRedis;
  let contexts: INestApplicationContext[];
  let one: CacheService;
  let other: CacheService;

  beforeEach(async () => {
    redis = await startRedis();
    contexts = await Promise.all([1, 2].map(() => sharedCache(redis.options, {}, PATIENT)));
    [one, other] = (await Promise.all(contexts.map(joined))) as [CacheService, CacheService];
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await redis.stop();
  });

  it('gives another process what one process stored, and says which tier served it', async () => {
    await one.set(quotes, 'A', quote(1));
    expect(await other.find(quotes, 'A')).toMatchObject({ value: quote(1), tier: 'l3' });
    // The word about the write may arrive after the value; the value then comes from Redis once more.
    await waitFor(async () => (await other.find(quotes, 'A'))?.tier === 'l1');
  });

  it('lets no process serve a value another has replaced', async () => {
    await one.set(quotes, 'A', quote(1));
    await other.get(quotes, 'A');
    await one.set(quotes, 'A', quote(2));
    await waitFor(async () => (await other.get(quotes, 'A'))?.price === 2, { timeoutMs: 1_000 });
  });

  it('does not serve a deleted key from memory', async () => {
    await one.set(quotes, 'A', quote(1));
    await other.get(quotes, 'A');
    expect(await one.delete(quotes, 'A')).toBe(true);
    expect(await one.exists(quotes, 'A')).toBe(false);
    await waitFor(async () => !(await other.exists(quotes, 'A')), { timeoutMs: 1_000 });
  });

  it('keeps a value’s age when it moves between tiers', async () => {
    await one.set(quotes, 'A', quote(1));
    await waitFor(async () => ((await one.find(quotes, 'A'))?.ageMs ?? 0) >= 300);
    const promoted = await other.find(quotes, 'A');
    expect(promoted?.tier).toBe('l3');
    // Its age crosses the process wall through the server's clock, known to within a round trip.
    expect(promoted?.ageMs).toBeGreaterThanOrEqual(25);
    const remaining = (await other.ttl(quotes, 'A')) ?? Number.NaN;
    expect(remaining).toBeLessThanOrEqual(CACHE_TTL_MS.marketData - 25);
  });

  it('ends a value at its expiry in every tier', async () => {
    await one.set(quotes, 'A', quote(1), 120);
    expect(await other.exists(quotes, 'A')).toBe(true);
    await waitFor(async () => !(await one.exists(quotes, 'A')) && !(await other.exists(quotes, 'A')));
  });

  it('hands out values nobody can change, and never the caller’s own object', async () => {
    const mine = quote(1);
    await one.set(quotes, 'A', mine);
    mine.tags.push('changed');
    const found = await one.get(quotes, 'A');
    expect(found).toEqual(quote(1));
    expect(() => found?.tags.push('x')).toThrow(TypeError);
  });

  it('refuses a value that does not fit the namespace', async () => {
    await expect(one.set(quotes, 'A', { price: 'x' } as never)).rejects.toMatchObject({
      code: 'CACHE_VALUE_INVALID',
    });
  });

  it('runs the loader once for a thousand callers of one process', async () => {
    let runs = 0;
    const load = async () => {
      runs += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return quote(7);
    };
    const values = await Promise.all(Array.from({ length: 1_000 }, () => one.getOrSet(quotes, 'A', load)));
    expect(runs).toBe(1);
    expect(values.every(({ price }) => price === 7)).toBe(true);
  });

  it('does not keep a loaded value that was overtaken by a delete', async () => {
    let finish: (value: { price: number; tags: string[] }) => void = () => undefined;
    const loading = one.getOrSet(quotes, 'A', () => new Promise((resolve) => (finish = resolve)));
    await waitFor(async () => (await one.stats()).tiers[0]?.misses);
    await one.delete(quotes, 'A');
    finish(quote(1));
    expect(await loading).toEqual(quote(1));
    expect(await one.exists(quotes, 'A')).toBe(false);
  });

  it('passes a loader’s failure on and stores nothing', async () => {
    const load = () => Promise.reject(new Error('vendor down'));
    await expect(one.getOrSet(quotes, 'A', load)).rejects.toThrow('vendor down');
    expect(await one.exists(quotes, 'A')).toBe(false);
  });

  it('goes on in memory while Redis is down, and hands its writes over when Redis is back', async () => {
    await redis.kill();
    await waitFor(() => !contexts[0]?.get(RedisConnection).available);
    await one.set(quotes, 'A', quote(5));
    await one.set(quotes, 'B', quote(6));
    await one.delete(quotes, 'B');
    await one.set(quotes, 'C', quote(7), { tags: ['nse'] });
    expect(await one.get(quotes, 'A')).toEqual(quote(5));
    expect(await one.exists(quotes, 'B')).toBe(false);
    await redis.start();
    await waitFor(() => redis.foreign.exists(redisKey), { timeoutMs: 5_000 });
    await waitFor(async () => (await other.get(quotes, 'A'))?.price === 5);
    await waitFor(async () => (await other.get(quotes, 'C'))?.price === 7);
    expect(await redis.foreign.exists(keys.cacheEntry('quotes', 'B'))).toBe(0);
    const life = await redis.foreign.pttl(redisKey);
    expect(life).toBeGreaterThan(0);
    expect(life).toBeLessThanOrEqual(CACHE_TTL_MS.marketData);
  });

  it('reports no hit rate before the first read, and the counted one after', async () => {
    expect((await one.stats()).tiers[0]?.hitRate).toBeNull();
    await one.set(quotes, 'A', quote(1));
    await one.get(quotes, 'A');
    await one.get(quotes, 'missing');
    expect((await one.stats()).tiers[0]).toMatchObject({ tier: 'l1', hits: 1, misses: 1, hitRate: 0.5 });
  });
});

describe('TTL policy', () => {
  it('lives by the platform’s table', () => {
    const seconds = Object.fromEntries(Object.entries(CACHE_TTL_MS).map(([kind, ms]) => [kind, ms / 1_000]));
    expect(seconds).toEqual({
      marketData: 30,
      sentiment: 60,
      onChain: 300,
      backtests: 86_400,
      positionSizing: 60,
      signals: 86_400,
      cryptoPrices: 30,
      stockPrices: 30,
      macro: 300,
      hotPredictions: 1,
      predictions: 3,
      charts: 600,
      websocketHistory: 300,
      tickers: 60,
      overview: 60,
      instruments: 86_400,
    });
  });
});
