import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { type CacheBehaviour, cacheNamespace } from '../src/cache/cache.namespace';
import { CacheService } from '../src/cache/cache.service';
import { Coherence } from '../src/cache/coherence';
import { RedisConnection } from '../src/connection/redis.connection';
import { keys } from '../src/contract/shared-cache.keys';
import { FaultProxy, type PrivateRedis, waitFor } from '../src/testing';
import { PATIENT, sharedCache, startRedis } from './harness';

const schema = z.object({ n: z.number() });
const space = (name: string, behaviour: Partial<CacheBehaviour> = {}) =>
  cacheNamespace({ name, version: 1, kind: 'overview', schema, ...behaviour });
const plain = space('plain');

async function joined(context: INestApplicationContext): Promise<CacheService> {
  await waitFor(() => context.get(RedisConnection).available && context.get(Coherence).armed);
  return context.get(CacheService);
}

/** A loader that ends when told to. */
function heldLoader() {
  const runs: { resolve: (value: { n: number }) => void; reject: (error: Error) => void }[] = [];
  const load = () => new Promise<{ n: number }>((resolve, reject) => runs.push({ resolve, reject }));
  return { runs, load };
}

describe('cache features', () => {
  let redis: PrivateRedis;
  let proxy: FaultProxy;
  let contexts: INestApplicationContext[];
  let one: CacheService;
  let other: CacheService;
  let tests = 0;
  let A: string;
  let B: string;
  let C: string;

  beforeAll(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.to(redis.port);
    contexts = await Promise.all([
      sharedCache(redis.options, {}, PATIENT),
      sharedCache({ host: '127.0.0.1', port: proxy.port }, {}, PATIENT),
    ]);
    [one, other] = (await Promise.all(contexts.map(joined))) as [CacheService, CacheService];
  });

  beforeEach(() => {
    // Keys of each test's own: nothing of one test reaches another.
    tests += 1;
    [A, B, C] = ['A', 'B', 'C'].map((name) => `${name}${tests}`) as [string, string, string];
  });

  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await proxy.close();
    await redis.stop();
  });

  it('peeks into memory without asking anybody', async () => {
    await one.set(plain, A, { n: 1 });
    expect(one.peek(plain, A)).toEqual({ n: 1 });
    expect(other.peek(plain, A)).toBeUndefined();
  });

  it('reads, writes and deletes many keys at once', async () => {
    await one.setMany(plain, [
      [A, { n: 1 }],
      [B, { n: 2 }],
    ]);
    expect(Object.fromEntries(await other.getMany(plain, [A, B, C]))).toEqual({
      [A]: { n: 1 },
      [B]: { n: 2 },
    });
    expect(await one.deleteMany(plain, [A, C])).toBe(1);
    await waitFor(async () => !(await other.getMany(plain, [A, B])).has(A));
    expect(Object.fromEntries(await one.getOrSetMany(plain, [A, B], async () => ({ n: 9 })))).toEqual({
      [A]: { n: 9 },
      [B]: { n: 2 },
    });
  });

  it('invalidates by tag everywhere, and nothing else', async () => {
    await one.set(plain, A, { n: 1 }, { tags: ['x'] });
    await one.set(plain, B, { n: 2 }, { tags: ['y'] });
    expect((await other.getMany(plain, [A, B])).size).toBe(2);
    await one.invalidateTag(plain, 'x');
    expect(await one.get(plain, A)).toBeUndefined();
    await waitFor(async () => (await other.get(plain, A)) === undefined);
    expect(await other.get(plain, B)).toEqual({ n: 2 });
    await one.set(plain, A, { n: 3 }, { tags: ['x'] });
    await waitFor(async () => (await other.get(plain, A))?.n === 3);
  });

  it('clears one namespace everywhere and leaves the others', async () => {
    const kept = space('kept');
    await one.set(plain, A, { n: 1 });
    await one.set(kept, A, { n: 1 });
    await other.getMany(plain, [A]);
    await one.clear(plain);
    expect(await one.get(plain, A)).toBeUndefined();
    await waitFor(async () => (await other.get(plain, A)) === undefined);
    expect(await other.get(kept, A)).toEqual({ n: 1 });
    await one.set(plain, A, { n: 2 });
    await waitFor(async () => (await other.get(plain, A))?.n === 2);
  });

  it('never serves what was loaded before a deletion in another process', async () => {
    const { runs, load } = heldLoader();
    const loading = other.getOrSet(plain, A, load);
    await waitFor(() => runs.length === 1);
    await one.delete(plain, A);
    runs[0]?.resolve({ n: 1 });
    expect(await loading).toEqual({ n: 1 });
    expect(await one.get(plain, A)).toBeUndefined();
    expect(await other.get(plain, A)).toBeUndefined();
  });

  it.each([
    ['DEL', () => redis.foreign.del(keys.cacheEntry('plain', A))],
    ['SET', () => redis.foreign.set(keys.cacheEntry('plain', A), 'foreign')],
    ['FLUSHALL', () => redis.foreign.flushall()],
  ])('does not keep what was loaded across a foreign %s', async (_command, breakIt) => {
    const { runs, load } = heldLoader();
    const loading = other.getOrSet(plain, A, load);
    await waitFor(() => runs.length === 1);
    await breakIt();
    runs[0]?.resolve({ n: 1 });
    await loading;
    expect(await one.get(plain, A)).toBeUndefined();
    expect(await other.get(plain, A)).toBeUndefined();
  });

  it('does not let a caller that came after a deletion join an older load', async () => {
    const { runs, load } = heldLoader();
    const before = one.getOrSet(plain, A, load);
    await waitFor(() => runs.length === 1);
    await one.delete(plain, A);
    const after = one.getOrSet(plain, A, load);
    await waitFor(() => runs.length === 2);
    runs[0]?.resolve({ n: 1 });
    runs[1]?.resolve({ n: 2 });
    expect(await before).toEqual({ n: 1 });
    expect(await after).toEqual({ n: 2 });
    expect(await one.get(plain, A)).toEqual({ n: 2 });
  });

  it('shares one loader run between processes', async () => {
    const { runs, load } = heldLoader();
    const values = [one, other].map((cache) => cache.getOrSet(plain, A, load));
    await waitFor(() => runs.length === 1);
    runs[0]?.resolve({ n: 1 });
    expect(await Promise.all(values)).toEqual([{ n: 1 }, { n: 1 }]);
    expect(runs).toHaveLength(1);
  });

  it('serves a stale value within its grace when the loader fails, marked stale', async () => {
    const graceful = space('graceful', { graceMs: 10_000 });
    await one.set(graceful, A, { n: 1 }, 50);
    await waitFor(async () => (await other.get(graceful, A)) === undefined);
    expect(await other.find(graceful, A, { allowStale: true })).toMatchObject({
      value: { n: 1 },
      stale: true,
    });
    const failing = () => Promise.reject(new Error('down'));
    expect(await other.fetch(graceful, A, failing)).toMatchObject({ value: { n: 1 }, stale: true });
    expect(await one.getOrSet(graceful, A, failing)).toEqual({ n: 1 });
  });

  it('serves a stale value after the soft time-out, and the loaded one once it is there', async () => {
    const soft = space('soft', { graceMs: 10_000, softTimeoutMs: 20 });
    await one.set(soft, A, { n: 1 }, 30);
    await waitFor(() => one.peek(soft, A) === undefined);
    const { runs, load } = heldLoader();
    expect(await one.getOrSet(soft, A, load)).toEqual({ n: 1 });
    runs[0]?.resolve({ n: 2 });
    await waitFor(async () => (await one.get(soft, A))?.n === 2);
  });

  it('gives up after the hard time-out', async () => {
    const hard = space('hard', { hardTimeoutMs: 30 });
    const { load } = heldLoader();
    await expect(one.getOrSet(hard, A, load)).rejects.toMatchObject({ code: 'CACHE_LOAD_TIMEOUT' });
  });

  it('remembers for a while that there is no such thing', async () => {
    const negative = space('negative', { negativeTtlMs: 5_000 });
    let runs = 0;
    const load = async (): Promise<{ n: number } | undefined> => {
      runs += 1;
      return undefined;
    };
    expect(await one.getOrSet(negative, A, load)).toBeUndefined();
    expect(await other.getOrSet(negative, A, load)).toBeUndefined();
    expect(runs).toBe(1);
    expect(await other.exists(negative, A)).toBe(false);
  });

  it('loads anew in the background before a life ends', async () => {
    const ahead = space('ahead', { refreshAheadAt: 0 });
    let n = 0;
    const load = async () => ({ n: (n += 1) });
    expect(await one.getOrSet(ahead, A, load)).toEqual({ n: 1 });
    expect(await one.getOrSet(ahead, A, load)).toEqual({ n: 1 });
    await waitFor(async () => ((await one.get(ahead, A))?.n ?? 0) >= 2);
  });

  it('compresses a large value and gives it back as it was', async () => {
    const large = cacheNamespace({
      name: 'large',
      version: 1,
      kind: 'overview',
      schema: z.array(z.object({ symbol: z.string(), price: z.number() })),
    });
    const value = Array.from({ length: 2_000 }, (_, at) => ({ symbol: `SYMBOL-${at}`, price: at }));
    await one.set(large, A, value);
    expect(await other.get(large, A)).toEqual(value);
    expect(await redis.foreign.strlen(keys.cacheEntry('large', A))).toBeLessThan(
      JSON.stringify(value).length / 3,
    );
  });

  it('uses neither KEYS nor SCAN nor FLUSHDB, not even to clear', async () => {
    await redis.foreign.config('RESETSTAT');
    await one.set(plain, A, { n: 1 }, { tags: ['x'] });
    await one.invalidateTag(plain, 'x');
    await one.clear(plain);
    await one.delete(plain, A);
    expect(await redis.foreign.info('commandstats')).not.toMatch(/cmdstat_(keys|scan|flushdb|flushall)/);
  });

  it('orders and ages nothing by the wall clock of a process', async () => {
    await one.set(plain, A, { n: 1 });
    const real = Date.now.bind(Date);
    const wrong = jest.spyOn(Date, 'now').mockImplementation(() => real() + 900_000);
    try {
      const found = await other.find(plain, A);
      expect(found).toMatchObject({ value: { n: 1 }, stale: false });
      expect(found?.ageMs).toBeLessThan(5_000);
      await one.set(plain, A, { n: 2 });
      await waitFor(async () => (await other.get(plain, A))?.n === 2);
    } finally {
      wrong.mockRestore();
    }
  });

  it('lets the newest of two writes of an outage win, whoever is back first', async () => {
    proxy.refuse();
    const connection = contexts[1]?.get(RedisConnection);
    await waitFor(() => !connection?.available);
    await other.set(plain, A, { n: 1 });
    await other.set(plain, B, { n: 1 });
    await other.delete(plain, C);
    // The server tells the order of moments at least its round trip apart.
    const madeAt = performance.now();
    await waitFor(() => performance.now() - madeAt > 20);
    await one.set(plain, A, { n: 2 });
    await one.set(plain, C, { n: 2 });
    await one.delete(plain, B);
    proxy.heal();
    await joined(contexts[1] as INestApplicationContext);
    await waitFor(async () => (await other.get(plain, A))?.n === 2);
    expect(await one.get(plain, A)).toEqual({ n: 2 });
    // Deleted after it was written: it stays deleted.
    expect(await one.exists(plain, B)).toBe(false);
    await waitFor(async () => !(await other.exists(plain, B)));
    // Written after the deletion: it stays.
    expect(await one.get(plain, C)).toEqual({ n: 2 });
    await waitFor(async () => (await other.get(plain, C))?.n === 2);
  });

  it('verifies what it holds after its link was cut, and keeps what is still true', async () => {
    await one.set(plain, A, { n: 1 });
    await one.set(plain, B, { n: 1 });
    await waitFor(async () => {
      await other.getMany(plain, [A, B]);
      return other.peek(plain, A) && other.peek(plain, B);
    });
    proxy.refuse();
    await waitFor(() => !contexts[1]?.get(RedisConnection).available);
    expect(await other.get(plain, A)).toEqual({ n: 1 });
    await one.set(plain, A, { n: 2 });
    proxy.heal();
    await joined(contexts[1] as INestApplicationContext);
    expect(other.peek(plain, B)).toBeUndefined();
    expect(await other.get(plain, A)).toEqual({ n: 2 });
    expect(await other.get(plain, B)).toEqual({ n: 1 });
    expect(other.peek(plain, B)).toEqual({ n: 1 });
  });
});
