import type { INestApplicationContext } from '@nestjs/common';
import { RedisConnection } from '../src/connection/redis.connection';
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
});
