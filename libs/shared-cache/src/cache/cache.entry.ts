import type { CacheNamespace } from './cache.namespace';

/** A cached value with its times (ms since 1970). */
export interface CacheEntry<T> {
  readonly value: T;
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** Short names: the envelope is stored with every value. */
interface Envelope {
  v: number;
  s: number;
  e: number;
  d: unknown;
}

export function encodeEntry<T>(namespace: CacheNamespace<T>, entry: CacheEntry<T>): string {
  const envelope: Envelope = { v: namespace.version, s: entry.storedAt, e: entry.expiresAt, d: entry.value };
  return JSON.stringify(envelope);
}

/** @returns `undefined` for anything this namespace did not write: corrupt, foreign, or of another version */
export function decodeEntry<T>(namespace: CacheNamespace<T>, text: string): CacheEntry<T> | undefined {
  let envelope: Partial<Envelope> | null;
  try {
    envelope = JSON.parse(text) as Partial<Envelope> | null;
  } catch {
    return undefined;
  }
  if (typeof envelope !== 'object' || envelope === null) return undefined;
  if (envelope.v !== namespace.version || typeof envelope.s !== 'number' || typeof envelope.e !== 'number') {
    return undefined;
  }
  const parsed = namespace.schema.safeParse(envelope.d);
  if (!parsed.success) return undefined;
  return { value: deepFreeze(parsed.data), storedAt: envelope.s, expiresAt: envelope.e };
}

/** Makes a value nobody can change: what one caller does to a hit must not reach the next. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
