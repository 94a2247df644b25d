import { keys, namespaceOf } from '../shared-cache.keys';
import type { CacheNamespace } from './cache.namespace';
import type { CacheCounters } from './cache.counters';
import type { Clock } from './clock';
import { decodeValue, deepFreeze, encodeNegative, encodeValue } from './codec';
import { type Flight, Flights } from './flights';
import { Marks } from './marks';
import type { MemoryEntry, MemoryTier } from './memory.tier';
import { OutageLog } from './outage-log';
import type { Randomness } from './randomness';
import { type CacheRecord, readRecord } from './record';
import type { Invalidation, NewRecord, SharedTier } from './shared-tier';

/** A value found, with what is known about it. */
export interface Found<T> {
  /** `undefined`: it is known that there is no such thing. */
  readonly value: T | undefined;
  readonly tier: 'l1' | 'l3';
  readonly entry: MemoryEntry;
}

export interface WriteOptions {
  readonly ttlMs?: number | undefined;
  readonly tags?: readonly string[] | undefined;
}

/**
 * The cache's rules over memory and one shared tier, without any framework: what may be kept, what must be asked
 * again, what is owed to the shared tier.
 */
export class CacheEngine {
  readonly flights = new Flights();
  readonly marks: Marks;
  readonly owed: OutageLog;
  /** Counts links: an entry of another link is verified before it is served. */
  private epoch = 1;
  /** Entries of ours and the end of their way to the shared tier; their version is known from then on. */
  private readonly writing = new WeakMap<MemoryEntry, Promise<unknown>>();
  private outage = true;
  private tracked = false;

  constructor(
    readonly tier: SharedTier,
    readonly memory: MemoryTier,
    readonly clock: Clock,
    readonly counters: CacheCounters,
    readonly randomness: Randomness,
  ) {
    this.marks = new Marks(tier);
    tier.listen((event) => this.invalidated(event));
    this.noteLink();
    this.owed = new OutageLog(tier, this.marks, clock, (id) => this.drop(id));
  }

  /** What memory holds and may be served: verified under this link, or all there is during an outage. */
  trusted(namespace: string, key: string): MemoryEntry | undefined {
    const entry = this.memory.get(namespace, key);
    if (entry === undefined) return undefined;
    if (this.outage || (this.tracked && entry.epoch === this.epoch)) {
      if (entry.freshUntilMs > this.clock.coarse()) return entry;
      if (entry.staleUntilMs <= this.clock.now()) this.memory.delete(namespace, key);
    }
    return undefined;
  }

  /** Fresh value of a key, or within its grace if `allowStale`. */
  async find<T>(
    namespace: CacheNamespace<T>,
    key: string,
    allowStale = false,
  ): Promise<Found<T> | undefined> {
    const held = this.trusted(namespace.name, key) as MemoryEntry<T> | undefined;
    this.counters.read(namespace.name, 'l1', held ? 'hit' : 'miss');
    if (held) return { value: held.value, tier: 'l1', entry: held };
    const owed = this.fromOwed(namespace, key);
    if (owed !== undefined) return owed === null || !this.alive(owed, allowStale) ? undefined : owed;
    if (!this.tier.available) return this.fromStale(namespace, key, allowStale);
    const flight = this.flights.takeOff(keys.cacheEntry(namespace.name, key));
    try {
      const bytes = await this.tier.get(keys.cacheEntry(namespace.name, key));
      return await this.accept(
        namespace,
        key,
        bytes && readRecord(bytes),
        flight,
        allowStale,
        bytes !== undefined,
      );
    } catch {
      // Counted, and the tier's own log tells why; to the caller this is a miss.
      this.counters.read(namespace.name, 'l3', 'error');
      return undefined;
    } finally {
      flight.land();
    }
  }

