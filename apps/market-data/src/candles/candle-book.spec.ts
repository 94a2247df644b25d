import { CANDLE_INTERVAL_MS } from '@tickbridge/contracts';
import fc from 'fast-check';
import type { NamedCandle } from '../bars/candle';
import { CandleBook } from './candle-book';
import { CANDLE_INTERVALS, CANDLE_POLICY, LATE_LIMIT_MS } from './candle.policy';
import { aggregate } from './candle.warm-up';

const START = Date.UTC(2025, 8, 22, 4, 30);
const at = (offsetMs: number, price: number, quantity = 5, symbol = 'RELIANCE') => {
  return { symbol, eventTime: START + offsetMs, price, quantity };
};

/** A book that remembers the newest state of every candle it handed on. */
function keeping() {
  const kept = new Map<string, NamedCandle>();
  const book = new CandleBook((candle) => {
    kept.set(`${candle.interval} ${candle.symbol} ${candle.openTime - START}`, candle);
  });
  return { book, kept };
}

describe('candles', () => {
  it('come in every interval from the same trades, the unfinished one included', () => {
    const { book } = keeping();
    for (const [offset, price] of [
      [0, 100],
      [30_000, 90],
      [61_000, 110],
    ] as const) {
      book.addTrade(at(offset, price));
    }
    expect(book.latest('RELIANCE', '1m', 10)).toEqual([
      { openTime: START, open: 100, high: 100, low: 90, close: 90, volume: 10, trades: 2 },
      { openTime: START + 60_000, open: 110, high: 110, low: 110, close: 110, volume: 5, trades: 1 },
    ]);
    expect(book.latest('RELIANCE', '1h', 10)).toMatchObject([{ open: 100, high: 110, low: 90, close: 110 }]);
    expect(book.latest('RELIANCE', '1m', 1)).toHaveLength(1);
    expect(book.latest('ITC', '1m', 10)).toEqual([]);
  });

  it('count what makes no price in their volume, whether it came before or after their first price', () => {
    const { book } = keeping();
    const oddLot = (offsetMs: number) => ({ ...at(offsetMs, 500, 3), setsPrice: false });
    book.addTrade(oddLot(1_000));
    expect(book.latest('RELIANCE', '1m', 10)).toEqual([]);
    book.addTrade(at(2_000, 100));
    book.addTrade(oddLot(3_000));
    // A minute in which nothing made a price has no candle.
    book.addTrade(oddLot(61_000));
    expect(book.latest('RELIANCE', '1m', 10)).toEqual([
      { openTime: START, open: 100, high: 100, low: 100, close: 100, volume: 11, trades: 3 },
    ]);
    expect(book.latest('RELIANCE', '1h', 10)).toMatchObject([
      { high: 100, close: 100, volume: 14, trades: 4 },
    ]);
  });

  it('add decimals as decimals', () => {
    const { book } = keeping();
    for (let trade = 0; trade < 30; trade++) book.addTrade(at(trade, 100, 0.1));
    expect(book.latest('RELIANCE', '1m', 1)[0]?.volume).toBe(3);
  });

  it('are kept when they are finished: by the next trade, or by the clock', () => {
    const { book, kept } = keeping();
    book.addTrade(at(0, 100));
    book.addTrade(at(1_000, 101));
    expect([...kept.keys()]).toEqual(['1s RELIANCE 0']);
    book.handOnFinished(START + 6_500);
    expect([...kept.keys()].filter((key) => key.endsWith('s RELIANCE 0'))).toEqual([
      '1s RELIANCE 0',
      '5s RELIANCE 0',
    ]);
    expect(kept.get('1m RELIANCE 0')).toMatchObject({ close: 101, trades: 2 });
    // Nothing changed since: nothing is kept again.
    kept.clear();
    book.handOnFinished(START + 60_000_000);
    expect(kept.size).toBe(0);
  });

  it('take a late trade within the limit, and count one beyond it', () => {
    const { book, kept } = keeping();
    book.addTrade(at(0, 100));
    book.addTrade(at(2_000, 102));
    kept.clear();
    book.addTrade(at(400, 120, 7));
    expect(kept.get('1s RELIANCE 0')).toMatchObject({
      open: 100,
      high: 120,
      close: 120,
      volume: 12,
      trades: 2,
    });
    // A second in which nothing had traded gets its candle late.
    book.addTrade(at(1_500, 90, 1));
    expect(kept.get('1s RELIANCE 1000')).toMatchObject({ open: 90, trades: 1 });
    // Within its minute the late trade is no late one: the close stays that of the latest trade.
    expect(book.latest('RELIANCE', '1m', 1)).toMatchObject([{ close: 102, high: 120, low: 90, trades: 4 }]);
    expect(book.lateTrades).toEqual({ amended: 2, dropped: 0 });

    book.addTrade(at(1_000 + LATE_LIMIT_MS + 1, 103));
    book.addTrade(at(600, 500));
    // The second is beyond it, the five seconds are not.
    expect(book.lateTrades.dropped).toBe(1);
    expect(book.latest('RELIANCE', '1s', 10)[0]).toMatchObject({ high: 120, trades: 2 });
    expect(book.latest('RELIANCE', '5s', 10)[0]).toMatchObject({ high: 500 });
  });

  it('are the same whatever order trades of a minute come in', () => {
    const trades = fc.uniqueArray(
      fc.record({ offset: fc.integer({ min: 0, max: 59_000 }), price: fc.integer({ min: 1, max: 500 }) }),
      { minLength: 1, maxLength: 40, selector: ({ offset }) => offset },
    );
    fc.assert(
      fc.property(trades, fc.infiniteStream(fc.nat()), (list, random) => {
        const fold = (order: typeof list) => {
          const { book } = keeping();
          for (const { offset, price } of order) book.addTrade(at(offset, price));
          return CANDLE_INTERVALS.map((interval) => book.latest('RELIANCE', interval, 100));
        };
        const inOrder = [...list].sort((a, b) => a.offset - b.offset);
        const keys = new Map(list.map((trade) => [trade, random.next().value as number]));
        const shuffled = [...list].sort((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
        expect(fold(shuffled)).toEqual(fold(inOrder));
      }),
    );
  });

  it('are bounded per symbol and interval', () => {
    const { book } = keeping();
    for (let index = 0; index < 2_000; index++) book.addTrade(at(index * 86_400_000, index + 1));
    for (const interval of CANDLE_INTERVALS) {
      const candles = book.latest('RELIANCE', interval, 10_000);
      expect(candles).toHaveLength(CANDLE_POLICY[interval].window);
      expect(candles.at(-1)?.close).toBe(2_000);
    }
  });

  it('reach back far enough for every trade that is not too late', () => {
    for (const interval of CANDLE_INTERVALS) {
      expect(CANDLE_POLICY[interval].window * CANDLE_INTERVAL_MS[interval]).toBeGreaterThan(LATE_LIMIT_MS);
    }
  });

  it('go on from what an earlier term stored', () => {
    const { book, kept } = keeping();
    book.addTrade(at(40_000, 110));
    const known = { symbol: 'RELIANCE', interval: '1m', openTime: START } as const;
    book.addKnown(
      [{ ...known, open: 100, high: 130, low: 95, close: 99, volume: 20, trades: 4 }],
      START + 39_000,
    );
    expect(kept.get('1m RELIANCE 0')).toMatchObject({
      open: 100,
      high: 130,
      low: 95,
      close: 110,
      volume: 25,
      trades: 5,
    });
    book.addTrade(at(41_000, 111));
    expect(book.latest('RELIANCE', '1m', 1)).toMatchObject([{ open: 100, close: 111, trades: 6 }]);
  });

  it('take a vendor history where they are missing or lack trades, and not otherwise', () => {
    const { book } = keeping();
    book.addTrade(at(0, 100));
    const old = { open: 1, high: 1, low: 1, close: 1, trades: null };
    book.addHistory('RELIANCE', '1m', [
      { openTime: START - 120_000, volume: 3, ...old },
      { openTime: START, volume: 4, ...old },
    ]);
    expect(book.latest('RELIANCE', '1m', 10).map(({ close }) => close)).toEqual([1, 100]);
    book.addHistory('RELIANCE', '1m', [{ openTime: START, volume: 400, ...old }]);
    expect(book.latest('RELIANCE', '1m', 1)).toEqual([{ openTime: START, volume: 400, ...old }]);
  });

  it('of longer intervals are made from minutes', () => {
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
