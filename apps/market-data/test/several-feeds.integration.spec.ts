import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedsStatus, MarketDataAnswer, Problem, SymbolAnswer } from '@tickbridge/contracts';
import { FaultProxy, waitFor } from '@tickbridge/shared-cache/testing';
import { SimulatedVendor } from './faults/simulated-vendor';
import type { ServiceProcess } from './service-process';

/** A recording long enough for the test, ten trades a second. */
function writeRecording(path: string): void {
  const start = 1_723_161_255_000;
  const lines = Array.from({ length: 6_000 }, (_, index) => {
    const time = start + index * 100;
    const data = {
      e: 'trade',
      E: time,
      s: 'BTCUSDT',
      t: index + 1,
      p: '61800.5',
      q: '0.5',
      T: time,
      m: true,
      M: true,
    };
    return `${time}000000 ${JSON.stringify({ stream: 'btcusdt@trade', data })}`;
  });
  writeFileSync(path, lines.join('\n'));
}

describe('two feeds in one process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'feeds-'));
  let vendor: SimulatedVendor;
  let wire: FaultProxy;
  let marketData: ServiceProcess;

  beforeAll(async () => {
    const recording = join(directory, 'btc');
    writeRecording(recording);
    vendor = await SimulatedVendor.start({ SIMULATOR_BINANCE_FILES: recording });
    wire = await FaultProxy.to(Number(vendor.process.port));
    marketData = await vendor.client({
      FEED: 'simulator,binance',
      FEED_SYMBOLS: 'RELIANCE,nifty,btc/usdt',
      BINANCE_WS_URL: `ws://127.0.0.1:${wire.port}`,
      BINANCE_REST_URL: vendor.process.url,
    });
    await waitFor(async () => (await status()).feeds.every(({ dataFlowing }) => dataFlowing), {
      timeoutMs: 20_000,
    });
  }, 120_000);

  afterAll(async () => {
    await vendor.stop();
    await wire.close();
    rmSync(directory, { recursive: true });
  });

  const status = () => marketData.get<FeedsStatus>('/api/v1/feed/status');
  const one = (path: string) => marketData.get<SymbolAnswer>(`/api/v1/market-data/${path}`);

  it('have each its own symbols, and answer together', async () => {
    const { feed, feeds } = await status();
    expect(feed).toBe('simulator');
    expect(feeds).toMatchObject([
      { feed: 'simulator', symbolsRequested: 2, marketStatus: { calendar: 'SIMULATED', state: 'open' } },
      { feed: 'binance', symbolsRequested: 1, marketStatus: { calendar: 'CRYPTO', state: 'open' } },
    ]);
    // The simulated vendor was asked, and what it said is shown as it came.
    expect(feeds[0]?.marketStatus).toMatchObject({
      decidedBy: 'vendor',
      vendorSays: expect.stringContaining('OPEN') as string,
    });
    const market = await waitFor(async () => {
      const answer = await marketData.get<MarketDataAnswer>('/api/v1/market-data');
      return answer.symbolCount === 3 && answer;
    });
    expect(Object.keys(market.data).sort()).toEqual(['BTCUSDT', 'NIFTY 50', 'RELIANCE']);
    expect(await one('btc-usdt')).toMatchObject({
      symbol: 'BTCUSDT',
      source: 'binance',
      assetClass: 'crypto',
    });
    expect(await one('NIFTY50')).toMatchObject({
      symbol: 'NIFTY 50',
      source: 'simulator',
      assetClass: 'index',
    });
    const metrics = await (await marketData.fetch('/metrics')).text();
    for (const name of ['simulator', 'binance']) {
      expect(metrics).toMatch(new RegExp(`tickbridge_feed_connected\\{.*feed="${name}".*\\} 1`));
    }
  });

  it('are bridged one by one', async () => {
    const first = await marketData.get<{ epoch: string }>('/api/v1/market-data/bars');
    const simulator = await marketData.get<{ epoch: string }>('/api/v1/market-data/bars?feed=simulator');
    const binance = await marketData.get<{ epoch: string }>('/api/v1/market-data/bars?feed=binance');
    expect(simulator.epoch).toBe(first.epoch);
    expect(binance.epoch).not.toBe(first.epoch);
    const refused = await marketData.fetch('/api/v1/market-data/stream?feed=truedata');
    expect(refused.status).toBe(404);
    expect(((await refused.json()) as Problem).code).toBe('FEED_NOT_RUNNING');
  });

  it('fail and recover one by one', async () => {
    wire.refuse();
    await waitFor(async () => (await status()).feeds[1]?.connected === false);
    const { feeds } = await status();
    const acceptedBefore = feeds[0]?.ticksAccepted ?? 0;
    await waitFor(async () => ((await status()).feeds[0]?.ticksAccepted ?? 0) > acceptedBefore + 20);
    expect((await status()).feeds[0]).toMatchObject({ connected: true, dataFlowing: true, reconnects: 0 });
    const { status: health, detail } = (await marketData.readiness()).dependencies.feed ?? {};
    expect(health).toBe('degraded');
    expect(detail).toContain('binance');
    expect(detail).not.toContain('simulator');
    expect((await marketData.get<MarketDataAnswer>('/api/v1/market-data')).staleSymbols).toEqual(['BTCUSDT']);
    expect((await marketData.fetch('/api/v1/market-data/BTCUSDT')).status).toBe(503);
    expect((await one('RELIANCE')).stale).toBe(false);

    wire.heal();
    await waitFor(async () => (await status()).feeds[1]?.dataFlowing === true, { timeoutMs: 20_000 });
    await waitFor(async () => (await marketData.readiness()).dependencies.feed?.status === 'up');
  }, 60_000);
});
