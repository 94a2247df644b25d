import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../src/connection/redis.connection';
import { RedisUnavailableError } from '../src/shared-cache.errors';
import { type PrivateRedis, waitFor } from '../src/testing';
import { sharedCache, startRedis } from './harness';

describe('Redis connection', () => {
  let redis: PrivateRedis;
  let context: INestApplicationContext;
  let connection: RedisConnection;

  beforeEach(async () => {
    redis = await startRedis();
    context = await sharedCache(redis.options);
    connection = context.get(RedisConnection);
    await waitFor(() => connection.available);
  });

  afterEach(async () => {
    await context.close();
    await redis.stop();
  });

  it('opens the breaker within a second when Redis is killed, and then fails at once', async () => {
    const killedAt = Date.now();
    await redis.kill();
    await waitFor(() => !connection.available);
    expect(Date.now() - killedAt).toBeLessThan(1_000);

    const asked = performance.now();
    await expect(connection.run((client) => client.ping())).rejects.toBeInstanceOf(RedisUnavailableError);
    expect(performance.now() - asked).toBeLessThan(20);
    expect(connection.state()).toMatchObject({ connected: false, configured: true });
  });

  it('ends every operation soon while Redis hangs, and opens the breaker within a second', async () => {
    redis.pause();
    const pausedAt = Date.now();
    const durations: number[] = [];
    while (connection.available && Date.now() - pausedAt < 3_000) {
      const asked = performance.now();
      await connection.run((client) => client.get('x')).catch(() => undefined);
      durations.push(performance.now() - asked);
    }
    expect(Date.now() - pausedAt).toBeLessThan(1_000);
    // The promise is 50 ms; the bound leaves room for a busy machine.
    expect(Math.max(...durations)).toBeLessThan(250);
  });

  it('returns to Redis by itself after a crash, with every channel heard again', async () => {
    const heard: string[] = [];
    connection.subscriptions?.add('news', (payload) => heard.push(String(payload)));
    await redis.kill();
    await waitFor(() => !connection.available);
    await redis.start();
    const back = Date.now();
    await waitFor(() => connection.available);
    expect(Date.now() - back).toBeLessThan(5_000);
    await waitFor(async () => {
      await redis.foreign.publish('news', 'hello');
      return heard.includes('hello');
    });
  });

  it('returns to Redis by itself after it hung longer than any deadline', async () => {
    redis.pause();
    await waitFor(() => !connection.available);
    // Long enough for the hung connection to be thrown away.
    await waitFor(() => connection.state().lastError !== null);
    redis.resume();
    await waitFor(() => connection.available, { timeoutMs: 5_000 });
    await expect(connection.run((client) => client.ping())).resolves.toBe('PONG');
  });

  it('tells the server’s own figures', async () => {
    const status = await connection.status();
    expect(status).toMatchObject({ configured: true, connected: true, breaker: 'closed' });
    expect(status.server?.version).toMatch(/^\d+\./);
    expect(status.server?.usedMemoryBytes).toBeGreaterThan(0);
    expect(status.latencyMs).toBeGreaterThan(0);
  });
});

describe('without Redis', () => {
  it('starts at once and says that none is configured', async () => {
    const context = await sharedCache(undefined);
    const connection = context.get(RedisConnection);
    await expect(connection.run((client) => client.ping())).rejects.toThrow(/REDIS_URL/);
    expect(await connection.status()).toMatchObject({ configured: false, connected: false, server: null });
    await context.close();
  });

  it('starts when Redis is absent and uses it once it appears', async () => {
    const redis = await startRedis();
    await redis.kill();
    const started = Date.now();
    const context = await sharedCache(redis.options);
    expect(Date.now() - started).toBeLessThan(2_000);
    const connection = context.get(RedisConnection);
    expect(connection.available).toBe(false);
    await redis.start();
    await waitFor(() => connection.available, { timeoutMs: 5_000 });
    await context.close();
    await redis.stop();
  });
});
