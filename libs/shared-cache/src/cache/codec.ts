import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packr } from 'msgpackr';
import type { CacheNamespace } from './cache.namespace';

/** Smaller values are not worth the time to compress (bytes). */
const COMPRESS_FROM_BYTES = 8_192;

/** First byte of a payload: what the rest is. Any other bit makes it foreign. */
const DEFLATED = 1;
const NEGATIVE = 2;
const TAGGED = 4;
const KNOWN_FLAGS = DEFLATED | NEGATIVE | TAGGED;

/** What a namespace's payload says. `negative`: it is known that there is no such thing. */
export type Decoded<T> =
  | { readonly negative: false; readonly value: T; readonly tags: readonly string[] }
  | { readonly negative: true; readonly value: undefined; readonly tags: readonly string[] };

const NO_TAGS: readonly string[] = Object.freeze([]);
const AFTER_FLAGS = { start: 1 };
const packr = new Packr({ useRecords: false });

/** @param value `undefined`: it is known that there is no such thing */
export function encodeValue(value: unknown, tags: readonly string[]): Uint8Array {
  const flags = (value === undefined ? NEGATIVE : 0) | (tags.length > 0 ? TAGGED : 0);
  const content = value === undefined ? null : value;
  const packed = packr.pack(tags.length > 0 ? [tags, content] : content);
  if (packed.length < COMPRESS_FROM_BYTES) return withFlags(flags, packed);
  const deflated = deflateRawSync(packed, { level: 1 });
  return deflated.length < packed.length ? withFlags(flags | DEFLATED, deflated) : withFlags(flags, packed);
}

/** @returns `undefined` for anything that is not a value of this namespace: corrupt, foreign, of another shape */
export function decodeValue<T>(
  namespace: Pick<CacheNamespace<T>, 'schema' | 'memory'>,
  payload: Uint8Array,
): Decoded<T> | undefined {
  const content = unpack(payload);
  if (content === undefined) return undefined;
  const { tags, value, negative } = content;
  if (negative) return { negative, value: undefined, tags };
  const parsed = namespace.schema.safeParse(value);
  if (!parsed.success) return undefined;
  // Where nothing is kept in memory every caller has a copy of his own.
  return { negative, value: namespace.memory ? deepFreeze(parsed.data) : parsed.data, tags };
}

/** Tags a payload was written with. */
export function tagsOf(payload: Uint8Array): readonly string[] {
  return unpack(payload)?.tags ?? NO_TAGS;
}

function withFlags(flags: number, body: Uint8Array): Uint8Array {
  const payload = Buffer.allocUnsafe(1 + body.length);
  payload[0] = flags;
  payload.set(body, 1);
  return payload;
}

function unpack(
  payload: Uint8Array,
): { tags: readonly string[]; value: unknown; negative: boolean } | undefined {
  const flags = payload[0];
  if (flags === undefined || (flags & ~KNOWN_FLAGS) !== 0) return undefined;
  const negative = (flags & NEGATIVE) !== 0;
  try {
    const content: unknown =
      (flags & DEFLATED) !== 0
        ? packr.unpack(inflateRawSync(payload.subarray(1)))
        : packr.unpack(payload, AFTER_FLAGS);
    if ((flags & TAGGED) === 0) return { tags: NO_TAGS, value: content, negative };
    if (!Array.isArray(content) || !Array.isArray(content[0])) return undefined;
    return { tags: content[0].map(String), value: content[1], negative };
  } catch {
    // Corrupt bytes are a miss, which the caller counts.
    return undefined;
  }
}

/** Makes a value nobody can change: what one caller does to a hit must not reach the next. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  // Bytes cannot be frozen.
  if (ArrayBuffer.isView(value)) return value;
  for (const name in value) {
    const part = value[name];
    if (typeof part === 'object') deepFreeze(part);
  }
  return Object.freeze(value);
}
