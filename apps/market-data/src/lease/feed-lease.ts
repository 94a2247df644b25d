import { Logger } from '@nestjs/common';
import type { FeedLeaseStatus } from '@tickbridge/contracts';
import type { LeaseRecord, LeaseStore } from './lease-store';
import type { LeaseTerm } from './lease-term';
import { WatchedStore } from './watched-store';

/** Times of the lease, in milliseconds. */
export interface LeaseTimes {
  /** Without renewal the lease is free for others after this long. */
  readonly ttlMs: number;
  /** The holder stops this much earlier: time to log out at the vendor. */
  readonly marginMs: number;
  readonly renewMs: number;
  /** How often a waiting instance looks. */
  readonly pollMs: number;
}

const TIMES: LeaseTimes = { ttlMs: 5_000, marginMs: 1_500, renewMs: 1_000, pollMs: 250 };

/** What the lease tells whoever does the holder's work. */
export interface LeaseListener {
  /** This instance holds the login from now on, under this number. */
  begun(fence: number): void;
  /** It does no longer; resolves when the vendor's connection is closed and the holder's work is done. */
  ended(): Promise<void>;
  /** Another instance holds it; told again and again while that is so. */
  waiting(): void;
}

/**
 * One holder per vendor login, of any number of instances.
 *
 * Held in Redis and in PostgreSQL, in both while both answer. To take it every store that answers must grant it, to
 * keep it one is enough, and any that refuses ends it. A store alone, the other one away or not there, is believed
 * only after it has answered for a whole lease without a break: a holder it has forgotten is written down again by
 * then. `docs/decisions/0006-vendor-lease.md` has the reasoning.
 */
export class FeedLease {
  private readonly log = new Logger(FeedLease.name);
  private readonly stores: readonly WatchedStore[];
  private listener: LeaseListener | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;
  private wake: () => void = () => undefined;
  private expiry: NodeJS.Timeout | undefined;
  /** Fencing number of the term under way; `null` between terms. */
  private fence: number | null = null;
  private ending: Promise<void> = Promise.resolve();
  private other: string | null = null;

  /**
   * @param holder this instance's name, unlike any other's
   * @param stores none of them: this instance acts alone
   */
  constructor(
    readonly holder: string,
    stores: readonly LeaseStore[],
    private readonly term: LeaseTerm,
    private readonly times: LeaseTimes = TIMES,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.stores = stores.map((store) => new WatchedStore(store, now));
  }

  /** Waits for the lease and holds it, until `stop`. */
  start(listener: LeaseListener): void {
    this.listener = listener;
    if (this.stores.length === 0) {
      this.log.warn(
        'no Redis and no PostgreSQL: this instance takes the feed without a lease. Run only one.',
      );
      this.begin(0, Number.POSITIVE_INFINITY);
      return;
    }
    this.running = this.run();
  }

  /** Ends the term, waits until the vendor's connection is closed, then lets the next instance have it at once. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
    const { fence } = this;
    this.lose('this instance stops');
    await this.ending;
    if (fence !== null) await this.giveBack(fence);
  }

  /** Whether this instance may act for the feed now. */
  get held(): boolean {
    return this.term.fence() !== null;
  }

  status(): FeedLeaseStatus {
    const held = this.held;
    return {
      state: this.stores.length === 0 ? 'alone' : held ? 'held' : 'waiting',
      instance: this.holder,
      holder: held && this.stores.length > 0 ? this.holder : this.other,
      fence: held && this.stores.length > 0 ? this.fence : null,
      answering: this.stores.filter((store) => store.answeringForMs() !== null).map(({ name }) => name),
    };
  }

