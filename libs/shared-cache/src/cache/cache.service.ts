import { Injectable } from '@nestjs/common';
import type { CacheStats, TierStats } from '@tickbridge/contracts';
import { MemcachedConnection } from '../connection/memcached.connection';
import { RedisConnection } from '../connection/redis.connection';
import { CacheValueError } from '../shared-cache.errors';
import { keys } from '../shared-cache.keys';
import { SharedCacheSettings } from '../shared-cache.options';
import { CacheCounters, type TierName } from './cache.counters';
import { CacheEngine } from './cache.engine';
import type { CacheNamespace } from './cache.namespace';
import { SteadyClock } from './clock';
import { deepFreeze } from './codec';
import type { Found, WriteOptions } from './entries';
import { type Loader, Loads } from './loads';
import { MemoryTier } from './memory.tier';
import { SystemRandomness } from './randomness';
import { RedisTier } from './redis.tier';

const L1_MAX_ENTRIES = 10_000;
const L1_MAX_BYTES = 64 * 1_024 * 1_024;

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
 * Values are frozen. No call fails or waits because Redis is away: reads and writes then stay in memory, and what
 * was written or deleted meanwhile reaches Redis when it is back, unless something newer is there.
 */
@Injectable()
export class CacheService {
  private readonly engine: CacheEngine;
  private readonly loads: Loads;
  private readonly memory: MemoryTier;
  private readonly counters = new CacheCounters();
  private readonly service: string;

  constructor(
    settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
    tier: RedisTier,
    side: MemcachedConnection,
  ) {
    const { service, l1MaxEntries = L1_MAX_ENTRIES, l1MaxBytes = L1_MAX_BYTES, metrics } = settings.value;
    this.service = service;
    this.memory = new MemoryTier(l1MaxEntries, l1MaxBytes);
    this.engine = new CacheEngine({
      tier,
      side,
      memory: this.memory,
      clock: new SteadyClock(),
      counters: this.counters,
      randomness: new SystemRandomness(),
    });
    this.loads = new Loads(this.engine, checked);
    if (metrics) {
      this.counters.publish(metrics, {
        entries: () => this.memory.size,
        bytes: () => this.memory.bytes,
        evicted: () => this.memory.evicted,
        owed: () => this.engine.owed.size,
      });
    }
  }

  /** Value of a key if this process's memory holds it and may serve it; asks nobody. */
  peek<T>(namespace: CacheNamespace<T>, key: string): T | undefined {
    return this.engine.trusted(namespace, key)?.value;
  }

  /**
   * Value of a key.
   *
   * @returns `undefined` when no tier holds a live value of this namespace's version
   */
  get<T>(namespace: CacheNamespace<T>, key: string): Promise<T | undefined> {
    const held = this.engine.trusted(namespace, key);
    // No further promise on the hot path.
    if (held === undefined) return this.engine.find(namespace, key).then((found) => found?.value);
    this.counters.read(namespace.name, 'l1', 'hit');
    return Promise.resolve(held.value);
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
    const found = await this.engine.find(namespace, key, allowStale);
    return found?.value === undefined ? undefined : this.toHit(found, found.value);
  }

  /** Values of many keys in one round trip. @returns those that are there, by key */
  async getMany<T>(namespace: CacheNamespace<T>, wanted: readonly string[]): Promise<Map<string, T>> {
    const found = await this.engine.findMany(namespace, wanted);
    const values = new Map<string, T>();
    for (const [key, { value }] of found) if (value !== undefined) values.set(key, value);
    return values;
  }

  /**
   * Stores a copy of a value.
   *
   * @param options other life than the namespace's (milliseconds), or that and tags
   * @throws CacheValueError when the value does not fit the namespace's schema
   */
  async set<T>(
    namespace: CacheNamespace<T>,
    key: string,
    value: T,
    options: number | CacheWriteOptions = {},
  ): Promise<void> {
    const copy = deepFreeze(checked(namespace, structuredClone(value)));
    this.loads.forgive(keys.cacheEntry(namespace.name, key));
    await this.engine.put(namespace, key, copy, toWriteOptions(options));
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
    await Promise.all(
      copies.map(([key, value]) => this.engine.put(namespace, key, value, toWriteOptions(options))),
    );
  }

