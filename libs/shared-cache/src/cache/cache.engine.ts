import { keys } from '../contract/shared-cache.keys';
import type { CacheCounters, TierName } from './cache.counters';
import type { CacheEvents } from './cache.events';
import type { CacheNamespace } from './cache.namespace';
import type { Clock } from './clock';
import {
  type Found,
  fromMemory,
  fromRecord,
  fromWrite,
  isAlive,
  toRecord,
  type WriteOptions,
} from './entries';
import { Flight, Flights } from './flights';
import { Invalidations } from './invalidations';
import { InvalidationWatermarks } from './invalidation-watermarks';
import type { MemoryEntry, MemoryTier } from './memory.tier';
import { OutageLog } from './outage-log';
import type { Randomness } from './randomness';
import { type CacheRecord, readRecord } from './record';
import type { NewRecord, SharedTier } from './shared-tier';
import { SideCopies } from './side-copies';
import type { SideTier } from './side-tier';

/** What the cache's rules work on. */
export interface CacheParts {
  readonly tier: SharedTier;
  readonly side: SideTier;
  readonly memory: MemoryTier;
  readonly clock: Clock;
  readonly counters: CacheCounters;
  readonly randomness: Randomness;
  readonly events: CacheEvents;
}

const NO_FLIGHT = new Flight('');
/** More keys than this take several round trips. */
const KEYS_AT_ONCE = 1_000;

/** A record and the tier it came from. */
interface Origin {
  readonly tier: Exclude<TierName, 'l1'>;
  readonly flight: Flight;
  /** Also a value in its grace. */
  readonly allowStale: boolean;
  readonly askedAtMs: number;
}

/**
 * The cache's rules over memory and the shared tiers, without any framework: what may be kept, what must be asked
 * again, what has still to be written to shared memory.
 */
export class CacheEngine {
  readonly tier: SharedTier;
  readonly memory: MemoryTier;
  readonly clock: Clock;
  readonly counters: CacheCounters;
  readonly randomness: Randomness;
  readonly events: CacheEvents;
  readonly flights = new Flights();
  readonly watermarks: InvalidationWatermarks;
  readonly pendingWrites: OutageLog;
  readonly invalidations: Invalidations;
  private readonly copies: SideCopies;

  constructor(parts: CacheParts) {
    const { tier, memory, clock } = parts;
    ({ tier: this.tier, memory: this.memory, clock: this.clock } = parts);
    ({ counters: this.counters, randomness: this.randomness, events: this.events } = parts);
    this.watermarks = new InvalidationWatermarks(tier, (name) => this.pendingWrites.clearedAt(name));
    this.copies = new SideCopies(parts.side, tier, clock);
    this.invalidations = new Invalidations({
      tier,
      memory,
      clock,
      watermarks: this.watermarks,
      flights: this.flights,
      copies: this.copies,
      changed: (id) => void this.pendingWrites.checkStillWanted(id),
    });
    this.pendingWrites = new OutageLog(tier, this.watermarks, clock, (id) => this.invalidations.drop(id));
  }

  /** What memory holds and may be served: verified under this link, or all there is during an outage. */
  trusted<T>(namespace: CacheNamespace<T>, key: string): MemoryEntry<T> | undefined {
    const entry = this.memory.get(namespace.name, key) as MemoryEntry<T> | undefined;
    if (entry === undefined) return undefined;
    if (this.invalidations.trusts(entry) || !namespace.shared) {
      if (entry.freshUntilMs > this.clock.coarse()) return entry;
      if (entry.staleUntilMs <= this.clock.now()) this.memory.delete(namespace.name, key);
    }
    return undefined;
  }

  /**
   * What this process knows by itself: memory, or a write of its own that shared memory has not taken.
   *
   * @returns `null` when that write was a deletion; `undefined` when nothing is known
   */
  known<T>(namespace: CacheNamespace<T>, key: string): Found<T> | null | undefined {
    const held = this.trusted(namespace, key);
    return held ? fromMemory(held) : this.fromOwed(namespace, key);
  }

