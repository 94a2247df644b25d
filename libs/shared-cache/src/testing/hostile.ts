import fc from 'fast-check';

/** How many inputs each boundary is tried with; FUZZ_RUNS asks for more. */
export const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 100_000);

/** Values that readers were seen to stumble over, or that look like something they are not. */
const NASTY = [
  null,
  true,
  '',
  ' ',
  '0x10',
  '1e999',
  '-5',
  'NaN',
  'Infinity',
  '__proto__',
  '\u0000',
  '9007199254740993',
  0,
  -0,
  -1,
  1e308,
  -1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  8.64e15 + 1,
  [],
  [[]],
  {},
  { toString: 1 },
  { valueOf: 1, toString: null },
  { toJSON: 1 },
  { length: 1e9 },
  JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
] as const;

const nasty = fc.oneof(fc.constantFrom<unknown>(...NASTY), fc.jsonValue({ maxDepth: 3 }));

/** Every place in a value, as the way to it. */
function placesIn(value: unknown, way: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, part]) => placesIn(part, [...way, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  const parts = copy as Record<string, unknown>;
  parts[key] = replaced(parts[key], rest, by);
  return copy;
}

/** Values like the samples, with some of their parts replaced by what does not belong there. */
export function hostileValues(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .constantFrom(...samples)
    .chain((sample) =>
      fc
        .array(fc.tuple(fc.constantFrom(...placesIn(sample)), nasty), { minLength: 1, maxLength: 3 })
        .map((changes) => changes.reduce((value, [way, by]) => replaced(value, way, by), sample)),
    );
}

/** The same as JSON texts, and texts that are cut, doubled or no JSON at all. */
export function hostileTexts(samples: readonly unknown[]): fc.Arbitrary<string> {
  const texts = hostileValues(samples).map((value) => JSON.stringify(value) ?? 'undefined');
  const spoilt = fc
    .tuple(texts, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 }))
    .map(
      ([text, at, by]) =>
        text.slice(0, at % (text.length + 1)) + by + text.slice((at % (text.length + 1)) + 1),
    );
  const nested = fc.nat(3).map((kind) => ['[', '{"a":', '[[{"b":', '"['][kind]?.repeat(20_000) ?? '');
  return fc.oneof(
    { weight: 70, arbitrary: texts },
    { weight: 25, arbitrary: spoilt },
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: nested },
  );
}

/** Bytes like the samples with some of them changed, cut or added. */
export function hostileBytes(samples: readonly Uint8Array[]): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 6 }), fc.nat(), fc.boolean())
    .map(([sample, changes, end, cut]) => {
      const bytes = Buffer.from(sample);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return cut ? bytes.subarray(0, end % (bytes.length + 1)) : bytes;
    });
}
