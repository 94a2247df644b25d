import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type DependencyHealth, type MemcachedStatus, toIso } from '@tickbridge/contracts';
import { type Observable, skip } from 'rxjs';
import { Breaker } from './breaker';
import { withDeadline } from './deadline';
import { expiry, MAX_ITEM_BYTES, wireKey } from './memcached.limits';
import type { MemcachedAddress } from '../contract/shared-cache.options';
import { isRefusal, MemcachedLink } from './memcached.link';

/** Longest wait of a caller (milliseconds). */
const OPERATION_DEADLINE_MS = 25;
const STATUS_DEADLINE_MS = 500;
const PROBE_INTERVAL_MS = 200;
const PROBE_DEADLINE_MS = 150;
/** A connection whose probe stays unanswered this long is thrown away (milliseconds). */
const HUNG_AFTER_MS = 1_500;

/** What may be under way at once; a server that stopped reading would otherwise fill this process's memory. */
const MAX_UNANSWERED = 4_096;
const MAX_UNANSWERED_BYTES = 16 * 1_048_576;

/** What became of the calls since start. */
export interface MemcachedCounts {
  hits: number;
  misses: number;
  /** Calls of a reachable Memcached that it refused or did not answer in time, or of which too many were under way. */
  errors: number;
  /** Values that are not stored because they are too large or have no life left. */
  skipped: number;
}

/**
 * This process's connection to Memcached.
 *
 * Nothing here throws, and no caller waits longer than 25 ms: what Memcached does not answer by then is a miss, or a
 * write that may or may not have happened. A server that is away or hangs is noticed by a probe and costs callers
 * nothing until the probe is answered again. Memcached forgets whatever it likes, so a miss says nothing.
 *
 * Keys are used as they are where Memcached allows them (250 bytes, printable ASCII without spaces), else their
 * SHA-256 is (`wireKey`).
 */
