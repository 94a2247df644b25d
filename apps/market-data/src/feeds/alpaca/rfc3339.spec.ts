import { parseRfc3339 } from './rfc3339';

describe('times of Alpaca', () => {
  it.each([
    ['2026-11-27T15:51:44.208123456Z', '2026-11-27T15:51:44.208Z'],
    // 208.9999 ms are in millisecond 208, and the last nanosecond of a second is in that second.
    ['2026-11-27T15:51:44.208999999Z', '2026-11-27T15:51:44.208Z'],
    ['2026-11-27T15:51:44.999999999Z', '2026-11-27T15:51:44.999Z'],
    ['2021-02-22T15:51:44.2Z', '2021-02-22T15:51:44.200Z'],
    ['2021-02-22T15:51:44Z', '2021-02-22T15:51:44.000Z'],
    ['2021-02-22T10:51:44.5-05:00', '2021-02-22T15:51:44.500Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseRfc3339(text)).toISOString()).toBe(expected);
  });

  it.each([['2026-11-27 15:51:44Z'], ['2026-11-27T15:51:44'], ['soon'], [''], [1_732_722_704], [null]])(
    '%s is none',
    (text) => {
      expect(parseRfc3339(text)).toBeNaN();
    },
  );
});
