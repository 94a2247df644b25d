import { createHash } from 'node:crypto';
import { type Bar, backtestResultSchema, type ExitSettings, exitSettingsSchema } from '@tickbridge/contracts';
import { recordedLines } from '../testing/recorded-lines';
import { Calendars } from '../sessions/calendars';
import { aBar, bars } from '../testing/bars';
import { aShare } from '../testing/instruments';
import { runBacktest } from './backtest';
import type { BacktestSettings } from './backtest.settings';
import { UnknownStrategyError } from './backtest.errors';
import { recordedBars } from './recorded-bars';

const settings: BacktestSettings = {
  source: 'replay',
  strategies: ['momentum-breakout', 'mean-reversion', 'opening-range'].map((id) => ({
    id,
    parameters: {},
    timeframe: '5s' as const,
    leastEdge: 0,
  })),
  accountId: 'PAPER_TRADER_001',
  capital: 100_000,
};
const MORNING_MS = Date.parse('2024-08-08T10:00:00Z');

/** Five quiet bars, a close far above them on volume, and a fall through the stop. */
function breakout(symbol = 'BTCUSDT', at = MORNING_MS): Bar[] {
  const quiet = [100, 100.2, 99.9, 100.1, 100].map((close) => ({
    close,
    high: close + 0.2,
    low: close - 0.2,
  }));
  return bars([...quiet, { close: 101.5, high: 101.7, volume: 300 }, { close: 98, low: 97.8 }], {
    symbol,
    openTime: at,
  }).map((bar) => ({ ...bar, bid: bar.close - 0.05, ask: bar.close + 0.05 }));
}

