import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packr } from 'msgpackr';
import type { CacheNamespace } from './cache.namespace';

/** Smaller values are not worth the time to compress (bytes). */
const COMPRESS_FROM_BYTES = 8_192;

const PLAIN = 0;
const DEFLATED = 1;
const NEGATIVE = 2;

/** What a namespace's payload says. `negative`: it is known that there is no such thing. */
export type Decoded<T> =
  | { readonly negative: false; readonly value: T; readonly tags: readonly string[] }
  | { readonly negative: true; readonly value: undefined; readonly tags: readonly string[] };

const packr = new Packr({ useRecords: false });

/** First byte: how the rest is encoded. The rest: msgpack of `[tags, value]`. */
export function encodeValue(value: unknown, tags: readonly string[]): Uint8Array {
  // Room for the first byte, so that the value is not copied to get it.
  const packed = packr.pack([tags, value]);
  if (packed.length < COMPRESS_FROM_BYTES) return Buffer.concat([Buffer.of(PLAIN), packed]);
  const deflated = deflateRawSync(packed, { level: 1 });
  return deflated.length < packed.length
    ? Buffer.concat([Buffer.of(DEFLATED), deflated])
    : Buffer.concat([Buffer.of(PLAIN), packed]);
}

export function encodeNegative(tags: readonly string[]): Uint8Array {
  return Buffer.concat([Buffer.of(NEGATIVE), packr.pack([tags, null])]);
}

/** @returns `undefined` for anything that is not a value of this namespace: corrupt, foreign, of another shape */
export function decodeValue<T>(
  namespace: Pick<CacheNamespace<T>, 'schema'>,
  payload: Uint8Array,
): Decoded<T> | undefined {
  const content = unpack(payload);
  if (content === undefined) return undefined;
  const [tags, value] = content;
  if (payload[0] === NEGATIVE) return { negative: true, value: undefined, tags };
  const parsed = namespace.schema.safeParse(value);
  return parsed.success ? { negative: false, value: deepFreeze(parsed.data), tags } : undefined;
}

/** Tags a payload was written with. */
export function tagsOf(payload: Uint8Array): readonly string[] {
  return unpack(payload)?.[0] ?? [];
}

function unpack(payload: Uint8Array): [tags: string[], value: unknown] | undefined {
  const kind = payload[0];
  if (kind !== PLAIN && kind !== DEFLATED && kind !== NEGATIVE) return undefined;
  const body = payload.subarray(1);
  try {
    const content: unknown = packr.unpack(kind === DEFLATED ? inflateRawSync(body) : body);
    if (!Array.isArray(content) || !Array.isArray(content[0])) return undefined;
    return [content[0].map(String), content[1]];
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
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
