import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { z } from 'zod';
import { deepFreeze, ValueCodec } from '../src/cache/value.codec';

const position = z.object({
  symbol: z.string(),
  quantity: z.number(),
  side: z.enum(['long', 'short']).optional(),
  fills: z.array(z.object({ price: z.number(), at: z.string().nullable() })),
  notes: z.record(z.string(), z.object({ price: z.number(), at: z.string().nullable() })),
});
const positions = fc.record(
  {
    symbol: fc.string(),
    // Zero has no sign in msgpack.
    quantity: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
    side: fc.constantFrom('long' as const, 'short' as const),
    fills: fc.array(fc.record({ price: fc.integer(), at: fc.option(fc.string()) })),
    notes: fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.record({ price: fc.integer(), at: fc.option(fc.string()) }),
    ),
  },
  { requiredKeys: ['symbol', 'quantity', 'fills', 'notes'] },
);

describe('values as bytes', () => {
  const codec = new ValueCodec(position, 1);
  const peer = new ValueCodec(position, 1);

  it('come back as they were, in another process too', () => {
    fc.assert(
      fc.property(positions, fc.array(fc.string()), (value, tags) => {
        const decoded = peer.decode(codec.encode(position.parse(value), tags));
        expect(decoded).toEqual({ negative: false, value: position.parse(value), tags });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, z.ZodType, unknown]>([
    ['dates', z.object({ at: z.date() }), { at: new Date(1_700_000_000_000) }],
    ['maps', z.map(z.string(), z.number()), new Map([['a', 1]])],
    ['sets', z.set(z.number()), new Set([1, 2])],
    ['big integers', z.object({ n: z.bigint() }), { n: 2n ** 60n }],
    ['bytes', z.object({ raw: z.instanceof(Uint8Array) }), { raw: new Uint8Array([1, 2, 3]) }],
    ['one of several shapes', z.union([z.object({ a: z.number() }), z.string()]), { a: 1 }],
    ['an empty object', z.object({}), {}],
    ['null', z.null(), null],
    ['nesting without end', z.json(), { a: [{ b: [{ c: null }] }] }],
  ])('keep %s', (_what, schema, value) => {
    expect(new ValueCodec(schema, 1).decode(new ValueCodec(schema, 1).encode(value, []))).toMatchObject({
      value,
    });
  });

  it('remember that there is no such thing', () => {
    expect(codec.decode(codec.encode(undefined, ['t']))).toEqual({
      negative: true,
      value: undefined,
      tags: ['t'],
    });
  });

  it('carry no names of fields', () => {
    const bytes = codec.encode({ symbol: 'INFY', quantity: 1, fills: [], notes: {} }, []);
    expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/quantity|symbol/);
  });

  it.each<[string, z.ZodType, number]>([
    ['another version', position, 2],
    ['other fields', position.extend({ lots: z.number() }), 1],
    ['fields in another order', z.object({ quantity: z.number(), symbol: z.string() }), 1],
  ])('have another shape under %s', (_what, schema, version) => {
    expect(new ValueCodec(schema, version).shape).not.toBe(codec.shape);
  });

  it('are nothing when a single bit is another', () => {
    const good = codec.encode({ symbol: 'INFY', quantity: 1, fills: [{ price: 2, at: null }], notes: {} }, [
      't',
    ]);
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const spoilt = Buffer.from(good);
      spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codec.decode(spoilt)).toBeUndefined();
    }
    expect(codec.decode(good.subarray(0, -1))).toBeUndefined();
  });

  it('spoil nothing that is read after them, whoever made them', () => {
    const good = codec.encode(
      { symbol: 'INFY', quantity: 1, fills: [{ price: 2, at: null }], notes: {} },
      [],
    );
    const expected = codec.decode(good);
    const sealed = (body: Uint8Array) => {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(crc32(body), 1);
      return Buffer.concat([head, body]);
    };
    // Names a structure of its own where the schema's first one stands.
    const foreign = Buffer.from([0xd4, 0x72, 0x40, 0x92, 0xa1, 0x78, 0xa1, 0x79, 1, 2]);
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, bits, own) => {
        const body = own ? Buffer.from(good.subarray(5)) : Buffer.from(foreign);
        body[at % body.length] = (body[at % body.length] ?? 0) ^ bits;
        codec.decode(sealed(body));
        codec.decode(sealed(foreign));
        expect(codec.decode(good)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[string, z.ZodType]>([
    ['a described date', z.object({ at: z.date().describe('when') })],
    ['a date with a default', z.object({ at: z.date().default(() => new Date()) })],
    ['a map with meta data', z.map(z.string(), z.number()).meta({ title: 'm' })],
    ['anything', z.object({ x: z.any().describe('anything') })],
    ['further fields', z.looseObject({ a: z.number() })],
    ['one of several', z.union([z.date().describe('a'), z.string()])],
    ['a list of dates', z.array(z.object({ at: z.date().readonly() }))],
  ])('are copied for each caller where they hold %s', (_what, schema) => {
    expect(new ValueCodec(schema, 1).copies).toBe(true);
  });

  it('are frozen to the last part, also where the schema froze the outside alone', () => {
    const lists = new ValueCodec(z.array(z.object({ a: z.object({ b: z.number() }) })).readonly(), 1);
    const { value } = lists.decode(lists.encode([{ a: { b: 1 } }], [])) ?? {};
    expect([value, value?.[0], value?.[0]?.a].map(Object.isFrozen)).toEqual([true, true, true]);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(Object.isFrozen(deepFreeze(circle))).toBe(true);
  });

  it('are frozen, or copied where they hold what cannot be frozen', () => {
    expect([codec.copies, new ValueCodec(z.object({ at: z.date() }), 1).copies]).toEqual([false, true]);
    const { value } =
      codec.decode(codec.encode({ symbol: 'A', quantity: 1, fills: [], notes: {} }, [])) ?? {};
    expect([Object.isFrozen(value), Object.isFrozen(value?.fills)]).toEqual([true, true]);
  });
});