describe('a backtest', () => {
  it('buys a breakout at the ask and leaves at the stop, with fees, slippage and the order ids of a replay', () => {
    const result = runBacktest(settings, breakout());
    expect(backtestResultSchema.parse(result)).toEqual(result);
    const [entry, exit] = result.orders;
    expect(entry).toMatchObject({
      side: 'BUY',
      status: 'Filled',
      strategy: 'momentum-breakout',
      // The ask and one basis point, on the pair's price step.
      averagePrice: 101.57,
      realized: null,
    });
    expect(exit).toMatchObject({ side: 'SELL', status: 'Filled', quantity: entry?.quantity });
    expect(Number(exit?.realized)).toBeLessThan(0);
    const { statistics } = result;
    expect(statistics).toMatchObject({
      bars: 7,
      signals: 2,
      orders: 2,
      filled: 2,
      trades: { trades: 1, wins: 0, losses: 1 },
    });
    const [trip] = result.roundTrips ?? [];
    expect(result.roundTrips).toHaveLength(1);
    // A bar of its own lies between: it fell to 97.8 from an entry at 101.57.
    expect(trip).toMatchObject({
      direction: 'long',
      charges: statistics.fees,
      netProfit: statistics.trades?.netProfit,
      holdingMs: 5_000,
      worstExcursionPercent: -3.711726,
    });
    expect(Number(statistics.equity)).toBeCloseTo(
      100_000 + Number(statistics.realizedProfit) - Number(statistics.fees),
      8,
    );
    expect(statistics.maxDrawdownPercent).toBeGreaterThan(0);
    expect(result.equity.at(-1)?.equity).toBe(statistics.equity);
  });

  it('asks the same risk rules: limits deny with their code', () => {
    const limits = [
      { scope: { kind: 'account' as const, key: 'PAPER_TRADER_001' }, limits: { maxOrdersPerDay: 1 } },
    ];
    const { orders, statistics } = runBacktest({ ...settings, limits }, [
      ...breakout(),
      ...breakout('ETHUSDT'),
    ]);
    expect(statistics.denied).toEqual({ ORDERS_PER_DAY: 1 });
    expect(orders.at(-1)).toMatchObject({ status: 'Denied', averagePrice: null });
  });

  it('keeps to the calendar that it is given, with what people changed', () => {
    const calendars = new Calendars();
    const closed = { date: '2024-08-08', reason: 'maintenance', hours: [] };
    calendars.replaceChanges({ files: [], additions: [], days: [{ calendar: 'CRYPTO', day: closed }] });
    const { statistics } = runBacktest({ ...settings, calendars }, breakout());
    expect(statistics).toMatchObject({ filled: 0, denied: { SESSION_CLOSED: 1 } });
  });

  it.each([
    // A Monday. NSE has its closing session and is then shut; crude goes on until late.
    ['in the closing session of the shares', '2026-11-16T15:45:00+05:30'],
    ['in the evening', '2026-11-16T20:00:00+05:30'],
  ])('trades crude by its own calendar: %s', (_when, at) => {
    const crude = aShare('CRUDEOIL', { calendar: 'MCX' });
    const result = runBacktest(
      { ...settings, source: 'truedata', instruments: new Map([['CRUDEOIL', crude]]) },
      [...breakout('CRUDEOIL', Date.parse(at)), ...breakout('INFY', Date.parse(at))],
    );
    const filled = result.orders.filter(({ status }) => status === 'Filled');
    expect(filled.map(({ symbol, side }) => `${side} ${symbol}`)).toEqual(['BUY CRUDEOIL', 'SELL CRUDEOIL']);
  });

  it('fills no more than the quote offers, lets the rest wait, and orders nothing meanwhile', () => {
    const thin = breakout().map((bar, index) => ({
      ...bar,
      askQuantity: index === 5 ? 10 : 1_000,
      bidQuantity: 1_000,
    }));
    const last = thin.at(-1) as Bar;
    const more = [1, 2].map((step) => ({ ...last, openTime: last.openTime + step * last.intervalMs }));
    const { orders, statistics } = runBacktest(settings, [
      ...thin.slice(0, 6),
      { ...last, askQuantity: 5 },
      ...more,
    ]);
    // The stop is reached while five of the entry are filled and the rest still works.
    expect(statistics.withoutOrder).toEqual({ 'order-working': 1 });
    expect(orders[0]).toMatchObject({ side: 'BUY', status: 'Filled' });
    expect(orders[1]).toMatchObject({ side: 'SELL', status: 'Filled', quantity: orders[0]?.quantity });
    expect(statistics).toMatchObject({ openPositions: 0, filled: 2, trades: { trades: 1 } });
  });

  it('gives the size of a quote once, however many bars close with it', () => {
    const thin = breakout().map((bar) => ({ ...bar, askQuantity: 10, bidQuantity: 1_000 }));
    const last = thin[5] as Bar;
    const unchanged = { ...last, openTime: last.openTime + last.intervalMs, volume: 100 };
    const { orders } = runBacktest(settings, [...thin.slice(0, 6), unchanged]);
    expect(orders[0]).toMatchObject({ side: 'BUY', status: 'PartiallyFilled' });
    expect(Number(orders[0]?.fee)).toBeCloseTo(10 * 101.57 * 0.001, 4);
  });

  it('ends with its session what is left of an order, before the next one opens', () => {
    const evening = breakout('INFY', Date.parse('2026-11-18T15:29:25+05:30')).slice(0, 6);
    const thin = evening.map((bar) => ({ ...bar, askQuantity: 10 }));
    const last = thin[5] as Bar;
    const morning = { ...last, openTime: Date.parse('2026-11-19T09:15:00+05:30'), askQuantity: 100_000 };
    const [momentum] = settings.strategies.map((one) => ({ ...one, product: 'delivery' as const }));
    const strategies = momentum ? [momentum] : [];
    const { orders } = runBacktest({ ...settings, source: 'truedata', strategies }, [...thin, morning]);
    expect(orders[0]).toMatchObject({ side: 'BUY', status: 'Expired' });
    // What the evening filled is what is sold.
    expect(orders[1]).toMatchObject({ side: 'SELL', status: 'Filled', quantity: 10 });
  });

  it('ends positions and gates entries as the exit settings say', () => {
    const start = MORNING_MS + 7 * 5_000;
    const twice = [...breakout(), ...breakout('BTCUSDT', start)].map((bar, index) => ({
      ...bar,
      sequence: index,
    }));
    const run = (exits: Partial<ExitSettings>) =>
      runBacktest(
        {
          ...settings,
          strategies: [
            {
              id: 'momentum-breakout',
              parameters: { cooldownBars: 0 },
              timeframe: '5s' as const,
              leastEdge: 0,
              exits: exitSettingsSchema.parse(exits),
            },
          ],
        },
        twice,
      );
    const sides = (exits: Partial<ExitSettings>) => run(exits).orders.map(({ side }) => side);
    expect(sides({})).toEqual(['BUY', 'SELL', 'BUY']);
    expect(sides({ stopLoss: { kind: 'percent', percent: 50 }, target: { kind: 'none' } })).toEqual(['BUY']);
    const trailing: Partial<ExitSettings> = {
      stopLoss: { kind: 'percent', percent: 50 },
      trailingStop: { kind: 'percent', percent: 1 },
    };
    expect(sides(trailing).slice(0, 2)).toEqual(['BUY', 'SELL']);
    expect(run({ maxReentriesPerDay: 0 }).statistics.withoutOrder).toMatchObject({ 'reentries-used-up': 1 });
    expect(run({ cooldownMinutes: 60 }).statistics.withoutOrder).toMatchObject({ 'exit-cooldown': 1 });
    expect(sides({ squareOffAt: '10:00' })).toEqual([]);
  });

  it('is over without orders when there are no bars', () => {
    const { statistics, orders, equity } = runBacktest(settings, []);
    expect(orders).toEqual([]);
    expect(equity).toEqual([]);
    expect(statistics).toMatchObject({
      bars: 0,
      equity: '100000',
      trades: { trades: 0, winRate: null, profitFactor: null },
      firstBarAt: null,
    });
  });

  it('knows its strategies and their parameters', () => {
    expect(() => runBacktest({ ...settings, strategies: [{ id: 'luck', parameters: {} }] }, [])).toThrow(
      UnknownStrategyError,
    );
    const wild = [{ id: 'momentum-breakout', parameters: { lookbackBars: -1 } }];
    expect(() => runBacktest({ ...settings, strategies: wild }, [])).toThrow('lookbackBars');
  });

  it('keeps an even pick of a long equity curve, and its end', () => {
    const long = Array.from({ length: 5_000 }, (_, index) =>
      aBar({ symbol: 'X', openTime: MORNING_MS + index * 5_000 }),
    );
    const { equity } = runBacktest(settings, long);
    expect(equity.length).toBeLessThanOrEqual(1_001);
    expect(equity.at(-1)?.at).toBe(new Date(MORNING_MS + 5_000 * 5_000).toISOString());
  });
});

