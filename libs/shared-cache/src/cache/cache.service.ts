import { Injectable } from '@nestjs/common';
import type { CacheStats, TierStats } from '@tickbridge/contracts';
import type { Observable } from 'rxjs';
import { MemcachedConnection } from '../connection/memcached.connection';
import { RedisConnection } from '../connection/redis.connection';
import { CacheValueError } from '../contract/shared-cache.errors';
import { keys } from '../contract/shared-cache.keys';
import { SharedCacheSettings } from '../contract/shared-cache.options';
import type { TierName } from './cache.counters';
import { CacheEngine } from './cache.engine';
import type { CacheEvent } from './cache.events';
import type { CacheNamespace } from './cache.namespace';
import { deepFreeze } from './value.codec';
import { type Found, fromMemory, type WriteOptions } from './entries';
import { type Loader, Loads } from './loads';
import { ownerTag, placeOf } from './owner';

/** A value found in the cache, where, and how old it is. */
export interface CacheHit<T> {
  readonly value: T;
  readonly tier: TierName;
  /** Milliseconds since the value was written, or since its load began; moving between tiers does not renew it. */
  readonly ageMs: number;
  /** Past its life, served within the namespace's grace. */
  readonly stale: boolean;
}

/** What a write may state beyond its namespace. */
export interface CacheWriteOptions {
  /** Other life than the namespace's (milliseconds). */
  ttlMs?: number;
  /** Names under which `invalidateTag` finds the value. */
  tags?: readonly string[];
}

/**
 * Cache of recomputable values: memory in front of Redis, coherent across processes.
 *
 * Values are frozen, or copied for each caller where they hold what cannot be. No call fails or waits because Redis is away: reads and writes then stay in memory, and what
 * was written or deleted meanwhile reaches Redis when it is back, unless something newer is there.
 */
@Injectable()
export class CacheService {
  private readonly loads: Loads;

  constructor(
    private readonly settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
    private readonly memcached: MemcachedConnection,
    private readonly engine: CacheEngine,
  ) {
    this.loads = new Loads(engine, checked);
  }

  /** What the cache does, without values. */
  get events$(): Observable<CacheEvent> {
    return this.engine.events.events$;
  }

  /** Value of a key if this process's memory holds it and may serve it; asks nobody. */
  peek<T>(namespace: CacheNamespace<T>, key: string): T | undefined {
    return handOut(namespace, this.engine.trusted(namespace, placeOf(namespace, key))?.value);
  }

  /**
   * Value of a key.
   *
   * @returns `undefined` when no tier holds a live value of this namespace's version
   */
  get<T>(namespace: CacheNamespace<T>, key: string): Promise<T | undefined> {
    const { engine } = this;
    const place = placeOf(namespace, key);
    const held = engine.trusted(namespace, place);
    // No further promise on the hot path.
    if (held === undefined) {
      return engine.find(namespace, place).then((found) => {
        if (engine.events.wanted) this.tell(namespace, key, found);
        return handOut(namespace, found?.value);
      });
    }
    engine.counters.read(namespace.name, 'l1', 'hit');
    if (engine.events.wanted) this.tell(namespace, key, fromMemory(held));
    return Promise.resolve(handOut(namespace, held.value));
  }

  /**
   * Like `get`, with the tier that answered and the value's age.
   *
   * @param options.allowStale also a value past its life, within the namespace's grace
   */
  async find<T>(
    namespace: CacheNamespace<T>,
    key: string,
    { allowStale = false }: { allowStale?: boolean } = {},
  ): Promise<CacheHit<T> | undefined> {
    const found = await this.engine.find(namespace, placeOf(namespace, key), allowStale);
    this.tell(namespace, key, found);
    return found?.value === undefined ? undefined : this.toHit(found, handOut(namespace, found.value));
  }

  /** Values of many keys in one round trip. @returns those that are there, by key */
  async getMany<T>(namespace: CacheNamespace<T>, wanted: readonly string[]): Promise<Map<string, T>> {
    const places = wanted.map((key) => placeOf(namespace, key));
    const found = await this.engine.findMany(namespace, places);
    const values = new Map<string, T>();
    for (const [at, key] of wanted.entries()) {
      const value = handOut(namespace, found.get(places[at] ?? '')?.value);
      if (value !== undefined) values.set(key, value);
    }
    return values;
  }