  /** Fresh value of a key, or within its grace if `allowStale`. */
  async find<T>(
    namespace: CacheNamespace<T>,
    key: string,
    allowStale = false,
  ): Promise<Found<T> | undefined> {
    const here = this.look(namespace, key);
    if (here !== undefined) return here && this.alive(here, allowStale) ? here : undefined;
    if (!namespace.shared) return this.fromStale(namespace, key, allowStale);
    if (this.mayCopy(namespace)) {
      const copied = await this.findCopy(namespace, key, allowStale);
      if (copied) return copied;
    }
    if (!this.tier.available) return this.fromStale(namespace, key, allowStale);
    const id = keys.cacheEntry(namespace.name, key);
    const flight = this.flights.begin(id);
    const askedAtMs = this.clock.now();
    try {
      const bytes = await this.tier.get(id);
      this.counters.took(namespace.name, 'l3', this.clock.now() - askedAtMs);
      return await this.accept(namespace, key, bytes, { tier: 'l3', flight, allowStale, askedAtMs });
    } catch {
      // Counted, and the tier's own log tells why; to the caller this is a miss.
      this.counters.read(namespace.name, 'l3', 'error');
      return undefined;
    } finally {
      this.flights.end(flight);
    }
  }

  async findMany<T>(namespace: CacheNamespace<T>, wanted: readonly string[]): Promise<Map<string, Found<T>>> {
    const found = new Map<string, Found<T>>();
    let missing: string[] = [];
    for (const key of new Set(wanted)) {
      const here = namespace.memory ? this.look(namespace, key) : this.fromOwed(namespace, key);
      if (here === undefined) missing.push(key);
      else if (here !== null && this.alive(here, false)) found.set(key, here);
    }
    if (!namespace.shared || missing.length === 0) return found;
    if (this.mayCopy(namespace)) {
      await Promise.all(
        missing.map(async (key) => {
          const copied = await this.findCopy(namespace, key, false);
          if (copied) found.set(key, copied);
        }),
      );
      missing = missing.filter((key) => !found.has(key));
    }
    if (missing.length > 0 && this.tier.available) await this.findRest(namespace, missing, found);
    return found;
  }

  /** Stores an already checked copy of a value. `undefined` stores "there is no such thing". */
  async put<T>(
    namespace: CacheNamespace<T>,
    key: string,
    value: T | undefined,
    options: WriteOptions = {},
  ): Promise<void> {
    const id = keys.cacheEntry(namespace.name, key);
    const { record, tags } = this.toRecord(namespace, value, options);
    const now = this.clock.now();
    const entry = this.remember(namespace, key, value, tags, record, now, 0, 0);
    this.flights.supersede(id);
    if (!namespace.shared) return;
    const sent = this.pendingWrites.send(id, { record, tags, madeAtMs: now, sending: false }, async () => {
      // In this order on one connection: no need to wait for the first.
      const ensured = this.watermarks.ensure(namespace.name, tags);
      const stored = this.tier.put(id, record).then((version) => (entry.asOf = entry.version = version));
      await Promise.all([stored, ensured]);
      return true;
    });
    this.invalidations.awaits(entry, sent);
    this.written(id, await sent);
  }

  /** @returns whether a live value was there, as far as the tiers could be asked */
  async remove<T>(namespace: CacheNamespace<T>, key: string): Promise<boolean> {
    const id = keys.cacheEntry(namespace.name, key);
    const held = this.trusted(namespace, key) !== undefined;
    this.memory.delete(namespace.name, key);
    this.flights.supersede(id);
    if (!namespace.shared) return held;
    const write = { madeAtMs: this.clock.now(), sending: false };
    const was = await this.pendingWrites.send(id, write, () => this.tier.remove(id));
    this.written(id, was);
    return was ?? held;
  }

  /** Everything of a namespace, or of one of its tags, counts as gone from now on. */
  async clear<T>(namespace: CacheNamespace<T>, tag?: string): Promise<void> {
    const { name, shared, codec } = namespace;
    this.invalidations.dropAll(name, tag);
    if (!shared) return;
    const prefix = keys.cacheEntry(name, '');
    this.pendingWrites.withdraw(
      (id, record) =>
        id.startsWith(prefix) && (tag === undefined || codec.tagsOf(record.payload).includes(tag)),
    );
    const mark = tag === undefined ? keys.cacheClearMark(name) : keys.cacheTagMark(name, tag);
    this.watermarks.forget(mark);
    await this.pendingWrites.raise(mark);
    this.watermarks.forget(mark);
    this.invalidations.dropAll(name, tag);
  }

