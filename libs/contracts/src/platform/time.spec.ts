import fc from 'fast-check';
import { toIso } from './time';

describe('a time as text', () => {
  it('is that of Date, whatever was asked before', () => {
    const earliest = Date.UTC(-1, 0);
    const latest = Date.UTC(20_000, 0);
    const near = fc.tuple(
      fc.integer({ min: earliest, max: latest }),
      fc.array(fc.integer({ min: -3_000, max: 3_000 })),
    );
    fc.assert(
      fc.property(near, ([start, steps]) => {
        for (const step of [0, ...steps])
          expect(toIso(start + step)).toBe(new Date(start + step).toISOString());
      }),
    );
  });

  it('loses fractions of a millisecond as Date does', () => {
    for (const ms of [1_767_584_700_000, 1_767_584_700_000.7, 1_767_584_700_999.9, -0.5, -500, -999.5, -1])
      expect(toIso(ms)).toBe(new Date(ms).toISOString());
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])('refuses %p', (ms) => {
    toIso(0);
    expect(() => toIso(ms)).toThrow(RangeError);
  });
});
