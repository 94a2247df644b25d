import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import type { CacheService } from '../../src/cache/cache.service';
import { RedisConnection } from '../../src/connection/redis.connection';
import { keys } from '../../src/contract/shared-cache.keys';
import { FaultProxy, type PrivateRedis, waitFor } from '../../src/testing';
import { TokenStore } from '../../src/token-store/token-store';
import { sharedCache, startRedis } from '../harness';
import { joined } from '../processes/joined';
import { memoryTokens } from '../stores/memory-tokens';
import { numbered } from '../workers/numbered';

describe('Failures seen in the systems this replaces: fallback', () => {
  let redis: PrivateRedis;
  let proxy: FaultProxy;
  let context: INestApplicationContext;
  let connection: RedisConnection;
  let cache: CacheService;

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.to(redis.port);
    context = await sharedCache(
      { host: '127.0.0.1', port: proxy.port },
      { tokens: memoryTokens().Repository },
      { tokenEncryptionKeys: [randomBytes(32).toString('base64')] },
    );
    connection = context.get(RedisConnection);
    cache = await joined(context);
  });

  afterEach(async () => {
    await context.close();
    await proxy.close();
    await redis.stop();
  });

  it('Fallback ignores expiry (immortal token)', async () => {
    const tokens = context.get(TokenStore);
    await redis.kill();
    await waitFor(() => !connection.available);
    // Both before and after the outage began, in memory as at home.
    await tokens.save('sharekhan', 'A', 'secret', Date.now() + 150);
    await cache.set(numbered, 'A', { key: 'A', n: 1 }, 150);
    expect(await tokens.read('sharekhan', 'A')).toMatchObject({ token: 'secret' });
    expect(await cache.get(numbered, 'A')).toMatchObject({ n: 1 });
    await waitFor(async () => (await tokens.read('sharekhan', 'A')) === undefined);
    await waitFor(async () => (await cache.get(numbered, 'A')) === undefined);
    expect(await tokens.status('sharekhan', 'A')).toMatchObject({ state: 'expired' });
    // Nor do they come back with Redis.
    await redis.start();
    await joined(context);
    expect(await tokens.read('sharekhan', 'A')).toBeUndefined();
    expect(await cache.get(numbered, 'A')).toBeUndefined();
    expect(await redis.foreign.exists(keys.token('sharekhan', 'A'), keys.cacheEntry('numbered', 'A'))).toBe(
      0,
    );
  });

  it('Fallback writes never reach Redis', async () => {
    await redis.kill();
    await waitFor(() => !connection.available);
    for (let n = 1; n <= 300; n += 1) await cache.set(numbered, `W${n}`, { key: `W${n}`, n });
    await redis.start();
    const wanted = Array.from({ length: 300 }, (_, at) => keys.cacheEntry('numbered', `W${at + 1}`));
    await waitFor(async () => (await redis.foreign.exists(...wanted)) === 300);
    // Any other process reads them there, with the life that is left.
    const other = await sharedCache(redis.options);
    const found = await (await joined(other)).find(numbered, 'W300');
    expect(found).toMatchObject({ value: { n: 300 }, tier: 'l3' });
    await other.close();
  });

  it('After three failed connects no further try', async () => {
    await redis.kill();
    let tries = 0;
    const refusing = createServer((socket) => {
      tries += 1;
      socket.destroy();
    }).listen(redis.port, '127.0.0.1');
    await once(refusing, 'listening');
    await waitFor(() => tries >= 20);
    expect(connection.available).toBe(false);
    refusing.close();
    await once(refusing, 'close');
    await redis.start();
    await waitFor(() => connection.available, { timeoutMs: 5_000 });
  });

  it('`connect()` returns true while isolated', async () => {
    expect(connection.state()).toMatchObject({ connected: true });
    // The socket is there and says nothing: that is no connection.
    proxy.blackHole();
    await waitFor(() => !connection.available);
    expect(proxy.connections).toBeGreaterThan(0);
    expect(connection.state()).toMatchObject({ configured: true, connected: false, latencyMs: null });
    expect(await connection.status()).toMatchObject({ connected: false, server: null });
    expect(connection.health().status).toBe('degraded');
    await expect(connection.run((client) => client.ping())).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
    });
    // And a process that starts in isolation never says it is connected.
    const isolated = await sharedCache({ host: '127.0.0.1', port: proxy.port });
    expect(isolated.get(RedisConnection).state()).toMatchObject({ connected: false });
    await isolated.close();
  });
});
