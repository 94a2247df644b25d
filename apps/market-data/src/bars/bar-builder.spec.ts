import fc from 'fast-check';
import { tick } from '../testing/updates';
import { BAR_GRACE_MS, BarBuilder, PLATFORM_BAR_MS, type ClosedBar } from './bar-builder';

const START = Date.UTC(2025, 8, 22, 4, 30);

function building(): { bars: ClosedBar[]; builder: BarBuilder } {
  const bars: ClosedBar[] = [];
  return { bars, builder: new BarBuilder((bar) => bars.push(bar)) };
}

function at(offsetMs: number, lastPrice = 100, overrides = {}) {
  return tick({ eventTime: START + offsetMs, lastPrice, lastQuantity: 2, ...overrides });
}

describe('bar builder', () => {
  it('builds a bar from every trade, with the quote it closed at', () => {
    const { bars, builder } = building();
    builder.addTrade(at(0, 100));
    builder.addTrade(at(1_000, 104));
    builder.addTrade(at(2_000, 99, { bid: 98.5, ask: 99.5, bidQuantity: 1, askQuantity: 2 }));
    builder.addQuote(at(4_900, 99, { bid: 98.9, ask: 99.1, bidQuantity: 3, askQuantity: 4 }));
    builder.addTrade(at(5_000, 101));
    expect(bars).toEqual([
      {
        symbol: 'RELIANCE',
        intervalMs: PLATFORM_BAR_MS,
        openTime: START,
        open: 100,
        high: 104,
        low: 99,
        close: 99,
        volume: 6,
        trades: 3,
        bid: 98.9,
        bidQuantity: 3,
        ask: 99.1,
        askQuantity: 4,
      },
    ]);
  });

  it('invents no bars for intervals without a trade', () => {
    const { bars, builder } = building();
    builder.addTrade(at(0));
    builder.addTrade(at(60_000));
    builder.flush();
    expect(bars.map(({ openTime }) => openTime - START)).toEqual([0, 60_000]);
  });

  it('does not count a quote as a trade, and takes none that came after the end', () => {
    const { bars, builder } = building();
    builder.addTrade(at(0, 100, { bid: 99 }));
    builder.addQuote(at(PLATFORM_BAR_MS, 100, { bid: 50 }));
    builder.flush();
    expect(bars).toMatchObject([{ trades: 1, bid: 99 }]);
  });

  it('closes the bar of a quiet symbol when another symbol shows that its time has passed', () => {
    const { bars, builder } = building();
    builder.addTrade(at(4_000, 100));
    builder.addTrade(at(PLATFORM_BAR_MS + BAR_GRACE_MS - 1, 5, { symbol: 'ITC' }));
    expect(bars).toEqual([]);
    builder.addTrade(at(PLATFORM_BAR_MS + BAR_GRACE_MS, 5, { symbol: 'ITC' }));
    expect(bars).toMatchObject([{ symbol: 'RELIANCE', openTime: START }]);
  });

  it('closes bars by the clock when nobody trades', () => {
    const { bars, builder } = building();
    builder.addTrade(at(4_000));
    builder.advanceTo(START + PLATFORM_BAR_MS + BAR_GRACE_MS);
    expect(bars).toHaveLength(1);
  });

  it('counts a trade whose bar has closed and leaves the bar alone', () => {
    const { bars, builder } = building();
    builder.addTrade(at(4_000));
    builder.advanceTo(START + PLATFORM_BAR_MS + BAR_GRACE_MS);
    builder.addTrade(at(4_500));
    builder.flush();
    expect(bars).toHaveLength(1);
    expect(builder.lateTrades).toBe(1);
  });

  it('sends bars that close together by time, then by symbol', () => {
    const { bars, builder } = building();
    for (const symbol of ['ZEE', 'ABB', 'ITC']) builder.addTrade(at(0, 1, { symbol }));
    builder.flush();
    expect(bars.map(({ symbol }) => symbol)).toEqual(['ABB', 'ITC', 'ZEE']);
  });

  it('loses no trade: every one is in a bar or counted as late, and the same trades give the same bars', () => {
    const trades = fc.array(
      fc.record({
        symbol: fc.constantFrom('A', 'B', 'C'),
        offset: fc.integer({ min: 0, max: 60_000 }),
        price: fc.integer({ min: 1, max: 1_000 }),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(trades, (list) => {
        const run = () => {
          const { bars, builder } = building();
          for (const { symbol, offset, price } of list) builder.addTrade(at(offset, price, { symbol }));
          builder.flush();
          return { bars, late: builder.lateTrades };
        };
        const { bars, late } = run();
        expect(bars.reduce((sum, bar) => sum + bar.trades, 0) + late).toBe(list.length);
        expect(run().bars).toEqual(bars);
        for (const bar of bars) {
          expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
          expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        }
        const keys = bars.map(({ symbol, openTime }) => `${symbol} ${openTime}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