  /** Turns what a shared tier holds into a value, and keeps it in memory unless it was superseded meanwhile. */
  accept<T>(
    namespace: CacheNamespace<T>,
    key: string,
    found: Uint8Array | CacheRecord | undefined,
    origin: Origin,
  ): Found<T> | undefined | Promise<Found<T> | undefined> {
    const { name } = namespace;
    const { tier } = origin;
    const bytes = found instanceof Uint8Array ? found : undefined;
    const record = found instanceof Uint8Array ? readRecord(found) : found;
    const payload = record?.payload;
    if (record === undefined || payload === undefined) {
      this.counters.read(name, tier, found !== undefined && !record ? 'unreadable' : 'miss');
      if (!origin.flight.superseded && tier === 'l3') this.memory.delete(name, key);
      return undefined;
    }
    const decoded = record.shape === namespace.codec.shape ? namespace.codec.decode(payload) : undefined;
    if (decoded === undefined) {
      this.counters.read(name, tier, 'unreadable');
      return undefined;
    }
    const held = this.memory.get(name, key) as MemoryEntry<T> | undefined;
    // The same object for the same version: callers may compare.
    const value = held !== undefined && held.version === record.version ? held.value : decoded.value;
    const { tags } = decoded;
    const entry = fromRecord(namespace, key, record, value, tags, this.tier, this.invalidations.epoch);
    const allowed = this.watermarks.allowNow(name, tags, record.asOf);
    if (allowed !== undefined) return this.finish(namespace, key, entry, allowed, origin, bytes);
    return this.watermarks
      .allow(name, tags, record.asOf)
      .then((answer) => this.finish(namespace, key, entry, answer, origin, bytes));
  }

  /** Keeps a value of this process in memory. */
  remember<T>(
    namespace: CacheNamespace<T>,
    key: string,
    value: T | undefined,
    tags: readonly string[],
    record: NewRecord,
    asOfMs: number,
    version: number,
    asOf: number,
  ): MemoryEntry<T> {
    const freshUntilMs = this.clock.now() + record.ttlMs;
    const entry: MemoryEntry<T> = {
      value,
      tags,
      bytes: record.payload.length + key.length,
      asOfMs,
      freshUntilMs,
      staleUntilMs: freshUntilMs + record.graceMs,
      version,
      asOf,
      own: this.tier.available,
      epoch: this.invalidations.epoch,
    };
    if (namespace.memory) this.memory.set(namespace.name, key, entry);
    return entry;
  }

  toRecord<T>(namespace: CacheNamespace<T>, value: T | undefined, options: WriteOptions) {
    return toRecord(namespace, value, options, this.randomness.fraction());
  }

  alive(found: Found<unknown>, allowStale: boolean): boolean {
    return isAlive(found.entry, allowStale, this.clock.now());
  }

  /** A value in its grace that memory holds. */
  fromStale<T>(namespace: CacheNamespace<T>, key: string, allowStale: boolean): Found<T> | undefined {
    const entry = this.memory.get(namespace.name, key) as MemoryEntry<T> | undefined;
    return entry && isAlive(entry, allowStale, this.clock.now()) ? fromMemory(entry) : undefined;
  }

  /**
   * A write of ours that shared memory has not taken is newer than anything it holds.
   *
   * @returns `null` when that write was a deletion; `undefined` when nothing is pending
   */
  fromOwed<T>(namespace: CacheNamespace<T>, key: string): Found<T> | null | undefined {
    if (this.pendingWrites.size === 0) return undefined;
    const write = this.pendingWrites.get(keys.cacheEntry(namespace.name, key));
    if (write === undefined) return undefined;
    const { record } = write;
    const decoded = record && namespace.codec.decode(record.payload);
    if (!record || !decoded) return null;
    return fromMemory(fromWrite(key, write.madeAtMs, record, decoded, this.invalidations.epoch));
  }