  /** Why this instance does not act for the feed, in words; `null` while it does. */
  waitingFor(): string | null {
    if (this.held) return null;
    if (this.other !== null) return `waiting for the feed's lease held by ${this.other}`;
    const names = this.stores.map(({ name }) => name).join(' and ');
    return this.stores.every((store) => store.answeringForMs() === null)
      ? `waiting for the feed's lease: no answer from ${names}`
      : `waiting for the feed's lease to be free for certain`;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const { fence } = this;
      if (fence === null) await this.tryToTake();
      else await this.keep(fence);
      if (!this.stopping) await this.pause(this.fence === null ? this.times.pollMs : this.times.renewMs);
    }
  }

  private async keep(fence: number): Promise<void> {
    const askedAt = this.now();
    await Promise.all(
      this.stores.map(async (store) => {
        const kept = await store.ask((lease) => lease.keep(this.holder, fence, this.times.ttlMs));
        if (this.fence !== fence) return;
        // Each answer counts when it comes: a slow store does not hold up the other one's.
        if (kept === true) this.extend(askedAt);
        if (kept === false) this.lose(`${store.name} names another holder`);
      }),
    );
  }

  private async tryToTake(): Promise<void> {
    await this.ending;
    const records = await Promise.all(this.stores.map((store) => store.ask((lease) => lease.read())));
    const known = records.filter((record) => record !== undefined);
    this.other = known.find(({ holder }) => holder !== null && holder !== this.holder)?.holder ?? null;
    if (this.other !== null) this.listener?.waiting();
    const answering = this.stores.filter((_, index) => records[index] !== undefined);
    if (this.other !== null || !this.believes(answering) || this.stopping) return;
    const fence = nextFence(answering, known);
    const askedAt = this.now();
    // The durable one first: who gets it there gets it everywhere.
    for (const store of [...answering].sort((a, b) => Number(b.durable) - Number(a.durable))) {
      const taken = await store.ask((lease) => lease.take(this.holder, fence, this.times.ttlMs));
      if (taken === true) continue;
      await this.giveBack(fence);
      return;
    }
    this.begin(fence, askedAt + this.times.ttlMs - this.times.marginMs);
  }

  /** Whether these stores' word is enough to take the lease. */
  private believes(answering: readonly WatchedStore[]): boolean {
    const [only] = answering;
    if (only === undefined) return false;
    if (answering.length > 1) return true;
    if (this.stores.length === 1 && only.durable) return true;
    return (only.answeringForMs() ?? 0) >= this.times.ttlMs;
  }

  private begin(fence: number, until: number): void {
    this.fence = fence;
    this.other = null;
    this.term.begin(fence, until);
    if (!this.held) {
      this.lose('it took longer to be granted than it lasts');
      return;
    }
    this.watchExpiry();
    if (this.stores.length > 0) this.log.log(`holds the feed's lease, number ${fence}`);
    this.listener?.begun(fence);
  }

  private extend(askedAt: number): void {
    this.term.extend(askedAt + this.times.ttlMs - this.times.marginMs);
    this.watchExpiry();
  }

  private watchExpiry(): void {
    clearTimeout(this.expiry);
    const leftMs = this.term.leftMs();
    if (!Number.isFinite(leftMs)) return;
    this.expiry = setTimeout(() => {
      if (this.held) this.watchExpiry();
      else this.lose('it could not be renewed in time');
    }, leftMs);
  }

  private lose(reason: string): void {
    if (this.fence === null) return;
    this.fence = null;
    this.term.end();
    clearTimeout(this.expiry);
    if (!this.stopping) this.log.warn(`no longer holds the feed's lease: ${reason}`);
    this.ending = this.listener?.ended().catch((error: unknown) => {
      this.log.error(`the feed did not close in peace: ${String(error)}`);
    }) as Promise<void>;
    this.wake();
  }

  private async giveBack(fence: number): Promise<void> {
    await Promise.all(this.stores.map((store) => store.ask((lease) => lease.release(this.holder, fence))));
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * One above every number any store knows. When only a store is left that has forgotten its number, the clock's
 * seconds take its place: far above any number reached by counting.
 */
function nextFence(answering: readonly WatchedStore[], records: readonly LeaseRecord[]): number {
  const highest = Math.max(0, ...records.map(({ fence }) => fence ?? 0));
  const remembered = answering.some(({ durable }) => durable) || records.some(({ fence }) => fence !== null);
  return remembered ? highest + 1 : Math.floor(Date.now() / 1_000);
}