export class MemcachedConnection implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Memcached');
  private readonly breaker = new Breaker();
  private readonly counted: MemcachedCounts = { hits: 0, misses: 0, errors: 0, skipped: 0 };
  private link: MemcachedLink | undefined;
  private probeTimer: NodeJS.Timeout | undefined;
  private probedAt: number | undefined;
  private unanswered = 0;
  private unansweredBytes = 0;
  private lastError: string | null = null;
  private latencyMs: number | null = null;
  private told: boolean | undefined;
  private closed = false;

  /**
   * @param address `undefined`: there is no such tier
   * @param prefix installation that every key belongs to; empty when there is no other
   */
  constructor(
    private readonly address: MemcachedAddress | undefined,
    private readonly prefix = '',
  ) {
    this.available$.pipe(skip(1)).subscribe((available) => this.tell(available));
  }

  get configured(): boolean {
    return this.address !== undefined;
  }

  /** Whether calls go through to Memcached at the moment. */
  get available(): boolean {
    return this.breaker.state === 'closed';
  }

  /** `available`, now and on each change. */
  get available$(): Observable<boolean> {
    return this.breaker.available$;
  }

  get counts(): Readonly<MemcachedCounts> {
    return this.counted;
  }

  /** What Memcached holds under a key, as it was stored; `undefined` also when it did not answer in time. */
  async get(key: string): Promise<Buffer | undefined> {
    const answer = await this.attempt(async (link) => ({ value: await link.get(wireKey(key, this.prefix)) }));
    if (answer === undefined) return undefined;
    if (answer.value === undefined) this.counted.misses += 1;
    else this.counted.hits += 1;
    return answer.value;
  }

  /**
   * Stores a value. One that may not be stored (more than `MAX_ITEM_BYTES`, or no life left) removes what was there,
   * so that nothing older is found under the key.
   *
   * @param ttlMs rounded up: Memcached may hold the value up to two seconds longer
   */
  async set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    if (!this.available) return;
    const name = wireKey(key, this.prefix);
    const expires = expiry(ttlMs, Date.now());
    if (expires === undefined || name.length + bytes.byteLength > MAX_ITEM_BYTES) {
      this.counted.skipped += 1;
      await this.delete(key);
      return;
    }
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    await this.attempt((link) => link.set(name, value, expires), value.length);
  }

  /** Removes a key. */
  async delete(key: string): Promise<void> {
    await this.attempt((link) => link.delete(wireKey(key, this.prefix)));
  }

  onModuleInit(): void {
    if (!this.address) return;
    this.probeTimer = setInterval(() => this.tick(), PROBE_INTERVAL_MS);
    this.tick();
  }

  onApplicationShutdown(): void {
    this.closed = true;
    clearInterval(this.probeTimer);
    this.link?.end(new Error('shut down'));
  }

  /** Up, or degraded with the reason: no part of the platform needs Memcached to go on. */
  health(): DependencyHealth {
    if (this.available) return { status: 'up' };
    if (!this.configured) return { status: 'up', detail: 'no Memcached is configured: the cache has no L2' };
    return { status: 'degraded', detail: `not reachable: ${this.lastError ?? 'connecting'}` };
  }

  /** What is known about Memcached from here, including its own figures while it answers. */
  async status(): Promise<MemcachedStatus> {
    const { link } = this;
    const server =
      this.available && link
        ? await withDeadline(link.stats().then(toFigures), STATUS_DEADLINE_MS, late).catch((error: Error) => {
            this.lastError = error.message;
            return null;
          })
        : null;
    return { ...this.state(), server };
  }

  /** The part of `status` that needs no question to the server. */
  state(): Omit<MemcachedStatus, 'server'> {
    return {
      configured: this.configured,
      connected: this.available,
      breaker: this.breaker.state,
      since: this.breaker.changedAt === null ? null : toIso(this.breaker.changedAt),
      lastError: this.lastError,
      latencyMs: this.latencyMs,
    };
  }

  /** @returns `undefined` when there was no answer in time, or a refusal */
  private async attempt<T>(work: (link: MemcachedLink) => Promise<T>, bytes = 0): Promise<T | undefined> {
    const { link } = this;
    if (!link || !this.available) return undefined;
    if (this.unanswered >= MAX_UNANSWERED || this.unansweredBytes + bytes > MAX_UNANSWERED_BYTES) {
      this.counted.errors += 1;
      return undefined;
    }
    try {
      const answer = await withDeadline(this.counting(work(link), bytes), OPERATION_DEADLINE_MS, late);
      this.breaker.succeeded();
      return answer;
    } catch (error) {
      this.lastError = (error as Error).message;
      this.counted.errors += 1;
      // A refusal is an answer: the server lives.
      if (isRefusal(error)) this.breaker.succeeded();
      else this.breaker.failed();
      return undefined;
    }
  }

  private async counting<T>(work: Promise<T>, bytes: number): Promise<T> {
    this.unanswered += 1;
    this.unansweredBytes += bytes;
    try {
      return await work;
    } finally {
      this.unanswered -= 1;
      this.unansweredBytes -= bytes;
    }
  }

  private tick(): void {
    if (this.probedAt === undefined) void this.probe();
    else if (performance.now() - this.probedAt > HUNG_AFTER_MS)
      this.link?.end(new Error(`no answer for ${HUNG_AFTER_MS} ms`));
  }

  private async probe(): Promise<void> {
    if (!this.address) return;
    this.link ??= new MemcachedLink(this.address, (reason) => this.unlinked(reason));
    const asked = performance.now();
    this.probedAt = asked;
    this.breaker.probing();
    const answer = this.link.version();
    answer.catch(() => undefined).finally(() => (this.probedAt = undefined));
    try {
      await withDeadline(answer, PROBE_DEADLINE_MS, late);
      this.latencyMs = Math.round((performance.now() - asked) * 1_000) / 1_000;
      this.breaker.succeeded();
    } catch (error) {
      this.lost(error as Error);
    }
  }

  private unlinked(reason: Error): void {
    this.link = undefined;
    this.lost(reason);
  }

  private lost(reason: Error): void {
    if (this.closed) return;
    this.lastError = reason.message;
    this.latencyMs = null;
    this.breaker.open();
    this.tell(false);
  }

  private tell(available: boolean): void {
    if (this.told === available) return;
    this.told = available;
    if (available) this.logger.log('Memcached answers');
    else this.logger.warn(`Memcached is away: ${this.lastError ?? 'no answer'}`);
  }
}

function late(): Error {
  return new Error('Memcached did not answer in time');
}

function toFigures(stats: Record<string, string>): NonNullable<MemcachedStatus['server']> {
  const figure = (name: string) => {
    const value = Number(stats[name] ?? Number.NaN);
    if (Number.isNaN(value)) throw new Error(`Memcached's statistics do not report ${name}`);
    return value;
  };
  return {
    version: stats['version'] ?? 'unknown',
    usedMemoryBytes: figure('bytes'),
    maxMemoryBytes: figure('limit_maxbytes'),
    connectedClients: figure('curr_connections'),
    items: figure('curr_items'),
    evictedItems: figure('evictions'),
  };
}
