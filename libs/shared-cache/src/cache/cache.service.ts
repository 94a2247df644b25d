import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { CacheStats, TierStats } from '@tickbridge/contracts';
import { RedisConnection } from '../connection/redis.connection';
import { CacheValueError } from '../shared-cache.errors';
import { keys } from '../shared-cache.keys';
import { SharedCacheSettings } from '../shared-cache.options';
import { CacheCounters, type TierName } from './cache.counters';
import { type CacheEntry, decodeEntry, deepFreeze, encodeEntry } from './cache.entry';
import type { CacheNamespace } from './cache.namespace';
import { Coherence } from './coherence';
import { MemoryTier } from './memory.tier';
import { type PendingWrite, WriteBehind } from './write-behind';

const L1_MAX_ENTRIES = 10_000;
const PENDING_MAX_ENTRIES = 10_000;
const REPLAY_DEADLINE_MS = 1_000;
const RETRY_DELAY_MS = 250;

/** A value found in the cache, where, and how old it is. */
export interface CacheHit<T> {
  readonly value: T;
  readonly tier: TierName;
  readonly ageMs: number;
}

/** A read or load under way; an invalidation that arrives meanwhile forbids keeping its result. */
interface Flight {
  overtaken: boolean;
}

/**
 * Cache of recomputable values: memory in front of Redis, coherent across processes.
 *
 * Values are frozen. No call fails or waits because Redis is away: reads and writes then stay in memory, and what
 * was written or deleted meanwhile reaches Redis when it is back.
 */
@Injectable()
export class CacheService implements OnModuleInit {
  private readonly logger = new Logger('Cache');
  private readonly memory: MemoryTier;
  private readonly pending = new WriteBehind(PENDING_MAX_ENTRIES);
  private readonly flights = new Map<string, Set<Flight>>();
  private readonly loading = new Map<string, Promise<unknown>>();
  private readonly counters: CacheCounters;
  private readonly service: string;

  constructor(
    settings: SharedCacheSettings,
    private readonly redis: RedisConnection,
    private readonly coherence: Coherence,
  ) {
    this.service = settings.value.service;
    this.memory = new MemoryTier(settings.value.l1MaxEntries ?? L1_MAX_ENTRIES);
    this.counters = new CacheCounters(settings.value.metrics);
  }

  onModuleInit(): void {
    this.coherence.invalidated$.subscribe((changed) => this.invalidate(changed));
    this.redis.available$.subscribe((available) => {
      if (available) void this.replay();
    });
  }

  /**
   * Value of a key.
   *
   * @returns `undefined` when no tier holds a live value of this namespace's version
   */
  async get<T>(namespace: CacheNamespace<T>, key: string): Promise<T | undefined> {
    return (await this.find(namespace, key))?.value;
  }

  /** Like `get`, with the tier that answered and the value's age since it was first stored. */
  async find<T>(namespace: CacheNamespace<T>, key: string): Promise<CacheHit<T> | undefined> {
    const redisKey = keys.cacheEntry(namespace.name, key);
    const held = this.fromMemory(namespace, redisKey);
    if (held) return hit(held, 'l1');
    const fetched = await this.fromRedis(namespace, redisKey);
    return fetched && hit(fetched, 'l3');
  }

  /**
   * Stores a copy of a value.
   *
   * @param ttlMs shorter life than the namespace's (milliseconds)
   * @throws CacheValueError when the value does not fit the namespace's schema
   */
  async set<T>(namespace: CacheNamespace<T>, key: string, value: T, ttlMs = namespace.ttlMs): Promise<void> {
    const checked = namespace.schema.safeParse(structuredClone(value));
    if (!checked.success) {
      throw new CacheValueError(`${namespace.name}: ${checked.error.issues[0]?.message ?? 'value refused'}`);
    }
    const now = Date.now();
    const entry = { value: deepFreeze(checked.data), storedAt: now, expiresAt: now + ttlMs };
    const redisKey = keys.cacheEntry(namespace.name, key);
    const text = encodeEntry(namespace, entry);
    this.overtake(redisKey);
    this.memory.set(redisKey, entry);
    await this.write(redisKey, { text, expiresAt: entry.expiresAt });
  }

