import type { INestApplicationContext } from '@nestjs/common';
import type { CacheService } from '../../src/cache/cache.service';
import { RedisConnection } from '../../src/connection/redis.connection';
import { FaultProxy, type PrivateRedis, waitFor } from '../../src/testing';
import { sharedCache, startRedis } from '../harness';
import { joined } from '../processes/joined';
import { numbered } from '../workers/numbered';

/** The promise is 50 ms; the bound leaves room for a busy machine. */
const OPERATION_MS = 150;

describe('promise 2: Redis hangs', () => {
  let redis: PrivateRedis;
  let proxy: FaultProxy;
  let context: INestApplicationContext;
  let cache: CacheService;
  let connection: RedisConnection;

  beforeEach(async () => {
    redis = await startRedis();
    proxy = await FaultProxy.to(redis.port);
    context = await sharedCache({ host: '127.0.0.1', port: proxy.port });
    cache = await joined(context);
    connection = context.get(RedisConnection);
  });

  afterEach(async () => {
    await context.close();
    await proxy.close();
    await redis.stop();
  });

  const hang = {
    'stops (SIGSTOP)': () => redis.pause(),
    'is behind a black hole': () => proxy.blackHole(),
  };
  const heal = () => {
    redis.resume();
    proxy.heal();
  };

  describe.each(Object.entries(hang))('it %s', (_how, breakIt) => {
    it('each operation ends within 50 ms, and the breaker is open within 1 s', async () => {
      const took: Record<string, number[]> = {};
      const timed = async (name: string, operation: () => Promise<unknown>) => {
        const asked = performance.now();
        await operation();
        (took[name] ??= []).push(performance.now() - asked);
      };
      await cache.set(numbered, 'A', { key: 'A', n: 0 });
      breakIt();
      const hungAt = performance.now();
      for (let n = 1; connection.available && performance.now() - hungAt < 3_000; n += 1) {
        await Promise.all([
          timed('run', () => connection.run((client) => client.get('x')).catch(() => undefined)),
          timed('get', () => cache.get(numbered, `unknown-${n}`)),
          timed('set', () => cache.set(numbered, 'A', { key: 'A', n })),
          timed('delete', () => cache.delete(numbered, `B${n}`)),
        ]);
      }
      expect(performance.now() - hungAt).toBeLessThan(1_000);
      for (const [name, durations] of Object.entries(took)) {
        expect([name, Math.max(...durations) < OPERATION_MS]).toEqual([name, true]);
      }
    });

    it('a load waits no longer than the breaker takes to open, and gives its value', async () => {
      breakIt();
      const hungAt = performance.now();
      expect(await cache.getOrSet(numbered, 'C', async () => ({ key: 'C', n: 1 }))).toMatchObject({ n: 1 });
      expect(performance.now() - hungAt).toBeLessThan(1_000);
    });

    it('it is used again by itself when it goes on, even after its connection was given up', async () => {
      breakIt();
      await waitFor(() => !connection.available);
      const ended = new Promise((resolve) => connection.commandClient?.once('close', resolve));
      await ended;
      heal();
      await waitFor(() => connection.available, { timeoutMs: 5_000 });
      // One of the first commands may still be late: a machine under load is no outage.
      await waitFor(async () => (await connection.run((client) => client.ping())) === 'PONG');
    });
  });
});
