import type { NewRecord } from './shared-tier';

/** A write shared memory has not taken yet: a value, or a deletion, and when it was made (steady milliseconds). */
export interface PendingWrite {
  /** Absent for a deletion. */
  readonly record?: NewRecord;
  readonly tags?: readonly string[];
  readonly madeAtMs: number;
  /** On its way at the moment. */
  sending: boolean;
}

/** Among so many of the oldest one is looked for that may go. */
const LOOKED_AT = 64;

/**
 * Writes and deletions shared memory has not taken yet, newest per key, bounded.
 *
 * When the bound is reached the oldest are dropped and counted: their readers then find a miss or an older value
 * until its expiry, never a value from elsewhere.
 */
export class WriteBehind {
  private readonly writes = new Map<string, PendingWrite>();
  private dropped_ = 0;

  constructor(private readonly maxEntries: number) {}

  get size(): number {
    return this.writes.size;
  }

  get dropped(): number {
    return this.dropped_;
  }

  put(key: string, write: PendingWrite): void {
    this.writes.delete(key);
    this.writes.set(key, write);
    if (this.writes.size > this.maxEntries) this.dropOldest();
  }

  get(key: string): PendingWrite | undefined {
    return this.writes.get(key);
  }

  /** The pending writes, oldest first. */
  list(): [string, PendingWrite][] {
    return [...this.writes];
  }

  /** Forgets a write, unless a newer one took its place meanwhile. */
  done(key: string, write: PendingWrite): void {
    if (this.writes.get(key) === write) this.writes.delete(key);
  }

  /** Those on their way are not kept for long; they do not count. */
  private dropOldest(): void {
    let looked = 0;
    for (const [key, { sending }] of this.writes) {
      looked += 1;
      if (looked > LOOKED_AT) return;
      if (sending) continue;
      this.writes.delete(key);
      this.dropped_ += 1;
      return;
    }
  }
}
