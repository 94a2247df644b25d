import type { Tick } from '@tickbridge/contracts';
import type { CacheService } from '@tickbridge/shared-cache';
import type { DashboardConfig } from '../config/app.config';
import { NOW, tick } from '../testing/market';
import type { LiveMarket } from './live-market';
import { MarketViewsReader } from './market.views.reader';

const provenance = { source: 'redis', asOf: new Date(NOW - 300).toISOString(), ageMs: 300, simulated: true };
const overview = { ...provenance, symbolCount: 175, freshSymbols: 170, advances: 90, declines: 80 };
const ticker = { symbol: 'A', lastPrice: 1, change: 1, changePercent: 1, volume: 1, ageMs: 300 };

describe('views of the market as the web side reads them', () => {
  const hits = new Map<string, { value: unknown; ageMs: number }>();
  const ticks = new Map<string, Tick>();
  const cache = { find: async ({ name }: { name: string }) => hits.get(name) };
  const market = { state: () => ({ ticks, source: 'redis', asOf: NOW, simulated: true, now: NOW }) };
  const reader = new MarketViewsReader(
    { feeds: ['simulator'] as const } as unknown as DashboardConfig,
    cache as unknown as CacheService,
    market as unknown as LiveMarket,
  );

  beforeEach(() => {
    hits.clear();
    ticks.clear();
  });

  it('are the trading side’s, older by the time since they were written', async () => {
    hits.set('market-overview', { value: overview, ageMs: 700 });
    hits.set('market-tickers', { value: { ...provenance, tickers: [ticker] }, ageMs: 700 });
    expect(await reader.overview()).toEqual({ ...overview, ageMs: 1_000 });
    expect((await reader.tickers()).tickers).toEqual([{ ...ticker, ageMs: 1_000 }]);
  });

  it('hold as many movers as were asked for', async () => {
    const movers = { ...provenance, gainers: Array(50).fill(ticker), losers: [ticker] };
    hits.set('market-movers', { value: movers, ageMs: 0 });
    const { gainers, losers } = await reader.movers(5);
    expect([gainers.length, losers.length]).toEqual([5, 1]);
  });

  it('are computed here of a part of the market', async () => {
    hits.set('market-overview', { value: overview, ageMs: 0 });
    ticks.set('A', tick('A')).set('B', tick('B', { assetClass: 'crypto', source: 'binance' }));
    expect(await reader.overview({ assetClass: 'crypto' })).toMatchObject({
      symbolCount: 1,
      groups: [{ assetClass: 'crypto', feed: 'binance', currency: 'USDT', symbols: 1 }],
    });
    expect((await reader.tickers({ feed: 'simulator' })).tickers.map(({ symbol }) => symbol)).toEqual(['A']);
    expect(await reader.overview({})).toMatchObject({ symbolCount: 175 });
  });

  it.each([
    ['there are none', undefined],
    ['they are old', { value: overview, ageMs: 3_001 }],
  ])('are computed here when %s', async (_when, hit) => {
    if (hit) hits.set('market-overview', hit);
    ticks.set('A', tick('A'));
    expect(await reader.overview()).toMatchObject({ symbolCount: 1, ageMs: 0 });
  });
});
