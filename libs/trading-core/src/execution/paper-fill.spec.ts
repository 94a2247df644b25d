import fc from 'fast-check';
import { aPair, aShare } from '../testing/instruments';
import { paperFill, type PaperMarket, type PaperOrder } from './paper-fill';

const stock = aShare('ACME');
const crypto = aPair('BTCUSDT');
const order = (values: Partial<PaperOrder> = {}): PaperOrder => ({
  side: 'BUY',
  type: 'MARKET',
  quantity: 10,
  limitPrice: null,
  ...values,
});
const quoted: PaperMarket = { lastPrice: 100, bid: 99.95, ask: 100.05 };
const unquoted: PaperMarket = { lastPrice: 100, bid: null, ask: null };
const noSlip = { halfSpreadBps: 2, slippageBps: 0 };

describe('the paper market', () => {
  it.each<[string, PaperOrder, PaperMarket, number | undefined]>([
    ['a buy meets the ask', order(), quoted, 100.05],
    ['a sale meets the bid', order({ side: 'SELL' }), quoted, 99.95],
    ['without a quote a buy pays the assumed half spread', order(), unquoted, 100.02],
    ['without a quote a sale pays it too', order({ side: 'SELL' }), unquoted, 99.98],
    ['without a price nothing fills', order(), { lastPrice: null, bid: null, ask: null }, undefined],
    ['a limit buy above the ask fills at the ask', order({ type: 'LIMIT', limitPrice: 101 }), quoted, 100.05],
    ['a limit buy at the ask fills', order({ type: 'LIMIT', limitPrice: 100.05 }), quoted, 100.05],
    ['a limit buy below the ask waits', order({ type: 'LIMIT', limitPrice: 100 }), quoted, undefined],
    [
      'a limit sale above the bid waits',
      order({ side: 'SELL', type: 'LIMIT', limitPrice: 100 }),
      quoted,
      undefined,
    ],
    ['a limit order without a limit never fills', order({ type: 'LIMIT' }), quoted, undefined],
    ['a stop order never fills here', order({ type: 'STOP' }), quoted, undefined],
  ])('%s', (_title, given, market, price) => {
    expect(paperFill(given, market, stock, noSlip)?.price).toBe(price);
  });

  it('keeps a limit order on the grid, and within its limit, where the spread is assumed', () => {
    const market = { lastPrice: 100.01, bid: null, ask: null };
    const limit = (side: 'BUY' | 'SELL', limitPrice: number) =>
      paperFill(
        order({ side, type: 'LIMIT', limitPrice }),
        market,
        aShare('ACME', { priceSteps: [{ upTo: null, step: 0.05 }] }),
        noSlip,
      )?.price;
    expect([limit('BUY', 101), limit('SELL', 99)]).toEqual([100.05, 99.95]);
    expect(limit('BUY', 100.04)).toBe(100.04);
  });

  it('slips market orders by the stated basis points, rounded against the trader', () => {
    const model = { halfSpreadBps: 0, slippageBps: 1 };
    const buy = paperFill(order(), { lastPrice: 99.99, bid: null, ask: null }, stock, model);
    const sale = paperFill(order({ side: 'SELL' }), { lastPrice: 99.99, bid: null, ask: null }, stock, model);
    expect([buy?.price, sale?.price]).toEqual([100, 99.98]);
  });

  it('sells nothing for nothing', () => {
    const coin = aPair('PEPEUSDT', { priceSteps: [{ upTo: null, step: 1e-8 }] });
    const market = { lastPrice: 1e-8, bid: 1e-8, ask: 2e-8 };
    expect(paperFill(order({ side: 'SELL' }), market, coin)?.price).toBe(1e-8);
  });

  it('never gives a market order a better price than the quote', () => {
    const price = fc.double({ min: 1, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(price, fc.double({ min: 0, max: 5, noNaN: true }), (bid, spread) => {
        const market = { lastPrice: bid, bid, ask: bid + spread };
        const buy = paperFill(order(), market, crypto)?.price ?? 0;
        const sale = paperFill(order({ side: 'SELL' }), market, crypto)?.price ?? Infinity;
        expect(buy).toBeGreaterThanOrEqual(market.ask);
        expect(sale).toBeLessThanOrEqual(market.bid);
      }),
    );
  });
});