const digestOf = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

const lines = recordedLines(['btcusdt_20240808.gz', 'ethusdt_20240808.gz']);
if (lines) {
  describe('a backtest over the recorded Binance day', () => {
    it('has every trade in one of its bars', () => {
      const all = [...recordedBars(lines)];
      const trades = (symbol: string) =>
        all.filter((bar) => bar.symbol === symbol).reduce((sum, bar) => sum + bar.trades, 0);
      expect({ BTCUSDT: trades('BTCUSDT'), ETHUSDT: trades('ETHUSDT') }).toEqual({
        BTCUSDT: 9_757,
        ETHUSDT: 6_106,
      });
      // The bars that market-data publishes when it replays these files, figure by figure.
      const figures = all.map((bar) => [
        ...[bar.symbol, bar.openTime, bar.open, bar.high, bar.low, bar.close],
        ...[bar.volume, bar.trades, bar.bid, bar.ask],
      ]);
      expect(digestOf(figures)).toBe('39682f823017508a');
      expect(all.every((bar) => bar.bid !== null && bar.ask !== null)).toBe(true);
    });

    it('gives these orders', () => {
      const { orders, statistics } = runBacktest(settings, recordedBars(lines));
      expect(statistics).toMatchObject({
        signals: 19,
        orders: 18,
        filled: 18,
        withoutOrder: { 'order-working': 1 },
      });
      const figures = orders.map(({ id, symbol, side, quantity, status, averagePrice }) => [
        ...[id, symbol, side, quantity, status, averagePrice],
      ]);
      expect(digestOf(figures)).toBe('40faaa5b513abb08');
    });

    it('orders what a replay of these files through the whole platform orders', () => {
      const { orders } = runBacktest(settings, recordedBars(lines));
      const told = orders
        .map(({ id, symbol, side, status }) => [id, symbol, side, status])
        .sort(([a = ''], [b = '']) => a.localeCompare(b));
      // The same figure is in `e2e/src/replay.spec.ts`.
      expect(digestOf(told)).toBe('6e263bdb4da5f4b5');
    });

    it('gives the same orders twice', () => {
      const first = runBacktest(settings, recordedBars(lines));
      const second = runBacktest(settings, recordedBars(lines));
      expect(second).toEqual(first);
      expect(first.statistics.filled).toBeGreaterThan(0);
      expect(first.statistics.trades?.trades).toBeGreaterThan(0);
    });
  });
} else {
  describe('the recorded Binance day', () => {
    it('is not in ../shared/data beside the workspace: the backtest over it was not tested', () => {
      console.warn('Recorded market data is missing in ../shared/data. The backtest over it was not tested.');
    });
  });
}