  /** `known`, counted as a read of memory. */
  private look<T>(namespace: CacheNamespace<T>, key: string): Found<T> | null | undefined {
    const here = this.known(namespace, key);
    if (namespace.memory) this.counters.read(namespace.name, 'l1', here ? 'hit' : 'miss');
    return here;
  }

  private mayCopy(namespace: CacheNamespace<unknown>): boolean {
    return namespace.side && this.copies.usable && this.invalidations.hears;
  }

  /** A value L2 holds a proven copy of. */
  async findCopy<T>(
    namespace: CacheNamespace<T>,
    key: string,
    allowStale: boolean,
  ): Promise<Found<T> | undefined> {
    if (!this.mayCopy(namespace)) return undefined;
    const id = keys.cacheEntry(namespace.name, key);
    const flight = this.flights.begin(id);
    const { epoch } = this.invalidations;
    const askedAtMs = this.clock.now();
    try {
      const record = await this.copies.read(id);
      this.counters.took(namespace.name, 'l2', this.clock.now() - askedAtMs);
      // What was superseded on its way is no longer proven.
      if (record && (!flight.clear || epoch !== this.invalidations.epoch)) return undefined;
      return await this.accept(namespace, key, record, { tier: 'l2', flight, allowStale, askedAtMs });
    } catch {
      // The watermarks could not be asked; shared memory's own log tells why.
      return undefined;
    } finally {
      this.flights.end(flight);
    }
  }

  private async findRest<T>(
    namespace: CacheNamespace<T>,
    missing: readonly string[],
    found: Map<string, Found<T>>,
  ): Promise<void> {
    const ids = missing.map((key) => keys.cacheEntry(namespace.name, key));
    // Without memory nothing is kept, so nothing can be superseded.
    const flights = namespace.memory ? ids.map((id) => this.flights.begin(id)) : [];
    const askedAtMs = this.clock.now();
    try {
      const fetched = await this.fetchMany(ids);
      for (const [at, key] of missing.entries()) {
        const flight = flights[at] ?? NO_FLIGHT;
        const origin = { tier: 'l3', flight, allowStale: false, askedAtMs } as const;
        const accepted = this.accept(namespace, key, fetched[at], origin);
        const hit = accepted instanceof Promise ? await accepted : accepted;
        if (hit) found.set(key, hit);
      }
    } catch {
      // As in `find`.
      this.counters.read(namespace.name, 'l3', 'error');
    } finally {
      for (const flight of flights) this.flights.end(flight);
    }
  }

  /** In parts that each answer in time, however many there are. */
  private async fetchMany(ids: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    if (ids.length <= KEYS_AT_ONCE) return this.tier.getMany(ids);
    const found: (Uint8Array | undefined)[] = [];
    for (let at = 0; at < ids.length; at += KEYS_AT_ONCE) {
      for (const bytes of await this.tier.getMany(ids.slice(at, at + KEYS_AT_ONCE))) found.push(bytes);
    }
    return found;
  }

  private finish<T>(
    namespace: CacheNamespace<T>,
    key: string,
    entry: MemoryEntry<T>,
    allowed: boolean,
    { tier, flight, allowStale, askedAtMs }: Origin,
    bytes: Uint8Array | undefined,
  ): Found<T> | undefined {
    const { name, memory } = namespace;
    const now = this.clock.now();
    const served = allowed && isAlive(entry, allowStale, now);
    this.counters.read(name, tier, served ? 'hit' : 'miss');
    if (!allowed) return undefined;
    if (memory && flight.clear && isAlive(entry, true, now) && this.invalidations.mayKeep(entry)) {
      this.memory.set(name, key, entry);
    }
    if (!served) return undefined;
    if (bytes !== undefined && tier === 'l3' && this.mayCopy(namespace)) {
      this.copies.write(keys.cacheEntry(name, key), bytes, askedAtMs, entry.staleUntilMs - now);
    }
    return { value: entry.value, tier, entry };
  }

  /** A change of ours was taken by shared memory, or is still to be written to it. */
  private written(id: string, taken: unknown): void {
    this.copies.changed(id);
    if (taken === undefined) this.copies.drop(id);
  }
}