  /** Removes a key everywhere. @returns whether a live value was there, as far as the tiers could be asked */
  async delete<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    this.loads.forgive(keys.cacheEntry(namespace.name, key));
    return this.engine.remove(namespace, key);
  }

  /** Removes many keys everywhere. @returns how many live values were there */
  async deleteMany<T>(namespace: CacheNamespace<T>, gone: readonly string[]): Promise<number> {
    const outcomes = await Promise.all(gone.map((key) => this.delete(namespace, key)));
    return outcomes.filter(Boolean).length;
  }

  async exists<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    return (await this.find(namespace, key)) !== undefined;
  }

  /** Remaining life of a key in milliseconds; `undefined` when it is not cached. */
  async ttl<T>(namespace: CacheNamespace<T>, key: string): Promise<number | undefined> {
    const found = await this.engine.find(namespace, key);
    return found && Math.max(0, found.entry.freshUntilMs - this.engine.clock.now());
  }

  /**
   * Cached value, or the loader's, which is then stored.
   *
   * One loader runs per key, across all processes: the others wait for its result. A result that was overtaken by a
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
    const found = await this.loads.get(namespace, key, loader, toWriteOptions(options));
    if (!this.engine.alive(found, false)) this.counters.stale(namespace.name);
    return found.value;
  }

  /** Like `getOrSet`, with the value's age and whether it is stale. */
  async fetch<T>(
    namespace: CacheNamespace<T>,
    key: string,
    loader: Loader<T | undefined>,
    options: number | CacheWriteOptions = {},
  ): Promise<CacheHit<T> | undefined> {
    const found = await this.loads.get(namespace, key, loader, toWriteOptions(options));
    return found.value === undefined ? undefined : this.toHit(found, found.value);
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
        const found = await this.loads.get(namespace, key, () => loader(key), toWriteOptions(options));
        if (found.value !== undefined) values.set(key, found.value);
      }),
    );
    return values;
  }

  /** From now on every value of the namespace written with this tag counts as gone, in every process. */
  async invalidateTag<T>(namespace: CacheNamespace<T>, tag: string): Promise<void> {
    await this.engine.clear(namespace, tag);
  }

  /** From now on every value of the namespace counts as gone, in every process. Other namespaces are untouched. */
  async clear<T>(namespace: CacheNamespace<T>): Promise<void> {
    await this.engine.clear(namespace);
  }

  /** Hits, misses and sizes as counted since start, with Redis' own figures. */
  async stats(): Promise<CacheStats> {
    return {
      service: this.service,
      tiers: [this.tierStats('l1', true), tierOff('l2'), this.tierStats('l3', this.redis.configured)],
      l1: { entries: this.memory.size, maxEntries: this.memory.maxEntries },
      loads: this.counters.loads,
      redis: await this.redis.status(),
    };
  }

  private toHit<T>(found: Found<T>, value: T): CacheHit<T> {
    const now = this.engine.clock.now();
    const { asOfMs, freshUntilMs } = found.entry;
    return { value, tier: found.tier, ageMs: Math.max(0, now - asOfMs), stale: freshUntilMs <= now };
  }

  private tierStats(tier: TierName, enabled: boolean): TierStats {
    const hits = this.counters.reads(tier, 'hit');
    const misses = this.counters.reads(tier, 'miss', 'unreadable');
    const reads = hits + misses;
    return {
      tier,
      enabled,
      hits,
      misses,
      hitRate: reads === 0 ? null : hits / reads,
      errors: this.counters.reads(tier, 'error'),
    };
  }
}

/** @throws CacheValueError when the value does not fit the namespace's schema */
function checked<T>(namespace: CacheNamespace<T>, value: T): T {
  const result = namespace.schema.safeParse(value);
  if (result.success) return result.data;
  throw new CacheValueError(`${namespace.name}: ${result.error.issues[0]?.message ?? 'value refused'}`);
}

function toWriteOptions(options: number | CacheWriteOptions): WriteOptions {
  return typeof options === 'number' ? { ttlMs: options } : options;
}

function tierOff(tier: 'l2'): TierStats {
  return { tier, enabled: false, hits: 0, misses: 0, hitRate: null, errors: 0 };
}
