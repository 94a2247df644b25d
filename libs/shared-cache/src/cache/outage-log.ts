import { Logger } from '@nestjs/common';
import { keys, namespaceOf, namespaceOfTagMark } from '../contract/shared-cache.keys';
import type { Clock } from './clock';
import type { InvalidationWatermarks } from './invalidation-watermarks';
import type { NewRecord, SharedTier } from './shared-tier';
import { type PendingWrite, WriteBehind } from './write-behind';

const MAX_WRITES = 10_000;
const RETRY_DELAY_MS = 250;
const CHUNK = 100;
/** So many clearings of tags are kept; beyond it the whole namespace counts as cleared. */
const MAX_CLEARINGS = 1_000;

/**
 * What shared memory must still learn: values, deletions and clearings it did not take when they were made.
 *
 * They are handed over with their age, by which the server decides what is newest; peers then hear of it as of any
 * other change.
 */
export class OutageLog {
  private readonly logger = new Logger('Cache');
  private readonly writes = new WriteBehind(MAX_WRITES);
  private readonly clearings = new Map<string, number>();
  private replaying = false;
  /** Told once, however often it is tried again. */
  private interrupted = false;
  private retry: (() => void) | undefined;

  constructor(
    private readonly tier: SharedTier,
    private readonly watermarks: InvalidationWatermarks,
    private readonly clock: Clock,
    /** Told of a value the server refused: it knows something newer. */
    private readonly refused: (key: string) => void,
  ) {
    tier.onReturn(() => void this.replay());
  }

  get size(): number {
    return this.writes.size + this.clearings.size;
  }

  get dropped(): number {
    return this.writes.dropped;
  }

  get(key: string): PendingWrite | undefined {
    return this.writes.get(key);
  }

  /** When this process cleared what carries this mark, while shared memory does not know it (steady milliseconds). */
  clearedAt(mark: string): number | undefined {
    return this.clearings.size === 0 ? undefined : this.clearings.get(mark);
  }

  /** Sends a write now and keeps it until shared memory has taken it. @returns the answer, if one came in time */
  async send<T>(key: string, write: PendingWrite, send: () => Promise<T>): Promise<T | undefined> {
    if (!this.tier.configured) return undefined;
    write.sending = this.tier.available;
    this.writes.put(key, write);
    if (!write.sending) return undefined;
    try {
      const answer = await send();
      this.writes.done(key, write);
      return answer;
    } catch {
      // It stays and is sent again, soon or when the tier is back; the tier's own log tells why.
      this.retryLater();
      return undefined;
    } finally {
      write.sending = false;
    }
  }

  /** Raises a mark now, and again until shared memory has taken it. */
  async raise(name: string): Promise<void> {
    if (!this.tier.configured) return;
    const madeAtMs = this.clock.now();
    this.clearings.set(name, madeAtMs);
    if (!this.tier.available) return this.boundClearings(madeAtMs);
    try {
      await this.tier.raiseMark(name, 0);
      if (this.clearings.get(name) === madeAtMs) this.clearings.delete(name);
    } catch {
      // As above.
      this.retryLater();
    }
  }

  /**
   * Somebody changed a key we owe a write of. Between ours the server decides by age; what a foreign client deleted
   * meanwhile, of which the server keeps no age, must not come back.
   */
  async checkStillWanted(key: string): Promise<void> {
    const write = this.writes.get(key);
    if (!write?.record || write.sending) return;
    try {
      if ((await this.tier.get(key)) !== undefined || this.writes.get(key) !== write) return;
      this.writes.done(key, write);
      this.refused(key);
    } catch {
      // It stays owed, and the server decides.
      this.retryLater();
    }
  }

  /** Values that were cleared before shared memory took them; what they replaced there stays replaced. */
  withdraw(condition: (key: string, record: NewRecord) => boolean): void {
    for (const [key, { record, madeAtMs }] of this.writes.list()) {
      if (!record || !condition(key, record)) continue;
      this.writes.put(key, { madeAtMs, sending: false });
      this.retryLater();
    }
  }

  private retryLater(): void {
    this.retry ??= this.clock.after(RETRY_DELAY_MS, () => {
      this.retry = undefined;
      void this.replay();
    });
  }

  private async replay(): Promise<void> {
    if (this.replaying || this.size === 0 || !this.tier.available) return;
    this.replaying = true;
    const count = this.size;
    try {
      await this.each([...this.clearings], ([name, madeAtMs]) => this.replayClearing(name, madeAtMs));
      await this.each(this.writes.list(), ([key, write]) => this.replayOne(key, write));
      this.logger.log(`${count} writes of the outage handed over`);
      this.interrupted = false;
    } catch (error) {
      const level = this.interrupted ? 'debug' : 'warn';
      this.interrupted = true;
      this.logger[level](`handing over interrupted, ${this.size} writes wait: ${(error as Error).message}`);
    } finally {
      this.replaying = false;
      // Also what came meanwhile.
      if (this.size > 0) this.retryLater();
    }
  }

  /** One that fails holds up no other. @throws the first failure, after all were tried */
  private async each<T>(all: readonly T[], hand: (one: T) => Promise<void>): Promise<void> {
    let failure: unknown;
    for (let at = 0; at < all.length && this.tier.available; at += CHUNK) {
      const outcomes = await Promise.allSettled(all.slice(at, at + CHUNK).map(hand));
      failure ??= outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
    }
    if (failure !== undefined) throw failure as Error;
  }

  private async replayClearing(name: string, madeAtMs: number): Promise<void> {
    await this.tier.raiseMark(name, this.age(madeAtMs));
    if (this.clearings.get(name) === madeAtMs) this.clearings.delete(name);
    this.watermarks.forget(name);
  }

  /** Too many tags: their namespaces are cleared as a whole, which is more than was asked for, and safe. */
  private boundClearings(madeAtMs: number): void {
    if (this.clearings.size <= MAX_CLEARINGS) return;
    for (const name of [...this.clearings.keys()]) {
      const namespace = namespaceOfTagMark(name);
      if (namespace === undefined) continue;
      this.clearings.delete(name);
      this.clearings.set(keys.cacheClearMark(namespace), madeAtMs);
      this.watermarks.forget(keys.cacheClearMark(namespace));
    }
  }

  private async replayOne(key: string, write: PendingWrite): Promise<void> {
    if (this.writes.get(key) !== write || write.sending) return;
    const ageMs = this.age(write.madeAtMs);
    if (write.record) {
      await this.watermarks.ensure(namespaceOf(key), write.tags ?? [], ageMs + 1);
      const stored = await this.tier.replayPut(key, write.record, this.age(write.madeAtMs));
      if (!stored && this.writes.get(key) === write) this.refused(key);
    } else {
      await this.tier.replayRemove(key, ageMs);
    }
    this.writes.done(key, write);
  }

  private age(madeAtMs: number): number {
    return Math.max(0, this.clock.now() - madeAtMs);
  }
}
