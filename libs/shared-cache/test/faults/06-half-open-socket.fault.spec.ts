import type { INestApplicationContext } from '@nestjs/common';
import type { CacheService } from '../../src/cache/cache.service';
import { Coherence } from '../../src/cache/coherence';
import { RedisConnection } from '../../src/connection/redis.connection';
import { FaultProxy, type PrivateRedis, waitFor } from '../../src/testing';
import { sharedCache, startRedis } from '../harness';
import { joined } from '../processes/joined';
import { numbered } from '../workers/numbered';

/** The promise is 2 s; the bound leaves room for a busy machine. */
const NOTICED_MS = 3_000;

describe('promise 6: half-open invalidation socket', () => {
  let redis: PrivateRedis;
  let proxy: FaultProxy;
  let contexts: INestApplicationContext[];
  let reader: INestApplicationContext;
  let one: CacheService;
  let other: CacheService;

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.to(redis.port);
    contexts = [await sharedCache(redis.options), await sharedCache({ host: '127.0.0.1', port: proxy.port })];
    [one, other] = (await Promise.all(contexts.map(joined))) as [CacheService, CacheService];
    reader = contexts[1] as INestApplicationContext;
    for (const key of ['A', 'B']) {
      await one.set(numbered, key, { key, n: 1 });
      await waitFor(async () => (await other.get(numbered, key)) && other.peek(numbered, key));
    }
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await proxy.close();
    await redis.stop();
  });

  it('is noticed within 2 s, and what was changed meanwhile is not served from then on', async () => {
    proxy.halfOpen('__redis__:invalidate');
    await one.set(numbered, 'A', { key: 'A', n: 2 });
    const brokenAt = performance.now();
    await waitFor(async () => (await other.get(numbered, 'A'))?.n === 2);
    expect(performance.now() - brokenAt).toBeLessThan(NOTICED_MS);
  });

  it('distrusts all it holds as soon as it notices, while commands go on, and verifies each entry', async () => {
    proxy.halfOpen('__redis__:invalidate');
    await waitFor(() => !reader.get(Coherence).armed);
    expect(reader.get(RedisConnection).available).toBe(true);
    expect(other.peek(numbered, 'A')).toBeUndefined();
    expect(other.peek(numbered, 'B')).toBeUndefined();
    expect(await other.find(numbered, 'B')).toMatchObject({ value: { n: 1 }, tier: 'l3' });
    proxy.heal();
    await joined(reader);
    expect(await other.find(numbered, 'B')).toMatchObject({ value: { n: 1 }, tier: 'l3' });
    expect(await other.find(numbered, 'B')).toMatchObject({ value: { n: 1 }, tier: 'l1' });
  });
});
