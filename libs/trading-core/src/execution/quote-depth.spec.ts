import fc from 'fast-check';
import type { SizedMarket } from './paper-match';
import { QuoteDepth } from './quote-depth';

const quote: SizedMarket = { lastPrice: 100, bid: 99.95, bidQuantity: 40, ask: 100.05, askQuantity: 60 };
const sizes = ({ bidQuantity, askQuantity }: SizedMarket) => [bidQuantity, askQuantity];

describe('the depth of a quote', () => {
  it.each<[string, Partial<SizedMarket>, (number | null)[]]>([
    ['is what our orders left of it, until the next', {}, [40, 10]],
    ['is the same whatever is traded meanwhile', { lastPrice: 101 }, [40, 10]],
    ['is the same whatever happens on the other side', { bid: 99.9, bidQuantity: 7 }, [7, 10]],
    ['is renewed by another price', { ask: 100.1 }, [40, 60]],
    ['is renewed by another size', { askQuantity: 70 }, [40, 70]],
    ['is not known where no size is quoted', { askQuantity: null }, [40, null]],
    ['is not known where nobody quotes', { ask: null, askQuantity: null }, [40, null]],
  ])('%s', (_title, values, left) => {
    const depth = new QuoteDepth();
    depth.take('ACME', 'BUY', quote, 50);
    expect(sizes(depth.left('ACME', { ...quote, ...values }))).toEqual(left);
  });

  it('is of one symbol', () => {
    const depth = new QuoteDepth();
    depth.take('ACME', 'BUY', quote, 50);
    expect(sizes(depth.left('OTHER', quote))).toEqual([40, 60]);
  });

  it('is taken from on the side that an order meets', () => {
    const depth = new QuoteDepth();
    depth.take('ACME', 'SELL', quote, 40);
    expect(sizes(depth.left('ACME', quote))).toEqual([0, 60]);
  });

  it('is gone for a quote that was replaced, though it comes again', () => {
    const depth = new QuoteDepth();
    depth.take('ACME', 'BUY', quote, 60);
    const other = { ...quote, ask: 100.1 };
    expect(sizes(depth.left('ACME', other))).toEqual([40, 60]);
    depth.take('ACME', 'BUY', other, 10);
    expect(sizes(depth.left('ACME', quote))).toEqual([40, 60]);
  });

  it('never gives more of a quote than its size, in however many parts', () => {
    const part = fc.double({ min: 0, max: 30, noNaN: true });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (wishes) => {
        const depth = new QuoteDepth();
        let taken = 0;
        for (const wish of wishes) {
          const quantity = Math.min(wish, depth.left('ACME', quote).askQuantity ?? 0);
          depth.take('ACME', 'BUY', quote, quantity);
          taken += quantity;
        }
        expect(taken).toBeLessThanOrEqual(60 + 1e-9);
        expect(depth.left('ACME', quote).askQuantity).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
