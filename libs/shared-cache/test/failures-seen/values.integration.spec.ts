import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { cacheNamespace } from '../../src/cache/cache.namespace';
import { CacheService } from '../../src/cache/cache.service';
import { CacheWarmUp } from '../../src/cache/cache-warm-up';
import { keys } from '../../src/contract/shared-cache.keys';
import { SharedCacheModule } from '../../src/shared-cache.module';
import { type PrivateRedis, waitFor } from '../../src/testing';
import { sharedCache, startRedis } from '../harness';
import { PrivateMemcached } from '../private-memcached';
import { joined } from '../processes/joined';
import { MemcachedConnection } from '../../src/connection/memcached.connection';

const SCORE_NAMES = ['momentum', 'value', 'quality'] as const;
const scores = cacheNamespace({
  name: 'scores',
  version: 1,
  kind: 'overview',
  schema: z.object({ writer: z.string(), scores: z.record(z.enum(SCORE_NAMES), z.number().positive()) }),
});
const price = cacheNamespace({ name: 'price', version: 1, kind: 'overview', schema: z.number() });
/** Lives much shorter than it takes to load anew. */
const slow = cacheNamespace({
  name: 'slow',
  version: 1,
  kind: 'overview',
  schema: z.number(),
  graceMs: 60_000,
  softTimeoutMs: 5,
});

