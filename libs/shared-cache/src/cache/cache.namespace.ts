import { z } from 'zod';
import { CACHE_TTL_MS, type CacheKind } from '../contract/shared-cache.ttl';
import { ValueCodec } from './value.codec';

/** `l1` this process's memory, `l2` Memcached, `l3` Redis. */
export type CacheTier = 'l1' | 'l2' | 'l3';

/** How one kind of cached value behaves beyond its life. Each field has a default that suits most. */
export interface CacheBehaviour {
  /** How long after its life a value may still be served, marked stale, when it cannot be loaded (ms; default 0). */
  readonly graceMs: number;
  /** How long "there is no such thing" is remembered (ms; default 0: not at all). */
  readonly negativeTtlMs: number;
  /** A caller waits this long for a load before it takes a stale value (ms; default: until the load ends). */
  readonly softTimeoutMs: number | undefined;
  /** A caller waits this long for a load in any case (ms; default: until the load ends). */
  readonly hardTimeoutMs: number | undefined;
  /** After a failed load no process loads the key for this long (ms; default 1,000). */
  readonly backoffMs: number;
  /** Part of the life after which a hit starts a load in the background (0 to 1; default: never). */
  readonly refreshAheadAt: number | undefined;
  /** Each life is shortened at random by up to this part, so that not all end at once (0 to 1; default 0). */
  readonly ttlJitter: number;
  /** A loader whose process died is replaced after this long (ms; default 2,000). */
  readonly leaseMs: number;
}

/**
 * One kind of cached value: its name in Redis, its shape and how long it lives.
 *
 * A key can only be read with the type it was written with; entries of another version count as misses.
 */
export interface CacheNamespace<T> extends CacheBehaviour {
  readonly name: string;
  /** Raise it when the value's shape changes. */
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** Life of a value in milliseconds. */
  readonly ttlMs: number;
  /** Whether values are kept in this process's memory, in Memcached, in Redis. */
  readonly memory: boolean;
  readonly side: boolean;
  readonly shared: boolean;
  readonly codec: ValueCodec<T>;
  /** Whose part of a per-user namespace this is. */
  readonly owner: string | undefined;
  /** All parts of a per-user namespace together: it can be cleared, and nothing else. */
  readonly all: boolean;
}

/** A namespace of which each user has a part of his own; only a part can be read or written. */
export interface UserCacheNamespace<T> {
  readonly name: string;
  /** @throws TypeError for an empty id: nobody's part would be everybody's */
  of(userId: string): CacheNamespace<T>;
  /** All users' parts together, for `CacheService.clear`. */
  readonly all: CacheNamespace<never>;
}

interface Declaration<T> extends Partial<CacheBehaviour> {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
  readonly kind: CacheKind;
  readonly tiers?: readonly CacheTier[];
}

/** Names in use: two namespaces of one name would read each other's values. */
const declared = new Set<string>();

/** Longest time a timer can run (milliseconds). */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Half a character, which no text on the wire can hold. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const NAME = /^[a-z][a-z0-9-]*$/;

const DEFAULTS: CacheBehaviour = {
  graceMs: 0,
  negativeTtlMs: 0,
  softTimeoutMs: undefined,
  hardTimeoutMs: undefined,
  backoffMs: 1_000,
  refreshAheadAt: undefined,
  ttlJitter: 0,
  leaseMs: 2_000,
};

/**
 * Declares a cache namespace, once per process.
 *
 * @param kind entry of the TTL policy the values live by
 * @param tiers where values are kept (default: every tier there is); Memcached's copies need Redis to prove them
 * @param scope `public` (default), or `user`: every user has a part of his own
 * @throws TypeError for a name that is no name or is declared already, or tiers that do not fit together
 */
export function cacheNamespace<T>(
  declaration: Declaration<T> & { readonly scope: 'user' },
): UserCacheNamespace<T>;
export function cacheNamespace<T>(
  declaration: Declaration<T> & { readonly scope?: 'public' },
): CacheNamespace<T>;
export function cacheNamespace<T>(
  declaration: Declaration<T> & { readonly scope?: 'public' | 'user' },
): CacheNamespace<T> | UserCacheNamespace<T> {
  const { name, kind, scope = 'public', tiers = ['l1', 'l2', 'l3'], ...given } = declaration;
  const rest = { ...given, ...behaviourOf(name, given) };
  if (!NAME.test(name)) {
    throw new TypeError(`expected a cache namespace like "market-overview", came "${name}"`);
  }
  if (name === 'http') throw new TypeError('the name "http" belongs to the response cache');
  if (!(kind in CACHE_TTL_MS)) throw new TypeError(`${name}: there is no TTL policy for "${String(kind)}"`);
  if (declared.has(name)) throw new TypeError(`the cache namespace "${name}" is declared already`);
  const [memory, side, shared] = (['l1', 'l2', 'l3'] as const).map((tier) => tiers.includes(tier));
  if ((side && !shared) || (!memory && !shared)) {
    throw new TypeError(`${name}: expected tiers with l1 or l3, and l2 only with l3, came ${tiers.join()}`);
  }
  declared.add(name);
  const places = { memory: memory === true, side: side === true, shared: shared === true };
  const codec = new ValueCodec(rest.schema, rest.version, places.memory);
  const common = { ...rest, ...places, name, codec, ttlMs: CACHE_TTL_MS[kind] };
  const part = (owner: string | undefined, all = false): CacheNamespace<T> =>
    Object.freeze({ ...common, owner, all });
  if (scope === 'public') return part(undefined);
  return Object.freeze({
    name,
    of: (userId: string) => part(userOf(name, userId)),
    all: allOf(part(undefined, true)),
  });
}

const ms = z.number().nonnegative();
const part = z.number().min(0).max(1);
const behaviourSchema = z.object({
  graceMs: ms.default(DEFAULTS.graceMs),
  negativeTtlMs: ms.default(DEFAULTS.negativeTtlMs),
  softTimeoutMs: z.number().positive().max(MAX_TIMER_MS).optional(),
  hardTimeoutMs: z.number().positive().max(MAX_TIMER_MS).optional(),
  backoffMs: ms.default(DEFAULTS.backoffMs),
  refreshAheadAt: part.optional(),
  ttlJitter: part.default(DEFAULTS.ttlJitter),
  leaseMs: z.number().min(50).max(MAX_TIMER_MS).default(DEFAULTS.leaseMs),
});

/** @throws TypeError that names the option */
function behaviourOf(name: string, given: Partial<CacheBehaviour>): CacheBehaviour {
  const { success, data, error } = behaviourSchema.safeParse(given);
  if (!success) {
    const [issue] = error.issues;
    throw new TypeError(`${name}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { softTimeoutMs, hardTimeoutMs, refreshAheadAt, ...rest } = data;
  return { ...rest, softTimeoutMs, hardTimeoutMs, refreshAheadAt };
}

function userOf(name: string, userId: string): string {
  // Not only what the compiler knows: an id that is missing must never become everybody's.
  if (typeof userId !== 'string' || userId === '' || LONE_SURROGATE.test(userId)) {
    throw new TypeError(
      `${name}: expected a user's id, came ${userId === '' ? 'an empty text' : typeof userId}`,
    );
  }
  return userId;
}

/** Nothing can be read from it or written to it, as no value is of type `never`. */
function allOf(namespace: CacheNamespace<unknown>): CacheNamespace<never> {
  return namespace as CacheNamespace<never>;
}
