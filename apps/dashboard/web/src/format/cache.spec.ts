import { formatDuration, formatUse, hitRateOf } from './cache';

describe('a hit rate', () => {
  it.each([
    ['is not told before the first read', 0, 0, null],
    ['is not told of a few lucky reads', 99, 0, null],
    ['is told from a hundred reads on', 99, 1, '99.0%'],
    ['may be none at all', 0, 100, '0.0%'],
  ])('%s', (_, hits, misses, expected) => {
    expect(hitRateOf(hits, misses)).toBe(expected);
  });
});

describe('memory in use', () => {
  it.each([
    ['is told with its limit', 12_340_000, 2e9, '12.3 MB of 2.00 GB'],
    ['is told alone where there is no limit', 12_340_000, 0, '12.3 MB'],
    ['is absent while nobody could be asked', undefined, undefined, '—'],
  ])('%s', (_, used, max, expected) => {
    expect(formatUse(used, max)).toBe(expected);
  });
});

describe('the duration of a slow command', () => {
  it.each([
    [850, '850 µs'],
    [12_400, '12.4 ms'],
    [999_949, '999.9 ms'],
    [999_950, '1.00 s'],
    [1_250_000, '1.25 s'],
  ])('%d is %s', (microseconds, expected) => {
    expect(formatDuration(microseconds)).toBe(expected);
  });
});
