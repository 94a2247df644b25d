import type { INestApplicationContext } from '@nestjs/common';
import { Registry } from 'prom-client';
import { z } from 'zod';
import type { CacheEvent } from '../src/cache/cache.events';
import { CacheEngine } from '../src/cache/cache.engine';
import { cacheNamespace } from '../src/cache/cache.namespace';
import { CacheService } from '../src/cache/cache.service';
import { CacheWarmUp } from '../src/cache/cache-warm-up';
import { Coherence } from '../src/cache/coherence';
import { MemcachedConnection } from '../src/connection/memcached.connection';
import { RedisConnection } from '../src/connection/redis.connection';
import { keys } from '../src/contract/shared-cache.keys';
import type { SharedCacheOptions } from '../src/contract/shared-cache.options';
import { type PrivateRedis, waitFor } from '../src/testing';
import { PATIENT, sharedCache, startRedis } from './harness';
import { PrivateMemcached } from './private-memcached';

const schema = z.object({ n: z.number() });
const quotes = cacheNamespace({ name: 'quotes', version: 1, kind: 'overview', schema, backoffMs: 1 });
const holdings = cacheNamespace({ name: 'holdings', version: 1, kind: 'overview', schema, scope: 'user' });
const local = cacheNamespace({ name: 'local', version: 1, kind: 'overview', schema, tiers: ['l1'] });
const remote = cacheNamespace({ name: 'remote', version: 1, kind: 'overview', schema, tiers: ['l3'] });

