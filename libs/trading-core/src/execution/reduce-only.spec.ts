import { reduceOnlyMatch } from './reduce-only';

const filled = (quantity: number) => ({ triggered: false, canceled: false, fill: { quantity, price: 100 } });

describe('an order that must only reduce, shown the market', () => {
  it('fills as any other while so much is held', () => {
    expect(reduceOnlyMatch(filled(10), 'SELL', 10)).toEqual(filled(10));
    expect(reduceOnlyMatch(filled(10), 'BUY', '-12')).toEqual(filled(10));
  });

  it('fills what is left of the position, and the rest goes', () => {
    expect(reduceOnlyMatch(filled(10), 'SELL', 4)).toEqual({ ...filled(4), canceled: true });
  });

  it.each([0, -5])('fills nothing when %d is held', (held) => {
    const gone = { triggered: false, canceled: true, fill: undefined };
    expect(reduceOnlyMatch(filled(10), 'SELL', held)).toEqual(gone);
  });

  it('goes on resting while it is not met', () => {
    const asleep = { triggered: false, canceled: false, fill: undefined };
    expect(reduceOnlyMatch(asleep, 'SELL', 0)).toEqual(asleep);
  });
});
