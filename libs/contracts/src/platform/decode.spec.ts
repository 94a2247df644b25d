import fc from 'fast-check';
import { decimalOf, MAX_JSON_DEPTH, parseJson, parseJsonObject } from './decode';

describe('reading JSON from outside', () => {
  it.each([
    ['{"a":[1,"]]]]"]}', { a: [1, ']]]]'] }],
    ['"\\"[[["', '"[[['],
    ['null', null],
    ['', undefined],
    ['{"a":', undefined],
    ['[1,]', undefined],
    ['\u0000', undefined],
  ])('reads %j', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it('refuses what is nested deeper than anybody needs', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(MAX_JSON_DEPTH))).toBeDefined();
    expect(parseJson(nested(MAX_JSON_DEPTH + 1))).toBeUndefined();
    expect(parseJson('{"a":'.repeat(1_000_000))).toBeUndefined();
  });

  it('gives objects where objects are expected', () => {
    expect(parseJsonObject('{"a":1}')).toEqual({ a: 1 });
    for (const text of ['[]', 'null', '1', '"{}"']) expect(parseJsonObject(text)).toBeUndefined();
  });

  it('reads whatever JSON writes, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void parseJson(text)),
      { numRuns: 10_000 },
    );
  });
});

describe('reading a decimal from outside', () => {
  it.each([
    ['61837.63000000', 61_837.63],
    [' 5 ', 5],
    ['-5', -5],
    ['1e-8', 1e-8],
    ['.5', 0.5],
    ['7.', 7],
    [0, 0],
  ])('%j is %d', (field, value) => {
    expect(decimalOf(field)).toBe(value);
  });

  it.each([
    '0x10',
    '0b1',
    '0o7',
    '',
    ' ',
    '1 2',
    '1,000',
    'Infinity',
    'NaN',
    '1e999',
    '--1',
    '1_000',
    '१२',
    '1'.repeat(65),
    null,
    undefined,
    true,
    [5],
    ['1'],
    {},
    Number.NaN,
    Number.POSITIVE_INFINITY,
    5n,
  ])('%p is no number', (field) => {
    expect(decimalOf(field)).toBeNaN();
  });
});
