import { formatLarge } from './numbers';

describe('a large number the Indian way', () => {
  it.each([
    [null, '—'],
    [0.5, '0.5'],
    [12_345, '12,345'],
    [250_000, '2.50 L'],
    [35_000_000, '3.50 Cr'],
    [1_234_000_000_000, '1.23 L Cr'],
    [-35_000_000, '-3.50 Cr'],
  ])('%d is %s', (value, text) => {
    expect(formatLarge(value)).toBe(text);
  });
});