describe('the cache as an operator sees it', () => {
  let redis: PrivateRedis;
  const contexts: INestApplicationContext[] = [];

  const join = async (options: Partial<SharedCacheOptions> = {}) => {
    const context = await sharedCache(redis.options, {}, { ...PATIENT, ...options });
    contexts.push(context);
    await waitFor(() => context.get(RedisConnection).available && context.get(Coherence).armed);
    return context;
  };

  beforeAll(async () => (redis = await startRedis()));
  afterEach(() => redis.foreign.flushall());
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await redis.stop();
  });

  it('tells what it does, without values', async () => {
    const cache = (await join()).get(CacheService);
    const told: CacheEvent[] = [];
    cache.events$.subscribe((event) => told.push(event));
    await cache.get(quotes, 'A');
    await cache.getOrSet(quotes, 'A', async () => ({ n: 4_711 }));
    await cache.get(quotes, 'A');
    await cache.getOrSet(quotes, 'B', () => Promise.reject(new Error('vendor away'))).catch(() => undefined);
    await cache.set(quotes, 'C', { n: 4_711 });
    await cache.delete(quotes, 'C');
    await cache.invalidateTag(quotes, 'nse');
    await cache.clear(quotes);
    expect(told.map(({ kind }) => kind)).toEqual([
      ...['miss', 'loaded', 'hit', 'load-failed', 'written', 'deleted', 'cleared', 'cleared'],
    ]);
    expect(told[2]).toEqual({ kind: 'hit', namespace: 'quotes', key: 'A', tier: 'l1' });
    expect(JSON.stringify(told)).not.toContain('4711');
  });

  it('warms up what is declared, with progress, and loads nothing another process holds', async () => {
    const [one, other] = [await join(), await join()];
    await one.get(CacheService).set(quotes, 'K1', { n: 0 });
    const loaded: string[] = [];
    const warmUp = other.get(CacheWarmUp);
    warmUp.declare({
      namespace: quotes,
      keys: async () => ['K0', 'K1', 'K2', 'K2', 'bad'],
      load: async (key) => {
        if (key === 'bad') throw new Error('no such symbol');
        loaded.push(key);
        return { n: 1 };
      },
    });
    await waitFor(() => warmUp.progress.every(({ state }) => state === 'done'));
    expect(warmUp.progress).toEqual([{ namespace: 'quotes', state: 'done', keys: 4, done: 3, failed: 1 }]);
    expect(loaded.sort()).toEqual(['K0', 'K2']);
    expect(other.get(CacheService).peek(quotes, 'K1')).toEqual({ n: 0 });
  });

  it('says that a warm-up failed whose keys nobody knows', async () => {
    const warmUp = (await join()).get(CacheWarmUp);
    warmUp.declare({
      namespace: quotes,
      keys: () => Promise.reject(new Error('database away')),
      load: async () => undefined,
    });
    await waitFor(() => warmUp.progress[0]?.state === 'failed');
  });

  it('keeps each user’s values apart, and clears one user alone', async () => {
    const [one, other] = [(await join()).get(CacheService), (await join()).get(CacheService)];
    const [asha, ravi] = [holdings.of('asha'), holdings.of('ravi')];
    await one.set(asha, 'open', { n: 1 });
    expect(await other.get(ravi, 'open')).toBeUndefined();
    await other.set(ravi, 'open', { n: 2 });
    expect((await other.getMany(asha, ['open', 'closed'])).get('open')).toEqual({ n: 1 });
    // A user's id is no way into another's part.
    expect(await one.get(holdings.of('asha/open'), '')).toBeUndefined();
    await one.clear(asha);
    expect([await one.get(asha, 'open'), await one.get(ravi, 'open')]).toEqual([undefined, { n: 2 }]);
    await waitFor(async () => (await other.get(asha, 'open')) === undefined);
    await one.clear(holdings.all);
    expect(await one.get(ravi, 'open')).toBeUndefined();
    expect(() => holdings.of('')).toThrow(TypeError);
  });

  it('declares a name once, with tiers that fit together', () => {
    const declare = (name: string, tiers: ('l1' | 'l2' | 'l3')[]) =>
      cacheNamespace({ name, version: 1, kind: 'overview', schema, tiers });
    expect(() => declare('quotes', ['l1'])).toThrow('declared already');
    expect(() => declare('copies-of-nothing', ['l1', 'l2'])).toThrow(TypeError);
    expect(() => declare('nowhere', [])).toThrow(TypeError);
  });

  it('keeps values where the namespace says', async () => {
    const [one, other] = [(await join()).get(CacheService), (await join()).get(CacheService)];
    await one.set(local, 'A', { n: 1 });
    await one.set(remote, 'A', { n: 2 });
    expect(await redis.foreign.keys('cache:local:*')).toEqual([]);
    expect([await other.get(local, 'A'), one.peek(local, 'A')]).toEqual([undefined, { n: 1 }]);
    expect([await other.get(remote, 'A'), other.peek(remote, 'A')]).toEqual([{ n: 2 }, undefined]);
    expect(await one.getOrSet(local, 'B', async () => ({ n: 3 }))).toEqual({ n: 3 });
    expect(one.peek(local, 'B')).toEqual({ n: 3 });
  });

  it('measures by namespace and tier', async () => {
    const metrics = new Registry();
    const cache = (await join({ metrics })).get(CacheService);
    await cache.getOrSet(quotes, 'A', async () => ({ n: 1 }));
    await cache.get(quotes, 'A');
    await cache.get(quotes, 'none');
    const text = await metrics.metrics();
    expect(text).toContain('cache_reads_total{namespace="quotes",tier="l1",outcome="hit"} 1');
    expect(text).toContain('cache_reads_total{namespace="quotes",tier="l3",outcome="miss"} 2');
    expect(text).toContain('cache_loads_total{namespace="quotes",outcome="ok"} 1');
    expect(text).toContain('cache_l1_entries{namespace="quotes"} 1');
    expect(text).toContain('cache_breaker_open{tier="l3"} 0');
    expect(text).toMatch(/cache_load_seconds_count\{namespace="quotes"\} 1/);
  });

  it('finds an entry of memory that is wrong, tells, and drops it', async () => {
    const metrics = new Registry();
    const context = await join({ metrics, selfCheckIntervalMs: 50 });
    const [cache, engine] = [context.get(CacheService), context.get(CacheEngine)];
    const told: CacheEvent[] = [];
    cache.events$.subscribe((event) => told.push(event));
    await cache.set(quotes, 'A', { n: 1 });
    await cache.set(quotes, 'B', { n: 1 });
    // A write that Redis answered late is not kept; both are held before it begins.
    for (const key of ['A', 'B']) await waitFor(async () => (await cache.find(quotes, key))?.tier === 'l1');
    // Deaf on purpose: word of the change below drops nothing.
    const deaf = jest.spyOn(engine.memory, 'delete').mockReturnValue(false);
    await redis.foreign.del(keys.cacheEntry('quotes', 'A'));
    await waitFor(() => told.some(({ kind }) => kind === 'violation'));
    expect(told.find(({ kind }) => kind === 'violation')).toEqual({
      kind: 'violation',
      namespace: 'quotes',
      key: 'A',
    });
    deaf.mockRestore();
    await waitFor(() => cache.peek(quotes, 'A') === undefined);
    expect(cache.peek(quotes, 'B')).toEqual({ n: 1 });
    const violations = told.filter((event) => event.kind === 'violation');
    expect(violations.every((event) => 'key' in event && event.key === 'A')).toBe(true);
    expect(await metrics.metrics()).toMatch(/cache_coherence_violations_total [1-9]/);
  });

  it('counts Memcached as a tier of its own', async () => {
    const memcached = await PrivateMemcached.start();
    const options = { memcached: memcached.address };
    const [writer, first, second] = [await join(options), await join(options), await join(options)];
    await waitFor(() => contexts.slice(-3).every((each) => each.get(MemcachedConnection).available));
    await writer.get(CacheService).set(quotes, 'A', { n: 1 });
    // The first to read it from Redis leaves a copy, which the second finds.
    await waitFor(async () => (await first.get(CacheService).find(quotes, 'A'))?.tier === 'l1');
    await waitFor(async () => {
      const { memcached: copies } = await first.get(CacheService).stats();
      return (copies?.server?.items ?? 0) > 0;
    });
    const found = await waitFor(() => second.get(CacheService).find(quotes, 'A'));
    expect(found).toMatchObject({ value: { n: 1 }, tier: 'l2', stale: false });
    const stats = await second.get(CacheService).stats();
    expect(stats.tiers[1]).toMatchObject({ tier: 'l2', enabled: true, hits: 1 });
    expect(stats.memcached?.server?.items).toBeGreaterThan(0);
    await memcached.stop();
  });
});
