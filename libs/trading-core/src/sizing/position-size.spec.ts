import { money } from '../money/money';
import { averageTrueRange } from './average-true-range';
import { boundedSize, riskBound } from './position-size';

describe('the position size', () => {
  it.each([
    ['the risk at the stop', 1_000_000, 0.005, 5, 1_000],
    ['a stop on the other side', 1_000_000, 0.005, -5, 1_000],
    ['nothing for a stop at the entry', 1_000_000, 0.005, 0, 0],
  ])('allows %s', (_title, equity, fraction, distance, quantity) => {
    expect(riskBound(equity, fraction, 1, { price: 100, stopDistance: distance }).toNumber()).toBe(quantity);
  });

  it('is the smallest bound in whole lots, and says which', () => {
    const bounds = { risk: money('10.7'), buyingPower: money('9.99'), notional: money(50) };
    expect(boundedSize(bounds, 1)).toEqual({ quantity: 9, boundBy: 'buyingPower' });
    expect(boundedSize({ risk: money('0.000079') }, 0.00001)).toEqual({ quantity: 0.00007, boundBy: 'risk' });
  });

  it('is zero, never negative', () => {
    expect(boundedSize({ buyingPower: money(-3) }, 1).quantity).toBe(0);
    expect(boundedSize({}, 1).quantity).toBe(0);
  });
});

describe('the average true range', () => {
  it('counts gaps between bars', () => {
    const bars = [
      { high: 101, low: 99, close: 100 },
      { high: 111, low: 109, close: 110 },
      { high: 111, low: 109, close: 110 },
    ];
    expect(averageTrueRange(bars, 3)).toBeCloseTo((2 + 11 + 2) / 3, 10);
  });

  it('is not known of too few bars', () => {
    expect(averageTrueRange([{ high: 2, low: 1, close: 1 }], 3)).toBeUndefined();
  });
});
