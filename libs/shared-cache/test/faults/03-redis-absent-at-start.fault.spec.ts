import { FaultProxy, type PrivateRedis, waitFor } from '../../src/testing';
import { RedisConnection } from '../../src/connection/redis.connection';
import { sharedCache, startRedis } from '../harness';
import { CacheProcess } from '../processes/cache-process';

const LATER_MS = 2_000;

async function msToStart(options: { host?: string | undefined; port?: number | undefined }) {
  const startedAt = performance.now();
  const context = await sharedCache(options);
  const ms = performance.now() - startedAt;
  const connection = context.get(RedisConnection);
  const health = connection.health().status;
  return { context, connection, ms, health };
}

describe('promise 3: Redis absent at start', () => {
  let redis: PrivateRedis;
  let normalMs: number;

  beforeEach(async () => {
    redis = await startRedis();
    const normal = await msToStart(redis.options);
    normalMs = normal.ms;
    await normal.context.close();
  });

  afterEach(() => redis.stop());

  it('a service is ready, degraded, within 2 s of its normal start, and uses Redis once it appears', async () => {
    await redis.kill();
    const { context, connection, ms, health } = await msToStart(redis.options);
    expect(ms - normalMs).toBeLessThan(LATER_MS);
    expect(health).toBe('degraded');
    await waitFor(() => /ECONNREFUSED/.test(connection.health().detail ?? ''));
    await redis.start();
    await waitFor(() => connection.available, { timeoutMs: 5_000 });
    expect(connection.health()).toMatchObject({ status: 'up' });
    await context.close();
  });

  it('so it is when Redis is there and hangs', async () => {
    redis.pause();
    const { context, ms, health } = await msToStart(redis.options);
    expect(ms - normalMs).toBeLessThan(LATER_MS);
    expect(health).toBe('degraded');
    await context.close();
  });

  it('so it is when the way to it swallows everything', async () => {
    const proxy = await FaultProxy.to(redis.port);
    proxy.blackHole();
    const { context, ms, health } = await msToStart({ host: '127.0.0.1', port: proxy.port });
    expect(ms - normalMs).toBeLessThan(LATER_MS);
    expect(health).toBe('degraded');
    await context.close();
    await proxy.close();
  });

  it('several processes start without it, work each for itself, and share everything once it is there', async () => {
    await redis.kill();
    const each = { redis: redis.options };
    const processes = await CacheProcess.startAll(each, each);
    const [one, other] = processes as [CacheProcess, CacheProcess];
    expect((await one.call('state')).health.status).toBe('degraded');
    await one.call('set', 'A', 1);
    expect(await one.call('get', 'A')).toBe(1);
    expect(await other.call('get', 'A')).toBeNull();
    await redis.start();
    await Promise.all(processes.map((process) => process.joined()));
    await waitFor(async () => (await other.call('get', 'A')) === 1);
    await Promise.all(processes.map((process) => process.kill()));
  }, 60_000);
});
