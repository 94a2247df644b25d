import { PublisherClock } from '../src/live-market-data/publisher-clock';

const QUARTER_HOUR_MS = 15 * 60_000;

describe('how far a reader is from the clock that stamps ticks', () => {
  it('is the difference of what both are from Redis', () => {
    const clock = new PublisherClock(() => -QUARTER_HOUR_MS);
    expect(clock.aheadMs).toBe(0);
    clock.told(2_000);
    expect(clock.aheadMs).toBe(-QUARTER_HOUR_MS - 2_000);
    expect(clock.toLocal(QUARTER_HOUR_MS + 2_000)).toBe(0);
  });

  it('comes from an answer over HTTP where one of them has no Redis', () => {
    const clock = new PublisherClock(() => null);
    clock.told(2_000);
    clock.answered(1_000_000, 400, 1_060_200);
    expect(clock.aheadMs).toBe(60_000);
  });

  it('is not told by a publisher of before when the new one never reached Redis', () => {
    const clock = new PublisherClock(() => 0);
    clock.told(QUARTER_HOUR_MS);
    clock.told(null);
    expect(clock.aheadMs).toBe(0);
    clock.answered(1_000_000, 0, 1_005_000);
    expect(clock.aheadMs).toBe(5_000);
  });

  it('is nothing while they agree as closely as it can be measured', () => {
    const clock = new PublisherClock(() => 200);
    clock.told(0);
    expect(clock.aheadMs).toBe(0);
  });
});
