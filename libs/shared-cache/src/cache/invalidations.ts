import type { Clock } from './clock';
import { keys, namespaceOf } from '../contract/shared-cache.keys';
import type { Flights } from './flights';
import type { InvalidationWatermarks } from './invalidation-watermarks';
import type { MemoryEntry, MemoryTier } from './memory.tier';
import type { Invalidation, SharedTier } from './shared-tier';
import type { SideCopies } from './side-copies';

/** Own writes whose echo came are looked after together (milliseconds). */
const LOOK_DELAY_MS = 1;

interface Affected {
  readonly tier: SharedTier;
  readonly memory: MemoryTier;
  readonly clock: Clock;
  readonly watermarks: InvalidationWatermarks;
  readonly flights: Flights;
  readonly copies: SideCopies;
  /** Told of each key somebody changed. */
  changed(id: string): void;
}

/**
 * What word of changes does to what this process holds, and whether what it holds may be trusted at all.
 *
 * Redis reports what a script changed to the script's own caller as well, and merges reports: word about our own
 * write may carry word about somebody else's. A look at the versions tells, for all such keys of a millisecond at once.
 */
export class Invalidations {
  /** Counts links: an entry of another link is verified before it is served. */
  epoch = 1;
  private outage = true;
  private tracked = false;
  /** Entries of ours and the end of their way to the shared tier; their version is known from then on. */
  private readonly writing = new WeakMap<MemoryEntry, Promise<unknown>>();
  private looks = new Map<string, MemoryEntry>();

  constructor(private readonly affected: Affected) {
    affected.tier.listen((event) => this.heard(event));
    this.noteLink();
  }

  /** Whether memory is as true as it can be: changes are heard, or there is nobody to hear. */
  get hears(): boolean {
    return this.outage || this.tracked;
  }

  trusts(entry: MemoryEntry): boolean {
    return this.outage || (this.tracked && entry.epoch === this.epoch);
  }

  /** Whether what was read under the entry's link may be kept: changes since then were heard. */
  mayKeep(entry: MemoryEntry): boolean {
    return entry.epoch === this.epoch && this.hears;
  }

  /** A write of ours is on its way. */
  awaits(entry: MemoryEntry, sent: Promise<unknown>): void {
    this.writing.set(entry, sent);
  }

  /** The echo of an entry's write may have been somebody's change: looks. */
  recheck(id: string, entry: MemoryEntry): void {
    entry.own = false;
    if (this.looks.size === 0) this.affected.clock.after(LOOK_DELAY_MS, () => void this.look());
    this.looks.set(id, entry);
  }

  /** Forgets what memory holds of a key, or that entry of it. */
  drop(id: string, entry?: MemoryEntry): void {
    const { memory } = this.affected;
    const [namespace, key] = partsOf(id);
    if (!entry || memory.get(namespace, key) === entry) memory.delete(namespace, key);
  }

  /** Everything of a namespace, or of one of its tags, was cleared here. */
  dropAll(namespace: string, tag?: string): void {
    this.affected.memory.deleteWhere(namespace, ({ tags }) => tag === undefined || tags.includes(tag));
    // A load does not tell its tags before it ends.
    this.affected.flights.supersedeAll(keys.cacheEntry(namespace, ''));
  }

  private heard(event: Invalidation): void {
    if (event.kind === 'keys') {
      for (const key of event.keys) this.keyChanged(key);
      return;
    }
    const { memory, watermarks, flights, copies } = this.affected;
    this.epoch += 1;
    const heardBefore = this.tracked;
    this.noteLink();
    if (event.kind === 'flushed') memory.clear();
    if (event.kind === 'flushed' || (this.tracked && !heardBefore)) copies.begin();
    watermarks.forgetAll();
    flights.supersedeAll();
  }

  private noteLink(): void {
    this.outage = !this.affected.tier.available;
    this.tracked = this.affected.tier.armed;
  }

  private keyChanged(id: string): void {
    const [namespace, key] = partsOf(id);
    if (namespace === '#clear') {
      void this.cleared(id, key);
    } else if (namespace === '#tag') {
      const at = key.indexOf(':');
      void this.cleared(id, key.slice(0, at), key.slice(at + 1));
    } else {
      const { memory, flights, copies, changed } = this.affected;
      const held = memory.get(namespace, key);
      if (held && (held.own || this.looks.get(id) === held)) this.recheck(id, held);
      else memory.delete(namespace, key);
      flights.noteAmbiguousChange(id);
      copies.changed(id);
      changed(id);
    }
  }

  /** A mark moved, or was made: what is not newer goes. */
  private async cleared(mark: string, namespace: string, tag?: string): Promise<void> {
    const { watermarks, memory, flights } = this.affected;
    flights.noteAmbiguousChanges(keys.cacheEntry(namespace, ''));
    const concerned = (entry: MemoryEntry) => tag === undefined || entry.tags.includes(tag);
    try {
      const now = await watermarks.moved(mark);
      memory.deleteWhere(namespace, (entry) => concerned(entry) && entry.asOf <= now);
    } catch {
      // Nobody tells where it is; what it concerns is asked for again.
      memory.deleteWhere(namespace, concerned);
    }
  }

  private async look(): Promise<void> {
    const looks = [...this.looks];
    this.looks.clear();
    // What is still on its way has no version to compare.
    await Promise.all(looks.map(([, entry]) => this.writing.get(entry) ?? Promise.resolve()));
    try {
      const versions = await this.affected.tier.versions(looks.map(([id]) => id));
      looks.forEach(([id, entry], at) => {
        if (entry.version === 0 || versions[at] !== entry.version) this.drop(id, entry);
      });
    } catch {
      // Verified on next use, then; while the tier is away our own write is the best there is.
      for (const [, entry] of looks) entry.epoch = 0;
    }
  }
}

function partsOf(id: string): [namespace: string, key: string] {
  const namespace = namespaceOf(id);
  return [namespace, id.slice(keys.cacheEntry(namespace, '').length)];
}
