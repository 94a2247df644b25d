import type { TierName } from './cache.counters';
import type { CacheNamespace } from './cache.namespace';
import { type Decoded, deepFreeze } from './value.codec';
import type { MemoryEntry } from './memory.tier';
import type { CacheRecord } from './record';
import type { NewRecord, SharedTier } from './shared-tier';

/** A value found, with what is known about it. */
export interface Found<T> {
  /** `undefined`: it is known that there is no such thing. */
  readonly value: T | undefined;
  readonly tier: TierName;
  readonly entry: MemoryEntry<T>;
}

export interface WriteOptions {
  readonly ttlMs?: number | undefined;
  readonly tags?: readonly string[] | undefined;
}

export function fromMemory<T>(entry: MemoryEntry<T>): Found<T> {
  return { value: entry.value, tier: 'l1', entry };
}

/** What a shared tier holds, as memory keeps it: its age and the rest of its life, not new ones. */
export function fromRecord<T>(
  namespace: CacheNamespace<T>,
  key: string,
  record: CacheRecord,
  value: T | undefined,
  tags: readonly string[],
  tier: Pick<SharedTier, 'toLocal'>,
  epoch: number,
): MemoryEntry<T> {
  const freshUntilMs = tier.toLocal(record.expiresAt);
  return {
    value,
    tags,
    bytes: (record.payload?.length ?? 0) + key.length,
    asOfMs: tier.toLocal(record.asOf / 1_000),
    freshUntilMs,
    staleUntilMs: freshUntilMs + (value === undefined ? 0 : namespace.graceMs),
    version: record.version,
    asOf: record.asOf,
    own: false,
    epoch,
  };
}

/** A write of this process that shared memory has not taken yet. */
export function fromWrite<T>(
  key: string,
  madeAtMs: number,
  record: NewRecord,
  decoded: Decoded<T>,
  epoch: number,
): MemoryEntry<T> {
  const freshUntilMs = madeAtMs + record.ttlMs;
  return {
    value: deepFreeze(decoded.value),
    tags: decoded.tags,
    bytes: record.payload.length + key.length,
    asOfMs: madeAtMs,
    freshUntilMs,
    staleUntilMs: freshUntilMs + record.graceMs,
    version: 0,
    asOf: 0,
    own: false,
    epoch,
  };
}

/** A value that was loaded and is handed to its callers, but not kept. */
export function notKept<T>(value: T | undefined, ttlMs: number, asOfMs: number): Found<T> {
  const freshUntilMs = asOfMs + ttlMs;
  const times = { asOfMs, freshUntilMs, staleUntilMs: freshUntilMs };
  const entry = { value, tags: [], bytes: 0, ...times, version: 0, asOf: 0, own: false, epoch: 0 };
  return { value, tier: 'l3', entry };
}

/** @param chance from 0 to 1: by how much of the namespace's jitter the life is shortened */
export function toRecord<T>(
  namespace: CacheNamespace<T>,
  value: T | undefined,
  { ttlMs, tags = [] }: WriteOptions,
  chance: number,
): { record: NewRecord; tags: readonly string[] } {
  const negative = value === undefined;
  const life = ttlMs ?? (negative ? namespace.negativeTtlMs : namespace.ttlMs);
  const record: NewRecord = {
    payload: namespace.codec.encode(value, tags),
    shape: namespace.codec.shape,
    ttlMs: life * (1 - namespace.ttlJitter * chance),
    graceMs: negative ? 0 : namespace.graceMs,
  };
  return { record, tags };
}

export function isAlive(entry: MemoryEntry, allowStale: boolean, nowMs: number): boolean {
  return allowStale ? entry.staleUntilMs > nowMs : entry.freshUntilMs > nowMs;
}
