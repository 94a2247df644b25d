import { formatCount, formatLarge, formatLargeIn, formatPrice } from './numbers';

describe('a price', () => {
  it.each([
    [0.00000855, 8, '0.00000855'],
    [0.00000045, 10, '0.0000004500'],
    [2.1234, 4, '2.1234'],
    [25_311, 2, '25,311.00'],
    [83.4275, 4, '83.4275'],
    [1_234_567.5, 1, '12,34,567.5'],
    [61_800, 0, '61,800'],
  ])('of %d with %d decimals is %s', (price, decimals, text) => {
    expect(formatPrice(price, decimals)).toBe(text);
  });

  it.each([
    [0.00000855, '0.00000855'],
    [2.1234, '2.1234'],
    [101.5, '101.50'],
    [101.56015500000001, '101.560155'],
    [null, '—'],
  ])('of an instrument that is not known, %d, is %s', (price, text) => {
    expect(formatPrice(price)).toBe(text);
  });
});

describe('a quantity', () => {
  it.each([
    [0.0000001, '0.0000001'],
    [0.3, '0.3'],
    [4_611_686_018, '4,61,16,86,018'],
  ])('of %d is %s', (quantity, text) => {
    expect(formatCount(quantity)).toBe(text);
  });
});

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

  it.each([
    [184_000_000_000, 'INR', '18,400 Cr'],
    [1_234_567_890, 'USD', '1.23B'],
    [98_765, 'USDT', '98.77K'],
    [12, 'USD', '12'],
  ])('%d of %s is %s', (value, currency, text) => {
    expect(formatLargeIn(value, currency)).toBe(text);
  });
});
