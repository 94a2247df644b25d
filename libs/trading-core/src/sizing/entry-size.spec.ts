import type { FeedName, RiskLimits } from '@tickbridge/contracts';
import { ChargeTable, DEFAULT_CHARGE_PLAN } from '../charges/charge-table';
import { currencyOf } from '../instruments/feed-currency';
import { knownInstruments } from '../instruments/known-instruments';
import { defaultProduct } from '../instruments/products';
import { money } from '../money/money';
import { DEFAULT_LIMITS } from '../risk/default-limits';
import { ENTRY_SIZING, entryQuantity } from './entry-size';
import { lossAtStop } from './risk-quantity';

/** Starting capital of paper accounts, and prices between which the instruments of a feed are traded. */
const MARKETS: readonly [FeedName, number, readonly number[]][] = [
  ['truedata', 1_000_000, [10, 405, 1_480, 15_900]],
  ['alpaca', 100_000, [20, 182.3, 690]],
  ['binance', 100_000, [2_650, 61_000]],
];
const STOP_PERCENTS = [0.3, 0.5, 1, 2, 4];

/** Caps that nothing reaches. */
const LIFTED: Partial<RiskLimits> = {
  maxOrderQuantity: 1e12,
  freezeQuantity: 1e12,
  maxPositionQuantity: 1e12,
  maxOrderNotional: 1e12,
  maxSymbolNotional: 1e12,
};

describe.each(MARKETS)('entries at %s with the default limits and settings', (feed, capital, prices) => {
  const currency = currencyOf(feed);
  const limits = DEFAULT_LIMITS[currency];
  const table = new ChargeTable();
  const tradable = knownInstruments(feed).filter(({ quantityStep }) => quantityStep !== null);
  const budget = money(capital).times(ENTRY_SIZING.riskFraction);

  it.each(STOP_PERCENTS)(
    'are as large as their risk allows, no cap in the way: stop %d %% away',
    (percent) => {
      expect(tradable.length).toBeGreaterThan(1);
      for (const instrument of tradable) {
        const product = defaultProduct(instrument, 'momentum-breakout');
        const plan = DEFAULT_CHARGE_PLAN[currency];
        const charges = table.termsOf({ plan, instrument, product, date: '2026-11-20' });
        for (const price of prices) {
          const stopDistance = money(price).times(percent).div(100);
          const entry = {
            equity: money(capital),
            grossExposure: money(0),
            entryPrice: price,
            stopPrice: price - stopDistance.toNumber(),
            instrument,
            charges,
          };
          const quantity = entryQuantity({ ...entry, limits });
          const told = `${instrument.symbol} at ${price}`;
          expect(`${told}: ${quantity}`).toBe(
            `${told}: ${entryQuantity({ ...entry, limits: { ...limits, ...LIFTED } })}`,
          );
          const risk = { price, stopDistance, charges };
          const more = money(quantity).plus(instrument.quantityStep ?? 0);
          expect(quantity === 0 || lossAtStop(quantity, risk).lte(budget)).toBe(true);
          // A lot more would lose more than the budget, a price of the exchange's grid aside.
          expect(lossAtStop(more, { ...risk, stopDistance: stopDistance.times(1.000001) }).gt(budget)).toBe(
            true,
          );
        }
      }
    },
  );

  it('are held back by a cap when a stop is nearer than a quarter of a percent', () => {
    const [instrument] = tradable;
    if (!instrument) throw new Error('no instrument');
    const product = defaultProduct(instrument, 'momentum-breakout');
    const charges = table.termsOf({
      plan: DEFAULT_CHARGE_PLAN[currency],
      instrument,
      product,
      date: '2026-11-20',
    });
    const [price = 1] = prices;
    const near = { equity: money(capital), grossExposure: money(0), entryPrice: price, instrument, charges };
    const quantity = entryQuantity({ ...near, stopPrice: price * 0.99999, limits });
    expect(quantity * price).toBeLessThanOrEqual(limits.maxOrderNotional);
  });
});
