import { VendorClock } from './vendor-clock';

const NINE = Date.parse('2026-11-20T03:30:00Z');

/** Trades once a second, each so long on its way. */
function hear(clock: VendorClock, offsetMs: number, from = NINE, seconds = 10, delays = [40, 900, 15]): void {
  for (let second = 0; second < seconds; second += 1) {
    const eventTime = from + second * 1_000;
    clock.observe(eventTime + offsetMs + (delays[second % delays.length] ?? 0), eventTime);
  }
}

describe("the vendor's clock", () => {
  it('is not known before the first trade, and nothing is taken out of an age', () => {
    const clock = new VendorClock();
    expect([clock.offsetMs, clock.remark, clock.lagMs(NINE + 700, NINE)]).toEqual([null, null, 700]);
  });

  it.each([
    ['right', 0, null],
    ['a second off', -1_000, null],
    ['8 s behind', -8_000, "this machine's clock is about 8 s behind the vendor's"],
    [
      '20 s ahead',
      20_000,
      "this machine's clock is about 20 s ahead of the vendor's, or its data come that late",
    ],
  ])('shows that ours is %s', (_title, offsetMs, remark) => {
    const clock = new VendorClock();
    hear(clock, offsetMs);
    expect(clock.offsetMs).toBe(offsetMs + 15);
    expect(clock.remark).toBe(remark);
  });

  it('takes a small difference out of ages, and leaves a large one in', () => {
    const near = new VendorClock();
    hear(near, 3_000);
    expect(near.lagMs(NINE + 3_100, NINE)).toBe(85);
    const far = new VendorClock();
    hear(far, 60_000);
    expect(far.lagMs(NINE + 60_100, NINE)).toBe(60_100);
  });

  it('never makes the price of yesterday young', () => {
    const clock = new VendorClock();
    hear(clock, 0);
    expect(clock.lagMs(NINE, NINE - 18 * 3_600_000)).toBeGreaterThan(17 * 3_600_000);
  });

  it('is not misled by single trades from the future', () => {
    const clock = new VendorClock();
    clock.observe(NINE, NINE + 86_400_000);
    hear(clock, 0);
    expect(clock.offsetMs).toBe(15);
  });

  it('is not moved by one trade that was stamped ahead of the others', () => {
    const clock = new VendorClock();
    hear(clock, 0, NINE, 50);
    clock.observe(NINE + 50_000, NINE + 54_900);
    expect(clock.lagMs(NINE + 200, NINE)).toBeLessThan(250);
  });

  it('forgets an offset two minutes after the clock was set right', () => {
    const clock = new VendorClock();
    hear(clock, -4_000);
    hear(clock, 0, NINE + 61_000);
    expect(clock.offsetMs).toBe(-3_985);
    hear(clock, 0, NINE + 125_000);
    hear(clock, 0, NINE + 190_000);
    expect(clock.offsetMs).toBe(15);
  });
});
