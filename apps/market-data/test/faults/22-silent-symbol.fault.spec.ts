import type { MarketDataAnswer, SymbolAnswer } from '@tickbridge/contracts';
import { waitFor } from '@tickbridge/shared-cache/testing';
import type { ServiceProcess } from '../service-process';
import { SimulatedVendor } from './simulated-vendor';

/** 22: one symbol stops while others trade. */
describe('a symbol that falls silent', () => {
  let vendor: SimulatedVendor;
  let marketData: ServiceProcess;

  beforeAll(async () => {
    vendor = await SimulatedVendor.start();
    marketData = await vendor.client({ FEED_SYMBOLS: 'RELIANCE,ITC,NIFTY' });
    await waitFor(async () => Object.keys((await marketData.status()).tradesBySymbol).length === 3);
  }, 90_000);

  afterAll(() => vendor.stop());

  const ask = (symbol: string) => marketData.get<SymbolAnswer>(`/api/v1/market-data/${symbol}`);

  it('is stale, and the others are not', async () => {
    await vendor.show({ kind: 'silence-symbol', symbol: 'RELIANCE', durationMs: 120_000 });
    const silent = await waitFor(
      async () => {
        const answer = await ask('RELIANCE');
        return answer.stale && answer;
      },
      { timeoutMs: 20_000, everyMs: 100 },
    );
    expect(silent.ageMs).toBeGreaterThan(10_000);
    for (const symbol of ['ITC', 'NIFTY']) {
      const { ageMs, stale } = await ask(symbol);
      expect(stale).toBe(false);
      expect(ageMs).toBeLessThan(silent.ageMs);
    }
    const { staleSymbols } = await marketData.get<MarketDataAnswer>('/api/v1/market-data');
    expect(staleSymbols).toEqual(['RELIANCE']);
    // Nothing is wrong with the feed.
    expect(await marketData.status()).toMatchObject({ dataFlowing: true, symbolsStale: 1 });
    expect((await marketData.readiness()).dependencies.feed?.status).toBe('up');

    await vendor.show({ kind: 'clear' });
    await waitFor(async () => !(await ask('RELIANCE')).stale);
  }, 60_000);
});
