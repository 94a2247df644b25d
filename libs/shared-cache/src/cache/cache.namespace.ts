import type { z } from 'zod';
import { CACHE_TTL_MS, type CacheKind } from '../shared-cache.ttl';

/**
 * One kind of cached value: its name in Redis, its shape and how long it lives.
 *
 * A key can only be read with the type it was written with; entries of another version count as misses.
 */
export interface CacheNamespace<T> {
  readonly name: string;
  /** Raise it when the value's shape changes. */
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** Life of a value in milliseconds. */
  readonly ttlMs: number;
}

const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * Declares a cache namespace.
 *
 * @param kind entry of the TTL policy the values live by
 */
export function cacheNamespace<T>(declaration: {
  name: string;
  version: number;
  schema: z.ZodType<T>;
  kind: CacheKind;
}): CacheNamespace<T> {
  const { name, version, schema, kind } = declaration;
  if (!NAME.test(name))
    throw new TypeError(`expected a cache namespace like "market-overview", came "${name}"`);
  return Object.freeze({ name, version, schema, ttlMs: CACHE_TTL_MS[kind] });
}
