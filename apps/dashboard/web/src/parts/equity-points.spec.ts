import { drawdownsOf, onceASecond } from './equity-points';

describe('the points of an equity chart', () => {
  it('keep the last value of a second', () => {
    const points = [
      { at: '2026-11-20T05:00:00.100Z', equity: '100' },
      { at: '2026-11-20T05:00:00.900Z', equity: '101.5' },
      { at: '2026-11-20T05:00:01.000Z', equity: '99' },
    ];
    const first = Date.parse('2026-11-20T05:00:00Z') / 1_000;
    expect(onceASecond(points)).toEqual([
      { second: first, value: 101.5 },
      { second: first + 1, value: 99 },
    ]);
  });

  it('fall from the highest value so far', () => {
    const values = [100, 104, 101, 105].map((value, second) => ({ second, value }));
    expect(drawdownsOf(values).map(({ value }) => value)).toEqual([0, 0, 3, 0]);
  });
});
