import { randomUUID } from 'node:crypto';
import type { Candle, FeedStatus, InstrumentAnswer, SymbolAnswer } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import { SimulatedVendor } from './faults/simulated-vendor';
import type { ServiceProcess } from './service-process';

const LOGIN = { ALPACA_KEY: 'simulated-key', ALPACA_SECRET: 'simulated-secret' };
const HEADERS = { 'apca-api-key-id': LOGIN.ALPACA_KEY, 'apca-api-secret-key': LOGIN.ALPACA_SECRET };

interface VendorMinute {
  t: string;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

describe('US shares from a vendor that speaks as Alpaca does', () => {
  let vendor: SimulatedVendor;
  let marketData: ServiceProcess;
  const hosts = () => ({
    ALPACA_URL: `ws://127.0.0.1:${vendor.process.port}/v2/iex`,
    ALPACA_REST_URL: vendor.process.url,
    ALPACA_TRADING_URL: vendor.process.url,
  });

  beforeAll(async () => {
    vendor = await SimulatedVendor.start({
      SIMULATOR_TICKS_PER_SECOND: '3000',
      SIMULATOR_ALPACA_MAX_SYMBOLS: '3',
    });
    marketData = await vendor.client({
      FEED: 'alpaca',
      FEED_SYMBOLS: 'AAPL,brk-b,TSLA,SPY,NASDAQ:MSFT',
      ...LOGIN,
      ...hosts(),
    });
    await waitFor(async () => (await status()).dataFlowing, { timeoutMs: 20_000 });
  }, 120_000);

  afterAll(() => vendor.stop());

  const status = () => marketData.get<FeedStatus>('/api/v1/feed/status');
  const one = (path: string) => marketData.get<SymbolAnswer>(`/api/v1/market-data/${path}`);

  it('are subscribed as far as the plan goes, and shown as simulated', async () => {
    const state = await waitFor(async () => {
      const answer = await status();
      return answer.symbolsRefused.length === 2 && answer.marketStatus?.vendorSays ? answer : undefined;
    });
    expect(state).toMatchObject({
      feed: 'alpaca',
      simulated: true,
      connected: true,
      symbolsRequested: 5,
      rejected: {},
      marketStatus: { calendar: 'US_EQUITY', vendorSays: 'US: open', decidedBy: 'vendor', state: 'open' },
    });
    expect(state.symbolsRefused.map(({ symbol }) => symbol)).toEqual(['SPY', 'MSFT']);
    expect(state.symbolsRefused[0]?.reason).toContain('limit of the plan, which took 3 symbols');
  });

  it('have the figures of the day that only REST tells', async () => {
    const apple = await waitFor(async () => {
      const answer = await one('AAPL');
      return answer.previousClose === null ? undefined : answer;
    });
    expect(apple).toMatchObject({ symbol: 'AAPL', assetClass: 'stock', source: 'alpaca' });
    expect(apple.volume).toBeGreaterThan(0);
    expect(apple.bid).toBeLessThan(apple.ask ?? 0);
    expect((await one('brk.b')).symbol).toBe('BRK.B');
    const { instrument } = await marketData.get<InstrumentAnswer>('/api/v1/instruments/aapl');
    expect(instrument).toMatchObject({
      name: 'Apple Inc. Common Stock',
      currency: 'USD',
      calendar: 'US_EQUITY',
      shortProducts: ['margin'],
    });
  });

  it("have the vendor's minutes as candles, odd lots in their volume, also after a lost connection", async () => {
    const minutesOf = async (symbol: string) => {
      const query = `symbols=${symbol}&timeframe=1Min&sort=desc&limit=3`;
      const response = await fetch(`${vendor.process.url}/v2/stocks/bars?${query}`, { headers: HEADERS });
      return ((await response.json()) as { bars: Record<string, VendorMinute[]> }).bars[symbol] ?? [];
    };
    await vendor.show({ kind: 'drop-connections' });
    await waitFor(async () => (await status()).reconnects === 1, { timeoutMs: 20_000 });
    const since = Date.now();
    // The first minute that began after the connection did, once its candle is finished here and there.
    const minute = Math.ceil(since / 60_000) * 60_000;
    const [candle, bar] = await waitFor(
      async () => {
        if (Date.now() < minute + 66_000) return undefined;
        const bars = await minutesOf('TSLA');
        const candles = await marketData.get<Candle[]>(
          '/api/v1/market-data/TSLA/candles?interval=1m&limit=5',
        );
        const mine = candles.find(({ time }) => Date.parse(time) === minute);
        const its = bars.find(({ t }) => Date.parse(t) === minute);
        return mine && its ? ([mine, its] as const) : undefined;
      },
      { timeoutMs: 150_000 },
    );
    expect(candle).toMatchObject({ open: bar.o, high: bar.h, low: bar.l, close: bar.c, volume: bar.v });
    expect((await status()).missedTrades).toBe(0);
  }, 180_000);

  it('stop with a wrong key, and say which variables to look at', async () => {
    const other = await vendor.client({
      FEED: 'alpaca',
      FEED_SYMBOLS: 'AAPL',
      ...hosts(),
      ALPACA_KEY: randomUUID(),
      ALPACA_SECRET: 'wrong',
      DATA_DIR: `${vendor.directory}/other`,
    });
    const state = await waitFor(async () => {
      const answer = await other.get<FeedStatus>('/api/v1/feed/status');
      return answer.state === 'stopped' ? answer : undefined;
    });
    expect(state.lastError).toContain('auth failed (402). Check ALPACA_KEY and ALPACA_SECRET');
  }, 60_000);
});
