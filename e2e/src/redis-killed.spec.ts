import type { MarketDataAnswer, Order, Readiness, Signal } from '@tickbridge/contracts';
import { PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { Platform, requiredVariable, type ServiceName } from './platform';

const SERVICES: ServiceName[] = ['market-data', 'orchestrator', 'risk-manager', 'dashboard'];

describe('Redis killed while the platform trades', () => {
  let redis: PrivateRedis;
  let platform: Platform;

  beforeAll(async () => {
    redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    platform = await Platform.start({ REDIS_URL: redis.url });
  });

  afterAll(async () => {
    await platform?.dispose();
    await redis?.stop();
  });

  const orders = async () => (await platform.get<Order[]>('orchestrator', '/api/v1/orders')).body;
  const filled = async () => (await orders()).filter(({ status }) => status === 'Filled');
  const market = async () => (await platform.get<MarketDataAnswer>('dashboard', '/api/v1/market-data')).body;
  const redisState = async (service: ServiceName) =>
    (await platform.get<Readiness>(service, '/health/ready')).body.dependencies['redis']?.status;

  it('goes on: live prices over the bridge, orders, every service ready; and returns to Redis by itself', async () => {
    await waitFor(async () => (await filled()).length > 0, { timeoutMs: 90_000, everyMs: 250 });
    expect((await market()).source).toBe('redis');
    const before = await filled();

    const killedAt = Date.now();
    await redis.kill();
    await waitFor(async () => (await market()).source === 'http', { timeoutMs: 5_000, everyMs: 50 });
    const bridgedAfterMs = Date.now() - killedAt;
    const during = await market();
    expect(during.ageMs).toBeLessThan(3_000);
    for (const service of SERVICES) {
      const ready = await platform.get<Readiness>(service, '/health/ready');
      expect(ready.status).toBe(200);
      expect(ready.body.status).toBe('degraded');
    }
    const known = new Set((await orders()).map(({ id }) => id));
    const fresh = await waitFor(async () => (await filled()).find(({ id }) => !known.has(id)), {
      timeoutMs: 90_000,
      everyMs: 250,
    });
    expect(Date.parse(fresh.createdAt)).toBeGreaterThan(killedAt);

    await redis.start();
    const backAt = Date.now();
    await waitFor(
      async () => {
        const states = await Promise.all(SERVICES.map(redisState));
        return states.every((state) => state === 'up') && (await market()).source === 'redis';
      },
      { timeoutMs: 5_000, everyMs: 50 },
    );
    const returnedAfterMs = Date.now() - backAt;
    console.info(`bridge took over after ${bridgedAfterMs} ms, Redis used again after ${returnedAfterMs} ms`);

    const after = await orders();
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
    const perSignalAndAccount = after.map(({ signalId, accountId }) => `${signalId} ${accountId}`);
    expect(new Set(perSignalAndAccount).size).toBe(perSignalAndAccount.length);
    const signals = (await platform.get<Signal[]>('orchestrator', '/api/v1/signals/recent?count=1000')).body;
    expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
    await waitFor(async () => (await redis.foreign.xlen('signals:recent')) >= signals.length, {
      timeoutMs: 10_000,
    });
  });

  it('loses nothing to FLUSHALL', async () => {
    const before = await orders();
    await redis.foreign.flushall();
    await waitFor(async () => (await redis.foreign.hlen('simulator:live_cache')) === 175, {
      timeoutMs: 10_000,
    });
    const after = await orders();
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
    const market = await platform.get<MarketDataAnswer>('dashboard', '/api/v1/market-data');
    expect(market.body.ageMs).toBeLessThan(3_000);
  });

  it('keeps no secret in Redis in clear', async () => {
    const token = 'a-very-secret-broker-token';
    await platform.call('orchestrator', 'PUT', '/api/v1/accounts/PAPER_TRADER_001/token', { token });
    const values: string[] = [];
    for (const key of await redis.foreign.keys('*')) {
      const dump = await redis.foreign.dumpBuffer(key);
      values.push(dump?.toString('latin1') ?? '');
    }
    expect(values.join()).not.toContain(token);
    const status = await platform.get<object>('orchestrator', '/api/v1/accounts/PAPER_TRADER_001/token');
    // Tokens end with the trading day: in its last half hour this one is expiring, and known all the same.
    expect(status.body).toMatchObject({ state: expect.stringMatching(/^(valid|expiring)$/) });
    expect(JSON.stringify(status.body)).not.toContain(token);
    for (const service of SERVICES) expect(await platform.log(service)).not.toContain(token);
  });
});
