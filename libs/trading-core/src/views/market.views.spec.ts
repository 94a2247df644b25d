import { market, NOW, tick } from './market.testing';
import {
  breadthView,
  FRESH_FOR_MS,
  moversView,
  overviewView,
  partOf,
  regimeView,
  tickersView,
} from './market.views';

const changes = (...percents: (number | null)[]) =>
  percents.map((changePercent, index) => tick(`S${index}`, { changePercent }));

describe('market views', () => {
  it('say where the numbers come from, and how old they are', () => {
    const state = market([tick('A', { receivedAt: NOW - 300 }), tick('B', { receivedAt: NOW - 900 })], {
      source: 'http',
    });
    for (const view of [
      overviewView(state),
      breadthView(state),
      regimeView(state),
      moversView(state, 5),
      tickersView(state),
    ]) {
      expect(view).toMatchObject({
        source: 'http',
        asOf: '2026-01-05T04:29:59.700Z',
        ageMs: 300,
        simulated: true,
      });
    }
  });

  it('are empty, not zero, without data', () => {
    const state = market([], { source: 'none' });
    expect(overviewView(state)).toMatchObject({
      asOf: null,
      ageMs: null,
      medianChangePercent: null,
      turnover: [],
      groups: [],
    });
    expect(regimeView(state)).toMatchObject({
      regime: null,
      medianChangePercent: null,
      dispersionPercent: null,
    });
  });

  it('count who rises and falls; indices and unknown changes do not count', () => {
    const index = tick('NIFTY 50', { assetClass: 'index', changePercent: 1 });
    const state = market([...changes(1.2, 0.01, -0.5, 0, 0.002, -0.001, null), index]);
    expect(breadthView(state)).toMatchObject({ advances: 2, declines: 1, unchanged: 3, unknown: 1 });
  });

  it('find the largest moves on each side', () => {
    const state = market(changes(0.5, 3, -2, 1, -4, null, 0));
    const { gainers, losers } = moversView(state, 2);
    expect(gainers.map(({ changePercent }) => changePercent)).toEqual([3, 1]);
    expect(losers.map(({ changePercent }) => changePercent)).toEqual([-4, -2]);
  });

  it('name no gainer in a market that only falls', () => {
    expect(moversView(market(changes(-1, -2)), 5)).toMatchObject({ gainers: [] });
  });

  it('sum the turnover over symbols with a volume, and count fresh prices', () => {
    const state = market([
      tick('A', { lastPrice: 10, volume: 100 }),
      tick('B', { lastPrice: 20.5, volume: 10, receivedAt: NOW - FRESH_FOR_MS }),
      tick('C', { lastPrice: 5, volume: null, receivedAt: NOW - FRESH_FOR_MS - 1 }),
    ]);
    expect(overviewView(state)).toMatchObject({
      turnover: [{ currency: 'INR', turnover: 1_205 }],
      symbolCount: 3,
      freshSymbols: 2,
    });
  });

  it('tell turnover by currency: rupees and dollars do not add up', () => {
    const several = market([
      tick('ITC', { volume: 10 }),
      tick('TCS', { volume: 5 }),
      tick('BTCUSDT', { volume: 20, source: 'binance', assetClass: 'crypto' }),
      tick('AAPL', { volume: 30, source: 'alpaca' }),
    ]);
    expect(overviewView(several).turnover).toEqual([
      { currency: 'INR', turnover: 1_500 },
      { currency: 'USDT', turnover: 2_000 },
      { currency: 'USD', turnover: 3_000 },
    ]);
  });

  describe('of several markets', () => {
    const rising = Array.from({ length: 10 }, (_, index) => tick(`N${index}`, { changePercent: 1 }));
    const falling = Array.from({ length: 12 }, (_, index) =>
      tick(`U${index}`, { changePercent: -1, source: 'alpaca', receivedAt: NOW - 700 }),
    );
    const coin = tick('BTCUSDT', { changePercent: 40, source: 'binance', assetClass: 'crypto' });
    const index = tick('NIFTY 50', { changePercent: 0.5, assetClass: 'index' });
    const state = market([...rising, ...falling, coin, index]);

    it('have figures of each class and feed, and none of their mixture', () => {
      const absent = { medianChangePercent: null, dispersionPercent: null };
      expect(regimeView(state)).toMatchObject({ regime: null, ...absent, symbols: 23 });
      expect(regimeView(state).groups).toEqual([
        {
          ...{ assetClass: 'stock', feed: 'alpaca', currency: 'USD', symbols: 12 },
          ...{ regime: 'trending-down', medianChangePercent: -1, dispersionPercent: 0 },
        },
        {
          ...{ assetClass: 'stock', feed: 'simulator', currency: 'INR', symbols: 10 },
          ...{ regime: 'trending-up', medianChangePercent: 1, dispersionPercent: 0 },
        },
        {
          ...{ assetClass: 'crypto', feed: 'binance', currency: 'USDT', symbols: 1 },
          ...{ regime: null, medianChangePercent: 40, dispersionPercent: null },
        },
      ]);
      expect(breadthView(state)).toMatchObject({
        advances: null,
        declines: null,
        unchanged: null,
        unknown: null,
      });
      expect(breadthView(state).groups.map(({ advances, declines }) => [advances, declines])).toEqual([
        [0, 12],
        [10, 0],
        [1, 0],
      ]);
      expect(overviewView(state)).toMatchObject({
        advances: null,
        medianChangePercent: null,
        symbolCount: 24,
      });
      expect(overviewView(state).groups.map(({ symbols }) => symbols)).toEqual([12, 10, 1]);
    });

    it('are one market where one class of one feed is asked for', () => {
      const us = partOf(state, { assetClass: 'stock', feed: 'alpaca' });
      expect(regimeView(us)).toMatchObject({ regime: 'trending-down', symbols: 12, ageMs: 700 });
      expect(breadthView(us)).toMatchObject({ advances: 0, declines: 12 });
      expect(overviewView(us)).toMatchObject({ symbolCount: 12, declines: 12, medianChangePercent: -1 });
      expect(moversView(us, 50).gainers).toEqual([]);
      expect(
        tickersView(partOf(state, { assetClass: 'crypto' })).tickers.map(({ symbol }) => symbol),
      ).toEqual(['BTCUSDT']);
      // Two countries' stocks are two markets all the same.
      expect(regimeView(partOf(state, { assetClass: 'stock' })).regime).toBeNull();
    });

    it('know indices when they are asked for', () => {
      expect(breadthView(partOf(state, { assetClass: 'index' }))).toMatchObject({ advances: 1, declines: 0 });
      expect(breadthView(partOf(state, { assetClass: 'option' }))).toMatchObject({ advances: 0, asOf: null });
    });
  });

  // Median of 1, 2, 3, 10 is 2.5; their mean is 4, deviations -3, -2, -1, 6, variance 50 / 4, root 3.5355.
  it('compute median and dispersion', () => {
    expect(regimeView(market(changes(1, 2, 3, 10)))).toMatchObject({
      medianChangePercent: 2.5,
      dispersionPercent: 3.5355,
      symbols: 4,
    });
  });

  it.each([
    ['trending-up', [0.3, 0.4, 0.5, 0.3, 0.6, 0.4, 0.3, -0.1, 0.2, 0.5]],
    ['trending-down', [-0.3, -0.4, -0.5, -0.3, -0.6, -0.4, -0.3, 0.1, -0.2, -0.5]],
    ['mixed', [2, -2, 1, -1, 3, -3, 1, -1, 2, -2]],
    ['quiet', [0.1, -0.1, 0.05, -0.05, 0.2, -0.2, 0, 0, 0.1, -0.1]],
    [null, [1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ])('call it %s', (regime, percents) => {
    expect(regimeView(market(changes(...percents))).regime).toBe(regime);
  });

  it('show a ticker with its own age', () => {
    const [ticker] = tickersView(market([tick('A', { receivedAt: NOW - 1_234, volume: 7 })])).tickers;
    expect(ticker).toEqual({
      symbol: 'A',
      assetClass: 'stock',
      feed: 'simulator',
      lastPrice: 100,
      change: null,
      changePercent: null,
      volume: 7,
      ageMs: 1_234,
    });
  });
});