  async findMany<T>(namespace: CacheNamespace<T>, wanted: readonly string[]): Promise<Map<string, Found<T>>> {
    const found = new Map<string, Found<T>>();
    const missing: string[] = [];
    for (const key of new Set(wanted)) {
      const held = this.trusted(namespace.name, key) as MemoryEntry<T> | undefined;
      this.counters.read(namespace.name, 'l1', held ? 'hit' : 'miss');
      if (held) found.set(key, { value: held.value, tier: 'l1', entry: held });
      else {
        const owed = this.fromOwed(namespace, key);
        if (owed === undefined) missing.push(key);
        else if (owed !== null && this.alive(owed, false)) found.set(key, owed);
      }
    }
    if (missing.length === 0 || !this.tier.available) return found;
    const flights = missing.map((key) => this.flights.takeOff(keys.cacheEntry(namespace.name, key)));
    try {
      const fetched = await this.tier.getMany(missing.map((key) => keys.cacheEntry(namespace.name, key)));
      for (const [at, key] of missing.entries()) {
        const bytes = fetched[at];
        const record = bytes && readRecord(bytes);
        const flight = flights[at] as Flight;
        const hit = await this.accept(namespace, key, record, flight, false, bytes !== undefined);
        if (hit) found.set(key, hit);
      }
    } catch {
      // As in `find`.
      this.counters.read(namespace.name, 'l3', 'error');
    } finally {
      for (const flight of flights) flight.land();
    }
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
    const entry = this.remember(namespace.name, key, value, tags, record, now, 0);
    this.flights.overtake(id);
    const sent = this.owed.send(id, { record, madeAtMs: now, sending: false }, async () => {
      // In this order on one connection: no need to wait for the first.
      const ensured = this.marks.ensure(namespace.name, tags);
      const stored = this.tier.put(id, record).then((version) => (entry.version = version));
      await Promise.all([stored, ensured]);
    });
    this.writing.set(entry, sent);
    await sent;
  }

  /** @returns whether a live value was there, as far as the tiers could be asked */
  async remove(namespace: string, key: string): Promise<boolean> {
    const id = keys.cacheEntry(namespace, key);
    const held = this.trusted(namespace, key) !== undefined;
    this.memory.delete(namespace, key);
    this.flights.overtake(id);
    const write = { madeAtMs: this.clock.now(), sending: false };
    return (await this.owed.send(id, write, () => this.tier.remove(id))) ?? held;
  }

  /** Everything of a namespace, or of one of its tags, counts as gone from now on. */
  async clear(namespace: string, tag?: string): Promise<void> {
    this.dropMarked(namespace, tag);
    const prefix = keys.cacheEntry(namespace, '');
    if (tag === undefined) this.owed.forgetWhere((id, write) => id.startsWith(prefix) && !!write.record);
    const name = tag === undefined ? keys.cacheClearMark(namespace) : keys.cacheTagMark(namespace, tag);
    this.marks.forget(name);
    await this.owed.raise(name);
    this.marks.forget(name);
    this.dropMarked(namespace, tag);
  }

  /** Turns what shared memory holds into a value, and keeps it in memory unless it was overtaken meanwhile. */
  async accept<T>(
    namespace: CacheNamespace<T>,
    key: string,
    record: CacheRecord | undefined,
    flight: Flight,
    allowStale: boolean,
    anythingThere = record !== undefined,
  ): Promise<Found<T> | undefined> {
    const epoch = this.epoch;
    const held = this.memory.get(namespace.name, key) as MemoryEntry<T> | undefined;
    const payload = record?.payload;
    if (record === undefined || payload === undefined) {
      this.counters.read(namespace.name, 'l3', anythingThere && !record ? 'unreadable' : 'miss');
      if (!flight.overtaken) this.memory.delete(namespace.name, key);
      return undefined;
    }
    const decoded = record.shape === namespace.version ? decodeValue(namespace, payload) : undefined;
    if (decoded === undefined) {
      this.counters.read(namespace.name, 'l3', 'unreadable');
      return undefined;
    }
    const allowed = await this.marks.allow(namespace.name, decoded.tags, record.asOf);
    const freshUntilMs = this.tier.toLocal(record.expiresAt);
    const entry: MemoryEntry<T> = {
      value: held?.version === record.version ? held.value : decoded.value,
      tags: decoded.tags,
      bytes: payload.length + key.length,
      asOfMs: this.tier.toLocal(record.asOf / 1_000),
      freshUntilMs,
      staleUntilMs: freshUntilMs + (decoded.negative ? 0 : namespace.graceMs),
      version: record.version,
      own: false,
      epoch,
    };
    const found: Found<T> = { value: entry.value, tier: 'l3', entry };
    const served = allowed && this.alive(found, allowStale);
    this.counters.read(namespace.name, 'l3', served ? 'hit' : 'miss');
    if (!allowed) return undefined;
    if (!flight.overtaken && this.tier.armed && epoch === this.epoch && this.alive(found, true)) {
      this.memory.set(namespace.name, key, entry);
    }
    return served ? found : undefined;
  }

