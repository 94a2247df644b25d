import fc from 'fast-check';
import { money } from '../money/money';
import { ChargeTable } from '../charges/charge-table';
import { aShare } from '../testing/instruments';
import { fixedRiskQuantity, type FixedRiskInput } from './fixed-risk';
import { lossAtStop } from './risk-quantity';

const input = (values: Partial<FixedRiskInput> = {}): FixedRiskInput => ({
  equity: 1_000_000,
  riskFraction: 0.005,
  entryPrice: 100,
  stopPrice: 95,
  lotSize: 1,
  caps: { quantity: 100_000, notional: 10_000_000, buyingPower: 10_000_000 },
  ...values,
});

describe('the fixed-risk size', () => {
  it.each<[string, Partial<FixedRiskInput>, number]>([
    ['risks the fraction of equity at the stop', {}, 1_000],
    ['works the same for a stop above a short', { stopPrice: 105 }, 1_000],
    ['is rounded down to whole lots', { stopPrice: 93 }, 714],
    ['knows small lots', { equity: 100_000, entryPrice: 61_000, stopPrice: 60_900, lotSize: 0.00001 }, 5],
    [
      'has no float residue in small lots',
      { equity: 100, entryPrice: 60_000, stopPrice: 53_000, lotSize: 0.00001 },
      0.00007,
    ],
    ['is zero for a stop at the entry', { stopPrice: 100 }, 0],
    ['is zero without equity', { equity: 0 }, 0],
    ['is zero with negative equity', { equity: -5 }, 0],
    ['is capped by quantity', { caps: { quantity: 10, notional: 1e9, buyingPower: 1e9 } }, 10],
    ['is capped by notional', { caps: { quantity: 1e9, notional: 4_950, buyingPower: 1e9 } }, 49],
    ['is capped by buying power', { caps: { quantity: 1e9, notional: 1e9, buyingPower: 250 } }, 2],
    ['is zero without buying power', { caps: { quantity: 1e9, notional: 1e9, buyingPower: -1 } }, 0],
    [
      'follows the caps alone when there is no stop',
      { stopPrice: null, caps: { quantity: 7, notional: 1e9, buyingPower: 1e9 } },
      7,
    ],
  ])('%s', (_title, values, quantity) => {
    expect(fixedRiskQuantity(input(values))).toBe(quantity);
  });

  it('counts the charges of entry and exit as part of the loss', () => {
    const charges = new ChargeTable().termsOf({
      plan: 'zerodha/standard',
      instrument: aShare('ACME'),
      product: 'intraday',
      date: '2026-11-20',
    });
    expect(fixedRiskQuantity(input({ stopPrice: 99.5, charges }))).toBe(9_249);
    expect(fixedRiskQuantity(input({ stopPrice: 99.5 }))).toBe(10_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 500_000 }).map((n) => n / 100),
        fc.integer({ min: 1, max: 500 }).map((n) => n / 10_000),
        fc.integer({ min: 1_000, max: 50_000_000 }),
        (entryPrice, part, equity) => {
          const stopPrice = entryPrice * (1 - part);
          const caps = { quantity: 20_000, notional: 1e9, buyingPower: 1e9 };
          const quantity = fixedRiskQuantity(input({ entryPrice, stopPrice, equity, caps, charges }));
          const stopDistance = money(entryPrice).minus(stopPrice);
          const lossOf = (units: number) => lossAtStop(units, { price: entryPrice, stopDistance, charges });
          const budget = money(equity).times(0.005);
          expect(quantity === 0 || lossOf(quantity).lte(budget)).toBe(true);
          expect(quantity === caps.quantity || lossOf(quantity + 1).gt(budget)).toBe(true);
        },
      ),
    );
  });

  it('never risks or spends more than allowed, and is a whole number of lots', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }).map((n) => n / 100),
        fc.integer({ min: 1, max: 10_000_000 }).map((n) => n / 100),
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.constantFrom(1, 0.00001),
        (entryPrice, stopPrice, equity, lotSize) => {
          const caps = { quantity: 5_000, notional: 100_000, buyingPower: equity };
          const quantity = money(fixedRiskQuantity(input({ entryPrice, stopPrice, equity, lotSize, caps })));
          expect(quantity.mod(lotSize).isZero()).toBe(true);
          expect(quantity.times(entryPrice).lte(Math.min(caps.notional, equity))).toBe(true);
          const loss = quantity.times(money(entryPrice).minus(stopPrice).abs());
          expect(loss.lte(money(equity).times(0.005))).toBe(true);
        },
      ),
    );
  });
});
