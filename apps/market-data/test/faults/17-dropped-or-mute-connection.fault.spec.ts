import type { Candle, MarketDataAnswer, Problem } from '@tickbridge/contracts';
import { LiveMarketData, RedisConnection } from '@tickbridge/shared-cache';
import { FaultProxy, waitFor } from '@tickbridge/shared-cache/testing';
import { type ServiceProcess, TEST_KEY } from '../service-process';
import { SimulatedVendor } from './simulated-vendor';

const SYMBOLS = ['RELIANCE', 'ITC', 'SBIN', 'NIFTY 50'];
/** Two heartbeats of the vendor, and what a busy machine may take to show it (ms). */
const NOTICED_WITHIN_MS = 10_000 + 2_000;

/** 17: the vendor drops the socket, or stays connected and mute. */
describe('a connection that breaks', () => {
  let vendor: SimulatedVendor;
  let wire: FaultProxy;
  let marketData: ServiceProcess;
  /** As any other process reads it. */
  let reader: LiveMarketData;

  beforeAll(async () => {
    vendor = await SimulatedVendor.start();
    wire = await FaultProxy.to(Number(vendor.process.port));
    marketData = await vendor.client({ SIMULATOR_PORT: String(wire.port), FEED_SYMBOLS: SYMBOLS.join(',') });
    await waitFor(async () => {
      const { symbolsActive, tradesBySymbol } = await marketData.status();
      return symbolsActive === SYMBOLS.length && (tradesBySymbol['RELIANCE'] ?? 0) > 10;
    });
    const liveMarketData = {
      sources: ['simulator' as const],
      httpUrl: marketData.url,
      internalApiKey: TEST_KEY,
    };
    const settings = { value: { service: 'test', liveMarketData } };
    reader = new LiveMarketData(settings, new RedisConnection(settings));
    reader.onModuleInit();
    await waitFor(() => reader.get('RELIANCE', { maxAgeMs: 5_000 }));
  }, 120_000);

  afterAll(async () => {
    reader.onApplicationShutdown();
    await vendor.stop();
    await wire.close();
  });

  /** Seconds of the outage: what candles say was traded in each, beside the vendor's own figures. */
  const compare = async () => {
    const candles = await marketData.get<Candle[]>(
      '/api/v1/market-data/RELIANCE/candles?interval=1s&limit=120',
    );
    const traded = await vendor.tradedPerSecond('RELIANCE');
    // The first second began before the subscription, the last ones are not over.
    const whole = candles.slice(1, -3);
    const seconds = [...traded.keys()].filter(
      (time) => time >= (whole[0]?.time ?? '') && time <= (whole.at(-1)?.time ?? ''),
    );
    return {
      ours: whole.map(({ time, volume }) => [time, volume]),
      theirs: seconds.map((time) => [time, traded.get(time)]),
    };
  };

  it.each(['mute', 'dropped'] as const)(
    'is noticed when it is %s, marked stale, made again, and costs no trade',
    async (how) => {
      const before = (await marketData.status()).reconnects;
      const brokenAt = performance.now();
      if (how === 'mute') wire.blackHole();
      else wire.refuse();
      await waitFor(async () => !(await marketData.status()).connected, {
        timeoutMs: NOTICED_WITHIN_MS,
        everyMs: 50,
      });
      const noticedMs = Math.round(performance.now() - brokenAt);
      wire.refuse();

      // At once, for whoever asks.
      const status = await marketData.status();
      expect(status).toMatchObject({ dataFlowing: false, symbolsStale: SYMBOLS.length });
      expect(status.lastError).not.toBeNull();
      expect((await marketData.readiness()).dependencies.feed?.status).toBe('degraded');
      const market = await marketData.get<MarketDataAnswer>('/api/v1/market-data');
      expect(market.staleSymbols).toHaveLength(SYMBOLS.length);
      const one = await marketData.fetch('/api/v1/market-data/RELIANCE');
      expect(one.status).toBe(503);
      expect(((await one.json()) as Problem).code).toBe('FEED_DOWN');

      // A reader goes by the age, which grows: nothing renews it.
      await waitFor(() => reader.get('RELIANCE', { maxAgeMs: 5_000 }) === undefined);
      expect(reader.get('RELIANCE')?.tick.receivedAt).toBeLessThan(Date.now() - 5_000);

      // Tried again and again, and let in as soon as that is possible.
      await waitFor(async () => (await marketData.status()).attempts >= 3, { timeoutMs: 20_000 });
      const healedAt = new Date().toISOString();
      wire.heal();
      await waitFor(async () => (await marketData.status()).dataFlowing, { timeoutMs: 20_000 });
      expect((await marketData.status()).reconnects).toBe(before + 1);

      await waitFor(() => reader.get('RELIANCE', { maxAgeMs: 5_000 }));

      // Subscribed again, and nothing is missing.
      const seen = await waitFor(
        async () => {
          const { missedTrades, symbolsStale } = await marketData.status();
          const { ours, theirs } = await compare();
          const isPast = String(ours.at(-1)?.[0] ?? '') > healedAt;
          const isWhole = JSON.stringify(ours) === JSON.stringify(theirs);
          return missedTrades === 0 && symbolsStale === 0 && isPast && isWhole && ours;
        },
        { timeoutMs: 30_000, everyMs: 500 },
      );
      expect(seen.length).toBeGreaterThan(5);
      process.stderr.write(
        `    ${how}: noticed after ${noticedMs} ms, every trade of the outage in its candle\n`,
      );
    },
    120_000,
  );
});