  /** Keeps a value of this process in memory. */
  remember<T>(
    namespace: string,
    key: string,
    value: T | undefined,
    tags: readonly string[],
    record: NewRecord,
    asOfMs: number,
    version: number,
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
      own: this.tier.available,
      epoch: this.epoch,
    };
    this.memory.set(namespace, key, entry);
    return entry;
  }

  toRecord<T>(
    namespace: CacheNamespace<T>,
    value: T | undefined,
    { ttlMs, tags = [] }: WriteOptions,
  ): { record: NewRecord; tags: readonly string[] } {
    const negative = value === undefined;
    const life = ttlMs ?? (negative ? namespace.negativeTtlMs : namespace.ttlMs);
    const record: NewRecord = {
      payload: negative ? encodeNegative(tags) : encodeValue(value, tags),
      shape: namespace.version,
      ttlMs: life * (1 - namespace.ttlJitter * this.randomness.fraction()),
      graceMs: negative ? 0 : namespace.graceMs,
    };
    return { record, tags };
  }

  alive(found: Found<unknown>, allowStale: boolean): boolean {
    const now = this.clock.now();
    return allowStale ? found.entry.staleUntilMs > now : found.entry.freshUntilMs > now;
  }

  /** A value in its grace that memory holds. */
  fromStale<T>(namespace: CacheNamespace<T>, key: string, allowStale: boolean): Found<T> | undefined {
    const entry = this.memory.get(namespace.name, key) as MemoryEntry<T> | undefined;
    if (entry === undefined) return undefined;
    const found: Found<T> = { value: entry.value, tier: 'l1', entry };
    return this.alive(found, allowStale) ? found : undefined;
  }

  /**
   * A write of ours that shared memory has not taken is newer than anything it holds.
   *
   * @returns `null` when that write was a deletion; `undefined` when nothing is owed
   */
  fromOwed<T>(namespace: CacheNamespace<T>, key: string): Found<T> | null | undefined {
    const write = this.owed.get(keys.cacheEntry(namespace.name, key));
    if (write === undefined) return undefined;
    const { record } = write;
    const decoded = record && decodeValue(namespace, record.payload);
    if (!record || !decoded) return null;
    const freshUntilMs = write.madeAtMs + record.ttlMs;
    const entry: MemoryEntry<T> = {
      value: deepFreeze(decoded.value),
      tags: decoded.tags,
      bytes: record.payload.length + key.length,
      asOfMs: write.madeAtMs,
      freshUntilMs,
      staleUntilMs: freshUntilMs + record.graceMs,
      version: 0,
      own: false,
      epoch: this.epoch,
    };
    return { value: entry.value, tier: 'l1', entry };
  }

  /** Forgets what memory holds of a key, or that entry of it. */
  drop(id: string, entry?: MemoryEntry): void {
    const namespace = namespaceOf(id);
    const key = id.slice(keys.cacheEntry(namespace, '').length);
    if (!entry || this.memory.get(namespace, key) === entry) this.memory.delete(namespace, key);
  }

  private dropMarked(namespace: string, tag?: string): void {
    this.memory.deleteWhere(namespace, tag);
    // A load does not tell its tags before it ends.
    this.flights.overtakeAll(keys.cacheEntry(namespace, ''));
  }

  private invalidated(event: Invalidation): void {
    if (event.kind === 'keys') {
      for (const key of event.keys) this.changed(key);
      return;
    }
    this.epoch += 1;
    this.noteLink();
    if (event.kind === 'flushed') this.memory.clear();
    this.marks.forgetAll();
    this.flights.overtakeAll();
  }

  private noteLink(): void {
    this.outage = !this.tier.available;
    this.tracked = this.tier.armed;
  }

  private changed(id: string): void {
    const start = id.indexOf(':') + 1;
    const end = id.indexOf(':', start);
    const namespace = id.slice(start, end);
    const key = id.slice(end + 1);
    if (namespace === '#clear') {
      void this.cleared(id, key);
    } else if (namespace === '#tag') {
      const at = key.indexOf(':');
      void this.cleared(id, key.slice(0, at), key.slice(at + 1));
    } else {
      const held = this.memory.get(namespace, key);
      if (held?.own) void this.verifyOwn(namespace, key, held);
      else this.memory.delete(namespace, key);
      this.flights.doubt(id);
      void this.owed.doubt(id);
    }
  }

  private async cleared(mark: string, namespace: string, tag?: string): Promise<void> {
    if (await this.marks.moved(mark)) this.dropMarked(namespace, tag);
  }

  /**
   * Redis reports what a script changed to the script's own caller as well, and merges reports: word about our own
   * write may carry word about somebody else's. One look tells.
   */
  async verifyOwn(namespace: string, key: string, entry: MemoryEntry): Promise<void> {
    entry.own = false;
    try {
      await this.writing.get(entry);
      const bytes = await this.tier.get(keys.cacheEntry(namespace, key));
      const version = bytes && readRecord(bytes)?.version;
      if (version === entry.version || this.memory.get(namespace, key) !== entry) return;
      this.memory.delete(namespace, key);
    } catch {
      // Verified on next use, then; while the tier is away our own write is the best there is.
      entry.epoch = 0;
    }
  }
}
