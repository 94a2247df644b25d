import type { FeedsStatus, MarketDataAnswer, Order, PipelineTrace, Readiness } from '@tickbridge/contracts';
import { FaultProxy, PrivateRedis, waitFor } from '@tickbridge/shared-cache/testing';
import { Platform, requiredVariable } from './platform';
import { TrueDataServer } from './truedata-server';

/** Prices keep coming at this pace (milliseconds). */
const TRADE_MS = 100;

/** Every link of the running platform through a proxy that breaks it: vendor, Redis, and the HTTP bridge. */
describe('a link of the platform breaks', () => {
  let vendor: TrueDataServer;
  let redis: PrivateRedis;
  let toVendor: FaultProxy;
  let toRedis: FaultProxy;
  let toMarketData: FaultProxy;
  let platform: Platform;
  let timer: NodeJS.Timeout;
  let price = 100;

  const market = async () => (await platform.get<MarketDataAnswer>('dashboard', '/api/v1/market-data')).body;
  const tick = async () => (await market()).data['RELIANCE'];
  const feed = async () => (await platform.get<FeedsStatus>('market-data', '/api/v1/feed/status')).body;
  const trace = async () =>
    (await platform.get<PipelineTrace>('orchestrator', '/api/v1/pipeline/trace')).body;
  const fresh = (source: string) => async () => {
    const now = await market();
    return now.source === source && (now.ageMs ?? Infinity) < 1_000;
  };

  beforeAll(async () => {
    vendor = await TrueDataServer.start();
    redis = await PrivateRedis.start(requiredVariable('TEST_REDIS_PROGRAM'));
    platform = await Platform.prepare();
    toVendor = await FaultProxy.to(Number(new URL(vendor.url).port));
    toRedis = await FaultProxy.to(redis.port);
    toMarketData = await FaultProxy.to(platform.ports['market-data']);
    platform.configure({
      FEED: 'truedata',
      FEED_SYMBOLS: 'RELIANCE,ITC',
      TRUEDATA_URL: `ws://127.0.0.1:${toVendor.port}`,
      TRUEDATA_USER: 'someone',
      TRUEDATA_PASSWORD: 'right',
      REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
      MARKET_DATA_HTTP_URL: `http://127.0.0.1:${toMarketData.port}`,
    });
    await platform.start();
    timer = setInterval(() => {
      price = price >= 110 ? 100 : price + 0.05;
      vendor.trade('RELIANCE', price, 10);
      vendor.trade('ITC', price, 10);
    }, TRADE_MS);
    await waitFor(fresh('redis'), { timeoutMs: 20_000 });
  }, 120_000);

  afterAll(async () => {
    clearInterval(timer);
    await platform?.dispose();
    await Promise.all([toVendor, toRedis, toMarketData].map((proxy) => proxy?.close()));
    await redis?.stop();
    vendor?.stop();
  });

  it('to the vendor, cut: noticed at once, connected again, and the trace says why nothing came', async () => {
    const { reconnects } = await feed();
    toVendor.refuse();
    await waitFor(async () => !(await feed()).connected, { timeoutMs: 5_000, everyMs: 50 });
    expect(await feed()).toMatchObject({ dataFlowing: false, state: 'waiting' });
    await waitFor(async () => (await trace()).blockedAt === 'feed', { timeoutMs: 5_000 });
    expect((await trace()).diagnosis).toMatch(/^Feed stands still: the feed is waiting/);
    const lost = Date.parse((await tick())?.receivedAt ?? '');
    // What was received is never dressed up as new.
    await waitFor(async () => ((await market()).ageMs ?? 0) > 1_500);
    expect(Date.parse((await tick())?.receivedAt ?? '')).toBe(lost);

    toVendor.heal();
    await waitFor(fresh('redis'), { timeoutMs: 20_000 });
    expect((await feed()).reconnects).toBeGreaterThan(reconnects);
  }, 60_000);

  it('to the vendor, mute: noticed within two heartbeats', async () => {
    const { reconnects } = await feed();
    toVendor.blackHole();
    const mutedAt = performance.now();
    await waitFor(async () => !(await feed()).connected, { timeoutMs: 20_000, everyMs: 50 });
    const noticedMs = performance.now() - mutedAt;
    console.info(`a mute vendor was noticed after ${Math.round(noticedMs)} ms`);
    // Two heartbeats of five seconds, and the pace of looking.
    expect(noticedMs).toBeLessThan(12_500);
    toVendor.heal();
    await waitFor(async () => (await feed()).reconnects > reconnects, { timeoutMs: 30_000 });
    await waitFor(fresh('redis'), { timeoutMs: 10_000 });
  }, 90_000);

  it.each([
    ['cut', () => toRedis.refuse()],
    ['a black hole', () => toRedis.blackHole()],
    ['slow by 400 ms', () => toRedis.delay(400)],
  ])(
    'to Redis, %s: prices go on, every service is ready, and all return by themselves',
    async (_how, breakIt) => {
      breakIt();
      await waitFor(async () => ((await market()).ageMs ?? Infinity) < 2_000, { timeoutMs: 10_000 });
      const before = await tick();
      await waitFor(async () => (await tick())?.sequence !== before?.sequence, { timeoutMs: 10_000 });
      for (const service of ['market-data', 'orchestrator', 'risk-manager', 'dashboard'] as const) {
        expect((await platform.get<Readiness>(service, '/health/ready')).status).toBe(200);
      }
      toRedis.heal();
      await waitFor(fresh('redis'), { timeoutMs: 15_000 });
      for (const service of ['market-data', 'orchestrator', 'risk-manager', 'dashboard'] as const) {
        await waitFor(
          async () => {
            const { body } = await platform.get<Readiness>(service, '/health/ready');
            return body.dependencies['redis']?.status === 'up';
          },
          { timeoutMs: 15_000 },
        );
      }
    },
    90_000,
  );

  it('the HTTP bridge too, when Redis is gone: the file is the last resort, its age is told, both come back', async () => {
    toRedis.refuse();
    await waitFor(fresh('http'), { timeoutMs: 10_000 });
    toMarketData.refuse();
    await waitFor(async () => (await market()).source === 'file', { timeoutMs: 15_000 });
    expect((await market()).symbolCount).toBe(2);
    toMarketData.heal();
    await waitFor(fresh('http'), { timeoutMs: 15_000 });
    toRedis.heal();
    await waitFor(fresh('redis'), { timeoutMs: 15_000 });
  }, 90_000);

  it('none of it made an order twice', async () => {
    const orders = (await platform.get<Order[]>('orchestrator', '/api/v1/orders')).body;
    const causes = orders.map(({ signalId, accountId }) => `${signalId} ${accountId}`);
    expect(new Set(causes).size).toBe(causes.length);
  });
});
