import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../../src/connection/redis.connection';
import { RedisUnavailableError } from '../../src/contract/shared-cache.errors';
import { type PrivateRedis, waitFor } from '../../src/testing';
import { sharedCache, startRedis } from '../harness';
import { Callers } from '../processes/callers';
import { joined } from '../processes/joined';
import { p99 } from '../workers/steady';
import { numbered } from '../workers/numbered';

const CALLERS = 200;

describe('promise 1: Redis killed', () => {
  let redis: PrivateRedis;
  let context: INestApplicationContext;

  beforeEach(async () => {
    redis = await startRedis();
    context = await sharedCache(redis.options);
    await joined(context);
  });

  afterEach(async () => {
    await context.close();
    await redis.stop();
  });

  it('opens the breaker within 1 s; no call of 200 callers fails or hangs, and then each is quick', async () => {
    const callers = new Callers(await joined(context), numbered, CALLERS);
    const connection = context.get(RedisConnection);
    await waitFor(() => callers.calls.length > 2_000);

    const killedAt = performance.now();
    await redis.kill();
    await waitFor(() => !connection.available, { everyMs: 1 });
    const openedAt = performance.now();
    expect(openedAt - killedAt).toBeLessThan(1_000);

    const before = callers.calls.length;
    await waitFor(() => callers.calls.length > before + 20_000);
    await callers.stop();
    expect(callers.failures).toEqual([]);
    // Begun after the breaker opened. The promise is 5 ms; here 200 callers share one busy process.
    const after = callers.calls.filter(({ endedAt, took }) => endedAt - took > openedAt);
    expect(p99(after.map(({ took }) => took))).toBeLessThan(25);
  });

  it('refuses commands at once with a typed error, and says so in its state', async () => {
    const connection = context.get(RedisConnection);
    await redis.kill();
    await waitFor(() => !connection.available);
    const asked = performance.now();
    await expect(connection.run((client) => client.ping())).rejects.toBeInstanceOf(RedisUnavailableError);
    expect(performance.now() - asked).toBeLessThan(20);
    expect(connection.state()).toMatchObject({ connected: false, configured: true });
    expect(connection.health().status).toBe('degraded');
  });
});
