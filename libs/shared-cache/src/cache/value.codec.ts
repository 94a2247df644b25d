import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packr } from 'msgpackr';
import { z } from 'zod';

/** Smaller values are not worth the time to compress (bytes). */
const COMPRESS_FROM_BYTES = 8_192;
/** So many kinds of objects are packed without their names (msgpackr's own limit). */
const MAX_STRUCTURES = 32;

/** First byte of a payload: what the rest is. Any other bit makes it foreign. */
const DEFLATED = 1;
const NEGATIVE = 2;
const TAGGED = 4;
const KNOWN_FLAGS = DEFLATED | NEGATIVE | TAGGED;

const NO_TAGS: readonly string[] = Object.freeze([]);
/** Flags, and a checksum of everything else. */
const HEAD_BYTES = 5;
const AFTER_HEAD = { start: HEAD_BYTES };

/** What a payload says. `negative`: it is known that there is no such thing. */
export type Decoded<T> =
  | { readonly negative: false; readonly value: T; readonly tags: readonly string[] }
  | { readonly negative: true; readonly value: undefined; readonly tags: readonly string[] };

interface Content {
  readonly tags: readonly string[];
  readonly value: unknown;
  readonly negative: boolean;
}

/**
 * Turns values of one schema into bytes and back: msgpack, deflated from 8 KiB on.
 *
 * The names of the schema's fields are not part of the bytes, as every process knows them from the schema. They are
 * part of `shape` instead, which each record carries: bytes of other fields, or of another version, are a miss.
 */
export class ValueCodec<T> {
  /** What bytes must have been written under to be read here (32 bits). */
  readonly shape: number;
  /** Whether values may hold what cannot be frozen (dates, maps, sets, bytes): each caller then gets a copy. */
  readonly copies: boolean;
  private readonly packr: Packr;

  /** @param freezes whether what is decoded is shared between callers and therefore frozen */
  constructor(
    private readonly schema: z.ZodType<T>,
    version: number,
    private readonly freezes = true,
  ) {
    const { structures, opaque } = describe(schema);
    this.copies = opaque;
    this.shape = crc32(JSON.stringify([version, structures]));
    this.packr = new Packr({
      useRecords: true,
      moreTypes: true,
      getStructures: () => structures.map((names) => [...names]),
      maxSharedStructures: structures.length,
      // Nobody else would know of further ones.
      shouldShareStructure: () => false,
    });
  }

  /** @param value `undefined`: it is known that there is no such thing */
  encode(value: T | undefined, tags: readonly string[]): Uint8Array {
    const flags = (value === undefined ? NEGATIVE : 0) | (tags.length > 0 ? TAGGED : 0);
    const content = value === undefined ? null : value;
    const packed = this.packr.pack(tags.length > 0 ? [tags, content] : content);
    if (packed.length < COMPRESS_FROM_BYTES) return withFlags(flags, packed);
    const deflated = deflateRawSync(packed, { level: 1 });
    return deflated.length < packed.length ? withFlags(flags | DEFLATED, deflated) : withFlags(flags, packed);
  }

  /** @returns `undefined` for anything that is not a value of this schema */
  decode(payload: Uint8Array): Decoded<T> | undefined {
    const content = this.unpack(payload);
    if (content === undefined) return undefined;
    const { tags, value, negative } = content;
    if (negative) return { negative, value: undefined, tags };
    const parsed = this.schema.safeParse(value);
    if (!parsed.success) return undefined;
    return { negative, value: this.freezes ? deepFreeze(parsed.data) : parsed.data, tags };
  }

  /** Tags a payload was written with. */
  tagsOf(payload: Uint8Array): readonly string[] {
    return this.unpack(payload)?.tags ?? NO_TAGS;
  }

  private unpack(payload: Uint8Array): Content | undefined {
    const flags = payload[0];
    if (flags === undefined || (flags & ~KNOWN_FLAGS) !== 0 || !isWhole(payload)) return undefined;
    const negative = (flags & NEGATIVE) !== 0;
    try {
      const content: unknown =
        (flags & DEFLATED) !== 0
          ? this.packr.unpack(inflateRawSync(payload.subarray(HEAD_BYTES)))
          : this.packr.unpack(payload, AFTER_HEAD);
      if ((flags & TAGGED) === 0) return { tags: NO_TAGS, value: content, negative };
      if (!Array.isArray(content) || !Array.isArray(content[0])) return undefined;
      return { tags: content[0].map(String), value: content[1], negative };
    } catch {
      // Corrupt bytes are a miss, which the caller counts.
      return undefined;
    }
  }
}

/** Makes a value nobody can change: what one caller does to a hit must not reach the next. */
export function deepFreeze<T>(value: T, seen?: Set<object>): T {
  if (typeof value !== 'object' || value === null) return value;
  // Bytes cannot be frozen.
  if (ArrayBuffer.isView(value)) return value;
  let visited = seen;
  if (Object.isFrozen(value)) {
    // Somebody froze the outside of it alone, or it holds itself.
    if (visited?.has(value)) return value;
    visited = new Set(visited).add(value);
  }
  Object.freeze(value);
  for (const name in value) {
    const part = value[name];
    if (typeof part === 'object') deepFreeze(part, visited);
  }
  return value;
}

function withFlags(flags: number, body: Uint8Array): Uint8Array {
  const payload = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  payload[0] = flags;
  payload.writeUInt32BE(crc32(body, flags), 1);
  payload.set(body, HEAD_BYTES);
  return payload;
}

/** Whether no bit is another than when it was written. */
function isWhole(payload: Uint8Array): boolean {
  if (payload.length < HEAD_BYTES) return false;
  const [flags = 0, a = 0, b = 0, c = 0, d = 0] = payload;
  const expected = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return crc32(payload.subarray(HEAD_BYTES), flags) === expected;
}

interface Description {
  /** Names of the fields of each kind of object, with and without the optional ones. */
  readonly structures: readonly (readonly string[])[];
  /** Whether there are parts of which nothing is said: anything, or what JSON does not know. */
  readonly opaque: boolean;
}

function describe(schema: z.ZodType): Description {
  const found = new Map<string, readonly string[]>();
  let opaque = false;
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const part = node as JsonSchema;
    if (!SAYS_WHAT.some((word) => word in part)) opaque = true;
    const names = Object.keys(part.properties ?? {});
    const needed = names.filter((name) => part.required?.includes(name));
    for (const each of [names, needed]) if (each.length > 0) found.set(each.join('\n'), each);
    for (const word of HOLDS_ONE) visit(part[word]);
    for (const word of HOLDS_SEVERAL) for (const inner of Object.values(part[word] ?? {})) visit(inner);
  };
  try {
    visit(z.toJSONSchema(schema, { unrepresentable: 'any', reused: 'inline', io: 'output' }));
  } catch {
    // What cannot be described has its names in the bytes, and may be anything.
    return { structures: [], opaque: true };
  }
  return { structures: [...found.values()].slice(0, MAX_STRUCTURES), opaque };
}

/** Words of JSON Schema that tell what a value is; a part without any of them may be anything. */
const SAYS_WHAT = ['type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', '$ref', 'not'] as const;
const HOLDS_ONE = ['items', 'additionalProperties', 'not'] as const;
const HOLDS_SEVERAL = ['properties', 'prefixItems', 'anyOf', 'oneOf', 'allOf', '$defs'] as const;

type JsonSchema = Readonly<
  Partial<
    Record<(typeof HOLDS_ONE)[number], unknown> &
      Record<(typeof HOLDS_SEVERAL)[number], Record<string, unknown>>
  >
> & { readonly required?: readonly string[] };
