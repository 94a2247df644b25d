import { tick } from '../testing/updates';
import { CandleStore } from './candle-store';
import { aggregate } from './candle.warm-up';

const START = Date.UTC(2025, 8, 22, 4, 30);

describe('candle store', () => {
  it('builds every interval from the same trades, the unfinished candle included', () => {
    const store = new CandleStore();
    for (const [offset, lastPrice] of [
      [0, 100],
      [30_000, 90],
      [61_000, 110],
    ] as const) {
      store.addTrade(tick({ eventTime: START + offset, lastPrice, lastQuantity: 5 }));
    }
    expect(store.latest('RELIANCE', '1m', 10)).toEqual([
      { time: '2025-09-22T04:30:00.000Z', open: 100, high: 100, low: 90, close: 90, volume: 10, trades: 2 },
      { time: '2025-09-22T04:31:00.000Z', open: 110, high: 110, low: 110, close: 110, volume: 5, trades: 1 },
    ]);
    expect(store.latest('RELIANCE', '1h', 10)).toMatchObject([{ open: 100, high: 110, low: 90, close: 110 }]);
    expect(store.latest('RELIANCE', '1m', 1)).toHaveLength(1);
  });

  it('answers nothing for a symbol that never traded', () => {
    expect(new CandleStore().latest('ITC', '1m', 10)).toEqual([]);
  });

  it('keeps a bounded number of candles', () => {
    const store = new CandleStore();
    for (let second = 0; second < 2_000; second++) {
      store.addTrade(tick({ eventTime: START + second * 1_000, lastPrice: second + 1 }));
    }
    const candles = store.latest('RELIANCE', '1s', 1_000);
    expect(candles.length).toBeLessThanOrEqual(375);
    expect(candles.at(-1)?.close).toBe(2_000);
  });

  it('puts history before live candles; a live candle wins', () => {
    const store = new CandleStore();
    store.addTrade(tick({ eventTime: START, lastPrice: 100 }));
    const old = { open: 1, high: 1, low: 1, close: 1, volume: 1, trades: null };
    store.addHistory('RELIANCE', '1m', [
      { openTime: START - 60_000, ...old },
      { openTime: START, ...old },
    ]);
    expect(store.latest('RELIANCE', '1m', 10).map(({ close }) => close)).toEqual([1, 100]);
  });

  it('makes longer candles from minutes', () => {
    const minute = (index: number, close: number) => {
      return {
        openTime: START + index * 60_000,
        open: close,
        high: close + 1,
        low: close - 1,
        close,
        volume: 10,
        trades: null,
      };
    };
    expect(aggregate([minute(0, 10), minute(1, 20), minute(5, 5)], '5m')).toEqual([
      { openTime: START, open: 10, high: 21, low: 9, close: 20, volume: 20, trades: null },
      { openTime: START + 300_000, open: 5, high: 6, low: 4, close: 5, volume: 10, trades: null },
    ]);
  });
});
