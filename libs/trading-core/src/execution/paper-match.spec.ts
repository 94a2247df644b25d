import fc from 'fast-check';
import { aShare } from '../testing/instruments';
import { matchPaperOrder, type SizedMarket, type WorkingPaperOrder } from './paper-match';

const stock = aShare('ACME');
const order = (values: Partial<WorkingPaperOrder> = {}): WorkingPaperOrder => ({
  side: 'BUY',
  type: 'MARKET',
  remaining: 100,
  limitPrice: null,
  triggerPrice: null,
  triggered: false,
  timeInForce: 'DAY',
  rests: false,
  ...values,
});
const market: SizedMarket = { lastPrice: 100, bid: 99.95, bidQuantity: 40, ask: 100.05, askQuantity: 60 };
const stop = { type: 'STOP', triggerPrice: 101 } as const;
const stopLimit = { type: 'STOP_LIMIT', triggerPrice: 100, limitPrice: 100 } as const;

describe('the paper broker, shown the market once', () => {
  it.each<[string, WorkingPaperOrder, SizedMarket, number, { triggered?: boolean; canceled?: boolean }]>([
    ['fills a market order up to the quoted size', order(), market, 60, {}],
    ['fills the whole of a smaller one', order({ remaining: 10 }), market, 10, {}],
    ['fills a sale up to the size of the bid', order({ side: 'SELL' }), market, 40, {}],
    ['fills all where no size is quoted', order(), { ...market, askQuantity: null }, 100, {}],
    ['fills all where nothing is quoted', order(), { ...market, ask: null, askQuantity: null }, 100, {}],
    ['fills whole lots only', order(), { ...market, askQuantity: 7.9 }, 7, {}],
    ['cancels what an IOC order did not get', order({ timeInForce: 'IOC' }), market, 60, { canceled: true }],
    ['leaves a filled IOC order alone', order({ timeInForce: 'IOC', remaining: 60 }), market, 60, {}],
    [
      'cancels an IOC limit order that is not reached',
      order({ type: 'LIMIT', limitPrice: 100, timeInForce: 'IOC' }),
      market,
      0,
      { canceled: true },
    ],
    ['lets a limit order rest that is not reached', order({ type: 'LIMIT', limitPrice: 100 }), market, 0, {}],
    ['fills a limit order that is', order({ type: 'LIMIT', limitPrice: 100.05 }), market, 60, {}],
    ['lets a stop sleep below its trigger', order(stop), market, 0, {}],
    ['wakes a stop at its trigger', order(stop), { ...market, lastPrice: 101 }, 60, { triggered: true }],
    ['wakes it once', order({ ...stop, triggered: true }), market, 60, {}],
    [
      'wakes a sale stop from above',
      order({ ...stop, side: 'SELL', triggerPrice: 100 }),
      market,
      40,
      { triggered: true },
    ],
    ['lets a woken stop-limit rest at its limit', order(stopLimit), market, 0, { triggered: true }],
    ['does nothing without a price', order(), { ...market, lastPrice: null, ask: null, bid: null }, 0, {}],
  ])('%s', (_title, given, seen, filled, { triggered = false, canceled = false }) => {
    const match = matchPaperOrder(given, seen, stock);
    expect([match.fill?.quantity ?? 0, match.triggered, match.canceled]).toEqual([
      filled,
      triggered,
      canceled,
    ]);
  });

  it.each<[string, Partial<WorkingPaperOrder>, number]>([
    ['on arrival at the quote, which is better', { limitPrice: 101 }, 100.05],
    ['at its limit when it rested, and the market came to it', { limitPrice: 101, rests: true }, 101],
    ['a resting sale at its limit', { side: 'SELL', limitPrice: 99, rests: true }, 99],
    [
      'a stop-limit that wakes up at the quote',
      { type: 'STOP_LIMIT', triggerPrice: 100, limitPrice: 101, rests: true },
      100.05,
    ],
    [
      'one that woke up before at its limit',
      { type: 'STOP_LIMIT', triggerPrice: 100, limitPrice: 101, triggered: true },
      101,
    ],
  ])('fills a limit order %s', (_title, values, price) => {
    const { fill } = matchPaperOrder(order({ type: 'LIMIT', remaining: 10, ...values }), market, stock);
    expect(fill).toEqual({ quantity: 10, price });
  });

  it('never fills more than is left or offered, nor beyond the limit', () => {
    const amount = fc.integer({ min: 1, max: 1_000 });
    const price = fc.double({ min: 90, max: 110, noNaN: true });
    fc.assert(
      fc.property(amount, amount, price, price, (remaining, askQuantity, ask, limitPrice) => {
        const seen = { ...market, ask, askQuantity };
        const { fill } = matchPaperOrder(order({ type: 'LIMIT', remaining, limitPrice }), seen, stock);
        if (!fill) return;
        expect(fill.quantity).toBeLessThanOrEqual(Math.min(remaining, askQuantity));
        expect(fill.price).toBeLessThanOrEqual(limitPrice + 0.005);
      }),
    );
  });
});