describe('Failures seen in the systems this replaces: cached values', () => {
  let redis: PrivateRedis;
  let memcached: PrivateMemcached;
  let contexts: INestApplicationContext[];
  let one: CacheService;
  let other: CacheService;

  beforeAll(async () => {
    redis = await startRedis();
    memcached = await PrivateMemcached.start();
    const options = { memcached: memcached.address };
    contexts = await Promise.all([1, 2].map(() => sharedCache(redis.options, {}, options)));
    [one, other] = (await Promise.all(contexts.map(joined))) as [CacheService, CacheService];
    await waitFor(() => contexts.every((context) => context.get(MemcachedConnection).available));
  });

  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await memcached.stop();
    await redis.stop();
  });

  it('Promotion between tiers renews the age', async () => {
    const lifeMs = 5_000;
    await one.set(price, 'A', 1, lifeMs);
    const writtenAt = performance.now();
    const seen: string[] = [];
    // A process that comes anew each time finds it in Redis, then in Memcached, then in its memory.
    await waitFor(async () => {
      const fresh = await sharedCache(redis.options, {}, { memcached: memcached.address });
      const cache = await joined(fresh);
      await waitFor(() => fresh.get(MemcachedConnection).available);
      for (let read = 0; read < 3; read += 1) {
        const ageAtLeast = performance.now() - writtenAt;
        const found = await cache.find(price, 'A');
        // Ages cross the process wall through the server's clock, known to within a round trip.
        expect(found?.ageMs).toBeGreaterThan(ageAtLeast - 50);
        expect(await cache.ttl(price, 'A')).toBeLessThan(lifeMs - ageAtLeast + 50);
        seen.push(found?.tier ?? 'none');
      }
      await fresh.close();
      return performance.now() - writtenAt > 200;
    });
    expect(new Set(seen)).toEqual(new Set(['l3', 'l1']));
    await waitFor(async () => {
      const found = await narrow().then((cache) => cache.find(price, 'A'));
      if (found?.tier === 'l2') expect(found.ageMs).toBeGreaterThan(performance.now() - writtenAt - 50);
      return found?.tier === 'l2';
    });
  });

  /** A cache with room for one value, so that it asks Memcached. */
  async function narrow(): Promise<CacheService> {
    narrowed ??= (async () => {
      const context = await sharedCache(redis.options, {}, { memcached: memcached.address, l1MaxEntries: 1 });
      contexts.push(context);
      await waitFor(() => context.get(MemcachedConnection).available);
      return joined(context);
    })();
    const cache = await narrowed;
    // Reads it once from Redis, then pushes it out of memory.
    await cache.get(price, 'A');
    await cache.set(price, 'pushes-out', 2);
    return cache;
  }
  let narrowed: Promise<CacheService> | undefined;

  it('A deleted key served from memory although Redis is healthy', async () => {
    for (let round = 0; round < 20; round += 1) {
      await one.set(price, 'B', round);
      await waitFor(async () => (await other.get(price, 'B')) === round && other.peek(price, 'B') === round);
      if (round % 2 === 0) await one.delete(price, 'B');
      else await redis.foreign.del(keys.cacheEntry('price', 'B'));
      for (const cache of [one, other]) {
        await waitFor(() => cache.peek(price, 'B') === undefined, { timeoutMs: 1_000, everyMs: 1 });
        expect(await cache.get(price, 'B')).toBeUndefined();
      }
    }
  });

  it('TTL shorter than the refresh cycle, so data vanishes', async () => {
    await one.set(slow, 'C', 1, 40);
    const loads: ((value: number) => void)[] = [];
    const load = () => new Promise<number>((resolve) => loads.push(resolve));
    const startedAt = performance.now();
    // The refresh takes eight lives; at no moment is there nothing to show, and what is shown says how old it is.
    await waitFor(async () => {
      const found = await other.fetch(slow, 'C', load);
      expect(found).toMatchObject({ value: 1 });
      if ((found?.ageMs ?? 0) > 60) expect(found?.stale).toBe(true);
      return performance.now() - startedAt > 320;
    });
    expect(loads).toHaveLength(1);
    loads[0]?.(2);
    await waitFor(async () => (await other.get(slow, 'C')) === 2);
  });

  it('Two writers race on one key and zero the scores', async () => {
    const from = (writer: string, n: number) => ({
      writer,
      scores: { momentum: n, value: n, quality: n },
    });
    for (let n = 1; n <= 50; n += 1) {
      const writing = [
        one.set(scores, 'D', from('one', n)),
        other.set(scores, 'D', from('other', 1_000 + n)),
      ];
      for (const cache of [one, other]) {
        const found = await cache.get(scores, 'D');
        // One writer's value, whole.
        if (found) expect(new Set(Object.values(found.scores)).size).toBe(1);
      }
      await Promise.all(writing);
    }
    await waitFor(async () => {
      const [mine, others] = await Promise.all([one.get(scores, 'D'), other.get(scores, 'D')]);
      return mine !== undefined && mine.writer === others?.writer;
    });
    // What lacks a score, or has none, is refused where it is written.
    for (const broken of [{ momentum: 0, value: 0, quality: 0 }, { momentum: 1 }]) {
      const write = one.set(scores, 'D', { writer: 'one', scores: broken } as never);
      await expect(write).rejects.toMatchObject({ code: 'CACHE_VALUE_INVALID' });
    }
    expect((await one.get(scores, 'D'))?.scores.momentum).toBeGreaterThan(0);
  });

  it('Expiry in a separate key nobody checks', async () => {
    await one.set(price, 'E', 1, 400);
    // The key itself ends, and tells each reader when.
    expect(await redis.foreign.keys('*:E*')).toEqual([keys.cacheEntry('price', 'E')]);
    expect(await redis.foreign.pttl(keys.cacheEntry('price', 'E'))).toBeLessThanOrEqual(400);
    expect(await other.ttl(price, 'E')).toBeLessThanOrEqual(400);
    // Not even a copy whose end was taken from its key outlives it.
    await redis.foreign.persist(keys.cacheEntry('price', 'E'));
    await waitFor(async () => (await other.get(price, 'E')) === undefined && !(await one.exists(price, 'E')));
    expect(await redis.foreign.exists(keys.cacheEntry('price', 'E'))).toBe(1);
  });

  it('`KEYS` in hot paths; `DEL` with a pattern', async () => {
    const watcher = redis.foreign.duplicate();
    const monitor = await watcher.monitor();
    const commands: string[][] = [];
    monitor.on('monitor', (_time: string, args: string[]) => commands.push(args));
    await one.set(price, 'F*', 1, { tags: ['x'] });
    await one.getMany(price, ['F*', 'F?']);
    await other.getOrSet(price, 'F?', async () => 2);
    await other.delete(price, 'F*');
    await one.deleteMany(price, ['F?', '*']);
    await one.invalidateTag(price, 'x');
    await one.clear(price);
    await one.stats();
    await waitFor(() => commands.length > 5);
    monitor.disconnect();
    watcher.disconnect();
    const names = new Set(commands.map(([name = '']) => name.toLowerCase()));
    for (const forbidden of ['keys', 'scan', 'flushdb', 'flushall']) expect(names).not.toContain(forbidden);
    // A star in a key is a star.
    await one.set(price, 'G', 3);
    await one.delete(price, '*');
    await one.delete(price, 'G*');
    expect(await redis.foreign.exists(keys.cacheEntry('price', 'G'))).toBe(1);
    expect(await other.get(price, 'G')).toBe(3);
  });

  it('"100 % hit rate" over two requests', async () => {
    const context = await sharedCache(redis.options);
    const cache = await joined(context);
    const rates = async () => (await cache.stats()).tiers.map(({ hitRate }) => hitRate);
    // Nothing was asked: there is no rate, neither 0 nor 100 %.
    expect(await rates()).toEqual([null, null, null]);
    await cache.get(price, 'H');
    await cache.set(price, 'H', 1);
    await cache.get(price, 'H');
    const { tiers } = await cache.stats();
    // Told with what was counted, so that nobody takes two requests for many; the console shows none below 100 reads.
    expect(tiers[0]).toMatchObject({ tier: 'l1', hits: 1, misses: 1, hitRate: 0.5 });
    expect(tiers[1]).toMatchObject({ tier: 'l2', enabled: false, hitRate: null });
    await context.close();
  });

  it('Warm-up never called', async () => {
    const loaded: string[] = [];
    @Injectable()
    class Prices {
      constructor(warmUp: CacheWarmUp) {
        const load = async (key: string) => {
          loaded.push(key);
          return 7;
        };
        warmUp.declare({ namespace: price, keys: () => ['W1', 'W2'], load });
      }
    }
    @Module({
      imports: [
        SharedCacheModule.forRootAsync({ useFactory: () => ({ service: 'test', redis: redis.options }) }),
      ],
      providers: [Prices],
    })
    class Service {}
    // Nobody calls anything: the service starts.
    const context = await NestFactory.createApplicationContext(Service, { logger: false });
    await waitFor(() => context.get(CacheWarmUp).progress[0]?.state === 'done');
    expect(loaded.sort()).toEqual(['W1', 'W2']);
    expect(context.get(CacheWarmUp).progress).toMatchObject([
      { namespace: 'price', keys: 2, done: 2, failed: 0 },
    ]);
    expect(await context.get(CacheService).get(price, 'W1')).toBe(7);
    expect(loaded).toHaveLength(2);
    await context.close();
  });
});
