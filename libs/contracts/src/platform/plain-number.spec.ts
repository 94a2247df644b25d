import fc from 'fast-check';
import { plainNumber, plainNumbers } from './plain-number';

describe('plain numbers', () => {
  it.each([
    [1e-7, '0.0000001'],
    [4.2e-7, '0.00000042'],
    [-1.25e-10, '-0.000000000125'],
    [1e21, '1000000000000000000000'],
    [1.5e22, '15000000000000000000000'],
    [0.1, '0.1'],
    [0, '0'],
    [1234567.5, '1234567.5'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is %s', (value, text) => {
    expect(plainNumber(value)).toBe(text);
  });

  it('mean what the number means, without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = plainNumber(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('leave words and names as they are', () => {
    expect(plainNumbers('Limit 1.5e-7 of 1e-8, PEPE2e+9 3E5 0x1e-7 v1.2e-7')).toBe(
      'Limit 0.00000015 of 0.00000001, PEPE2e+9 3E5 0x1e-7 v1.2e-7',
    );
  });
});