  /**
   * Stores a copy of a value.
   *
   * @param options other life than the namespace's (milliseconds), or that and tags
   * @throws CacheValueError when the value does not fit the namespace's schema; TypeError for a life that is none
   */
  async set<T>(
    namespace: CacheNamespace<T>,
    key: string,
    value: T,
    options: number | CacheWriteOptions = {},
  ): Promise<void> {
    const copy = deepFreeze(checked(namespace, structuredClone(value)));
    await this.store(namespace, key, copy, toWriteOptions(namespace, options));
  }

  /** Stores copies of many values; all or none fit the schema. */
  async setMany<T>(
    namespace: CacheNamespace<T>,
    values: Iterable<readonly [string, T]>,
    options: number | CacheWriteOptions = {},
  ): Promise<void> {
    const copies = [...values].map(
      ([key, value]) => [key, deepFreeze(checked(namespace, structuredClone(value)))] as const,
    );
    const how = toWriteOptions(namespace, options);
    await Promise.all(copies.map(([key, value]) => this.store(namespace, key, value, how)));
  }

  /** Removes a key everywhere. @returns whether a live value was there, as far as the tiers could be asked */
  async delete<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    const place = placeOf(namespace, key);
    this.loads.clearFailure(keys.cacheEntry(namespace.name, place));
    const was = await this.engine.remove(namespace, place);
    this.engine.events.emit({ kind: 'deleted', namespace: namespace.name, key });
    return was;
  }

  /** Removes many keys everywhere. @returns how many live values were there */
  async deleteMany<T>(namespace: CacheNamespace<T>, gone: readonly string[]): Promise<number> {
    const outcomes = await Promise.all(gone.map((key) => this.delete(namespace, key)));
    return outcomes.filter(Boolean).length;
  }

  async exists<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    return (await this.engine.find(namespace, placeOf(namespace, key)))?.value !== undefined;
  }

  /** Remaining life of a key in milliseconds; `undefined` when it is not cached. */
  async ttl<T>(namespace: CacheNamespace<T>, key: string): Promise<number | undefined> {
    const found = await this.engine.find(namespace, placeOf(namespace, key));
    return found && Math.max(0, found.entry.freshUntilMs - this.engine.clock.now());
  }

  /**
   * Cached value, or the loader's, which is then stored.
   *
   * One loader runs per key, across all processes: the others wait for its result. A result that was superseded by a
   * write, deletion or invalidation while it was loaded is handed to its callers but not kept. A loader that
   * answers `undefined` says that there is no such thing, which is remembered for `negativeTtlMs`.
   *
   * @throws what the loader throws when nothing stale may be served; CacheLoadError within the back-off after that;
   * CacheLoadTimeoutError after `hardTimeoutMs`
   */
  getOrSet<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T>,
    options?: number | CacheWriteOptions,
  ): Promise<T>;
  getOrSet<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options?: number | CacheWriteOptions,
  ): Promise<T | undefined>;
  async getOrSet<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: number | CacheWriteOptions = {},
  ): Promise<T | undefined> {
    return handOut(namespace, (await this.load(namespace, key, loader, options)).value);
  }

  /** Like `getOrSet`, with the value's age and whether it is stale. */
  async fetch<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: number | CacheWriteOptions = {},
  ): Promise<CacheHit<T> | undefined> {
    const found = await this.load(namespace, key, loader, options);
    return found.value === undefined ? undefined : this.toHit(found, handOut(namespace, found.value));
  }

  /**
   * Values of many keys; those that are missing are loaded, each once.
   *
   * @param loader called per missing key
   */
  async getOrSetMany<T>(
    namespace: CacheNamespace<T>,
    wanted: readonly string[],
    loader: (key: string) => Promise<T | undefined>,
    options: number | CacheWriteOptions = {},
  ): Promise<Map<string, T>> {
    const values = await this.getMany(namespace, wanted);
    const missing = [...new Set(wanted)].filter((key) => !values.has(key));
    await Promise.all(
      missing.map(async (key) => {
        const { value } = await this.load(namespace, key, () => loader(key), options);
        if (value !== undefined) values.set(key, handOut(namespace, value));
      }),
    );
    return values;
  }

  /** From now on every value of the namespace written with this tag counts as gone, in every process. */
  async invalidateTag<T>(namespace: CacheNamespace<T>, tag: string): Promise<void> {
    await this.engine.clear(namespace, tag);
    this.engine.events.emit({ kind: 'cleared', namespace: namespace.name, tag });
  }

  /**
   * From now on every value of the namespace counts as gone, in every process; of one user's part of it, every value
   * of that user. Other namespaces and users are untouched.
   */
  async clear<T>(namespace: CacheNamespace<T>): Promise<void> {
    await this.engine.clear(namespace, ownerTag(namespace));
    this.engine.events.emit({ kind: 'cleared', namespace: namespace.name });
  }

  /** Hits, misses and sizes as counted since start, with Redis' and Memcached's own figures. */
  async stats(): Promise<CacheStats> {
    const { memory, counters } = this.engine;
    const [redis, memcached] = await Promise.all([
      this.redis.status(),
      this.memcached.configured ? this.memcached.status() : undefined,
    ]);
    return {
      service: this.settings.value.service,
      tiers: [
        this.tierStats('l1', true),
        this.tierStats('l2', this.memcached.configured),
        this.tierStats('l3', this.redis.configured),
      ],
      l1: { entries: memory.size, maxEntries: memory.maxEntries },
      loads: counters.loads,
      redis,
      ...(memcached && { memcached }),
    };
  }

  private async store<T>(
    namespace: CacheNamespace<T>,
    key: string,
    value: T,
    options: WriteOptions,
  ): Promise<void> {
    const place = placeOf(namespace, key);
    this.loads.clearFailure(keys.cacheEntry(namespace.name, place));
    await this.engine.put(namespace, place, value, options);
    this.engine.events.emit({ kind: 'written', namespace: namespace.name, key });
  }

  private async load<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: number | CacheWriteOptions,
  ): Promise<Found<T>> {
    const how = toWriteOptions(namespace, options);
    const found = await this.loads.get(namespace, placeOf(namespace, key), loader, how);
    if (this.engine.alive(found, false)) return found;
    this.engine.counters.stale(namespace.name);
    this.engine.events.emit({ kind: 'stale', namespace: namespace.name, key });
    return found;
  }

  private tell({ name }: CacheNamespace<unknown>, key: string, found: Found<unknown> | undefined): void {
    const { events } = this.engine;
    if (found?.value === undefined) events.emit({ kind: 'miss', namespace: name, key });
    else events.emit({ kind: 'hit', namespace: name, key, tier: found.tier });
  }

  private toHit<T>(found: Found<T>, value: T): CacheHit<T> {
    const now = this.engine.clock.now();
    const { asOfMs, freshUntilMs } = found.entry;
    return { value, tier: found.tier, ageMs: Math.max(0, now - asOfMs), stale: freshUntilMs <= now };
  }

  private tierStats(tier: TierName, enabled: boolean): TierStats {
    const { counters } = this.engine;
    const hits = counters.reads(tier, 'hit');
    const misses = counters.reads(tier, 'miss', 'unreadable');
    const reads = hits + misses;
    return {
      tier,
      enabled,
      hits,
      misses,
      hitRate: reads === 0 ? null : hits / reads,
      errors: counters.reads(tier, 'error'),
    };
  }
}

/** @throws CacheValueError when the value does not fit the namespace's schema */
function checked<T>(namespace: CacheNamespace<T>, value: T): T {
  const result = namespace.schema.safeParse(value);
  if (result.success) return result.data;
  throw new CacheValueError(`${namespace.name}: ${result.error.issues[0]?.message ?? 'value refused'}`);
}

/** Frozen values are shared between callers; what cannot be frozen is copied for each. */
function handOut<T, V extends T | undefined>({ codec }: CacheNamespace<T>, value: V): V {
  return codec.copies ? structuredClone(value) : value;
}

function toWriteOptions(
  namespace: CacheNamespace<unknown>,
  options: number | CacheWriteOptions,
): WriteOptions {
  const given = typeof options === 'number' ? { ttlMs: options } : options;
  if (given.ttlMs !== undefined && !(given.ttlMs > 0 && Number.isFinite(given.ttlMs))) {
    throw new TypeError(`${namespace.name}: expected ttlMs above 0, came ${given.ttlMs}`);
  }
  const owned = ownerTag(namespace);
  return owned === undefined ? given : { ...given, tags: [...(given.tags ?? []), owned] };
}
