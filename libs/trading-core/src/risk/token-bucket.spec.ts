import fc from 'fast-check';
import { tokensLeft } from './token-bucket';

describe('the token bucket', () => {
  it.each([
    ['full when nothing was taken', [], 5],
    ['one less for each one taken just now', [0, 0], 3],
    ['refilled by time', [500], 5],
    ['never fuller than its size', [60_000], 5],
    ['emptied by the burst before, not only by the newest', [0, 10, 10, 10, 10], 0],
  ])('is %s', (_title, agesMs, left) => {
    const now = 1_000_000;
    const taken = agesMs.map((ageMs) => now - ageMs);
    expect(tokensLeft(taken, now, { size: 5, perMinute: 120 })).toBeCloseTo(left, 1);
  });

  it('lets no stretch of time have more than its size and its refill', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 120 }), (gaps) => {
        const rate = { size: 4, perMinute: 60 };
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const recent = taken.filter((at) => at > now - 60_000).reverse();
          if (tokensLeft(recent, now, rate) >= 1) taken.push(now);
        }
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            if (last < first || to - from > 60_000) continue;
            expect(last - first + 1).toBeLessThanOrEqual(rate.size + (to - from) / 1_000 + 1e-9);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
