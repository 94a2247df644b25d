import { CallLimiter } from './call-limiter';

describe('the limiter of calls', () => {
  it('lets a second’s worth leave at once, and refuses what would wait too long', async () => {
    const limiter = new CallLimiter(5, () => 0);
    for (let call = 0; call < 5; call += 1) expect(await limiter.turn(0)).toBe(true);
    expect(await limiter.turn(0)).toBe(false);
  });

  it('refills evenly', async () => {
    let now = 0;
    const limiter = new CallLimiter(5, () => now);
    for (let call = 0; call < 5; call += 1) await limiter.turn(0);
    now = 200;
    expect(await limiter.turn(0)).toBe(true);
    expect(await limiter.turn(0)).toBe(false);
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
