import { CallLimiter } from './call-limiter';

describe('the limiter of calls', () => {
  it('lets a quarter of a second’s calls leave at once, and refuses what would wait too long', async () => {
    const limiter = new CallLimiter(8, () => 0);
    for (let call = 0; call < 2; call += 1) expect(await limiter.turn(0)).toBe(true);
    expect(await limiter.turn(0)).toBe(false);
  });

  it('never lets more leave in any second than it was told', async () => {
    let now = 0;
    const limiter = new CallLimiter(8, () => now);
    const left: number[] = [];
    for (; now < 5_000; now += 10) if (await limiter.turn(0)) left.push(now);
    const inSecondFrom = (from: number) => left.filter((at) => at >= from && at < from + 1_000).length;
    expect(Math.max(...left.map(inSecondFrom))).toBeLessThanOrEqual(8);
    expect(left.length).toBeGreaterThan(25);
  });

  it('pauses longer after each further 429, as long as the broker says, and never without end', async () => {
    let now = 0;
    const limiter = new CallLimiter(5, () => now);
    const free = async (at: number) => {
      now = at;
      return limiter.turn(0);
    };
    limiter.refused(undefined);
    expect([await free(999), await free(1_000)]).toEqual([false, true]);
    limiter.refused(undefined);
    expect([await free(2_999), await free(3_000)]).toEqual([false, true]);
    limiter.refused(5_000);
    expect([await free(7_999), await free(8_000)]).toEqual([false, true]);
    limiter.refused(3_600_000);
    expect(await free(38_000)).toBe(true);
  });
});
