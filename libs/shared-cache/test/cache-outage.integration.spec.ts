import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { CacheEngine } from '../src/cache/cache.engine';
import { cacheNamespace } from '../src/cache/cache.namespace';
import { CacheService } from '../src/cache/cache.service';
import { Coherence } from '../src/cache/coherence';
import { RedisConnection } from '../src/connection/redis.connection';
import { type PrivateRedis, waitFor } from '../src/testing';
import { PATIENT, sharedCache, startRedis } from './harness';

const numbers = cacheNamespace({ name: 'numbers', version: 1, kind: 'overview', schema: z.number() });
const others = cacheNamespace({ name: 'others', version: 1, kind: 'overview', schema: z.number() });

describe('much owed to Redis', () => {
  let redis: PrivateRedis;
  let contexts: INestApplicationContext[];
  let one: CacheService;
  let other: CacheService;
  let engine: CacheEngine;

  const joined = () =>
    waitFor(() => contexts.every((each) => each.get(RedisConnection).available && each.get(Coherence).armed));

  beforeEach(async () => {
    redis = await startRedis();
    contexts = await Promise.all([1, 2].map(() => sharedCache(redis.options, {}, PATIENT)));
    await joined();
    [one, other] = contexts.map((each) => each.get(CacheService)) as [CacheService, CacheService];
    engine = (contexts[0] as INestApplicationContext).get(CacheEngine);
  });
  afterEach(async () => {
    await Promise.all(contexts.map((each) => each.close()));
    await redis.stop();
  });

  it('is handed over soon, thousands of cleared tags before a deletion notwithstanding', async () => {
    await one.set(numbers, 'gone', 1);
    await one.set(others, 'kept', 2);
    await waitFor(async () => (await other.get(numbers, 'gone')) === 1);
    redis.pause();
    await waitFor(() => contexts.every((each) => !each.get(RedisConnection).available));
    for (let tag = 0; tag < 5_000; tag += 1) await one.invalidateTag(numbers, `tag-${tag}`);
    await one.delete(numbers, 'gone');
    redis.resume();
    await joined();
    const returned = performance.now();
    await waitFor(async () => (await other.get(numbers, 'gone')) === undefined);
    await waitFor(() => engine.pendingWrites.size === 0);
    expect(performance.now() - returned).toBeLessThan(5_000);
    // Too many tags count as their whole namespace, and as no other.
    await waitFor(async () => (await other.get(others, 'kept')) === 2);
  }, 60_000);

  it('is given up when it is too much, and never while it is on its way', async () => {
    const many = Array.from({ length: 12_000 }, (_, at) => [`key-${at}`, at] as const);
    await one.setMany(numbers, many);
    await waitFor(() => engine.pendingWrites.size === 0);
    expect(engine.pendingWrites.dropped).toBe(0);
    expect(
      (
        await other.getMany(
          numbers,
          many.map(([key]) => key),
        )
      ).size,
    ).toBe(12_000);
    await redis.kill();
    await waitFor(() => !contexts[0]?.get(RedisConnection).available);
    await one.setMany(numbers, many);
    expect([engine.pendingWrites.size, engine.pendingWrites.dropped]).toEqual([10_000, 2_000]);
  }, 60_000);
});
