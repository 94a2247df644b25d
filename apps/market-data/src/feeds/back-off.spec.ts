import fc from 'fast-check';
import { backOffMs, CONNECTION_BACK_OFF, REFUSAL_BACK_OFF } from './back-off';

describe('back-off', () => {
  it('grows and is capped', () => {
    const longest = [0, 1, 2, 3, 10, 100].map((attempt) => backOffMs(attempt, CONNECTION_BACK_OFF, () => 1));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
  });

  it('waits at least ten seconds after a refused login, and longer each time', () => {
    const waits = [0, 1, 2, 3, 9].map((attempt) => backOffMs(attempt, REFUSAL_BACK_OFF, () => 0.5));
    expect(waits).toEqual([10_000, 15_000, 25_000, 45_000, 65_000]);
  });

  it('stays between floor and cap for any attempt and any luck', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, luck) => {
        const wait = backOffMs(attempt, CONNECTION_BACK_OFF, () => luck);
        expect(wait).toBeGreaterThanOrEqual(CONNECTION_BACK_OFF.floorMs);
        expect(wait).toBeLessThanOrEqual(CONNECTION_BACK_OFF.capMs);
      }),
    );
  });
});
