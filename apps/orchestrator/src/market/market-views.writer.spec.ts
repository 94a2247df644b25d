import type { Tick } from '@tickbridge/contracts';
import type { CacheService, LiveMarketData } from '@tickbridge/shared-cache';
import { MarketViewsWriter } from './market-views.writer';

const NOW = Date.UTC(2026, 0, 5, 4, 30);
const tick = (symbol: string, changePercent: number) =>
  ({
    symbol,
    assetClass: 'stock',
    lastPrice: 100,
    changePercent,
    volume: 10,
    receivedAt: NOW - 200,
    source: 'simulator',
  }) as Tick;

describe('views of the market', () => {
  const ticks = new Map<string, Tick>();
  const written = new Map<string, { key: string; value: unknown }>();
  const live = {
    getAll: () => ({ source: 'redis', asOf: NOW - 200, ageMs: 200 }),
    allInLocalTime: () => ticks,
  };
  const cache = {
    set: async ({ name }: { name: string }, key: string, value: unknown) =>
      void written.set(name, { key, value }),
  };
  const writer = new MarketViewsWriter(
    ['simulator'],
    live as unknown as LiveMarketData,
    cache as unknown as CacheService,
  );

  beforeEach(() => {
    ticks.clear();
    written.clear();
  });

  it('are not written before there is a market', async () => {
    await writer.write(NOW);
    expect(written.size).toBe(0);
  });

  it('are written by feed, each with the age of what it is made of', async () => {
    ticks.set('A', tick('A', 1)).set('B', tick('B', -2));
    await writer.write(NOW);
    expect([...written.keys()].sort()).toEqual([
      'market-breadth',
      'market-movers',
      'market-overview',
      'market-regime',
      'market-tickers',
    ]);
    for (const { key, value } of written.values()) {
      expect(key).toBe('simulator');
      expect(value).toMatchObject({ source: 'redis', ageMs: 200, simulated: true });
    }
    expect(written.get('market-breadth')?.value).toMatchObject({ advances: 1, declines: 1 });
  });
});
