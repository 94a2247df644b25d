import { type Bar, CANDLE_INTERVAL_MS } from '@tickbridge/contracts';
import { BarFolder } from '@tickbridge/trading-core';
import fc from 'fast-check';
import { CandleBook } from '../candles/candle-book';
import { tick } from '../testing/updates';
import { BarBuilder } from './bar-builder';

const START = Date.UTC(2025, 8, 22, 4, 30);

describe('bars that strategies fold from the bars of the feed', () => {
  it('are the candles that are stored of the same trades', () => {
    const trades = fc.array(
      fc.record({
        symbol: fc.constantFrom('A', 'B'),
        pauseMs: fc.integer({ min: 0, max: 20_000 }),
        price: fc.integer({ min: 1, max: 1_000 }),
        quantity: fc.constantFrom(0.1, 0.2, 1.7, 30),
      }),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(trades, fc.constantFrom('1m', '5m', '15m'), (list, interval) => {
        const book = new CandleBook();
        const folder = new BarFolder(CANDLE_INTERVAL_MS[interval]);
        const folded: Bar[] = [];
        let sequence = 0;
        const builder = new BarBuilder((bar) =>
          folded.push(...folder.take({ ...bar, sequence: (sequence += 1) })),
        );
        let eventTime = START;
        for (const { symbol, pauseMs, price, quantity } of list) {
          eventTime += pauseMs;
          builder.addTrade(tick({ symbol, eventTime, lastPrice: price, lastQuantity: quantity }));
          book.addTrade({ symbol, eventTime, price, quantity });
        }
        // Another day begins: everything is finished.
        const later = { symbol: 'C', eventTime: eventTime + 86_400_000, lastPrice: 1, lastQuantity: 1 };
        builder.addTrade(tick(later));
        builder.advanceTo(later.eventTime + 60_000);
        for (const symbol of ['A', 'B']) {
          const mine = folded.filter((bar) => bar.symbol === symbol);
          const candles = mine.map(({ openTime, open, high, low, close, volume, trades: count }) => {
            return { openTime, open, high, low, close, volume, trades: count };
          });
          expect(candles.slice(-10)).toEqual(book.latest(symbol, interval, 10));
        }
      }),
    );
  });
});
