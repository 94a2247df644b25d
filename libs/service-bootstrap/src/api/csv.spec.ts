import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvLine } from './csv';

describe('a row of CSV', () => {
  it('is read back as it was written, formulas as text', () => {
    const harmless = fc.string({ unit: 'binary' }).filter((text) => !/^[=+\-@\t\r]/.test(text));
    fc.assert(
      fc.property(fc.array(harmless, { minLength: 2, maxLength: 6 }), (cells) => {
        expect(parse(csvLine(cells))).toEqual([cells]);
      }),
    );
  });

  it.each([
    [[1, -2.5, '-1204.35', null, undefined], '1,-2.5,-1204.35,,\r\n'],
    [[1e-7, -4.2e-8, 1e21], '0.0000001,-0.000000042,1000000000000000000000\r\n'],
    [['=1+1', '-cmd', '+x', '@y', '-1e5'], "'=1+1,'-cmd,'+x,'@y,'-1e5\r\n"],
    [['a "b", c', 'two\nlines'], '"a ""b"", c","two\nlines"\r\n'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});