  /** Removes a key everywhere. @returns whether a live value was there, as far as the tiers could be asked */
  async delete<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    const redisKey = keys.cacheEntry(namespace.name, key);
    this.overtake(redisKey);
    const held = this.memory.get(redisKey, Date.now()) !== undefined;
    this.memory.delete(redisKey);
    return (await this.write(redisKey, { deleted: true })) || held;
  }

  async exists<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    return (await this.find(namespace, key)) !== undefined;
  }

  /** Remaining life of a key in milliseconds; `undefined` when it is not cached. */
  async ttl<T>(namespace: CacheNamespace<T>, key: string): Promise<number | undefined> {
    const redisKey = keys.cacheEntry(namespace.name, key);
    const entry = this.fromMemory(namespace, redisKey) ?? (await this.fromRedis(namespace, redisKey));
    return entry && Math.max(0, entry.expiresAt - Date.now());
  }

  /**
   * Cached value, or the loader's, which is then stored.
   *
   * Callers of one process share one loader run per key. A result that was overtaken by a write, deletion or
   * invalidation while it was loaded is handed to its callers but not kept.
   *
   * @throws what the loader throws; nothing is stored then
   */
  async getOrSet<T>(namespace: CacheNamespace<T>, key: string, loader: () => Promise<T>): Promise<T> {
    const found = await this.get(namespace, key);
    if (found !== undefined) return found;
    const redisKey = keys.cacheEntry(namespace.name, key);
    const running = this.loading.get(redisKey) as Promise<T> | undefined;
    if (running) return running;
    const load = this.load(namespace, key, redisKey, loader).finally(() => this.loading.delete(redisKey));
    this.loading.set(redisKey, load);
    return load;
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

  private async load<T>(
    namespace: CacheNamespace<T>,
    key: string,
    redisKey: string,
    loader: () => Promise<T>,
  ): Promise<T> {
    const flight = this.takeOff(redisKey);
    try {
      const value = await loader();
      this.counters.load(namespace.name, 'ok');
      if (!flight.overtaken) await this.set(namespace, key, value);
      return this.memory.get<T>(redisKey, Date.now())?.value ?? deepFreeze(structuredClone(value));
    } catch (error) {
      this.counters.load(namespace.name, 'failed');
      throw error;
    } finally {
      this.land(redisKey, flight);
    }
  }

  private fromMemory<T>(namespace: CacheNamespace<T>, redisKey: string): CacheEntry<T> | undefined {
    // While Redis answers but its invalidations do not reach us, memory may hold what others have changed.
    if (this.redis.available && !this.coherence.armed) return undefined;
    const entry = this.memory.get<T>(redisKey, Date.now());
    this.counters.read(namespace.name, 'l1', entry ? 'hit' : 'miss');
    return entry;
  }

  private async fromRedis<T>(
    namespace: CacheNamespace<T>,
    redisKey: string,
  ): Promise<CacheEntry<T> | undefined> {
    const pending = this.pending.get(redisKey);
    if (pending) return this.fromPending(namespace, pending);
    if (!this.redis.available) return undefined;
    const flight = this.takeOff(redisKey);
    try {
      const text = await this.redis.run((redis) => redis.get(redisKey));
      const entry = text === null ? undefined : decodeEntry(namespace, text);
      const live = entry && entry.expiresAt > Date.now() ? entry : undefined;
      this.counters.read(
        namespace.name,
        'l3',
        live ? 'hit' : text !== null && !entry ? 'unreadable' : 'miss',
      );
      if (live && !flight.overtaken && this.coherence.armed) this.memory.set(redisKey, live);
      return live;
    } catch {
      // Counted, and Redis' own log tells why; to the caller this is a miss.
      this.counters.read(namespace.name, 'l3', 'error');
      return undefined;
    } finally {
      this.land(redisKey, flight);
    }
  }

  /** A write of ours that Redis has not seen yet is newer than anything Redis holds. */
  private fromPending<T>(namespace: CacheNamespace<T>, write: PendingWrite): CacheEntry<T> | undefined {
    if ('deleted' in write || write.expiresAt <= Date.now()) return undefined;
    return decodeEntry(namespace, write.text);
  }

  /** @returns for a deletion, whether Redis held the key */
  private async write(redisKey: string, write: PendingWrite): Promise<boolean> {
    this.pending.put(redisKey, write);
    if (!this.redis.available) return false;
    try {
      return await this.send(redisKey, write);
    } catch {
      // It stays pending and is sent again: when Redis is back, or soon when it only was slow.
      this.counters.read('write', 'l3', 'error');
      setTimeout(() => void this.replay(), RETRY_DELAY_MS).unref();
      return false;
    }
  }

  private async send(redisKey: string, write: PendingWrite, deadlineMs?: number): Promise<boolean> {
    const outcome = await this.redis.run(async (redis) => {
      if ('deleted' in write) return (await redis.del(redisKey)) > 0;
      const remainingMs = write.expiresAt - Date.now();
      if (remainingMs > 0) await redis.set(redisKey, write.text, 'PX', remainingMs);
      else await redis.del(redisKey);
      return true;
    }, deadlineMs);
    this.pending.done(redisKey, write);
    return outcome;
  }

  private async replay(): Promise<void> {
    const writes = this.pending.list();
    if (writes.length === 0 || !this.redis.available) return;
    try {
      for (const [redisKey, write] of writes) await this.send(redisKey, write, REPLAY_DEADLINE_MS);
      this.logger.log(`${writes.length} writes of the outage replayed to Redis`);
    } catch (error) {
      this.logger.warn(`replay interrupted, ${this.pending.size} writes wait: ${(error as Error).message}`);
    }
  }

  private invalidate(changed: readonly string[] | null): void {
    if (changed === null) {
      for (const redisKey of this.flights.keys()) this.overtake(redisKey);
      this.memory.clear();
      return;
    }
    for (const redisKey of changed) {
      this.overtake(redisKey);
      this.memory.delete(redisKey);
    }
  }

  private takeOff(redisKey: string): Flight {
    const flight = { overtaken: false };
    const flights = this.flights.get(redisKey);
    if (flights) flights.add(flight);
    else this.flights.set(redisKey, new Set([flight]));
    return flight;
  }

  private land(redisKey: string, flight: Flight): void {
    const flights = this.flights.get(redisKey);
    flights?.delete(flight);
    if (flights?.size === 0) this.flights.delete(redisKey);
  }

  private overtake(redisKey: string): void {
    for (const flight of this.flights.get(redisKey) ?? []) flight.overtaken = true;
  }

  private tierStats(tier: TierName, enabled: boolean): TierStats {
    const hits = this.counters.hits[tier];
    const misses = this.counters.misses[tier];
    const reads = hits + misses;
    return {
      tier,
      enabled,
      hits,
      misses,
      hitRate: reads === 0 ? null : hits / reads,
      errors: this.counters.errors[tier],
    };
  }
}

function hit<T>(entry: CacheEntry<T>, tier: TierName): CacheHit<T> {
  return { value: entry.value, tier, ageMs: Math.max(0, Date.now() - entry.storedAt) };
}

function tierOff(tier: 'l2'): TierStats {
  return { tier, enabled: false, hits: 0, misses: 0, hitRate: null, errors: 0 };
}
